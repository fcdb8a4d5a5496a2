"""What waits for whom, and what others may find."""

from __future__ import annotations

from django.template.loader import render_to_string

from accounts.actors import VISITOR, Actor
from funding import slots
from funding.services import allocations
from tests.funding.world import AT, World


def verbs(actor: Actor) -> list[str]:
    return [str(task.verb) for task in slots.tasks_for(actor)]


def test_finance_is_told_of_published_runs_and_of_drafts_of_others(world: World) -> None:
    assert verbs(world.payer) == verbs(world.second_payer) == ["去测算"]
    assert verbs(world.city_payer) == []  # the city has no policy of its own
    made = world.draft()
    assert verbs(world.payer) == ["看测算"]
    assert verbs(world.second_payer) == ["去核定"]
    allocations.drop(actor=world.payer, allocation_id=made.pk, expected=0, at=AT, comment="有误")
    assert verbs(world.payer) == ["去测算"]
    world.confirmed()
    assert verbs(world.payer) == verbs(world.second_payer) == []


def test_an_unpublished_run_waits_for_nobody_here(db: None) -> None:
    assert verbs(World("publicised").payer) == []


def test_others_have_nothing_to_do(world: World) -> None:
    for actor in (VISITOR, world.officer, world.auditor, world.city, world.staff, world.editor):
        assert slots.tasks_for(actor) == []


def test_a_carriers_page_shows_decided_awards_with_grounds_for_its_own(world: World) -> None:
    first = world.carriers[0]
    world.draft()
    for actor in (VISITOR, world.staff, world.payer):
        assert slots.panels_for(first, actor) == []
    made = allocations.queries.allocations_of(world.second_payer).get()
    allocations.confirm(actor=world.second_payer, allocation_id=made.pk, expected=0, at=AT)
    shown = {
        name: "".join(
            render_to_string(panel.template, {"panel": panel.context})
            for panel in slots.panels_for(first, actor)
        )
        for name, actor in [("visitor", VISITOR), *world.everyone()]
    }
    assert all("2025" in text for text in shown.values())
    grounds = {name for name, text in shown.items() if "每项 100.00 元" in text or "provincial" in text}
    assert grounds == {"officer", "second", "auditor", "finance", "second_payer", "staff", "county", "city"}


def test_a_search_finds_policies_that_one_may_know_of(world: World) -> None:
    assert slots.search(VISITOR, "奖补") == slots.search(world.officer, " ") == []
    assert [str(hit.title) for hit in slots.search(world.officer, "小奖补")] == ["小奖补 v1"]
    world.confirmed()
    assert len(slots.search(VISITOR, "奖补")) == 1
