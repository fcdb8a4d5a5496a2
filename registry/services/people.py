"""Who acts for a carrier: invited by mail, handed over when somebody leaves, ended.

One answers for the carrier (责任人) and at least two handle its affairs (经办人). What is lacking is told,
and never stops the carrier's work.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.actors import Actor
from accounts.models import Appointment, User
from accounts.rules.duties import TITLES, Duty
from accounts.rules.roles import Role
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.models import Job
from office.services import inviting, notices, people
from registry.models import Carrier
from registry.permissions import may_invite_handlers, may_oversee_staff


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Who is invited. An account of this user name is taken as this person's only when name and mail are
    the same."""

    username: str
    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """For which duty and how long; without `valid_to` until it is ended."""

    duty: Duty
    valid_from: date
    valid_to: date | None = None
    title: str = ""


@transaction.atomic
def invite(*, actor: Actor, code: str, new: NewPerson, term: Term, at: datetime) -> Appointment:
    """Appoints somebody for a carrier and mails the link by which a new account gets its password.

    Officers above the carrier for either duty, the person who answers for it for handlers.
    `Carrier.DoesNotExist` outside one's scope; `Refused` with every reason.
    """
    carrier = _locked(actor, code)
    found = [] if _may_give(actor, carrier, term.duty) else [_not_yours()]
    current = _responsible(code)
    if term.duty is Duty.RESPONSIBLE and current and _reaches(current, term.valid_from):
        words = T("责任人现为“{name}”。换人请在其一行用“交接”。", name=current.user)
        found.append(Problem("staff.responsible", words, field="duty"))
    found += _faults_of_term(term, clock.day_of(at))
    before = current if term.duty is Duty.RESPONSIBLE else None
    return _appointed(actor, carrier, new, term, before, at, found)


def _locked(actor: Actor, code: str) -> Carrier:
    return locked(Carrier.objects.managed_by(actor).select_related("region"), code=code)


def _not_yours() -> Problem:
    return Problem(
        "staff.role", T("您的身份不能办理此事：责任人由主管部门任命，经办人由责任人或主管部门邀请。")
    )


def _may_give(actor: Actor, carrier: Carrier, duty: str) -> bool:
    if duty == Duty.RESPONSIBLE:
        return may_oversee_staff(actor, carrier)
    return may_invite_handlers(actor, carrier)


def _responsible(code: str) -> Appointment | None:
    """Who answers for the carrier, or did until the term ran out and nobody followed."""
    rows = Appointment.objects.filter(carrier_code=code, duty=Duty.RESPONSIBLE, delegated_from=None)
    return rows.filter(revoked_at=None, succeeded_by=None).select_related("user").first()


def _reaches(row: Appointment, day: date) -> bool:
    return row.valid_to is None or row.valid_to >= day


def _faults_of_term(term: Term, today: date) -> list[Problem]:
    if term.valid_to and term.valid_to < today:
        return [Problem("appointment.past", T("任期的止日已经过去。"), field="valid_to")]
    return []


def _appointed(
    actor: Actor,
    carrier: Carrier,
    new: NewPerson,
    term: Term,
    before: Appointment | None,
    at: datetime,
    found: list[Problem],
) -> Appointment:
    """The account, the appointment and the mail, or all reasons why not."""
    known = User.objects.filter(username__iexact=new.username.strip()).first()
    found += _faults_of_person(new, known)
    row = Appointment(role=Role.CARRIER_STAFF, carrier_code=carrier.code, title=term.title)
    row.valid_from, row.valid_to, row.duty = term.valid_from, term.valid_to, Duty.HANDLER
    row.user = known or User(username=new.username, name=new.name)
    found += people.appointment_faults(row, clock.day_of(at)) if known else _faults_of_dates(row)
    if found:
        raise Refused(found)
    if known is None:
        row.user = people.add_person(
            actor=actor,
            username=new.username,
            name=new.name,
            password=secrets.token_urlsafe(24),
            at=at,
            email=new.email,
            phone=new.phone,
        )
    return _kept(actor, row, term.duty, before, at, "appointment.invite")


def _faults_of_person(new: NewPerson, known: User | None) -> list[Problem]:
    found = []
    if not new.email.strip():
        found.append(Problem("person.email", T("请填写电子邮箱：设置密码的链接发到这里。"), field="email"))
    if known is None and not (new.username.strip() and new.name.strip()):
        found.append(Problem("person.name", T("请填写用户名和姓名。"), field="username"))
    same = known is not None and (known.name, known.email.lower()) == (
        new.name.strip(),
        new.email.strip().lower(),
    )
    if known is not None and not same:
        words = T("用户名已被使用。若是同一人，姓名和邮箱须与其账号一致；若不是，请换一个用户名。")
        found.append(Problem("person.username", words, field="username"))
    if known is not None and not known.is_active:
        found.append(Problem("person.suspended", T("账号已经停用，请联系安全管理员。"), field="username"))
    return found


