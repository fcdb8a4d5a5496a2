"""The public directory and the officers' list."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.registry.world import World, carrier, credit_code, operator, signed_in

PUBLIC, MANAGE, EXPORT = (
    reverse("registry:directory"),
    reverse("registry:manage"),
    reverse("registry:export"),
)


def cells(html: str) -> list[list[str]]:
    """The rows of the list as a reader sees them."""
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


def test_a_visitor_reads_the_directory(world: World) -> None:
    answer = Client().get(PUBLIC)
    assert answer.status_code == 200
    rows = cells(answer.content.decode())
    assert [row[0] for row in rows] == ["SL-990500-0001", "SL-990500-0002", "SL-990600-0001"]
    assert rows[0][1:] == ["青禾孵化器", "科技企业孵化器", "省级", "综合", "", "东江市", "运行中"]
    html = answer.content.decode()
    assert 'href="/carriers/SL-990500-0001/"' in html
    for secret in (credit_code(1), "0990-5550001", "联系甲", "旧港孵化器"):
        assert secret not in html


def test_filters_narrow_the_list_and_show_counts(world: World) -> None:
    html = Client().get(PUBLIC, {"kind": "incubator", "order": "level"}).content.decode()
    assert [row[1] for row in cells(html)] == ["星澜孵化器", "青禾孵化器"]
    assert "国家级（1）" in html and "众创空间（1）" in html and "西江市（1）" in html


def test_each_city_of_the_map_narrows_the_list_and_keeps_the_rest(world: World) -> None:
    answer = Client().get(PUBLIC, {"kind": "incubator"})
    tiles = {tile["name"]: tile for tile in answer.context["tiles"]}
    assert {name: tile["value"] for name, tile in tiles.items()} == {"东江": 1, "西江": 1}
    inside = Client().get(tiles["西江"]["url"]).content.decode()
    assert [row[1] for row in cells(inside)] == ["星澜孵化器"]


def test_a_wrong_choice_is_named_and_narrows_nothing(world: World) -> None:
    answer = Client().get(PUBLIC, {"kind": "hotel", "region": "x", "order": "phone", "page": "-1"})
    assert answer.status_code == 200 and len(cells(answer.content.decode())) == 3
    assert {problem.field for problem in answer.context["problems"]} == {"kind", "region", "order"}


@pytest.mark.parametrize("q", ["没有这样的名字", "%", "'; --", "<script>", "长" * 500, "\x00"])
def test_whatever_is_searched_there_is_an_answer(world: World, q: str) -> None:
    answer = Client().get(PUBLIC, {"q": q})
    assert answer.status_code == 200 and b"<script>alert" not in answer.content


def test_pages_follow_one_another(world: World) -> None:
    run_by = operator(700, "翻页运营")
    for number in range(60):
        carrier(f"SL-990500-8{number:03d}", f"载体{number}", world.regions["near"], run_by)
    first, second = (cells(Client().get(PUBLIC, {"page": page}).content.decode()) for page in ("1", "2"))
    assert (len(first), len(second)) == (50, 13)
    assert not {row[0] for row in first} & {row[0] for row in second}


@pytest.mark.parametrize(("who", "url"), [("visitor", PUBLIC), ("province", MANAGE), ("province", PUBLIC)])
def test_as_many_queries_with_a_hundred_carriers_as_with_one(world: World, who: str, url: str) -> None:
    client = signed_in(world.people[who])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url, {"q": "青禾"})
    for number in range(100):
        run_by = operator(800 + number, f"运营{number}")
        carrier(f"SL-990600-7{number:03d}", f"青禾{number}", world.regions["other"], run_by)
    with CaptureQueriesContext(connection) as many:
        assert client.get(url, {"q": "青禾"}).status_code == 200
    assert len(many) == len(few) <= 15


def test_officers_see_contacts_and_closed_carriers_of_their_scope(world: World) -> None:
    rows = cells(signed_in(world.people["province"]).get(MANAGE).content.decode())
    assert [row[0][-11:] for row in rows] == ["990500-0001", "990500-0002", "990600-0001", "990600-0002"]
    assert credit_code(1) in rows[0] and "0990-5550001" in rows[0] and rows[3][-1] == "已注销"
    county = cells(signed_in(world.people["county"]).get(MANAGE).content.decode())
    assert [row[0] for row in county] == ["SL-990500-0001"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("visitor", 302), ("staff", 200), ("county", 200), ("auditor", 200), ("expert", 404),
     ("administrator", 404)],
)  # fmt: skip
def test_who_has_a_list(world: World, who: str, status: int) -> None:
    assert signed_in(world.people[who]).get(MANAGE).status_code == status


def test_only_those_who_may_take_the_list_away_are_offered_it(world: World) -> None:
    for who, offered in (("county", True), ("auditor", True), ("staff", False), ("editor", False)):
        html = signed_in(world.people[who]).get(MANAGE).content.decode()
        assert (EXPORT in html) == offered


def test_the_list_changes_nothing_and_takes_get_only(world: World) -> None:
    client = signed_in(world.people["province"])
    assert client.post(MANAGE).status_code == 405 and client.get(EXPORT).status_code == 405
