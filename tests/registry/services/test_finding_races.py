"""Two people at one finding, and two searches, at the same instant: one wins, nothing stands twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from core.problems import Refused
from office.models import AuditEntry
from registry.models import FindingStatement, Stay, TenancyFinding
from registry.services import findings, tenancy
from tests.registry.world import AT, TODAY, World, make_world, stay, tenant

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of them got, each on a connection of its own: `done`, or the refusal's code."""
    start = threading.Barrier(len(acts))
    found = [""] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
            found[index] = "done"
        except Refused as refused:
            found[index] = refused.problems[0].code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


@pytest.fixture
def claimed(at: Callable[..., Any]) -> tuple[World, TenancyFinding]:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    who = tenant(700)
    for name in ("mine", "sibling"):
        stay(world.carriers[name], who)
    tenancy.refresh(at=AT, root=world.regions["province"])
    return world, TenancyFinding.objects.get()


def test_of_two_officers_one_decides_and_the_other_is_told(claimed: tuple[World, TenancyFinding]) -> None:
    world, found = claimed

    def act(who: str, action: str, **more: Any) -> Callable[[], object]:
        about: dict[str, Any] = {"finding_id": found.pk, "text": "已核实", "at": AT, **more}
        return lambda: findings.decide(actor=world.people[who], action=action, **about)

    ending = act("city", "end", stay_id=found.stay_a_id, ended=TODAY)
    assert at_once(ending, act("province", "accept")) == ["done", "move.state"]
    found.refresh_from_db()
    assert (Stay.objects.get(pk=found.stay_a_id).ended is not None) == (found.decision == "end")
    assert AuditEntry.objects.filter(action__in=("finding.end", "finding.accept")).count() == 1


def test_a_doubled_click_says_it_once(claimed: tuple[World, TenancyFinding]) -> None:
    world, found = claimed

    def act() -> object:
        return findings.say(actor=world.people["staff"], finding_id=found.pk, text="在我处", at=AT)

    assert at_once(act, act, act) == ["done", "done", "done"]
    assert FindingStatement.objects.count() == 1


def test_two_searches_at_one_time_find_each_thing_once(at: Callable[..., Any]) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    for number in range(800, 1000):
        stay(world.carriers["mine"], tenant(number), date(2010, 1, 1))

    def act() -> object:
        return tenancy.refresh(at=AT, root=world.regions["province"])

    assert at_once(act, act, act) == ["done", "done", "done"]
    assert TenancyFinding.objects.current().count() == 200
