"""The home of those who check: what is theirs, most urgent first, and what would come where nothing is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import User
from accounts.rules.roles import Role
from core.slots import HomePart
from reporting import slots
from reporting.models import ReturnVersion
from reporting.services import campaigns, returns
from tests.reporting.conftest import DAY, World, fill, person, region
from tests.reporting.desks import more, placed


def parts(actor: Actor) -> dict[str, HomePart]:
    return {str(part.title): part for part in slots.home_for(actor)}


def text(part: HomePart) -> str:
    return render_to_string(part.template, {"part": part.context})


def test_the_home_of_a_county_counts_its_returns_and_shows_who_waits(world: World) -> None:
    placed(world.mine, "at_county")
    found = parts(world.county_officer)
    assert [(name, part.place) for name, part in found.items()] == [
        ("报表进度", "head"),
        ("待我审核", "main"),
        ("卡在哪里", "main"),
        ("未开始", "aside"),
        ("待看的说明", "aside"),
        ("上级退回", "aside"),
    ]
    head = text(found["报表进度"])
    assert "在我处" in head and "50.0 %" in head and "?state=mine" in head
    waits = text(found["待我审核"])
    assert "青禾孵化器" in waits and "星河孵化器" not in waits
    assert "剩 3 个工作日" in waits and "已 2 日" in waits and "河湾区 · 科技企业孵化器" in waits
    assert found["待我审核"].more is not None and found["待我审核"].more[1] == "/returns/queue/?state=mine"
    assert "科技企业孵化器" in text(found["卡在哪里"]) and "kind=incubator" in text(found["卡在哪里"])
    begun = text(found["未开始"])
    assert "星河孵化器" in begun and "从未登录" in begun and "青禾孵化器" not in begun
    assert str(found["未开始"].note) == "1 份，最迟 03-25 00:00 开始"


def test_a_citys_home_is_about_its_own_stop_and_its_counties(world: World) -> None:
    placed(world.mine, "at_city")
    placed(world.theirs, "at_county")
    found = parts(world.city_officer)
    waits, stuck = text(found["待我审核"]), text(found["卡在哪里"])
    assert "青禾孵化器" in waits and "星河孵化器" not in waits
    assert "河湾区" in stuck and "region=990502&amp;state=at_county" in stuck
    assert "县区用时中位数" in stuck


def test_another_countys_returns_are_nowhere_on_it(world: World) -> None:
    beside = region("990503", "湖滨区", "county", world.city)
    waits, back, _ = more(world, 3, region=beside)
    placed(waits, "at_county")
    placed(back, "returned")
    shown = "".join(text(part) for part in slots.home_for(world.county_officer))
    assert "湖滨区" not in shown and waits.carrier.name not in shown
    assert "没有等您审核的报表" in shown
    other = "".join(
        text(part) for part in slots.home_for(person("县区乙", Role.COUNTY_OFFICER, region=beside))
    )
    assert waits.carrier.name in other and "青禾孵化器" not in other and "河湾区" not in other


def test_empty_parts_say_what_would_come(world: World) -> None:
    for found in (world.mine, world.theirs):
        placed(found, "filling")
    found = parts(world.county_officer)
    assert "报上来的会按紧急程度列在这里" in text(found["待我审核"])
    assert "没有未开始的" in text(found["未开始"]) and found["未开始"].more is None
    assert "没有要看的说明" in text(found["待看的说明"])
    assert "没有上级退回的报表" in text(found["上级退回"])
    campaigns.close_campaign(actor=world.officer, campaign_id=world.campaign.pk, at=DAY)
    (only,) = slots.home_for(world.county_officer)
    assert "现在没有进行中的填报任务" in text(only)


def test_reasons_to_read_and_what_came_back_are_named(world: World) -> None:
    placed(world.theirs, "at_county")
    reasons = {"variance:area_total": {"reason": "a", "text": "扩建", "found": "1"}}
    ReturnVersion.objects.filter(pk=world.theirs.current_id).update(explanations=reasons)
    found = fill(world)
    returns.submit(actor=world.staff, return_id=found.pk, expected=0, commitment="承诺", at=DAY)
    returns.pass_on(actor=world.county_officer, return_id=found.pk, expected=1, at=DAY)
    returns.send_back(actor=world.city_officer, return_id=found.pk, expected=2, comment="缺入驻协议", at=DAY)
    home = parts(world.county_officer)
    assert "与上年相差过大" in text(home["待看的说明"])
    back = text(home["上级退回"])
    assert "缺入驻协议" in back and "市级审核" in back and "04-30 17:00 前改完" in back
    assert str(home["上级退回"].note) == "1 份"


def test_who_signed_in_and_who_has_nobody_is_said(world: World, at: Callable[..., datetime]) -> None:
    more(world, 1)
    User.objects.filter(pk=world.staff.user_id).update(last_login=DAY - timedelta(days=16))
    shown = text(parts(world.county_officer)["未开始"])
    assert "没有填报人" in shown and "从未登录" in shown and "03-02 14:32 登录过" in shown
    at(2026, 3, 26, 9, 0)
    assert str(parts(world.county_officer)["未开始"].note) == "3 份，最迟开始日 03-25 00:00 已过"


def test_ten_of_the_queue_are_shown_and_all_are_counted(world: World) -> None:
    for one in more(world, 12):
        placed(one, "at_county")
    part = parts(world.county_officer)["待我审核"]
    assert text(part).count('class="rt-row') == 10 and str(part.note).startswith("12 份")


@pytest.mark.parametrize("name", ["county_officer", "city_officer"])
def test_the_home_takes_the_same_queries_with_5_and_with_50(world: World, name: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            for part in slots.home_for(getattr(world, name)):
                text(part)
        return len(captured)

    def grow(number: int, first: int) -> None:
        for place, one in enumerate(more(world, number, first=first)):
            if place % 5 < 4:
                placed(one, ("at_county", "at_city", "returned", "filling")[place % 5])

    grow(5, 10)
    before = count()
    grow(45, 20)
    assert count() == before <= 12


def test_nobody_else_has_it(world: World) -> None:
    titles = {str(part.title) for part in slots.home_for(world.staff)}
    assert "卡在哪里" not in titles and "待我审核" not in titles
    assert slots.home_for(world.auditor) == []
