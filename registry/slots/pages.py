"""What the register offers to the pages above it."""

from __future__ import annotations

from datetime import date

from django.db.models import Count
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.duties import FEWEST_HANDLERS, Duty, lacking
from accounts.rules.roles import Role
from core import clock
from core.formats import number
from core.http import said
from core.slots import Hit, Panel, Task
from core.text import T
from registry import queries
from registry.models import Carrier, Stay
from registry.permissions import may_see_staff
from registry.queries import directory
from registry.rules.listing import Asked

SHOWN = 8


def tasks_for(actor: Actor) -> list[Task]:
    """A carrier that lacks people: its staff are told, and the county that can name them."""
    today = clock.day_of(clock.now())
    if actor.role == Role.CARRIER_STAFF:
        return _own_gaps(actor, today)
    if actor.role == Role.COUNTY_OFFICER and (n := queries.understaffed(actor, today).count()):
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
    seen = may_see_staff(actor, carrier)
    facts = [
        (said(T("在驻企业")), said(T("{n} 家", n=number(counts["tenants"])))),
        (said(T("在驻团队")), said(T("{n} 个", n=number(counts["teams"])))),
        (said(T("联系人")), carrier.operator.contact or "—"),
        (said(T("电话")), carrier.operator.phone or "—"),
        (said(T("填报人")), said(T("、")).join(names) or "—"),
    ]
    context = {"facts": facts, "url": reverse("registry:carrier", args=[carrier.code])}
    context["people_url"] = reverse("registry:people", args=[carrier.code]) if seen else ""
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
