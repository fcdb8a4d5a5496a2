"""A carrier's page: its public facts, and what each room shows of it to this reader."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core import clock
from core.http import page
from core.text import T
from core.ui import Action
from portal.carriers import carrier_page
from portal.queries import panels_of_line
from registry.models import Carrier
from registry.queries.asof import on_day
from registry.rules.listing import asked_day, not_yet


@page("GET")
def carrier(request: HttpRequest, code: str) -> HttpResponse:
    """As of today or of a day. 404 for a carrier that this reader may not know of, as for one that does not
    exist."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    rows = Carrier.objects.visible_to(actor)
    found = get_object_or_404(rows.select_related("operator", "region__parent", "home_region"), code=code)
    day, problems = asked_day(request.GET.get("on", ""), clock.day_of(at))
    then = on_day(rows, day).filter(pk=found.pk).first() if day else None
    if day and then is None:
        problems = [not_yet(found.name, day)]
    shown = then or found
    details = Action(T("登记详情"), reverse("registry:carrier", args=[found.code]), "clipboard-list")
    told = carrier_page(shown, actor, at)
    context = {
        "shell": "public.html" if actor.is_public else "desk.html",
        "carrier": shown,
        "page": told,
        "panels": [] if then else panels_of_line(told.line, actor),
        "problems": problems,
        "today": clock.day_of(at),
        "actions": [details] if found.is_managed_by(actor) else [],
    }
    return render(request, "portal/carrier.html", context)
