"""Tenants and teams enter carriers and leave them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.problems import Refused
from office.models import AuditEntry
from office.services.evidence import Upload
from registry.models import Carrier, Stay, Team, Tenant
from registry.services import stays
from tests.registry.world import AT, TODAY, World, credit_code, tenant

MINE = "SL-990500-0001"
PROOF = Upload("证书.pdf", b"%PDF-1.7 proof")
pytestmark = pytest.mark.usefixtures("storage")


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
    about: dict[str, Any] = {"actor": actor, "stay_id": one.pk, "ended": TODAY, "at": AT}
    done = stays.end_stay(graduated_by="high_tech", evidence=PROOF, **about)
    assert (done.ended, done.graduated_by) == (TODAY, "high_tech")
    assert done.evidence is not None and done.evidence.name == "证书.pdf"
    with pytest.raises(Refused) as refusal:
        stays.end_stay(actor=actor, stay_id=one.pk, ended=TODAY, at=AT)
    assert codes(refusal) == ["stay.ended"]


def test_a_stay_elsewhere_does_not_exist(world: World) -> None:
    one = Stay.objects.get(tenant__credit_code=credit_code(102))
    for who in ("staff", "city", "visitor", "expert"):
        with pytest.raises(Stay.DoesNotExist):
            stays.end_stay(actor=world.people[who], stay_id=one.pk, ended=TODAY, at=AT)


def test_who_graduates_this_year_shows_it_and_of_earlier_years_it_may_come_later(world: World) -> None:
    one = Stay.objects.get(tenant__credit_code=credit_code(101))
    about: dict[str, Any] = {"actor": world.people["staff"], "stay_id": one.pk, "at": AT}
    with pytest.raises(Refused) as refusal:
        stays.end_stay(ended=date(2026, 1, 1), graduated_by="listed", **about)
    assert codes(refusal) == ["stay.evidence"]
    with pytest.raises(Refused) as refusal:
        stays.end_stay(ended=TODAY, evidence=PROOF, **about)
    assert codes(refusal) == ["stay.evidence_of_what"]
    assert stays.end_stay(ended=date(2025, 12, 31), graduated_by="listed", **about).evidence is None
    done = stays.state_graduation(graduated_by="listed", evidence=PROOF, **about)
    assert done.evidence is not None
    with pytest.raises(Refused) as refusal:
        stays.state_graduation(graduated_by="listed", evidence=PROOF, **about)
    assert codes(refusal) == ["stay.nothing"]


def test_a_condition_that_a_list_did_not_say_is_stated_once(world: World) -> None:
    one = Stay.objects.get(tenant__credit_code=credit_code(101))
    about: dict[str, Any] = {"actor": world.people["county"], "stay_id": one.pk, "at": AT}
    with pytest.raises(Refused) as refusal:
        stays.state_graduation(graduated_by="venture", **about)
    assert codes(refusal) == ["stay.not_graduated"]
    Stay.objects.filter(pk=one.pk).update(ended=date(2025, 6, 30), graduated_by="unstated")
    with pytest.raises(Refused) as refusal:
        stays.state_graduation(graduated_by="unstated", **about)
    assert codes(refusal) == ["stay.graduation"]
    assert stays.state_graduation(graduated_by="venture", **about).graduated_by == "venture"
    with pytest.raises(Refused) as refusal:
        stays.state_graduation(graduated_by="revenue", **about)
    assert codes(refusal) == ["stay.stated"]
    assert AuditEntry.objects.filter(action="stay.graduation").count() == 1
    with pytest.raises(Refused) as refusal:
        stays.state_graduation(**{**about, "actor": world.people["auditor"]}, graduated_by="venture")
    assert codes(refusal) == ["stay.role"]
