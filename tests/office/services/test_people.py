"""Persons, appointments, sessions and tokens: who may, what is refused, what is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from knox.models import AuthToken

from accounts.actors import PORTAL, VISITOR, Actor
from accounts.models import Appointment, Region, TokenGrant, User
from accounts.queries import actor_for
from accounts.rules.roles import Role
from core.problems import Refused
from office.models import AuditEntry
from office.services import people

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
GOOD = "Harbour-lamp-27"


@pytest.fixture
def keeper(cast: Cast) -> Actor:
    return cast("安全", Role.SECURITY_ADMINISTRATOR)


@pytest.fixture
def root(keeper: Actor) -> Region:
    return Region.objects.get(code="990000")


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("shen", GOOD, name="沈知行")


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def test_a_person_is_created_with_an_entry_in_the_audit(keeper: Actor, now: datetime) -> None:
    user = people.create_person(actor=keeper, username="lin", name="林清源", password=GOOD, at=now)
    assert user.check_password(GOOD)
    assert not user.appointments.exists()
    entry = AuditEntry.objects.get(action="person.create")
    assert (entry.user_id, entry.object_key, entry.detail) == (
        keeper.user_id,
        str(user.pk),
        {"username": "lin"},
    )
    assert GOOD not in str(entry.detail)


def test_everything_wrong_with_a_person_at_once(keeper: Actor, person: User, now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        people.create_person(actor=keeper, username="SHEN", name=" ", password="mima123", at=now)
    assert set(codes(refusal)) == {"person.password", "person.name", "person.username"}
    assert User.objects.filter(username__iexact="shen").count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMINISTRATOR])
def test_nobody_else_appoints(cast: Cast, person: User, now: datetime, role: Role) -> None:
    actor = cast("某人", role)
    with pytest.raises(Refused) as refusal:
        people.appoint(actor=actor, user=person, role=Role.EXPERT, valid_from=date(2026, 1, 1), at=now)
    assert codes(refusal) == ["people.role"]


def test_an_appointment_and_one_that_does_not_go_with_it(
    keeper: Actor, root: Region, person: User, now: datetime
) -> None:
    made = people.appoint(
        actor=keeper,
        user=person,
        role=Role.PROVINCE_OFFICER,
        region=root,
        valid_from=date(2026, 1, 1),
        at=now,
    )
    assert made.made_by_id == keeper.user_id
    with pytest.raises(Refused) as refusal:
        people.appoint(
            actor=keeper,
            user=person,
            role=Role.FINANCE_OFFICER,
            region=root,
            valid_from=date(2026, 1, 1),
            at=now,
        )
    assert codes(refusal) == ["appointment.conflict"]
    assert list(person.appointments.all()) == [made]
    assert AuditEntry.objects.filter(action="appointment.make").count() == 1


def test_an_appointment_taken_away_is_gone_at_once_with_its_tokens(
    keeper: Actor, root: Region, person: User, now: datetime
) -> None:
    made = people.appoint(
        actor=keeper, user=person, role=Role.EXPERT, region=root, valid_from=now.date(), at=now
    )
    people.make_token(actor=actor_for(person, None), label="统计", days=30, at=now)
    people.end_appointment(actor=keeper, appointment_id=made.pk, at=now, reason="调离")
    assert actor_for(person, made.pk).appointment is None
    assert not AuthToken.objects.exists()
    assert AuditEntry.objects.get(action="appointment.end").reason == "调离"
    with pytest.raises(Refused):
        people.end_appointment(actor=keeper, appointment_id=made.pk, at=now, reason="调离")


def test_taking_an_appointment_away_wants_a_reason(keeper: Actor, staff: Actor, now: datetime) -> None:
    assert staff.appointment is not None
    with pytest.raises(Refused) as refusal:
        people.end_appointment(actor=keeper, appointment_id=staff.appointment.pk, at=now, reason=" ")
    assert codes(refusal) == ["appointment.reason"]
    staff.appointment.refresh_from_db()
    assert staff.appointment.revoked_at is None


def test_a_new_password_ends_tokens_and_an_old_one_does_not_do(staff: Actor, now: datetime) -> None:
    people.make_token(actor=staff, label="统计", days=30, at=now)

    def change(**fields: str) -> User:
        given: dict[str, Any] = {"old": "long-and-odd-9", "new": GOOD, **fields}
        return people.change_password(actor=staff, session_key="", at=now, **given)

    for fields, code in [
        ({"old": "wrong"}, "person.old_password"),
        ({"new": "long-and-odd-9"}, "person.same_password"),
        ({"new": "short"}, "person.password"),
    ]:
        with pytest.raises(Refused) as refusal:
            change(**fields)
        assert set(codes(refusal)) == {code}
    assert AuthToken.objects.count() == 1
    assert change().check_password(GOOD)
    assert not AuthToken.objects.exists()


def test_a_token_wants_an_appointment_a_purpose_and_a_known_term(person: User, now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        people.make_token(actor=Actor(user=person), label=" ", days=9999, at=now)
    assert codes(refusal) == ["token.appointment", "token.days", "token.label"]


def test_nobody_revokes_the_token_of_another(cast: Cast, staff: Actor, now: datetime) -> None:
    grant, _text = people.make_token(actor=staff, label="统计", days=30, at=now)
    with pytest.raises(TokenGrant.DoesNotExist):
        people.revoke_token(actor=cast("方亦舟", Role.EXPERT), grant_id=grant.pk, at=now)
    people.revoke_token(actor=staff, grant_id=grant.pk, at=now)
    assert not AuthToken.objects.exists()


def test_nobody_switches_to_the_appointment_of_another(cast: Cast, staff: Actor, now: datetime) -> None:
    other = cast("方亦舟", Role.EXPERT)
    assert other.appointment is not None
    with pytest.raises(Appointment.DoesNotExist):
        people.switched(actor=staff, appointment_id=other.appointment.pk, at=now)
    with pytest.raises(Refused):
        people.switched(actor=VISITOR, appointment_id=other.appointment.pk, at=now)


def test_the_first_administrator_is_made_once(
    root: Region, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setenv("FIRST_PASSWORD", GOOD)
    with pytest.raises(CommandError, match="already"):
        call_command("first_administrator", "first", "周敏")
    Appointment.objects.update(revoked_at=now)
    call_command("first_administrator", "first", "周敏")
    user = User.objects.get(username="first")
    assert actor_for(user, None).role == Role.SECURITY_ADMINISTRATOR
    assert AuditEntry.objects.filter(role=PORTAL.role, action="appointment.make").exists()


def test_the_first_administrator_wants_regions_and_a_good_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FIRST_PASSWORD", "admin123")
    with pytest.raises(CommandError, match="load_regions"):
        call_command("first_administrator", "first", "周敏")
    Region.objects.create(code="990000", name="示例省", level="province", path="/990000/")
    with pytest.raises(CommandError, match="密码"):
        call_command("first_administrator", "first", "周敏")
    assert not User.objects.exists()


def test_a_term_that_ended_yesterday_holds_no_more(cast: Cast, now: datetime) -> None:
    actor = cast("陆远", Role.EXPERT)
    assert actor.appointment is not None and actor.user is not None
    actor.appointment.valid_to = now.date() - timedelta(days=2)
    actor.appointment.save()
    assert actor_for(actor.user, actor.appointment.pk).is_public


def test_an_appointment_that_was_over_is_not_made_longer_by_its_end(
    keeper: Actor, root: Region, person: User, now: datetime
) -> None:
    begun = now.date() - timedelta(days=90)
    made = people.appoint(
        actor=keeper, user=person, role=Role.EXPERT, region=root, valid_from=begun,
        valid_to=begun + timedelta(days=10), at=now,
    )  # fmt: skip
    people.end_appointment(actor=keeper, appointment_id=made.pk, at=now, reason="清理")
    made.refresh_from_db()
    assert made.valid_to == begun + timedelta(days=10)
