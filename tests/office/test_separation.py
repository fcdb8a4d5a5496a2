"""System, security and audit: three offices, and each can do its own part and nothing of the others'."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Appointment, User
from accounts.rules.roles import INCOMPATIBLE, Role
from core.problems import Refused
from office.services import factors, guarding, inviting, people, trail
from office.services.workdays import set_day

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR
OFFICES = (SYSTEM, SECURITY, AUDIT)
PAGES = {
    "/accounts/people/": {SYSTEM, SECURITY},
    "/accounts/sessions/": {SECURITY},
    "/accounts/tokens/all/": {SECURITY},
    "/office/audit/": {AUDIT},
    "/office/outbox/": {SYSTEM},
    "/office/regions/": {SYSTEM},
    "/office/workdays/": {SYSTEM},
}


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("shen", "Harbour-lamp-27", name="沈知行")


def appoints(actor: Actor, person: User, now: datetime) -> object:
    return people.appoint(
        actor=actor, user=person, role=Role.EXPERT, region=actor.region, valid_from=now.date(), at=now
    )


def suspends(actor: Actor, person: User, now: datetime) -> object:
    return guarding.suspend(actor=actor, user_id=person.pk, at=now, reason="调离")


def resets(actor: Actor, person: User, now: datetime) -> object:
    factors.begin(actor=Actor(user=person))
    return factors.reset(actor=actor, user_id=person.pk, at=now, reason="丢失")


def creates(actor: Actor, person: User, now: datetime) -> object:
    return people.create_person(actor=actor, username="lin", name="林", password="Harbour-lamp-28", at=now)


def invites(actor: Actor, person: User, now: datetime) -> object:
    return inviting.invite(actor=actor, user_id=person.pk, at=now)


def verifies(actor: Actor, person: User, now: datetime) -> object:
    return trail.begin_verifying(actor=actor, at=now)


def sets_a_day(actor: Actor, person: User, now: datetime) -> object:
    return set_day(actor=actor, day=date(2027, 2, 20), is_working=True, note="通知", at=now)


@pytest.mark.parametrize("role", OFFICES)
@pytest.mark.parametrize(
    ("act", "own"),
    [
        (appoints, {SECURITY}),
        (suspends, {SECURITY}),
        (resets, {SECURITY}),
        (creates, {SYSTEM, SECURITY}),
        (invites, {SYSTEM, SECURITY}),
        (verifies, {AUDIT}),
        (sets_a_day, {SYSTEM}),
    ],
)
def test_each_act_belongs_to_its_office(
    cast: Cast, person: User, now: datetime, act: Callable[..., object], own: set[Role], role: Role
) -> None:
    actor = cast("某人", role)
    if role in own:
        assert act(actor, person, now)
        return
    with pytest.raises((Refused, User.DoesNotExist)):
        act(actor, person, now)


@pytest.mark.parametrize("role", OFFICES)
def test_each_page_belongs_to_its_office(cast: Cast, role: Role) -> None:
    user = cast("某人", role).user
    assert user
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    found = {path: client.get(path).status_code for path in PAGES}
    assert found == {path: 200 if role in own else 404 for path, own in PAGES.items()}


@pytest.mark.parametrize("held", OFFICES)
@pytest.mark.parametrize("wanted", list(Role))
def test_nobody_of_these_is_anything_else(cast: Cast, now: datetime, held: Role, wanted: Role) -> None:
    keeper, person = cast("安全", SECURITY), cast("某人", held)
    assert person.user
    carrier = wanted is Role.CARRIER_STAFF
    with pytest.raises(Refused):
        people.appoint(
            actor=keeper, user=person.user, role=wanted, at=now, valid_from=now.date(),
            region=None if carrier else keeper.region, carrier_code="FH-1" if carrier else "",
        )  # fmt: skip
    assert Appointment.objects.filter(user=person.user).count() == 1
    assert any(held in one and wanted in other for one, other in INCOMPATIBLE) or held is wanted


def test_security_does_nothing_to_themselves(cast: Cast, now: datetime) -> None:
    keeper = cast("安全", SECURITY)
    assert keeper.user_id
    for act in (guarding.suspend, factors.reset):
        with pytest.raises(Refused):
            act(actor=keeper, user_id=keeper.user_id, at=now, reason="x")
