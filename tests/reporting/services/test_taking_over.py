"""Who stands on an accepted list stands in the register: tenants, teams, and their stays."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.rules.roles import Role
from core.problems import Refused
from office.models import AuditEntry
from registry.models import Stay, Tenant
from reporting.models import Return
from reporting.services import returns
from tests.reporting.conftest import DAY, World, credit_code, fill

CHAIN = (Role.COUNTY_OFFICER, Role.CITY_OFFICER)


def bring(world: World) -> Return:
    """Submitted, and passed on by county and city: it waits for the province."""
    fill(world)
    found = world.mine
    returns.submit(
        actor=world.staff, return_id=found.pk, expected=found.version, commitment="承诺属实", at=DAY
    )
    for role in CHAIN:
        found = world.mine
        returns.pass_on(actor=world.actor(role), return_id=found.pk, expected=found.version, at=DAY)
    return world.mine


def accept(world: World) -> Return:
    found = world.mine
    return returns.accept(actor=world.officer, return_id=found.pk, expected=found.version, at=DAY)


def test_tenants_of_an_accepted_list_are_in_the_register(world: World) -> None:
    bring(world)
    assert not Tenant.objects.exists(), "nothing is taken over before the province accepts"
    accept(world)
    told = list(Tenant.objects.order_by("name").values_list("name", "credit_code", "founded", "field"))
    assert sorted(told, key=lambda row: row[1]) == [
        ("甲科技公司", credit_code(101), date(2024, 1, 10), "ict"),
        ("乙生物公司", credit_code(102), date(2023, 5, 6), "bio"),
    ]
    stays = Stay.objects.order_by("entered").values_list("carrier", "entered", "ended")
    assert list(stays) == [
        (world.carrier.pk, date(2024, 6, 1), None),
        (world.carrier.pk, date(2025, 2, 1), None),
    ]


def test_who_is_no_longer_listed_left_at_the_end_of_the_year(world: World) -> None:
    gone = Tenant.objects.create(credit_code=credit_code(103), name="丙公司")
    Stay.objects.create(carrier=world.carrier, tenant=gone, entered=date(2022, 1, 1), updated_at=DAY)
    elsewhere = Stay.objects.create(
        carrier=world.other, tenant=gone, entered=date(2023, 1, 1), updated_at=DAY
    )
    bring(world)
    accept(world)
    assert Stay.objects.get(carrier=world.carrier, tenant=gone).ended == date(2025, 12, 31)
    elsewhere.refresh_from_db()
    assert elsewhere.ended is None, "another carrier's stays are another list's business"


def test_the_register_tells_who_accepted_the_list(world: World) -> None:
    bring(world)
    accept(world)
    entry = AuditEntry.objects.get(action="roster.sync")
    assert entry.detail["year"] == 2025 and entry.detail["opened"] == 2


def test_a_refused_acceptance_leaves_the_register_alone(world: World) -> None:
    found = bring(world)
    with pytest.raises(Refused):
        returns.accept(actor=world.officer, return_id=found.pk, expected=found.version - 1, at=DAY)
    assert not Tenant.objects.exists() and not Stay.objects.exists()
