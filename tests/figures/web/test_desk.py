"""The officer publishes a year and sees what differs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from accounts.rules.roles import Role
from figures.models import Figure
from registry.models import Carrier
from tests.evaluation.world import person
from tests.figures.conftest import YEAR, Province

ADDRESS = "/figures/desk/"


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(2026, 5, 21, 9, 0)


def signed_in(province: Province) -> Client:
    client = Client()
    assert province.officer.user is not None
    client.force_login(province.officer.user)
    return client


def test_what_is_computed_is_shown_and_published_once(province: Province) -> None:
    officer = signed_in(province)
    words = officer.get(ADDRESS).content.decode()
    assert "未发布" in words and str(YEAR) in words and not Figure.objects.exists()
    assert officer.post(ADDRESS, {"year": YEAR})["Location"] == f"{ADDRESS}?year={YEAR}"
    count = Figure.objects.count()
    officer.post(ADDRESS, {"year": YEAR})
    assert Figure.objects.count() == count == 8


def test_values_that_differ_are_flagged_before_and_after(province: Province) -> None:
    officer = signed_in(province)
    officer.post(ADDRESS, {"year": YEAR})
    assert "发布过不同的数" not in officer.get(ADDRESS).content.decode()
    Carrier.objects.filter(pk=province.carriers["d"].pk).update(kind="makerspace")
    assert "与已发布不同" in officer.get(f"{ADDRESS}?year={YEAR}").content.decode()
    officer.post(ADDRESS, {"year": YEAR})
    assert "发布过不同的数" in officer.get(f"{ADDRESS}?year={YEAR}").content.decode()


@pytest.mark.parametrize("year", ["", "abc", "1", "2026", "99999"])
def test_a_strange_year_is_refused_with_a_sentence(province: Province, year: str) -> None:
    officer = signed_in(province)
    assert officer.post(ADDRESS, {"year": year}).status_code == 409
    assert officer.get(ADDRESS, {"year": year}).status_code == 200
    assert not Figure.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PROVINCE_OFFICER, Role.CARRIER_STAFF}))
def test_nobody_else_finds_the_page(province: Province, role: Role) -> None:
    client = Client()
    user = person("某人", role, region=province.root).user
    assert user is not None
    client.force_login(user)
    assert client.get(ADDRESS).status_code == client.post(ADDRESS, {"year": YEAR}).status_code == 404
    assert Client().get(ADDRESS).status_code == 302
