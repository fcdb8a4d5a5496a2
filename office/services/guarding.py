"""The doors: who could not get in, who is inside, which rights end soon; what a security administrator does
about it. Each act with its entry in the audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet, Sum

from accounts.actors import Actor
from accounts.middleware import EVERY
from accounts.models import Appointment, SignIn, TokenGrant, User
from accounts.queries import SOON
from accounts.rules.roles import Role
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.models import AuditEntry
from office.rules.browsers import browser_of
from office.services import audit
from office.services.people import end_ways_in, store_of

TOKENS_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Lock:
    """One account that cannot get in from one address, until it cools off."""

    user: User
    address: str
    failures: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Door:
    """Failed tries of the time that locks count: of known people and of names that nobody has."""

    locks: list[Lock]
    failures: int
    strangers: int


@dataclass(frozen=True, slots=True)
class Inside:
    """A session that is alive, and when it was used last (to the minute)."""

    sign_in: SignIn
    seen_at: datetime

    @property
    def browser(self) -> str:
        """`Chrome 129 · Windows`, as far as the browser tells."""
        return browser_of(self.sign_in.agent)


def _must_guard(actor: Actor) -> None:
    if not actor.has_role(Role.SECURITY_ADMINISTRATOR):
        raise Refused(Problem("people.role", T("您的身份不能办理人员和任职。")))


def door(actor: Actor, at: datetime) -> Door:
    """What axes counted. A name that nobody has may be a password typed into the wrong box: never shown."""
    people = {user.username.lower(): user for user in User.objects.managed_by(actor).filter(_tried(at))}
    tries = AccessAttempt.objects.filter(attempt_time__gt=at - settings.AXES_COOLOFF_TIME)
    rows = tries.order_by().values("username", "ip_address")
    locks, failures, strangers = [], 0, 0
    for row in rows.annotate(n=Sum("failures_since_start"), last=Max("attempt_time")):
        user = people.get((row["username"] or "").lower())
        failures, strangers = failures + row["n"], strangers + (row["n"] if user is None else 0)
        if user and row["n"] >= settings.AXES_FAILURE_LIMIT:
            until = row["last"] + settings.AXES_COOLOFF_TIME
            locks.append(Lock(user, row["ip_address"] or "", row["n"], until))
    return Door(locks, failures, strangers)


def _tried(at: datetime) -> Q:
    tried = AccessAttempt.objects.filter(attempt_time__gt=at - settings.AXES_COOLOFF_TIME)
    return Q(username__in=tried.order_by().values("username"))


def inside(actor: Actor, at: datetime) -> QuerySet[SignIn]:
    """Sessions that were used within the time after which an idle one ends, the newest first.

    Each use, noted once a minute, moves the end of the stored session to twelve hours later.
    """
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS) + EVERY
    alive = Session.objects.filter(expire_date__gt=at + _age() - idle).values("session_key")
    begun = SignIn.objects.managed_by(actor).filter(ended_at=None, started_at__gt=at - _age())
    return begun.filter(session_key__in=alive).select_related("user")


def _age() -> timedelta:
    return timedelta(seconds=settings.SESSION_COOKIE_AGE)


def seen(sign_ins: Iterable[SignIn]) -> list[Inside]:
    """These with when they were used last. One query."""
    sign_ins = list(sign_ins)
    keys = [one.session_key for one in sign_ins]
    ends = dict(Session.objects.filter(session_key__in=keys).values_list("session_key", "expire_date"))
    return [
        Inside(one, max(ends[one.session_key] - _age(), one.started_at))
        for one in sign_ins
        if one.session_key in ends
    ]


def ending(actor: Actor, at: datetime) -> QuerySet[Appointment]:
    """Appointments whose term ends within 30 days, the next first."""
    today = clock.day_of(at)
    held = Appointment.objects.visible_to(actor).valid_on(today)
    return held.filter(valid_to__lte=today + SOON).select_related("user", "region").order_by("valid_to", "pk")


def tokens(actor: Actor, at: datetime) -> QuerySet[TokenGrant]:
    """Tokens that are valid, those that end first before the others."""
    rows = TokenGrant.objects.managed_by(actor).filter(token__expiry__gt=at)
    return rows.select_related("token", "appointment__user", "appointment__region").order_by("token__expiry")


def held_by_role(actor: Actor, today: date) -> dict[str, int]:
    """How many people hold each role today."""
    rows = Appointment.objects.visible_to(actor).valid_on(today).order_by().values_list("role")
    return dict(rows.annotate(n=Count("user", distinct=True)))


def note_refusal(*, username: str, address: str | None, shut: bool, at: datetime) -> None:
    """A sign-in that failed, of a person that there is; `shut` when it locked the account.

    For a name that nobody has the same is done and taken back: the answer takes as long, and what was
    typed, perhaps a password, is not kept.
    """
    with transaction.atomic():
        user = User.objects.filter(username__iexact=username.strip()).first()
        who = user or User(username="-")
        action = "session.lock" if shut else "session.refuse"
        if not (shut and _is_noted(who, at)):
            key = str(who.pk or 0)
            audit.record(
                actor=Actor(user=who), action=action, on="accounts.user", key=key, at=at, address=address
            )
        if user is None:
            transaction.set_rollback(True)


def _is_noted(user: User, at: datetime) -> bool:
    """Whether this lock is in the audit already: tries at a locked door are one event."""
    since = at - settings.AXES_COOLOFF_TIME
    told = AuditEntry.objects.filter(action="session.lock", object_key=str(user.pk or 0), at__gt=since)
    return told.exists()


@transaction.atomic
def unlock(*, actor: Actor, user_id: int, at: datetime, reason: str) -> User:
    """Lets a person try again at once, from everywhere."""
    _must_guard(actor)
    user: User = locked(User.objects.managed_by(actor), pk=user_id)
    _must_say(reason)
    if not reset(username=user.username):
        raise Refused(Problem("person.not_locked", T("此账号没有被锁定。")))
    audit.record(actor=actor, action="person.unlock", on=user, at=at, reason=reason.strip())
    return user


def _must_say(reason: str) -> None:
    if not reason.strip():
        raise Refused(Problem("person.reason", T("请填写理由。"), field="reason"))


@transaction.atomic
def shut_session(*, actor: Actor, sign_in_id: int, at: datetime) -> SignIn:
    """Ends anybody's session at once."""
    _must_guard(actor)
    row = locked(SignIn.objects.managed_by(actor).filter(ended_at=None), pk=sign_in_id)
    store_of(settings.SESSION_ENGINE, row.session_key).delete()
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record(actor=actor, action="session.shut", on=row, at=at, detail={"user": row.user_id})
    return row


