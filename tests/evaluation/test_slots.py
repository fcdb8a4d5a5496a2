"""What waits for whom, and what others may find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.template.loader import render_to_string

from accounts.actors import VISITOR, Actor
from evaluation import slots
from evaluation.services import marking, objections
from tests.evaluation.world import AT, World


def titles(actor: Actor) -> list[tuple[str, str]]:
    return [(str(task.title), str(task.verb)) for task in slots.tasks_for(actor)]


def test_the_province_is_told_of_the_next_move(world: World, at: Callable[..., datetime]) -> None:
    at(2026, 5, 21, 9, 0)
    run = world.run("draft")
    for verb, action in (("去冻结", "freeze"), ("去计分", "score"), ("去公示", "publicise")):
        assert titles(world.officer) == [("2025 年评价", verb)]
        run = world.move(run, action)
    assert titles(world.officer) == titles(world.second) == []
    at(2026, 6, 20, 9, 0)
    assert titles(world.officer) == []
    assert titles(world.second) == [("2025 年评价", "去公布")]


def test_objections_wait_for_the_province(world: World, at: Callable[..., datetime]) -> None:
    at(2026, 5, 21, 9, 0)
    run = world.run("publicised")
    objections.file(actor=world.staff, run_id=run.pk, text="请复核本单位的场地面积。", at=AT)
    assert titles(world.second) == [("1 件异议待处理", "去处理")]


def test_a_carrier_is_told_while_publicity_lasts(world: World, at: Callable[..., datetime]) -> None:
    at(2026, 5, 21, 9, 0)
    world.run("publicised")
    (task,) = slots.tasks_for(world.staff)
    assert task.url.endswith("/carriers/FH-1/")
    at(2026, 6, 21, 9, 0)
    assert slots.tasks_for(world.staff) == []


def test_an_expert_is_told_how_many_wait_until_when(world: World, at: Callable[..., datetime]) -> None:
    at(2026, 5, 21, 9, 0)
    run = world.run("frozen")
    due = AT + timedelta(days=9)
    made = marking.assign(
        actor=world.officer, run_id=run.pk, expert_id=world.expert.user_id or 0,
        carrier_codes=["FH-1", "FH-2", "FH-3"], at=AT, due_at=due,
    )  # fmt: skip
    marking.recuse(actor=world.expert, code=made[0].code, because="认出该载体", at=AT)
    (task,) = slots.tasks_for(world.expert)
    assert (str(task.why), task.due) == ("还有 2 份待提交：草稿 0 份，待评 2 份。", due)
    assert slots.tasks_for(world.other_expert) == []


def test_others_have_nothing_to_do(world: World) -> None:
    world.run("scored")
    for actor in (VISITOR, world.auditor, world.city, world.finance, world.editor, world.staff):
        assert slots.tasks_for(actor) == []


def test_a_carriers_page_tells_the_score_to_those_who_may_see_its_grounds(world: World) -> None:
    first = world.carriers[0]
    run = world.run("scored")
    for actor in (VISITOR, world.staff, world.officer):
        assert slots.panels_for(first, actor) == []
    for move, at in (("publicise", AT), ("publish", AT + timedelta(days=30))):
        run = world.move(run, move, at)
        assert slots.panels_for(first, VISITOR) == []
        (panel,) = slots.panels_for(first, world.officer)
        shown = render_to_string(panel.template, {"panel": panel.context})
        assert "2025" in shown
        assert "C 合格" in shown


def test_a_search_finds_what_is_out(world: World) -> None:
    run = world.run("scored")
    assert slots.search(VISITOR, "评价") == slots.search(world.staff, "小体系") == []
    assert [str(hit.title) for hit in slots.search(world.officer, "小体系")] == ["小体系 v1"]
    world.move(run, "publicise")
    assert [str(hit.title) for hit in slots.search(VISITOR, "评价")] == ["2025 年评价"]
    assert slots.search(VISITOR, "  ") == []
