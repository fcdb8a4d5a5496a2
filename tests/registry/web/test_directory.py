"""The public directory and the officers' list."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.tables import cookie_of, kept
from registry.models import Carrier
from registry.services import carriers
from tests.registry.world import AT, World, carrier, credit_code, operator, signed_in

PUBLIC, MANAGE, EXPORT = (
    reverse("registry:directory"),
    reverse("registry:manage"),
    reverse("registry:export", args=["carriers"]),
)


def cells(html: str) -> list[list[str]]:
    """The rows of the list as a reader sees them."""
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


def choices(answer: Any, label: str) -> dict[str, int]:
    """The counts beside the choices of one filter."""
    (facet,) = [one for one in answer.context["facets"] if str(one.label) == label]
    return {choice.words: choice.count for choice in facet.choices}


def test_a_visitor_reads_the_directory(world: World) -> None:
    answer = Client().get(PUBLIC)
    assert answer.status_code == 200
    rows = cells(answer.content.decode())
    assert [row[1] for row in rows] == ["SL-990500-0001", "SL-990500-0002", "SL-990600-0001"]
    first = ["青禾孵化器", "SL-990500-0001", "省级", "科技企业孵化器", "综合", "东江市 河湾区", "2020"]
    assert rows[0] == first
    html = answer.content.decode()
    assert 'href="/carriers/SL-990500-0001/"' in html
    for secret in (credit_code(1), "0990-5550001", "联系甲", "旧港孵化器"):
        assert secret not in html


def test_filters_narrow_the_list_and_show_counts(world: World) -> None:
    answer = Client().get(PUBLIC, {"kind": "incubator", "order": "level"})
    assert [row[0] for row in cells(answer.content.decode())] == ["星澜孵化器", "青禾孵化器"]
    assert choices(answer, "级别") == {"省级": 1, "标准级": 1}
    assert choices(answer, "类型") == {"众创空间": 1, "科技企业孵化器": 2}
    assert choices(answer, "区域") == {"东江": 1, "西江": 1}


def test_each_choice_leads_to_as_many_carriers_as_it_says(world: World) -> None:
    answer = Client().get(PUBLIC, {"kind": "incubator"})
    for facet in answer.context["facets"]:
        for choice in facet.choices:
            if not choice.on:
                assert len(cells(Client().get(choice.url).content.decode())) == choice.count


def test_a_city_opens_its_counties_and_a_county_closes_to_its_city(world: World) -> None:
    answer = Client().get(PUBLIC, {"region": "990502"})
    assert [row[0] for row in cells(answer.content.decode())] == ["青禾孵化器"]
    assert choices(answer, "东江市") == {"河湾区": 1, "山前县": 1}
    on = [choice for facet in answer.context["facets"] for choice in facet.choices if choice.on]
    assert [(choice.words, choice.url) for choice in on] == [
        ("东江", f"{PUBLIC}?region=990500"),
        ("河湾区", f"{PUBLIC}?region=990500"),
    ]


def test_each_chosen_filter_can_be_taken_away(world: World) -> None:
    answer = Client().get(PUBLIC, {"kind": "incubator", "region": "990500", "q": "青禾"})
    assert [(str(chip.label), chip.words) for chip in answer.context["chips"]] == [
        ("检索", "青禾"),
        ("区域", "东江市"),
        ("类型", "科技企业孵化器"),
    ]
    without = Client().get(answer.context["chips"][1].url)
    assert without.context["asked"].given() == {"kind": "incubator", "q": "青禾"}
    assert 'name="kind" value="incubator"' in answer.content.decode()  # a search keeps the other filters


def test_nothing_found_says_what_to_do(world: World) -> None:
    html = Client().get(PUBLIC, {"q": "没有这样的名字"}).content.decode()
    assert "没有符合条件的载体" in html and "清除全部" in html


def test_a_former_name_finds_the_carrier_and_is_shown(world: World) -> None:
    carriers.change_carrier(
        actor=world.people["city"], code="SL-990500-0002", changes={"name": "晨曦空间"},
        valid_from=date(2024, 1, 1), basis="更名通知", at=AT,
    )  # fmt: skip
    carriers.change_carrier(
        actor=world.people["city"], code="SL-990500-0002", changes={"name": "曙光空间"},
        valid_from=date(2025, 1, 1), basis="更名通知", at=AT,
    )  # fmt: skip
    (row,) = cells(Client().get(PUBLIC, {"q": "晨曦"}).content.decode())
    assert row[0].startswith("曙光空间") and "曾用名 晨曦空间" in row[0]


def test_what_is_found_by_its_address_shows_it(world: World) -> None:
    Carrier.objects.filter(code="SL-990500-0001").update(address="新港路 18 号")
    (row,) = cells(Client().get(PUBLIC, {"q": "港路 18"}).content.decode())
    assert "地址 新港路 18 号" in row[0]
    (row,) = cells(Client().get(PUBLIC, {"q": "青禾"}).content.decode())
    assert "地址" not in row[0]


def test_the_public_list_leaves_as_csv_with_what_the_directory_shows(world: World) -> None:
    Carrier.objects.filter(code="SL-990500-0002").update(name="=SUM(A1)")
    answer = signed_in(world.people["province"]).get(f"{PUBLIC}list.csv", {"order": "code"})
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0][:4] == ["载体编号", "名称", "类型", "级别"]
    assert [line[0] for line in lines[1:]] == ["SL-990500-0001", "SL-990500-0002", "SL-990600-0001"]
    assert lines[2][1] == "'=SUM(A1)"
    for secret in (credit_code(1), "0990-5550001", "旧港孵化器"):
        assert secret not in text


def test_each_city_of_the_map_narrows_the_list_and_keeps_the_rest(world: World) -> None:
    answer = Client().get(PUBLIC, {"kind": "incubator"})
    tiles = {tile["name"]: tile for tile in answer.context["tiles"]}
    assert {name: tile["value"] for name, tile in tiles.items()} == {"东江": 1, "西江": 1}
    inside = Client().get(tiles["西江"]["url"]).content.decode()
    assert [row[0] for row in cells(inside)] == ["星澜孵化器"]


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
    assert not {row[1] for row in first} & {row[1] for row in second}


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


def test_officers_see_closed_carriers_of_their_scope_with_totals(world: World) -> None:
    Carrier.objects.filter(code="SL-990500-0001").update(area_total="1200.50")
    html = signed_in(world.people["province"]).get(MANAGE).content.decode()
    rows = cells(html)
    assert [row[1][-11:] for row in rows] == ["990500-0001", "990500-0002", "990600-0001", "990600-0002"]
    assert "1,200.50" in rows[0] and rows[0][-1] == "1" and "已注销" in rows[3]
    foot = html.split("<tfoot>")[1]
    assert "合计 4 家" in foot and "1,200.50" in foot
    county = cells(signed_in(world.people["county"]).get(MANAGE).content.decode())
    assert [row[0] for row in county] == ["青禾孵化器"]


def test_columns_that_are_chosen_are_shown(world: World) -> None:
    client = signed_in(world.people["province"])
    assert credit_code(1) not in client.get(MANAGE).content.decode()
    client.cookies[cookie_of("carriers")] = kept(["credit_code", "phone"], dense=True)
    rows = cells(client.get(MANAGE).content.decode())
    assert rows[0] == ["青禾孵化器", credit_code(1), "0990-5550001"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("level", ["星澜孵化器", "青禾孵化器", "晨光众创空间", "旧港孵化器"]),
        ("-level", ["晨光众创空间", "旧港孵化器", "青禾孵化器", "星澜孵化器"]),
        ("-operator", ["青禾孵化器", "旧港孵化器", "晨光众创空间", "星澜孵化器"]),
        ("phone", ["青禾孵化器", "晨光众创空间", "星澜孵化器", "旧港孵化器"]),
    ],
)
def test_the_officers_list_is_ordered_by_its_heads(world: World, sort: str, names: list[str]) -> None:
    rows = cells(signed_in(world.people["province"]).get(MANAGE, {"sort": sort}).content.decode())
    assert [row[0] for row in rows] == names


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
