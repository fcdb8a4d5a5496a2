"""Regions by API are public, paged, filtered by what is allowed."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.services import regions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def province() -> None:
    regions.load()


def test_a_visitor_reads_the_whole_tree_page_by_page(client: Client) -> None:
    url, codes = "/api/v1/regions/?page_size=100", []
    while url:
        answer = client.get(url).json()
        codes += [row["code"] for row in answer["results"]]
        url = answer["next"]
    assert len(codes) == len(set(codes)) == 115
    assert codes == sorted(codes)


def test_by_level_and_within(client: Client) -> None:
    cities = client.get("/api/v1/regions/?level=city").json()["results"]
    assert len(cities) == 13
    assert {city["parent"] for city in cities} == {"990000"}
    inside = client.get("/api/v1/regions/?within=990500").json()["results"]
    assert {row["code"][:4] for row in inside} == {"9905"}


@pytest.mark.parametrize("query", ["colour=red", "parent__name=x", "level=village", "ordering=name"])
def test_what_is_not_allowed_is_400_with_its_name(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/regions/?{query}")
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == query.split("=")[0]


def test_one_region_and_one_that_is_none(client: Client) -> None:
    assert client.get("/api/v1/regions/990500/").json()["name"] == "东屿市"
    assert client.get("/api/v1/regions/123456/").status_code == 404


def test_an_answer_that_the_client_has_is_not_sent_again(client: Client) -> None:
    first = client.get("/api/v1/regions/990500/")
    again = client.get("/api/v1/regions/990500/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
