"""A table as one reader likes it: what is asked is followed, what makes no sense is passed over."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from core.tables import Column, Layout, cookie_of, kept, layout_of

COLUMNS = (
    Column("rank", "名次", number=True, sort=("rank",)),
    Column("name", "载体", sort=("carrier__name",), fixed=True),
    Column("city", "设区市"),
    Column("area", "面积", unit="m²", number=True, sort=("area",), shown=False),
)


def laid_out(query: str = "", cookie: str = "") -> Layout:
    request = RequestFactory().get(f"/results/?{query}")
    request.COOKIES[cookie_of("results")] = cookie
    return layout_of(request, "results", COLUMNS, by="-rank")


@pytest.mark.parametrize(
    ("query", "sort", "descending"),
    [
        ("", "rank", True),
        ("sort=name", "name", False),
        ("sort=-name", "name", True),
        ("sort=city", "rank", True),  # cannot be sorted by
        ("sort=password", "rank", True),
        ("sort=--name", "rank", True),
        ("sort=area", "area", False),  # not shown, yet known
    ],
)
def test_the_address_says_the_order(query: str, sort: str, descending: bool) -> None:
    layout = laid_out(query)
    assert (layout.sort, layout.descending) == (sort, descending)


def test_a_head_sorts_and_a_second_time_turns_round_from_the_first_page() -> None:
    heads = {head.column.key: head for head in laid_out("sort=name&page=3&city=9901").heads}
    assert (heads["name"].order, heads["name"].url) == ("ascending", "?sort=-name&city=9901")
    assert (heads["rank"].order, heads["rank"].url) == ("", "?sort=rank&city=9901")
    assert heads["city"].url == ""


@pytest.mark.parametrize(
    ("cookie", "shown", "dense"),
    [
        ("", ["rank", "name", "city"], False),
        (kept(["area"], dense=False), ["name", "area"], False),
        (kept([], dense=True), ["name"], True),
        ("wide.nothing.<b>", ["name"], False),
        ("dense.rank.rank", ["rank", "name"], True),
    ],
)
def test_columns_and_density_are_as_chosen_and_in_the_tables_order(
    cookie: str, shown: list[str], dense: bool
) -> None:
    layout = laid_out(cookie=cookie)
    assert [column.key for column in layout.shown] == shown
    assert layout.dense is dense
    assert set(layout.shows) == set(shown)
    assert [column.key for column, _on in layout.choices] == ["rank", "city", "area"]
