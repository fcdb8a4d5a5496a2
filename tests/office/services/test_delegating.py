"""Lending an appointment: what the other may then do, how it ends, what the audit says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.actors import Actor, actor_of
from accounts.models import Appointment, User
from accounts.queries import actor_for, appointments_of
from accounts.rules.roles import Role
from core import clock
from core.problems import Refused
from office.models import AuditEntry, Notice
from office.services import audit, delegating, people

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]


@pytest.fixture
def officer(cast: Cast) -> Actor:
    return cast("周远", Role.PROVINCE_OFFICER)


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("qin", name="秦越")


def lend(officer: Actor, other: User, now: datetime, **more: Any) -> Appointment:
    today = clock.day_of(now)
    given = {
        "username": other.username, "name": other.name, "valid_from": today,
        "valid_to": today + timedelta(days=10), "reason": "出差", **more,
    }  # fmt: skip
    return delegating.delegate(actor=officer, at=now, **given)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def test_the_other_acts_under_it_and_the_audit_says_for_whom(
    officer: Actor, other: User, now: datetime
) -> None:
    made = lend(officer, other, now)
    acting = actor_for(other, made.pk)
    assert (acting.role, acting.region) == (officer.role, officer.region)
    with transaction.atomic():
        entry = audit.record(actor=acting, action="x", on="thing", at=now, detail={"a": 1})
    assert entry.detail == {"a": 1, "on_behalf_of": {"user": officer.user_id, "name": "周远"}}
    assert Notice.objects.filter(recipient=other).count() == 1
    assert AuditEntry.objects.get(action="appointment.delegate").reason == "出差"


def test_a_stranger_is_refused_with_all_else(officer: Actor, other: User, now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        lend(officer, other, now, name="别人", reason="", valid_to=clock.day_of(now) + timedelta(days=99))
    assert codes(refusal) == {"delegation.person", "delegation.reason", "delegation.long"}


def test_no_one_holds_both_sides_by_delegation(officer: Actor, cast: Cast, now: datetime) -> None:
    auditor = cast("申明", Role.AUDITOR)
    assert auditor.user
    with pytest.raises(Refused) as refusal:
        lend(officer, auditor.user, now)
    assert codes(refusal) == {"appointment.conflict"}


def test_what_was_lent_is_not_lent_on(officer: Actor, other: User, cast: Cast, now: datetime) -> None:
    made = actor_of(lend(officer, other, now))
    third = User.objects.create_user("third", name="第三")
    with pytest.raises(Refused) as refusal:
        lend(made, third, now)
    assert codes(refusal) == {"delegation.again"}


def test_it_ends_with_the_givers_own(officer: Actor, other: User, cast: Cast, now: datetime) -> None:
    made = lend(officer, other, now)
    keeper = cast("安全", Role.SECURITY_ADMINISTRATOR)
    assert officer.appointment
    people.end_appointment(actor=keeper, appointment_id=officer.appointment.pk, at=now, reason="调离")
    made.refresh_from_db()
    assert made.revoked_at == now
    assert appointments_of(other) == []


@pytest.mark.parametrize("change", ["suspended", "over"])
def test_it_holds_only_as_long_as_the_givers_own_holds(
    officer: Actor, other: User, now: datetime, change: str
) -> None:
    lend(officer, other, now)
    assert len(appointments_of(other)) == 1
    if change == "suspended":
        User.objects.filter(pk=officer.user_id).update(is_active=False)
    else:
        yesterday = clock.day_of(now) - timedelta(days=1)
        Appointment.objects.filter(user=officer.user).update(valid_to=yesterday)
    assert appointments_of(other) == []


def test_giver_receiver_and_security_end_it_and_nobody_else(
    officer: Actor, other: User, cast: Cast, now: datetime
) -> None:
    keeper, stranger = cast("安全", Role.SECURITY_ADMINISTRATOR), cast("路人", Role.CITY_OFFICER)
    made = lend(officer, other, now)
    with pytest.raises(Appointment.DoesNotExist):
        delegating.end_delegation(actor=stranger, appointment_id=made.pk, at=now)
    with pytest.raises(Refused):
        delegating.end_delegation(actor=keeper, appointment_id=made.pk, at=now)
    delegating.end_delegation(actor=keeper, appointment_id=made.pk, at=now, reason="超期")
    for who in (officer, Actor(user=other)):
        made = lend(officer, other, now)
        delegating.end_delegation(actor=who, appointment_id=made.pk, at=now)
        with pytest.raises(Appointment.DoesNotExist):
            delegating.end_delegation(actor=who, appointment_id=made.pk, at=now)


def test_by_page(officer: Actor, other: User, now: datetime) -> None:
    client = Client()
    assert officer.user
    client.force_login(officer.user)
    assert client.get("/accounts/delegations/").status_code == 200
    today = clock.day_of(now)
    given = {"username": "qin", "name": "秦越", "valid_from": today, "valid_to": today, "reason": "出差"}
    assert client.post("/accounts/delegations/", given).status_code == 302
    assert client.post("/accounts/delegations/", given).status_code == 422
    assert Appointment.objects.filter(user=other).count() == 1
    theirs = Client()
    theirs.force_login(other)
    assert "受 周远 委托" in theirs.get("/accounts/me/").content.decode()
    held = Appointment.objects.get(user=other)
    assert theirs.post(f"/accounts/delegations/{held.pk}/end/").status_code == 302
    assert client.post(f"/accounts/delegations/{held.pk}/end/").status_code == 404
