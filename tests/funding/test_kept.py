"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from funding.models import Allocation, Award, Policy
from tests.funding.world import World


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError, match="kept as it was"), transaction.atomic():
        act()


def test_awards_of_a_confirmed_allocation_are_neither_changed_nor_deleted_nor_added(world: World) -> None:
    made = world.confirmed()
    row = made.awards.all()[0]
    refused(lambda: Award.objects.filter(pk=row.pk).update(amount=1))
    refused(lambda: Award.objects.all().delete())
    row.pk, row.code = None, "another"
    refused(row.save)
    refused(lambda: Allocation.objects.filter(pk=made.pk).update(allocated=1))
    refused(lambda: Allocation.objects.filter(pk=made.pk).update(state="draft"))


def test_what_was_worked_out_does_not_change(world: World) -> None:
    made = world.draft()
    refused(lambda: Allocation.objects.filter(pk=made.pk).update(allocated=1))
    refused(lambda: Allocation.objects.filter(pk=made.pk).update(result={}))


def test_a_policy_does_not_change(world: World) -> None:
    refused(lambda: Policy.objects.update(source="policy: other"))


def test_the_same_award_does_not_stand_twice_for_a_year(world: World) -> None:
    made = world.draft()
    row = made.awards.all()[0]
    values = {
        name: getattr(row, name) for name in ("carrier", "code", "programme", "year", "claimed", "amount")
    }
    newer = world.load(world.policy.source.replace("version: 1", "version: 2"))
    other = Allocation.objects.create(
        policy=newer, run=made.run, claimed=1, allocated=1, result_digest="x", prepared_at=made.prepared_at
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(allocation=other, **values)
    Award.objects.create(allocation=other, is_live=False, **values)


def test_no_more_than_the_budget_and_no_confirmation_by_its_maker(world: World) -> None:
    made = world.draft()
    for change in (
        {"budget": made.allocated - 1},
        {"state": "confirmed", "confirmed_at": made.prepared_at, "confirmed_by": made.prepared_by},
        {"state": "confirmed"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Allocation.objects.filter(pk=made.pk).update(**change)
