"""What the register offers to the pages above it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from core.slots import Task
from registry import slots
from tests.registry.changes import FILES, ask, move
from tests.registry.world import World, credit_code


@pytest.mark.parametrize("who", ["visitor", "city", "province", "expert"])
def test_nothing_of_the_register_waits_for_others(world: World, who: str) -> None:
    assert slots.tasks_for(world.people[who]) == []


@pytest.mark.parametrize(
    ("who", "inside"),
    [("visitor", False), ("staff", True), ("other_staff", False), ("city", True), ("expert", False)],
)
def test_contacts_and_tenants_are_told_to_those_who_work_with_the_carrier(
    world: World, who: str, inside: bool
) -> None:
    panels = slots.panels_for(world.carrier("mine"), world.people[who])
    told = [str(panel.context) for panel in panels]
    assert any("0990-5550001" in words for words in told) == inside
    assert len(panels) == int(inside)
    if inside:
        assert ("在驻企业", "1 家") in panels[0].context["facts"]  # type: ignore[operator]


def test_who_fills_for_the_carrier_is_told_to_its_officers(world: World) -> None:
    (panel,) = slots.panels_for(world.carrier("mine"), world.people["county"])
    assert ("填报人", "填报甲") in panel.context["facts"]  # type: ignore[operator]


def test_search_answers_with_the_public_page(world: World) -> None:
    (hit,) = slots.search(world.people["visitor"], "qhf")
    assert (hit.title, hit.url) == ("青禾孵化器", "/carriers/SL-990500-0001/")
    assert slots.search(world.people["visitor"], credit_code(1)) == []
    assert [one.title for one in slots.search(world.people["staff"], credit_code(1))] == ["青禾孵化器"]
    assert slots.search(world.people["visitor"], "旧港") == []


def _about_changes(actor: Actor) -> list[Task]:
    return [task for task in slots.tasks_for(actor) if task.url.startswith("/registry/changes/")]


@pytest.mark.usefixtures("storage")
def test_a_request_waits_for_the_office_where_it_lies_and_then_for_who_asked(world: World) -> None:
    found = ask(world, happened_on=date(2025, 1, 1))
    (task,) = _about_changes(world.people["county"])
    assert str(task.title) == "1 件变更申请待办理" and "逾期申请 1 件" in str(task.why)
    assert task.url == "/registry/changes/?state=mine"
    for who in ("staff", "city", "province", "auditor", "finance"):
        assert _about_changes(world.people[who]) == []
    found = move(world, "county", found, "return", comment="通知书看不清")
    (task,) = _about_changes(world.people["staff"])
    assert task.url == f"/registry/changes/{found.pk}/" and "通知书看不清" in str(task.why)
    assert _about_changes(world.people["county"]) == []


@pytest.mark.usefixtures("storage")
def test_tasks_cost_as_many_queries_for_one_request_as_for_many(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            slots.tasks_for(world.people["staff"])
        return len(seen)

    move(world, "county", ask(world, wanted={"address": "甲路"}), "return")
    one = queries()
    for name, value in (("name", "青园"), ("name_en", "Q"), ("area_total", "9")):
        move(world, "county", ask(world, wanted={name: value}, files=FILES[:3]), "return")
    assert queries() == one
