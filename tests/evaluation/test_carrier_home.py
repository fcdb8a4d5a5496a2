"""What a carrier's staff see of the evaluation on their home: the last result, objections that wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from core.slots import HomePart
from evaluation import slots
from evaluation.models import RunEntry
from evaluation.services import objections
from tests.evaluation.world import AT, YEAR, World

At = Callable[..., datetime]


def parts(actor: Actor) -> dict[str, HomePart]:
    return {str(part.title): part for part in slots.home_for(actor)}


def html(part: HomePart) -> str:
    return render_to_string(part.template, {"part": part.context})


def test_a_result_is_shown_once_it_is_published(world: World) -> None:
    run = world.run("publicised")
    assert parts(world.staff) == {}
    world.move(run, "publish", AT + timedelta(days=30))
    part = parts(world.staff)["最近评价结果"]
    entry = RunEntry.objects.get(run=run, carrier__code="FH-1")
    ranked = RunEntry.objects.filter(run=run).exclude(rank=None).count()
    shown = html(part)
    assert (part.place, str(part.note)) == ("aside", f"{YEAR} 年度")
    assert f"第 {entry.rank} 位（共 {ranked} 家）" in shown and ranked > 1
    assert f"/evaluation/runs/{run.pk}/carriers/FH-1/" in shown and "/funding/" in shown


def test_the_newest_year_is_shown_and_each_carrier_has_its_own(world: World) -> None:
    world.run("published", year=YEAR - 1)
    assert str(parts(world.staff)["最近评价结果"].note) == f"{YEAR - 1} 年度"
    newer = world.run("published")
    for actor, code in ((world.staff, "FH-1"), (world.other_staff, "FH-5")):
        entry: Any = parts(actor)["最近评价结果"].context["entry"]
        assert (entry.run_id, entry.carrier.code) == (newer.pk, code)


def test_who_was_not_ranked_has_a_grade_without_a_place(world: World) -> None:
    world.run("published")
    shown = html(parts(world.other_staff)["最近评价结果"])  # it filed nothing: its grade is fixed
    assert "合格" in shown and "位（共" not in shown


def test_an_objection_waits_until_it_is_decided(world: World, at: At) -> None:
    run = world.run("publicised")
    made = objections.file(actor=world.staff, run_id=run.pk, text="请复核本单位的场地面积。", at=AT)
    at(2026, 5, 25, 9, 0)
    part = parts(world.staff)["在等异议处理"]
    (row,) = part.context["rows"]  # type: ignore[misc]
    assert (str(row.what), str(row.where), row.days, row.limit) == (
        "异议：2025 年评价", "省级管理 · 示例省", 3, None
    )  # fmt: skip
    assert f"/evaluation/objections/{made.pk}/" in html(part) and "时限" not in html(part)
    assert parts(world.other_staff) == {}
    objections.decide(
        actor=world.officer,
        objection_id=made.pk,
        action="reject",
        comment="面积无误",
        at=AT + timedelta(days=2),
    )
    assert parts(world.staff) == {}


def test_others_have_neither(world: World) -> None:
    run = world.run("publicised")
    objections.file(actor=world.staff, run_id=run.pk, text="请复核本单位的场地面积。", at=AT)
    for name, actor in world.everyone():
        if name not in ("staff", "other_staff"):
            assert not {"最近评价结果", "在等异议处理"} & set(parts(actor))


def test_it_asks_the_same_with_more_carriers_and_years(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            parts(world.staff)
        return len(captured)

    world.run("published", year=YEAR - 1)
    one = asked()
    world.run("published")
    assert asked() == one <= 4