@transaction.atomic
def end_token(*, actor: Actor, grant_id: int, at: datetime) -> None:
    """Ends anybody's token at once."""
    _must_guard(actor)
    grant = locked(TokenGrant.objects.managed_by(actor), pk=grant_id)
    detail = {"label": grant.label, "user": grant.appointment.user_id}
    audit.record(actor=actor, action="token.revoke", on=grant, at=at, detail=detail)
    grant.token.delete()


@transaction.atomic
def suspend(*, actor: Actor, user_id: int, at: datetime, reason: str) -> User:
    """The account gets in no more, its sessions and tokens end; its appointments stay, for coming back."""
    _must_guard(actor)
    user: User = locked(User.objects.managed_by(actor), pk=user_id)
    _must_say(reason)
    if user.pk == actor.user_id:
        raise Refused(Problem("person.self", T("不能停用自己的账号。")))
    if not user.is_active:
        raise Refused(Problem("person.suspended", T("账号已经停用。")))
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_ways_in(user, at)
    audit.record(actor=actor, action="person.suspend", on=user, at=at, reason=reason.strip())
    return user


@transaction.atomic
def restore(*, actor: Actor, user_id: int, at: datetime, reason: str) -> User:
    """The account gets in again."""
    _must_guard(actor)
    user: User = locked(User.objects.managed_by(actor), pk=user_id)
    _must_say(reason)
    if user.is_active:
        raise Refused(Problem("person.active", T("账号没有停用。")))
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(actor=actor, action="person.restore", on=user, at=at, reason=reason.strip())
    return user
