"""A person lends the present appointment to another for a time: work goes on while they are away.

Who acts under it acts on behalf of the giver: the switcher, the pages and the audit say so.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Appointment, User
from accounts.rules.delegations import Lent, faults
from accounts.rules.roles import Role
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.permissions import may_guard
from office.services import notices, people


@transaction.atomic
def delegate(
    *,
    actor: Actor,
    username: str,
    name: str,
    valid_from: date,
    valid_to: date,
    reason: str,
    at: datetime,
) -> Appointment:
    """Lends the appointment under which the actor acts, both days inclusive, at most 90 days.

    The other is named by user name and name together: there is no directory of people to look in.
    """
    own = _own(actor)
    other = User.objects.filter(username__iexact=username.strip(), name=name.strip(), is_active=True).first()
    found = list(faults(_lent(own, other, valid_from, valid_to, reason), clock.day_of(at)))
    if other is None:
        words = T("没有这样的账号：用户名和姓名须与对方的账号一致。")
        found.append(Problem("delegation.person", words, field="username"))
        raise Refused(found)
    row = _copy(own, other)
    row.valid_from, row.valid_to = valid_from, valid_to
    locked(User.objects.all(), pk=other.pk)
    held = [] if other.pk == own.user_id else people.appointment_faults(row, clock.day_of(at))
    known = {problem.code for problem in found}
    found += [problem for problem in held if problem.code not in known]
    if found:
        raise Refused(found)
    made = people.add_appointment(
        actor=actor, row=row, at=at, action="appointment.delegate", reason=reason.strip()
    )
    _tell(made, own, at)
    return made


def _own(actor: Actor) -> Appointment:
    if actor.appointment is None:
        raise Refused(Problem("people.nobody", T("没有有效任职，不能委托。")))
    return locked(Appointment.objects.visible_to(actor).select_related("user"), pk=actor.appointment.pk)


def _copy(own: Appointment, other: User) -> Appointment:
    return Appointment(
        user=other,
        role=own.role,
        region=own.region,
        carrier_code=own.carrier_code,
        duty=own.duty,
        title=own.title,
        delegated_from=own,
    )


def _lent(own: Appointment, other: User | None, valid_from: date, valid_to: date, reason: str) -> Lent:
    return Lent(
        role=Role(own.role),
        is_lent_already=own.delegated_from_id is not None,
        to_self=other is not None and other.pk == own.user_id,
        valid_from=valid_from,
        valid_to=valid_to,
        own_end=own.valid_to,
        reason=reason,
    )


def _tell(made: Appointment, own: Appointment, at: datetime) -> None:
    words = T(
        "{name} 委托您办理“{what}”，{first} 至 {last}。请在右上角切换身份。",
        name=own.user,
        what=own,
        first=made.valid_from.isoformat(),
        last=made.valid_to.isoformat() if made.valid_to else "",
    )
    notices.notify(people=[made.user], sentence=words, at=at, link="/accounts/delegations/")


def delegations(actor: Actor, at: datetime) -> QuerySet[Appointment]:
    """Those that one gave or received and that are not over, the next to end first."""
    open_ = Q(revoked_at=None, valid_to__gte=clock.day_of(at), delegated_from__isnull=False)
    mine = Q(user_id=actor.user_id) | Q(delegated_from__user_id=actor.user_id)
    rows = Appointment.objects.filter(open_, mine) if actor.user_id else Appointment.objects.none()
    return rows.select_related("user", "region", "delegated_from__user").order_by("valid_to", "pk")


@transaction.atomic
def end_delegation(*, actor: Actor, appointment_id: int, at: datetime, reason: str = "") -> Appointment:
    """Takes it back before its time: the giver, whoever received it, or the security administrator, who says
    why. `DoesNotExist` for everybody else."""
    lent = Appointment.objects.filter(delegated_from__isnull=False, revoked_at=None)
    if not may_guard(actor):
        lent = lent.filter(pk__in=delegations(actor, at).order_by().values("pk"))
    row = locked(lent.select_related("user"), pk=appointment_id)
    if may_guard(actor) and not reason.strip():
        raise Refused(Problem("appointment.reason", T("请填写理由。"), field="reason"))
    return people.revoke(actor=actor, row=row, at=at, reason=reason, action="appointment.recall")
