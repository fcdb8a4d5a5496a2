"""Regions by API: public, by level and within another."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.registry.world import World

REGIONS = reverse("api-regions")


def codes(**asked: str) -> list[str]:
    return [one["code"] for one in Client().get(REGIONS, asked).json()["results"]]


def test_the_tree_is_public(world: World) -> None:
    assert codes(within="990500") == ["990500", "990502", "990503"]
    assert codes(level="city") == ["990500", "990600"]
    one = Client().get(reverse("api-region", args=["990502"])).json()
    assert (one["name"], one["parent"], one["level"]) == ("河湾区", "990500", "county")


def test_what_is_no_level_and_no_region_is_said(world: World) -> None:
    assert Client().get(REGIONS, {"level": "village"}).status_code == 400
    assert Client().get(reverse("api-region", args=["123456"])).status_code == 404
    assert codes(within="9905") == []
