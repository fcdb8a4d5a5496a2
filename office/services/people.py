"""People, their appointments, how they get in: each act with its entry in the audit.

The tables stand in `accounts`, the lowest room, which knows of no audit; the acts stand here, in the
lowest room that has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from knox.models import AuthToken

from accounts.actors import Actor
from accounts.models import Appointment, Region, SignIn, TokenGrant, User
from accounts.rules.appointments import Held, faults
from accounts.rules.duties import Duty
from accounts.rules.roles import SYSTEM, Role
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.services import audit

TOKEN_DAYS = (30, 90, 365)
AGENT = 200
_MAKERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, SYSTEM})
_APPOINTERS = frozenset({Role.SECURITY_ADMINISTRATOR, SYSTEM})


def _must_be(actor: Actor, roles: frozenset[Any]) -> None:
    if actor.role not in roles:
        raise Refused(Problem("people.role", T("您的身份不能办理人员和任职。")))


@transaction.atomic
def create_person(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str,
    at: datetime,
    email: str = "",
    phone: str = "",
) -> User:
    """A person who can sign in and may do nothing yet. Administrators."""
    _must_be(actor, _MAKERS)
    return add_person(
        actor=actor, username=username, name=name, password=password, at=at, email=email, phone=phone
    )


@transaction.atomic
def add_person(
    *, actor: Actor, username: str, name: str, password: str, at: datetime, email: str, phone: str
) -> User:
    """The same for rooms above, which have asked whether this actor may."""
    user = User(username=username.strip(), name=name.strip(), email=email, phone=phone, created_at=at)
    found = password_faults(password, user)
    if not user.username or not user.name:
        found.append(Problem("person.name", T("请填写用户名和姓名。"), field="username"))
    if User.objects.filter(username__iexact=user.username).exists():
        found.append(Problem("person.username", T("用户名已被使用。"), field="username"))
    if found:
        raise Refused(found)
    user.set_password(password)
    user.save(force_insert=True)
    audit.record(actor=actor, action="person.create", on=user, at=at, detail={"username": user.username})
    return user


def password_faults(password: str, user: User, *, field: str = "password") -> list[Problem]:
    """Everything that the validators have against it."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [Problem("person.password", message, field=field) for message in error.messages]
    return []


def end_ways_in(user: User, at: datetime) -> None:
    """Ends every session and every token of this person."""
    AuthToken.objects.filter(user=user).delete()
    alive = SignIn.objects.filter(user=user, ended_at=None)
    for key in alive.values_list("session_key", flat=True):
        store_of(settings.SESSION_ENGINE, key).delete()
    alive.update(ended_at=at)


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    user: User,
    role: Role,
    valid_from: date,
    at: datetime,
    region: Region | None = None,
    carrier_code: str = "",
    valid_to: date | None = None,
    title: str = "",
) -> Appointment:
    """A role over a region or a carrier for a term; refused when it does not go with what they hold."""
    _must_be(actor, _APPOINTERS)
    row = Appointment(user=user, role=role, region=region, carrier_code=carrier_code, title=title)
    row.valid_from, row.valid_to = valid_from, valid_to
    row.duty = Duty.HANDLER if role is Role.CARRIER_STAFF else ""
    return add_appointment(actor=actor, row=row, at=at)


@transaction.atomic
def add_appointment(
    *, actor: Actor, row: Appointment, at: datetime, action: str = "appointment.make", reason: str = ""
) -> Appointment:
    """Keeps a new appointment if it goes with what its person holds, for services that have asked whether
    this actor may."""
    locked(User.objects.all(), pk=row.user_id)
    if found := appointment_faults(row, clock.day_of(at)):
        raise Refused(found)
    row.made_by = actor.user
    row.save(force_insert=True)
    audit.record(actor=actor, action=action, on=row, at=at, detail=told(row), reason=reason)
    return row


def appointment_faults(row: Appointment, today: date) -> list[Problem]:
    """Everything that stands against it: dates, scope, level, what its person holds already. Another duty
    for the same carrier may be lent."""
    rows = Appointment.objects.filter(user=row.user, revoked_at=None, succeeded_by=None)
    if row.delegated_from_id and row.duty:
        rows = rows.exclude(~Q(duty=row.duty), carrier_code=row.carrier_code)
    current = [
        _held(one)
        for one in rows.select_related("region")
        if one.pk != row.pk and (one.valid_to is None or one.valid_to >= today)
    ]
    return list(faults(_held(row), current, region_level=row.region.level if row.region else ""))


def _held(row: Appointment) -> Held:
    scope = row.carrier_code or (row.region.code if row.region else "")
    return Held(Role(row.role), scope, row.valid_from, row.valid_to)


def told(made: Appointment) -> Mapping[str, Any]:
    """An appointment as the audit keeps it."""
    return {
        "user": made.user_id,
        "role": made.role,
        "region": made.region.code if made.region else None,
        "carrier": made.carrier_code,
        "duty": made.duty,
        "valid_from": made.valid_from.isoformat(),
        "valid_to": made.valid_to.isoformat() if made.valid_to else None,
    }


@transaction.atomic
def end_appointment(*, actor: Actor, appointment_id: int, at: datetime, reason: str) -> Appointment:
    """Takes an appointment away at once; its tokens go with it. The term is cut to before today, where it
    began earlier."""
    _must_be(actor, _APPOINTERS)
    if not reason.strip():
        raise Refused(Problem("appointment.reason", T("请填写理由。"), field="reason"))
    row = locked(Appointment.objects.all(), pk=appointment_id)
    return revoke(actor=actor, row=row, at=at, reason=reason)


