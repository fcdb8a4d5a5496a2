"""Published figures by API: filters, pages, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from figures.services.computing import publish_figures
from tests.evaluation.world import AT
from tests.figures.conftest import YEAR, Province

ADDRESS = "/api/v1/figures/"


@pytest.fixture
def published(province: Province) -> Province:
    province.filed("a", tenants="10")
    province.filed("d", tenants="7")
    publish_figures(actor=province.officer, year=YEAR, at=AT)
    return province


def asked(client: Client, **given: str) -> list[dict[str, Any]]:
    answer = client.get(ADDRESS, given)
    assert answer.status_code == 200
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def test_each_comes_with_definition_year_day_base_and_source(published: Province, client: Client) -> None:
    (row,) = [one for one in asked(client, definition="tenants", region="990000") if not one["part"]]
    assert row["value"] == "17.00"
    assert (row["year"], row["as_of"]) == (YEAR, f"{YEAR}-12-31")
    for name in ("title", "meaning", "unit", "base", "source", "published_at"):
        assert row[name]


def test_filters_narrow(published: Province, client: Client) -> None:
    assert {one["definition"] for one in asked(client, definition="carriers")} == {"carriers"}
    assert {one["region"] for one in asked(client, region="990200")} == {"990200"}
    assert {one["part"] for one in asked(client, part="incubator")} == {"incubator"}
    assert asked(client, year=str(YEAR))
    assert asked(client, year=str(YEAR - 5)) == []
    assert asked(client, definition="nothing") == []


@pytest.mark.parametrize("strange", ["kind", "order", "Year", "published_at__isnull", "region__name"])
def test_an_unknown_parameter_is_refused_by_name(published: Province, client: Client, strange: str) -> None:
    answer = client.get(ADDRESS, {strange: "1"})
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["problems"]] == [strange]


@pytest.mark.parametrize("year", ["abc", "-1", "99999999999999999999", "２０２５", "20²5", "²²²²", "\x00"])
def test_a_strange_year_never_breaks_the_answer(published: Province, client: Client, year: str) -> None:
    assert client.get(ADDRESS, {"year": year}).status_code in (200, 400)


@pytest.mark.parametrize("name", ["definition", "region", "part", "cursor"])
@pytest.mark.parametrize("value", ["\x00", "'; --", "啊" * 500])
def test_strange_words_never_break_the_answer(
    published: Province, client: Client, name: str, value: str
) -> None:
    assert client.get(ADDRESS, {name: value}).status_code in (200, 400, 404)


def test_pages_follow_one_another_without_gap(published: Province, client: Client) -> None:
    address, found = f"{ADDRESS}?page_size=3", []
    while address:
        answer = client.get(address).json()
        found += [(one["definition"], one["region"], one["part"]) for one in answer["results"]]
        address = answer["next"]
    whole = [(one["definition"], one["region"], one["part"]) for one in asked(client, page_size="100")]
    assert found == whole
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_figures_are_only_read(published: Province, client: Client, verb: str) -> None:
    assert getattr(client, verb)(ADDRESS).status_code in (401, 403, 405)
