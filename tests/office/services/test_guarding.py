"""The doors: who may open and shut them, what is counted, what is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from knox.models import AuthToken

from accounts.actors import Actor
from accounts.models import SignIn
from accounts.rules.roles import Role
from core.problems import Refused
from office.models import AuditEntry, OutboxMessage
from office.services import guarding, inviting, people

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
PASSWORD = "long-and-odd-9"
NEW = "Harbour-lamp-27"
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture
def guard(cast: Cast) -> Actor:
    return cast("安全", Role.SECURITY_ADMINISTRATOR)


@pytest.fixture
def lock_out(settings: Any) -> None:
    settings.AXES_ENABLED = True


def sign_in(username: str = "柳青", password: str = PASSWORD) -> Client:
    client = Client()
    client.post(SIGN_IN, {"username": username, "password": password}, REMOTE_ADDR="192.0.2.1")
    return client


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_failed_tries_of_a_person_are_in_the_audit_and_a_lock_once(
    lock_out: None, staff: Actor, guard: Actor, now: datetime
) -> None:
    for _try in range(settings.AXES_FAILURE_LIMIT + 3):
        sign_in(password="x")
    assert actions() == ["session.refuse"] * (settings.AXES_FAILURE_LIMIT - 1) + ["session.lock"]
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.user_id, entry.object_key, entry.address) == (
        staff.user_id,
        str(staff.user_id),
        "192.0.2.1",
    )
    door = guarding.door(guard, now)
    assert [(lock.user.name, lock.address) for lock in door.locks] == [("柳青", "192.0.2.1")]


def test_what_a_stranger_typed_is_counted_and_not_kept(
    lock_out: None, staff: Actor, guard: Actor, now: datetime
) -> None:
    sign_in("my-secret-password", "x")
    assert actions() == []
    door = guarding.door(guard, now)
    assert (door.failures, door.strangers, door.locks) == (1, 1, [])


def test_unlocking_lets_in_at_once_with_a_reason(
    lock_out: None, staff: Actor, guard: Actor, now: datetime
) -> None:
    for _try in range(settings.AXES_FAILURE_LIMIT):
        sign_in(password="x")
    assert staff.user_id
    with pytest.raises(Refused):
        guarding.unlock(actor=guard, user_id=staff.user_id, at=now, reason=" ")
    guarding.unlock(actor=guard, user_id=staff.user_id, at=now, reason="本人来电核实")
    assert not AccessAttempt.objects.exists()
    assert sign_in().get("/accounts/me/").status_code == 200
    assert AuditEntry.objects.get(action="person.unlock").reason == "本人来电核实"
    with pytest.raises(Refused, match="没有被锁定"):
        guarding.unlock(actor=guard, user_id=staff.user_id, at=now, reason="再来")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMINISTRATOR])
def test_others_open_and_shut_nothing(cast: Cast, staff: Actor, role: Role, now: datetime) -> None:
    actor, user_id = cast("某人", role), staff.user_id
    acts = (
        lambda: guarding.unlock(actor=actor, user_id=user_id, at=now, reason="x"),
        lambda: guarding.suspend(actor=actor, user_id=user_id, at=now, reason="x"),
        lambda: guarding.restore(actor=actor, user_id=user_id, at=now, reason="x"),
        lambda: guarding.shut_session(actor=actor, sign_in_id=1, at=now),
        lambda: guarding.end_token(actor=actor, grant_id=1, at=now),
    )
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert not guarding.inside(actor, now).exists()
    assert not guarding.tokens(actor, now).exists()
    assert actions() == []


def test_inside_are_those_who_did_something_lately(
    staff: Actor, guard: Actor, at: Any, settings: Any
) -> None:
    now = at(2026, 3, 18, 9, 0)
    sign_in()
    from django.contrib.sessions.models import Session

    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    for minutes, is_inside in ((0, True), (29, True), (40, False)):
        Session.objects.update(expire_date=now - timedelta(minutes=minutes) + age)
        assert guarding.inside(guard, now).exists() is is_inside
    Session.objects.update(expire_date=now + age)
    SignIn.objects.update(ended_at=now)
    assert not guarding.inside(guard, now).exists()


def test_a_session_that_was_shut_is_dead(staff: Actor, guard: Actor, now: datetime) -> None:
    client = sign_in()
    row = SignIn.objects.get(user=staff.user)
    guarding.shut_session(actor=guard, sign_in_id=row.pk, at=row.started_at)
    assert client.get("/accounts/me/").status_code == 302
    assert actions()[-1] == "session.shut"
    with pytest.raises(SignIn.DoesNotExist):
        guarding.shut_session(actor=guard, sign_in_id=row.pk, at=now)


def test_a_suspended_account_is_out_everywhere_and_comes_back(
    staff: Actor, guard: Actor, now: datetime
) -> None:
    client = sign_in()
    people.make_token(actor=staff, label="x", days=30, at=now)
    later = SignIn.objects.get().started_at
    assert staff.user_id
    guarding.suspend(actor=guard, user_id=staff.user_id, at=later, reason="离职")
    assert client.get("/accounts/me/").status_code == 302
    assert not AuthToken.objects.exists()
    assert sign_in().get("/accounts/me/").status_code == 302
    with pytest.raises(Refused, match="已经停用"):
        guarding.suspend(actor=guard, user_id=staff.user_id, at=later, reason="离职")
    guarding.restore(actor=guard, user_id=staff.user_id, at=later, reason="返岗")
    assert sign_in().get("/accounts/me/").status_code == 200


def test_nobody_suspends_themselves(guard: Actor, now: datetime) -> None:
    assert guard.user_id
    with pytest.raises(Refused, match="自己"):
        guarding.suspend(actor=guard, user_id=guard.user_id, at=now, reason="x")


def test_a_link_sets_a_password_once_and_ends_what_was_open(
    staff: Actor, guard: Actor, now: datetime
) -> None:
    old = sign_in()
    assert staff.user_id
    given = inviting.invite(actor=guard, user_id=staff.user_id, at=now)
    assert given.mailed_to == ""
    path = given.url.removeprefix(settings.PUBLIC_URL)
    visitor = Client()
    assert "柳青" in visitor.get(path).content.decode()
    assert visitor.post(path, {"new": "mima123", "again": "mima123"}).status_code == 422
    assert visitor.post(path, {"new": NEW, "again": NEW + "x"}).status_code == 422
    assert visitor.post(path, {"new": NEW, "again": NEW})["Location"] == SIGN_IN
    assert old.get("/accounts/me/").status_code == 302
    assert sign_in(password=NEW).get("/accounts/me/").status_code == 200
    for answer in (visitor.get(path), visitor.post(path, {"new": NEW + "9", "again": NEW + "9"})):
        assert answer.status_code == 404
        assert "链接已失效" in answer.content.decode()
    assert NEW not in str(list(AuditEntry.objects.values()))


def test_a_link_goes_by_mail_when_there_is_an_address(cast: Cast, guard: Actor, now: datetime) -> None:
    person = cast("林清源", email="lin@example.org").user
    assert person is not None
    given = inviting.invite(actor=guard, user_id=person.pk, at=now)
    message = OutboxMessage.objects.get()
    assert (given.mailed_to, message.address) == ("lin@example.org", "lin@example.org")
    assert given.url in message.body
    assert given.url not in str(list(AuditEntry.objects.values()))


def test_system_administrators_invite_only_who_never_came(
    admin: Actor, staff: Actor, auditor: Actor, now: datetime
) -> None:
    assert staff.user_id
    inviting.invite(actor=admin, user_id=staff.user_id, at=now)
    sign_in()
    with pytest.raises(Refused, match="安全管理员"):
        inviting.invite(actor=admin, user_id=staff.user_id, at=now)
    with pytest.raises(Refused):
        inviting.invite(actor=auditor, user_id=staff.user_id, at=now)