@transaction.atomic
def revoke(
    *, actor: Actor, row: Appointment, at: datetime, reason: str, action: str = "appointment.end"
) -> Appointment:
    """Ends a locked appointment with what was delegated from it, for services that have asked whether this
    actor may."""
    if row.revoked_at:
        raise Refused(Problem("appointment.ended", T("任职已经撤销。")))
    for lent in Appointment.objects.filter(delegated_from=row, revoked_at=None):
        revoke(actor=actor, row=lent, at=at, reason=reason, action="appointment.recall")
    row.revoked_at = at
    last = max(row.valid_from, clock.day_of(at) - timedelta(days=1))
    row.valid_to = min(row.valid_to or last, last)
    row.save(update_fields=["revoked_at", "valid_to"])
    AuthToken.objects.filter(grant__appointment=row).delete()
    audit.record(actor=actor, action=action, on=row, at=at, detail=told(row), reason=reason.strip())
    return row


def _own(actor: Actor) -> int:
    if actor.user_id is None:
        raise Refused(Problem("people.nobody", T("请先登录。")))
    return actor.user_id


@transaction.atomic
def signed_in(*, actor: Actor, session_key: str, address: str | None, agent: str, at: datetime) -> SignIn:
    """Notes a sign-in on pages."""
    row = SignIn.objects.create(
        user_id=_own(actor), session_key=session_key, address=address, agent=agent[:AGENT], started_at=at
    )
    audit.record(actor=actor, action="session.begin", on=row, at=at, address=address)
    return row


@transaction.atomic
def signed_out(*, actor: Actor, session_key: str, address: str | None, at: datetime) -> None:
    """Notes that a person signed out."""
    SignIn.objects.visible_to(actor).filter(session_key=session_key, ended_at=None).update(ended_at=at)
    audit.record(
        actor=actor, action="session.end", on="accounts.user", key=str(actor.user_id), at=at, address=address
    )


@transaction.atomic
def end_session(*, actor: Actor, sign_in_id: int, engine: str, at: datetime) -> SignIn:
    """Ends one of one's own sessions, wherever it is. `engine` names the store of sessions."""
    row = locked(SignIn.objects.visible_to(actor).filter(ended_at=None), pk=sign_in_id)
    store_of(engine, row.session_key).delete()
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record(actor=actor, action="session.end", on=row, at=at)
    return row


@transaction.atomic
def end_other_sessions(*, actor: Actor, session_key: str, engine: str, at: datetime) -> int:
    """Ends all one's sessions but the one of this key. How many were open."""
    alive = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    others = SignIn.objects.visible_to(actor).filter(ended_at=None).exclude(session_key=session_key)
    open_ = list(others.filter(started_at__gt=alive))
    for row in open_:
        store_of(engine, row.session_key).delete()
    others.update(ended_at=at)
    if open_:
        detail = {"others": len(open_)}
        audit.record(
            actor=actor, action="session.end", on="accounts.user", key=str(_own(actor)), at=at, detail=detail
        )
    return len(open_)


def store_of(engine: str, key: str) -> SessionBase:
    """The stored session of this key."""
    store: SessionBase = import_string(f"{engine}.SessionStore")(key)
    return store


@transaction.atomic
def change_password(*, actor: Actor, old: str, new: str, session_key: str, at: datetime) -> User:
    """A new password: every other session and every token of the person ends."""
    user: User = locked(User.objects.all(), pk=_own(actor))
    found = password_faults(new, user, field="new")
    if not user.check_password(old):
        found.append(Problem("person.old_password", T("原密码不对。"), field="old"))
    elif old == new:
        found.append(Problem("person.same_password", T("新密码与原密码相同。"), field="new"))
    if found:
        raise Refused(found)
    user.set_password(new)
    user.save(update_fields=["password"])
    AuthToken.objects.filter(user=user).delete()
    others = SignIn.objects.visible_to(actor).filter(ended_at=None).exclude(session_key=session_key)
    others.update(ended_at=at)
    audit.record(actor=actor, action="person.password", on=user, at=at)
    return user


@transaction.atomic
def switched(*, actor: Actor, appointment_id: int, at: datetime) -> Appointment:
    """Another of one's own appointments, to act under from now on; `DoesNotExist` for any other."""
    own = Appointment.objects.filter(user_id=_own(actor)).valid_on(clock.day_of(at))
    found: Appointment = own.get(pk=appointment_id)
    audit.record(actor=actor, action="appointment.switch", on=found, at=at, detail={"role": found.role})
    return found


@transaction.atomic
def make_token(*, actor: Actor, label: str, days: int, at: datetime) -> tuple[TokenGrant, str]:
    """A token for programs that acts under the present appointment; its text is shown this once."""
    found = []
    if actor.appointment is None or actor.user is None:
        found.append(Problem("token.appointment", T("没有有效任职，不能创建令牌。")))
    if days not in TOKEN_DAYS:
        found.append(Problem("token.days", T("没有这个有效期。"), field="days"))
    if not label.strip():
        found.append(Problem("token.label", T("请填写用途。"), field="label"))
    if found or actor.appointment is None:
        raise Refused(found)
    token, text = AuthToken.objects.create(user=actor.user, expiry=timedelta(days=days))
    grant = TokenGrant.objects.create(
        token=token, appointment=actor.appointment, label=label.strip()[:60], created_at=at
    )
    audit.record(
        actor=actor, action="token.make", on=grant, at=at, detail={"label": grant.label, "days": days}
    )
    return grant, text


@transaction.atomic
def revoke_token(*, actor: Actor, grant_id: int, at: datetime) -> None:
    """Ends one of one's own tokens."""
    grant = locked(TokenGrant.objects.visible_to(actor), pk=grant_id)
    audit.record(actor=actor, action="token.revoke", on=grant, at=at, detail={"label": grant.label})
    grant.token.delete()
