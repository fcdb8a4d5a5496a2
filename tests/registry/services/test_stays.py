"""Tenants and teams enter carriers and leave them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.problems import Refused
from office.models import AuditEntry
from registry.models import Carrier, Stay, Team, Tenant
from registry.services import stays
from tests.registry.world import AT, TODAY, World, credit_code, tenant

MINE = "SL-990500-0001"


def enter(world: World, who: str = "staff", whom: Tenant | Team | None = None, **more: Any) -> Stay:
    given: dict[str, Any] = {"carrier_code": MINE, "entered": date(2025, 5, 1), **more}
    return stays.record_stay(actor=world.people[who], who=whom or tenant(120), at=AT, **given)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def test_staff_and_officers_above_record_who_entered(world: World) -> None:
    for number, who in enumerate(("staff", "county", "city", "province"), start=130):
        assert enter(world, who, tenant(number)).entered == date(2025, 5, 1)
    assert AuditEntry.objects.filter(action="stay.enter").count() == 4


def test_finance_and_auditors_look_and_do_not_record(world: World) -> None:
    for number, who in enumerate(("finance", "auditor"), start=130):
        with pytest.raises(Refused) as refusal:
            enter(world, who, tenant(number))
        assert codes(refusal) == ["stay.role"]


def test_another_carrier_does_not_exist_for_staff(world: World) -> None:
    with pytest.raises(Carrier.DoesNotExist):
        enter(world, "other_staff")


def test_nobody_is_twice_in_one_carrier_at_once(world: World) -> None:
    whom = tenant(120)
    enter(world, whom=whom)
    with pytest.raises(Refused) as refusal:
        enter(world, whom=whom)
    assert codes(refusal) == ["stay.twice"]


def test_a_team_enters_not_before_it_was_formed_nor_tomorrow(world: World) -> None:
    team = Team.objects.create(team_no=f"{MINE}-T0001", name="甲团队", formed=date(2027, 1, 1))
    with pytest.raises(Refused) as refusal:
        enter(world, whom=team, entered=TODAY + timedelta(1))
    assert codes(refusal) == ["date.future", "stay.founded"]


def test_a_stay_ends_once_with_one_of_the_four_conditions(world: World) -> None:
    one = Stay.objects.get(tenant__credit_code=credit_code(101))
    actor = world.people["staff"]
    with pytest.raises(Refused) as refusal:
        stays.end_stay(actor=actor, stay_id=one.pk, ended=date(2024, 1, 1), graduated_by="luck", at=AT)
    assert codes(refusal) == ["stay.order", "stay.graduation"]
    done = stays.end_stay(actor=actor, stay_id=one.pk, ended=TODAY, graduated_by="high_tech", at=AT)
    assert (done.ended, done.graduated_by) == (TODAY, "high_tech")
    with pytest.raises(Refused) as refusal:
        stays.end_stay(actor=actor, stay_id=one.pk, ended=TODAY, at=AT)
    assert codes(refusal) == ["stay.ended"]


def test_a_stay_elsewhere_does_not_exist(world: World) -> None:
    one = Stay.objects.get(tenant__credit_code=credit_code(102))
    for who in ("staff", "city", "visitor", "expert"):
        with pytest.raises(Stay.DoesNotExist):
            stays.end_stay(actor=world.people[who], stay_id=one.pk, ended=TODAY, at=AT)
