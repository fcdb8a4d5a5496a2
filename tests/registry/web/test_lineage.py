"""The page on which officers merge and split carriers, and the line as the API tells it."""

from __future__ import annotations

from typing import Any

import pytest

from registry.models import Carrier, CarrierLink, Stay
from tests.registry.world import World, credit_code, signed_in, stay, tenant

NEW = "/registry/lineage/new/"
MINE, SIBLING = "SL-990500-0001", "SL-990500-0002"
MERGER = {
    "kind": "merger", "codes": f" {SIBLING.lower()} ", "happened_on": "2026-01-01", "basis": "合并批复",
    "document_number": "1 号", "to_1": MINE,
}  # fmt: skip
SPLIT = {
    **MERGER, "kind": "split", "codes": MINE, "to_1": "青禾一园", "share_1": "0.6", "to_2": "青禾二园",
    "share_2": "０.4", "stays_2": credit_code(101),
}  # fmt: skip


def post(world: World, who: str = "province", step: str = "check", **given: Any) -> Any:
    return signed_in(world.people[who]).post(NEW, {**given, "step": step})


@pytest.mark.parametrize(
    ("who", "status"),
    [("county", 200), ("city", 200), ("province", 200), ("staff", 404), ("auditor", 404), ("finance", 404),
     ("expert", 404), ("administrator", 404), ("visitor", 302)],
)  # fmt: skip
def test_who_comes_here(world: World, who: str, status: int) -> None:
    assert signed_in(world.people[who]).get(f"{NEW}?code={MINE}").status_code == status


def test_what_will_happen_is_shown_before_it_does(world: World) -> None:
    stay(world.carriers["sibling"], tenant(201))
    html = post(world, **MERGER).content.decode()
    for words in ("晨光众创空间", "青禾孵化器", "1 家载体自 2026-01-01 起注销", "确认办理"):
        assert words in html
    assert not CarrierLink.objects.exists()


def test_a_merger_is_carried_out_once(world: World) -> None:
    answer = post(world, step="carry", **MERGER)
    assert answer.status_code == 302 and answer["Location"] == f"/registry/manage/{MINE}/"
    assert Carrier.objects.get(code=SIBLING).state == "closed"
    again = post(world, step="carry", **MERGER)
    assert again.status_code == 422 and "已注销" in again.content.decode()
    assert CarrierLink.objects.count() == 1


def test_a_split_takes_shares_and_stays_as_typed(world: World) -> None:
    html = post(world, **SPLIT).content.decode()
    assert "青禾一园" in html and "级别须另行认定" in html
    post(world, step="carry", **SPLIT)
    moved = Stay.objects.get(tenant__credit_code=credit_code(101))
    assert moved.carrier.name == "青禾二园"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({**SPLIT, "share_2": "0.5"}, "各份额之和应为 1"),
        ({**SPLIT, "share_2": ""}, "份额应在 0 与 1 之间"),
        ({**SPLIT, "share_2": "一半"}, "份额应为小数"),
        ({**SPLIT, "to_2": ""}, "分立须有 2 至"),
        ({**SPLIT, "stays_2": credit_code(999)}, "现在不在此载体"),
        ({**MERGER, "codes": "SL-990600-0002"}, "已注销"),
        ({**MERGER, "codes": "甲"}, "没有找到编号为 甲 的载体"),
        ({**MERGER, "to_1": MINE, "codes": MINE}, "不能并入自己"),
        ({**MERGER, "to_1": "新园"}, "更名请走变更申请"),
        ({**MERGER, "happened_on": "2026-03-19"}, "日期不能晚于今天"),
        ({**MERGER, "basis": ""}, "依据文件"),
        ({**MERGER, "kind": "sale"}, "sale"),
    ],
)
def test_what_is_wrong_is_told(world: World, given: dict[str, str], words: str) -> None:
    for step in ("check", "carry"):
        answer = post(world, step=step, **given)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert not CarrierLink.objects.exists()


def test_an_office_below_the_level_is_told(world: World) -> None:
    answer = post(world, "city", step="carry", **MERGER)
    assert answer.status_code == 422 and "须由其级别所属部门或省级办理" in answer.content.decode()


def test_the_carriers_page_leads_here_only_for_those_who_may(world: World) -> None:
    for who, leads in (("province", True), ("city", False), ("staff", False), ("auditor", False)):
        html = signed_in(world.people[who]).get(f"/registry/manage/{MINE}/").content.decode()
        assert (f"{NEW}?code={MINE}" in html) is leads


def test_the_api_tells_the_line(world: World) -> None:
    post(world, step="carry", **MERGER)
    client = signed_in(world.people["visitor"])
    told = client.get(f"/api/v1/carriers/{MINE}/line/").json()
    assert (told["ancestors"], told["descendants"]) == ([SIBLING], [])
    assert told["links"] == [
        {"predecessor": SIBLING, "successor": MINE, "kind": "merger", "happened_on": "2026-01-01",
         "share": "1.0000", "basis": "合并批复", "document_number": "1 号"}
    ]  # fmt: skip
    assert client.get(f"/api/v1/carriers/{SIBLING}/line/").status_code == 404
    assert client.get("/api/v1/carriers/SL-990600-0001/line/").json()["links"] == []
