"""What of the register waits for somebody: one function a subject."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.duties import FEWEST_HANDLERS, Duty, lacking
from accounts.rules.roles import CHECKING, Role
from core import clock
from core.formats import number
from core.http import said
from core.slots import Task
from core.text import T
from registry.models import Application
from registry.permissions import may_apply, may_see_findings
from registry.queries.findings import waiting_for
from registry.queries.people import understaffed
from registry.rules.registering_moves import OPEN_TO_APPLICANT, REGISTRATION, State
from registry.slots.changes import tasks_of_changes

SHOWN = 8
MOST_COUNTED = 999


def tasks_for(actor: Actor) -> list[Task]:
    """What is to be written or mended, what lies with one's office, whom a carrier lacks, doubtful stays."""
    return [*_to_mend(actor), *_to_decide(actor), *_gaps(actor), *_findings(actor), *tasks_of_changes(actor)]


def _to_mend(actor: Actor) -> list[Task]:
    """One query, for those who may apply."""
    if not may_apply(actor):
        return []
    mine = Application.objects.visible_to(actor).filter(applicant=actor.user, state__in=OPEN_TO_APPLICANT)
    return [
        Task(
            title=T("登记载体：{name}", name=one.name or T("未命名的申请")),
            why=T("申请被退回，逐项理由已写明，改正后再次提交。")
            if one.state == State.RETURNED
            else T("填好并上传材料后提交。"),
            verb=T("去补正") if one.state == State.RETURNED else T("继续填写"),
            url=reverse("registry:application", args=[one.pk]),
            state=REGISTRATION.title_of(one.state),
            tone="warn" if one.state == State.RETURNED else "info",
            icon="file-plus",
            urgency=20 if one.state == State.RETURNED else 60,
        )
        for one in mine[:SHOWN]
    ]


def _to_decide(actor: Actor) -> list[Task]:
    """One query, for officers."""
    count = Application.objects.lying_with(actor).count() if actor.role in CHECKING else 0
    if not count:
        return []
    return [
        Task(
            title=T("{n} 件载体登记申请待办理", n=number(count)),
            why=T("核对内容和材料，上报、退回补正或登记。"),
            verb=T("去办理"),
            url=f"{reverse('registry:applications')}?state=mine",
            state=T("待办理"),
            icon="file-plus",
            urgency=30,
        )
    ]


def _gaps(actor: Actor) -> list[Task]:
    """A carrier that lacks people: its staff are told, and the county that can name them."""
    today = clock.day_of(clock.now())
    if actor.role == Role.CARRIER_STAFF:
        return _own_gaps(actor, today)
    if actor.role == Role.COUNTY_OFFICER and (n := understaffed(actor, today).count()):
        return [
            Task(
                title=T("{n} 家载体人员不齐", n=number(n)),
                why=T("应有责任人一名、经办人至少 {fewest} 名；不影响填报。", fewest=FEWEST_HANDLERS),
                verb=T("去补齐"),
                url=reverse("registry:lacking_people"),
                state=T("人员不齐"),
                tone="warn",
                icon="user-x",
                urgency=70,
            )
        ]
    return []


def _findings(actor: Actor) -> list[Task]:
    """Findings about tenants' stays: to officers those to decide, to a carrier's staff those to explain. One
    query."""
    if actor.role not in CHECKING | {Role.CARRIER_STAFF} or not may_see_findings(actor):
        return []
    count = waiting_for(actor, most=MOST_COUNTED + 1)
    if not count:
        return []
    words = number(count) if count <= MOST_COUNTED else f"{number(MOST_COUNTED)}+"
    is_staff = actor.role == Role.CARRIER_STAFF
    return [
        Task(
            title=T("{n} 件在孵企业疑点", n=words),
            why=T("请说明企业实际在驻情况，供审核部门处理。")
            if is_staff
            else T("重复申报、超期、超龄等，核实后处理；处理结果会一直记住。"),
            verb=T("去说明") if is_staff else T("去处理"),
            url=reverse("registry:findings"),
            state=T("待说明") if is_staff else T("待核实"),
            tone="warn",
            icon="flag",
            urgency=40,
        )
    ]


def _own_gaps(actor: Actor, today: date) -> list[Task]:
    staff = Appointment.objects.filter(carrier_code=actor.carrier_code, delegated_from=None)
    gaps = lacking(staff.valid_on(today).values_list("duty", flat=True))
    if not gaps:
        return []
    answers = actor.appointment is not None and actor.appointment.duty == Duty.RESPONSIBLE
    return [
        Task(
            title=T("补齐本载体的人员"),
            why=said(T("；")).join(said(words) for words in gaps),
            verb=T("邀请经办人") if answers else T("查看人员"),
            url=reverse("registry:people", args=[actor.carrier_code]),
            state=T("人员不齐"),
            tone="warn",
            icon="user-x",
            urgency=70,
        )
    ]
