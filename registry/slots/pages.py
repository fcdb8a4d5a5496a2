"""What the register offers to the pages above it."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.roles import CHECKING, Role
from core import clock
from core.formats import number
from core.http import said
from core.slots import Hit, Panel, Task
from core.text import T
from registry.models import Carrier, Stay
from registry.permissions import may_see_findings
from registry.queries import directory
from registry.queries.findings import waiting_for
from registry.rules.listing import Asked

SHOWN = 8
MOST_COUNTED = 999


def tasks_for(actor: Actor) -> list[Task]:
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


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """For those who work with the carrier: how many it holds, whom to ask, who fills for it. What is public
    of the register, the page says itself."""
    return [_inside(carrier, actor)] if carrier.is_managed_by(actor) else []


def _inside(carrier: Carrier, actor: Actor) -> Panel:
    """Two queries: the stays that last, the appointments of today."""
    current = Stay.objects.visible_to(actor).filter(carrier=carrier).current().order_by()
    counts = current.aggregate(tenants=Count("tenant"), teams=Count("team"))
    staff = Appointment.objects.filter(role=Role.CARRIER_STAFF, carrier_code=carrier.code)
    names = staff.valid_on(clock.day_of(clock.now())).values_list("user__name", flat=True)
    facts = [
        (said(T("在驻企业")), said(T("{n} 家", n=number(counts["tenants"])))),
        (said(T("在驻团队")), said(T("{n} 个", n=number(counts["teams"])))),
        (said(T("联系人")), carrier.operator.contact or "—"),
        (said(T("电话")), carrier.operator.phone or "—"),
        (said(T("填报人")), said(T("、")).join(names) or "—"),
    ]
    context = {"facts": facts, "url": reverse("registry:carrier", args=[carrier.code])}
    return Panel(T("登记与入驻"), "registry/_facts_panel.html", context, order=30)


def search(actor: Actor, query: str) -> list[Hit]:
    """Carriers by part of a name now or earlier, initials, code, credit code."""
    return [
        Hit(
            kind=T("创业载体"),
            title=carrier.name,
            url=reverse("portal:carrier", args=[carrier.code]),
            note=f"{carrier.code} · {carrier.region} · {carrier.operator.name}",
        )
        for carrier in directory(actor, Asked(q=query[:60]))[:SHOWN]
    ]
