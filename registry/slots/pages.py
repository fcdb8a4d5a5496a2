"""What the register offers to the pages above it."""

from __future__ import annotations

from django.urls import reverse

from accounts.actors import Actor
from core.http import said
from core.slots import Hit, Panel, Task
from core.text import T
from registry.models import Carrier, Stay
from registry.queries import directory, levels_of
from registry.rules.listing import CHOICES, Asked

SHOWN = 8


def tasks_for(actor: Actor) -> list[Task]:
    """Nothing in the register waits for anybody: what changes comes from returns and decisions."""
    return []


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """The history of levels for everybody; for those who work with the carrier how many it holds."""
    panels = []
    levels = [
        (day, said(CHOICES["level"].get(level, level)), basis) for day, level, basis in levels_of(carrier)
    ]
    if levels:
        panels.append(Panel(T("级别沿革"), "registry/_levels_panel.html", {"levels": levels}, order=20))
    if carrier.is_managed_by(actor):
        panels.append(_inside(carrier, actor))
    return panels


def _inside(carrier: Carrier, actor: Actor) -> Panel:
    current = Stay.objects.visible_to(actor).filter(carrier=carrier).current()
    facts = [
        (said(T("在驻企业")), str(current.filter(team=None).count())),
        (said(T("在驻团队")), str(current.filter(tenant=None).count())),
        (said(T("联系人")), carrier.operator.contact or "—"),
        (said(T("电话")), carrier.operator.phone or "—"),
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
