"""What the register offers to the pages above it."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.roles import Role
from core import clock
from core.formats import number
from core.http import said
from core.slots import Hit, Panel
from core.text import T
from registry.models import Application, Carrier, Stay
from registry.permissions import may_see_staff
from registry.queries import by_address, directory
from registry.rules.listing import Asked
from registry.rules.registering_moves import REGISTRATION
from registry.slots.line import panel_of_line
from registry.slots.past import panel_of_past

SHOWN = 8


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """For everybody whom it came from and into whom it went; for those who work with the carrier how many it
    holds, whom to ask, who fills for it. What else is public of the register, the page says itself."""
    line = panel_of_line(carrier, actor)
    if not carrier.is_managed_by(actor):
        return line
    return [*line, _inside(carrier, actor), *panel_of_past(carrier, actor)]


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
    """Carriers by part of a name now or earlier or of the address, initials, code, credit code; applications
    that one may know of, by name or number."""
    return [*_carriers(actor, query), *_applications(actor, query)]


def _applications(actor: Actor, query: str) -> list[Hit]:
    words = query.strip()[:60]
    if not words or actor.user is None:
        return []
    rows = Application.objects.visible_to(actor).filter(Q(name__icontains=words) | Q(number__iexact=words))
    return [
        Hit(
            kind=T("登记申请"),
            title=str(one),
            url=reverse("registry:application", args=[one.pk]),
            note=T("{number} · {state}", number=one.number or "—", state=REGISTRATION.title_of(one.state)),
        )
        for one in rows[:SHOWN]
    ]


def _carriers(actor: Actor, query: str) -> list[Hit]:
    return [
        Hit(
            kind=T("创业载体"),
            title=carrier.name,
            url=reverse("portal:carrier", args=[carrier.code]),
            note=_note(carrier, query[:60]),
        )
        for carrier in directory(actor, Asked(q=query[:60]))[:SHOWN]
    ]


def _note(carrier: Carrier, words: str) -> str:
    place = carrier.address if by_address(carrier, words) else str(carrier.region)
    return f"{carrier.code} · {place} · {carrier.operator.name}"