def _faults_of_dates(row: Appointment) -> list[Problem]:
    if row.valid_to and row.valid_to < row.valid_from:
        return [Problem("appointment.dates", T("任期的止日早于起日。"), field="valid_to")]
    return []


def _kept(
    actor: Actor, row: Appointment, duty: str, before: Appointment | None, at: datetime, action: str
) -> Appointment:
    """Keeps the appointment. The duty is free of its last holder before it is taken."""
    made = people.add_appointment(actor=actor, row=row, at=at, action=action)
    if before is not None:
        before.succeeded_by = made
        before.save(update_fields=["succeeded_by"])
    if duty != made.duty:
        made.duty = duty
        made.save(update_fields=["duty"])
    if made.user.last_login is None:
        inviting.give_link(actor=actor, user=made.user, at=at)
    words = T("您已任“{code}”的{duty}。", code=made.carrier_code, duty=TITLES[duty])
    notices.notify(people=[made.user], sentence=words, at=at, link="/home/")
    return made


@transaction.atomic
def end(*, actor: Actor, code: str, appointment_id: int, reason: str, at: datetime) -> Appointment:
    """Ends somebody's work for a carrier at once: a handler's by whoever answers for it or an officer, the
    responsible person's by an officer. What waits for that person goes to who answers for the carrier."""
    carrier = _locked(actor, code)
    row = _current(carrier, appointment_id)
    found = [] if _may_give(actor, carrier, row.duty) else [_not_yours()]
    found += _reason_faults(reason)
    if found:
        raise Refused(found)
    people.revoke(actor=actor, row=row, at=at, reason=reason)
    heir = _responsible(code)
    if heir:
        _pass_work(row, heir)
    return row


def _current(carrier: Carrier, appointment_id: int) -> Appointment:
    rows = Appointment.objects.filter(carrier_code=carrier.code, delegated_from=None).select_related("user")
    return locked(rows.filter(revoked_at=None), pk=appointment_id)


def _reason_faults(reason: str) -> list[Problem]:
    if reason.strip():
        return []
    return [Problem("appointment.reason", T("请填写理由。"), field="reason")]


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    code: str,
    appointment_id: int,
    reason: str,
    at: datetime,
    to: int | None = None,
    new: NewPerson | None = None,
) -> Appointment:
    """Somebody leaves: the duty goes today to another of the carrier's people (`to`, their appointment) or
    to a new person, the old appointment ends, jobs that wait go along. Officers above the carrier."""
    carrier = _locked(actor, code)
    row = _current(carrier, appointment_id)
    found = [] if may_oversee_staff(actor, carrier) else [_not_yours()]
    found += _reason_faults(reason)
    heir = _heir(carrier, row, to, clock.day_of(at))
    if heir is None and new is None:
        found.append(Problem("staff.heir", T("请选择接任的人，或填写新人。"), field="to"))
    if heir is not None and (row.duty != Duty.RESPONSIBLE or heir.duty == Duty.RESPONSIBLE):
        words = T("“{name}”已在为本载体办事，不能接这一职责；请填写新人，或直接结束离任者。", name=heir.user)
        found.append(Problem("staff.same", words, field="to"))
    if found:
        raise Refused(found)
    duty = row.duty or Duty.HANDLER
    people.revoke(actor=actor, row=row, at=at, reason=reason, action="appointment.hand_over")
    made = _taken_over(actor, carrier, row, heir, new, Duty(duty), at, reason)
    _pass_work(row, made)
    return made


def _heir(carrier: Carrier, leaving: Appointment, to: int | None, today: date) -> Appointment | None:
    if to is None:
        return None
    rows = Appointment.objects.filter(carrier_code=carrier.code, delegated_from=None).valid_on(today)
    return rows.exclude(user=leaving.user).select_related("user").filter(pk=to).first()


def _taken_over(
    actor: Actor,
    carrier: Carrier,
    before: Appointment,
    heir: Appointment | None,
    new: NewPerson | None,
    duty: Duty,
    at: datetime,
    reason: str,
) -> Appointment:
    today = clock.day_of(at)
    if heir is None:
        person = new or NewPerson(username="", name="", email="")
        term = Term(duty=duty, valid_from=today, title=before.title)
        return _appointed(actor, carrier, person, term, before, at, [])
    people.revoke(actor=actor, row=heir, at=at, reason=reason)
    row = Appointment(user=heir.user, role=Role.CARRIER_STAFF, carrier_code=carrier.code)
    row.title, row.valid_from, row.duty = heir.title, today, Duty.HANDLER
    made = _kept(actor, row, duty, before, at, "appointment.make")
    heir.succeeded_by = made
    heir.save(update_fields=["succeeded_by"])
    _pass_work(heir, made)
    return made


def _pass_work(old: Appointment, to: Appointment) -> None:
    """Jobs of this appointment that are open or wait to be confirmed."""
    waiting = Job.objects.filter(appointment=old).filter(Q(awaits_owner=True) | Q(ended_at=None))
    waiting.update(owner=to.user, appointment=to)
