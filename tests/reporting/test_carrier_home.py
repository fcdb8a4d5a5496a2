"""The home of a carrier's staff: tasks with counts and clocks, progress by part, what waits, who is who."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from accounts.actors import VISITOR, Actor, actor_of
from accounts.models import Appointment
from accounts.rules.roles import Role
from core.slots import HomePart
from reporting import slots
from reporting.services import filling, returns, rows
from tests.reporting.conftest import DAY, TENANTS, World, carrier, credit_code, fill, open_campaign, person

At = Callable[..., datetime]


def do(world: World, name: str, actor: Actor, at: datetime = DAY, **more: Any) -> None:
    found = world.mine
    getattr(returns, name)(actor=actor, return_id=found.pk, expected=found.version, at=at, **more)


def handed_in(world: World) -> None:
    fill(world)
    do(world, "submit", world.staff, commitment="承诺属实")


def sent_back(world: World, **reasons: str) -> None:
    handed_in(world)
    do(world, "send_back", world.county_officer, comment="请核对后重交", reasons=reasons)


def parts(actor: Actor) -> dict[str, HomePart]:
    return {str(part.title): part for part in slots.home_for(actor)}


def html(part: HomePart) -> str:
    return render_to_string(part.template, {"part": part.context})


# Tasks.


def test_an_untouched_return_is_to_be_begun_in_time(world: World) -> None:
    (task,) = slots.tasks_for(world.staff)
    assert (str(task.state), str(task.verb), task.tone) == ("尚未开始", "开始填报", "info")
    assert task.due == world.campaign.last_start_at
    assert str(task.why) == "保存任意一项即为开始填报。已填 0 / 5 项。提交前还有：1 项必填未填。"


def test_a_draft_says_what_is_filled_and_what_is_owed(world: World) -> None:
    fill(world)
    for code, value in (("area_service", "4000"), ("tenants_reported", "9")):
        seen = world.mine.current.values[code]  # type: ignore[union-attr]
        filling.save_field(
            actor=world.staff, return_id=world.mine.pk, code=code, value=value, seen=seen, at=DAY
        )
    (task,) = slots.tasks_for(world.staff)
    assert str(task.why) == "已填 4 / 5 项。提交前还有：1 处错误、1 项待说明。"
    assert (str(task.state), str(task.verb), task.due) == ("填报中", "继续填报", world.campaign.due_at)


def test_what_is_prefilled_is_told_apart(world: World) -> None:
    found = fill(world)
    assert found.current is not None
    found.current.sources["area_total"] = {"kind": "previous", "confirmed": False}
    found.current.save()
    (task,) = slots.tasks_for(world.staff)
    assert str(task.why) == "已填 4 / 5 项。检查全部通过，可以提交。另有 1 项预填待确认。"


def test_what_is_ready_leads_to_submitting(world: World) -> None:
    fill(world)
    (task,) = slots.tasks_for(world.staff)
    assert (str(task.state), str(task.verb), task.tone) == ("可以提交", "核对并提交", "ok")
    assert task.url == f"/returns/{world.mine.pk}/submit/"


def test_what_is_handed_in_is_no_task(world: World) -> None:
    handed_in(world)
    assert slots.tasks_for(world.staff) == []


def test_the_last_days_are_amber(world: World, at: At) -> None:
    fill(world)
    at(2026, 3, 28, 16, 59)
    assert slots.tasks_for(world.staff)[0].tone == "ok"
    at(2026, 3, 28, 17, 1)
    assert slots.tasks_for(world.staff)[0].tone == "warn"


def test_a_returned_one_says_by_whom_and_how_much_is_left(world: World) -> None:
    sent_back(world, area_total="请核对", use_rate="请核对", roster="请补齐")
    (task,) = slots.tasks_for(world.staff)
    assert str(task.title) == "退回修改：2025 年度孵化器年报"
    assert (str(task.state), task.tone, task.due) == ("退回 3 项", "warn", world.campaign.correct_by)
    assert str(task.why).startswith("县区审核 县区甲 03-18 14:32 退回。已改 0 项，还有 3 项。")
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="area_total", value="5200", seen="5000", at=DAY
    )
    (task,) = slots.tasks_for(world.staff)
    # The rate is computed from the area, so it has moved with it.
    assert "已改 2 项，还有 1 项。" in str(task.why)


def test_a_returned_one_without_items_shows_the_comment(world: World) -> None:
    sent_back(world)
    (task,) = slots.tasks_for(world.staff)
    assert str(task.why).startswith("县区审核 县区甲 03-18 14:32 退回：请核对后重交")
    assert str(task.state) == "退回修改"


@pytest.mark.parametrize(
    ("state", "moment", "why"),
    [
        ("new", (2026, 3, 26, 9, 0), "已过最迟开始填报时间（2026-03-25 00:00）。"),
        ("filling", (2026, 4, 2, 9, 0), "已过填报截止时间（2026-03-31 17:00）。"),
        ("returned", (2026, 5, 2, 9, 0), "已过修改截止时间（2026-04-30 17:00）。"),
    ],
)
def test_what_is_late_keeps_its_way_in_and_names_who_helps(
    world: World, at: At, state: str, moment: tuple[int, ...], why: str
) -> None:
    if state == "filling":
        fill(world)
    if state == "returned":
        sent_back(world)
    at(*moment)
    (task,) = slots.tasks_for(world.staff)
    assert (str(task.state), task.tone, str(task.verb)) == ("已逾期", "bad", "查看报表")
    assert str(task.why).startswith(f"{why}系统不再接收，如需补报请联系示例省的主管部门。")
    assert task.due is not None and task.due < datetime(*moment, tzinfo=DAY.tzinfo)  # type: ignore[misc,arg-type]


def test_tasks_are_the_carriers_own(world: World) -> None:
    sent_back(world)
    (task,) = slots.tasks_for(world.other_staff)
    assert str(task.state) == "尚未开始" and task.url == f"/returns/{world.theirs.pk}/"
    assert slots.tasks_for(VISITOR) == [] == slots.tasks_for(world.auditor)


def test_who_handles_two_carriers_sees_those_of_the_acting_appointment(world: World) -> None:
    sent_back(world, area_total="请核对")
    user = world.staff.user
    second = Appointment.objects.create(
        user=user, role=Role.CARRIER_STAFF, carrier_code=world.other.code, valid_from=date(2020, 1, 1)
    )
    (task,) = slots.tasks_for(actor_of(second))
    assert task.url == f"/returns/{world.theirs.pk}/"
    assert "2025 年度报表：退回的意见" not in parts(actor_of(second))
    assert "2025 年度报表：退回的意见" in parts(world.staff)


# Progress.


def test_progress_has_a_row_for_each_part(world: World) -> None:
    fill(world)
    part = parts(world.staff)["2025 年度报表：各部分进度"]
    assert str(part.note) == "指标 4 / 5 项，名单 2 行；最后保存 03-18 14:32 填报甲"
    found = [
        (one.title, str(status.word), status.tone, share, url)
        for one, status, share, url in part.context["rows"]
    ]  # type: ignore[attr-defined]
    number = world.mine.pk
    assert found == [
        ("场地", "必填已齐", "ok", "80", f"/returns/{number}/sections/site/"),
        ("在孵企业名单", "已完成", "ok", "100", f"/returns/{number}/tables/roster/"),
    ]
    assert "4 / 5" in html(part) and "2 行" in html(part)


def test_a_part_says_the_worst_first(world: World) -> None:
    sent_back(world, area_service="请核对")
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="area_total", value="3100", seen="5000", at=DAY
    )
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="tenants_reported", value="9", seen="2", at=DAY
    )
    rows_of = parts(world.staff)["2025 年度报表：各部分进度"].context["rows"]
    _, status, _, _ = rows_of[0]  # type: ignore[index]
    assert (str(status.word), status.tone) == ("1 错误 · 1 退回待改 · 1 待说明", "bad")


def test_an_empty_return_has_not_begun(world: World) -> None:
    part = parts(world.staff)["2025 年度报表：各部分进度"]
    assert "最后保存" not in str(part.note)
    words = [str(status.word) for _, status, _, _ in part.context["rows"]]  # type: ignore[attr-defined]
    assert words == ["未开始，1 项必填未填", "未开始"]


def test_what_was_sent_back_stands_with_its_words_and_its_page(world: World) -> None:
    sent_back(world, area_total="请附租赁合同", roster="缺两家")
    part = parts(world.staff)["2025 年度报表：退回的意见"]
    assert str(part.note) == "县区审核 县区甲 03-18 14:32 退回：请核对后重交"
    shown = html(part)
    assert "请附租赁合同" in shown and shown.count("未改") == 2
    assert f"/returns/{world.mine.pk}/sections/site/#field-area_total" in shown
    assert f"/returns/{world.mine.pk}/tables/roster/" in shown


# What waits with others.


def test_what_is_handed_in_waits_with_each_office_in_turn(world: World, at: At) -> None:
    assert "在等别人" not in parts(world.staff)
    handed_in(world)
    at(2026, 3, 24, 9, 0)
    (row,) = parts(world.staff)["在等别人"].context["rows"]  # type: ignore[misc]
    assert (str(row.where), row.since, row.days, row.limit, row.is_over) == (
        "县区审核 · 河湾区", DAY, 4, 5, False
    )  # fmt: skip
    do(world, "pass_on", world.county_officer, at=DAY + timedelta(days=6))
    at(2026, 4, 2, 9, 0)
    part = parts(world.staff)["在等别人"]
    (row,) = part.context["rows"]  # type: ignore[misc]
    assert (str(row.where), row.days, row.is_over) == ("市级审核 · 东江市", 7, True)
    assert "已超时限" in html(part) and "不影响贵单位" in str(part.note)
    do(world, "pass_on", world.city_officer, at=DAY + timedelta(days=15))
    assert str(parts(world.staff)["在等别人"].context["rows"][0].where) == "受理 · 示例省"  # type: ignore[index]
    assert "各部分进度" not in "".join(parts(world.staff))


def test_between_two_years_the_last_and_the_next_are_named(world: World, at: At) -> None:
    handed_in(world)
    for name, actor in (
        ("pass_on", world.county_officer),
        ("pass_on", world.city_officer),
        ("accept", world.officer),
    ):
        do(world, name, actor)
    shown = html(parts(world.staff)["年度报表"])
    assert "现在没有要填的报表" in shown and "2025 年度孵化器年报，03-18 14:32 受理。" in shown
    assert "新一年的填报开始后" in shown and "2025 年度报表" not in parts(world.staff)
    open_campaign(world.officer, world.form, world.province, 2026)
    assert "2026 年度孵化器年报将于 2027-03-01 00:00 开始。" in html(parts(world.staff)["年度报表"])


def test_a_carrier_that_never_filed_has_only_its_people(world: World) -> None:
    maker = carrier(9, "木棉众创空间", world.county, kind="makerspace")
    staff = person("填报丙", Role.CARRIER_STAFF, carrier_code=maker.code)
    found = parts(staff)
    assert list(found) == ["年度报表", "本单位经办"]
    assert "上一次" not in html(found["年度报表"])


# The clock.


def test_the_clock_counts_to_what_is_next(world: World, at: At) -> None:
    part = parts(world.staff)["2025 年度报表"]
    assert part.place == "aside" and part.is_clock
    left: Any = part.context["left"]
    assert (left.days, left.hours, left.minutes, left.is_over) == (6, 9, 28, False)
    assert str(part.context["what"]) == "最晚开始，之后不能再开始。"
    fill(world)
    part = parts(world.staff)["2025 年度报表"]
    left = part.context["left"]
    assert (left.days, left.hours, left.minutes) == (13, 2, 28)
    shown = html(part)
    assert "2026-03-31（周二）17:00" in shown and str(part.note) == "现在 03-18 周三 14:32"
    for words in ("最晚开始", "03-25 00:00", "截止提交", "03-31 17:00", "最晚更正", "04-30 17:00"):
        assert words in shown
    at(2026, 4, 1, 18, 5)
    part = parts(world.staff)["2025 年度报表"]
    left = part.context["left"]
    assert (left.days, left.hours, left.minutes, left.is_over) == (1, 1, 5, True)
    assert "已经截止" in html(part)


def test_the_clock_of_what_is_handed_in_names_the_day_to_correct(world: World) -> None:
    handed_in(world)
    shown = html(parts(world.staff)["2025 年度报表"])
    assert "已提交" in shown
    assert "03-18 14:32 提交，待县区审核。如被退回，最迟 04-30 17:00 改完重交。" in shown


# People.


def test_one_handler_alone_is_a_warning(world: World) -> None:
    part = parts(world.staff)["本单位经办"]
    assert part.context["few"] and "只有一人经办" in html(part)
    second = person("填报丁", Role.CARRIER_STAFF, carrier_code=world.carrier.code, title="统计员")
    gone = person("离任者", Role.CARRIER_STAFF, carrier_code=world.carrier.code)
    Appointment.objects.filter(pk=gone.appointment.pk).update(valid_to=date(2026, 1, 1))  # type: ignore[union-attr]
    assert second.user is not None
    second.user.last_login = DAY - timedelta(days=1)
    second.user.save()
    shown = html(parts(world.staff)["本单位经办"])
    assert "只有一人经办" not in shown and "离任者" not in shown and "填报乙" not in shown
    assert "统计员 · " in shown and "03-17 14:32 登录" in shown and "正在使用" in shown


def test_who_checks_first_is_named(world: World) -> None:
    shown = html(parts(world.staff)["有问题找谁"])
    assert "河湾区 县区审核" in shown and "县区甲" in shown and "市级甲" not in shown
    assert f"/returns/{world.mine.pk}/" in shown


def test_others_have_no_part_of_it(world: World) -> None:
    mine = set(parts(world.staff))
    for actor in (world.county_officer, world.city_officer, world.officer, world.auditor, VISITOR):
        assert not mine & set(parts(actor))


def test_it_asks_no_more_with_more_rows_and_more_items(world: World) -> None:
    sent_back(world, area_total="请核对", use_rate="请核对", roster="请核对")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            for part in slots.home_for(world.staff):
                html(part)
            slots.tasks_for(world.staff)
        return len(captured)

    few = asked()
    for number in range(200, 212):
        values = {**TENANTS[0], "credit_code": credit_code(number), "name": f"第{number}家公司"}
        rows.add_row(actor=world.staff, return_id=world.mine.pk, table="roster", values=values, at=DAY)
    person("填报丁", Role.CARRIER_STAFF, carrier_code=world.carrier.code)
    assert asked() == few <= 28
