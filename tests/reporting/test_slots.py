"""What waits for whom: each with its counts and its clock, nothing to those whom it does not concern."""

from __future__ import annotations

from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from reporting import queries, slots
from reporting.models import Return
from reporting.services import returns
from tests.reporting.conftest import DAY, World, carrier, fill, person


def submit(world: World) -> None:
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺属实", at=DAY)


def test_officers_see_how_many_wait_at_their_stop_only(world: World) -> None:
    fill(world)
    submit(world)
    (task,) = slots.tasks_for(world.county_officer)
    assert str(task.why) == "1 份报表待审核，最早的提交于 2026-03-18。"
    assert slots.tasks_for(world.city_officer) == [] == slots.tasks_for(world.officer)
    assert slots.tasks_for(world.auditor) == []
    assert [one.pk for one in queries.queue(world.county_officer)] == [world.mine.pk]


def test_progress_counts_the_returns_of_a_scope_in_one_query(world: World) -> None:
    fill(world)
    with CaptureQueriesContext(connection) as captured:
        counts = queries.progress(world.campaign, world.county_officer)
    assert len(captured) == 1
    assert (counts["filling"], counts["not_started"]) == (1, 1)


def test_the_queue_takes_the_same_queries_with_one_return_and_with_three(world: World) -> None:
    fill(world)
    submit(world)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            [
                (one.carrier.name, one.carrier.region.name, one.campaign.title)
                for one in queries.queue(world.county_officer)
            ]
        return len(captured)

    one = count()
    Return.objects.filter(pk=world.theirs.pk).update(state="at_county", submitted_at=DAY)
    assert one == count() == 1


def test_a_carriers_page_shows_its_returns_to_those_who_may_know(world: World) -> None:
    (panel,) = slots.panels_for(world.carrier, world.county_officer)
    html = render_to_string(panel.template, {"panel": panel.context})
    assert "2025 年度孵化器年报" in html and "填报中" in html
    assert slots.panels_for(world.carrier, world.other_staff) == []


def test_search_finds_within_the_scope(world: World) -> None:
    assert [str(hit.title) for hit in slots.search(world.officer, "青禾")] == [
        "青禾孵化器 · 2025 年度孵化器年报"
    ]
    assert slots.search(world.other_staff, "青禾") == [] == slots.search(world.officer, "禾")


def test_carriers_of_other_kinds_are_not_asked(world: World) -> None:
    maker = carrier(9, "木棉众创空间", world.county, kind="makerspace")
    staff = person("填报丙", world.staff.appointment.role, carrier_code=maker.code)  # type: ignore[union-attr]
    assert slots.tasks_for(staff) == []
