"""Two people at one sum of money at the same instant: one wins, the other is told, on a real server."""

from __future__ import annotations

import pytest

from funding.models import Allocation, Award
from funding.services import allocations
from office.models import AuditEntry
from tests.evaluation.services.test_races import at_once
from tests.evaluation.world import accepted, carrier
from tests.funding.services.test_allocations import SHARED
from tests.funding.world import AT, World

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_one_of_two_confirmations_wins_and_the_other_is_told() -> None:
    world = World()
    made = world.draft()

    def confirm() -> Allocation:
        return allocations.confirm(actor=world.second_payer, allocation_id=made.pk, expected=0, at=AT)

    assert at_once(confirm, confirm) == ["allocation.moved", "done"]
    assert AuditEntry.objects.filter(action="allocation.confirm").count() == 1


def test_confirmed_and_dropped_do_not_both_happen() -> None:
    world = World()
    made = world.draft()
    found = at_once(
        lambda: allocations.confirm(actor=world.second_payer, allocation_id=made.pk, expected=0, at=AT),
        lambda: allocations.drop(actor=world.payer, allocation_id=made.pk, expected=0, at=AT, comment="有误"),
    )
    assert found == ["allocation.moved", "done"]


def test_money_is_worked_out_once() -> None:
    world = World()
    assert at_once(world.draft, world.draft, world.draft) == ["allocation.twice", "allocation.twice", "done"]
    assert Award.objects.count() == 8


def test_two_allocations_do_not_spend_the_same_money() -> None:
    world = World()
    accepted(world.campaign, carrier("GH-1", world.regions["990101"]), {"area": "9000"})
    run = world.run("published", at=AT)
    drafts = [
        world.draft(world.load(SHARED.format(version=version, compare=compare)), run)
        for version, compare in ((1, "<"), (2, ">"))
    ]
    assert sum(made.allocated for made in drafts) > 1_500_000

    def confirm(made: Allocation) -> Allocation:
        return allocations.confirm(actor=world.second_payer, allocation_id=made.pk, expected=0, at=AT)

    found = at_once(lambda: confirm(drafts[0]), lambda: confirm(drafts[1]))
    assert found == ["allocation.budget", "done"]
    paid = Award.objects.public().values_list("amount", flat=True)
    assert sum(paid) <= 1_500_000
