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


@page("GET")
def carrier(request: HttpRequest, code: str) -> HttpResponse:
    """404 for a carrier that this reader may not know of, as for one that does not exist."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = Carrier.objects.visible_to(actor).select_related("operator", "region", "region__parent")
    found = get_object_or_404(rows, code=code)
    details = Action(T("登记详情"), reverse("registry:carrier", args=[found.code]), "clipboard-list")
    shown = carrier_page(found, actor, clock.now())
    context = {
        "shell": "public.html" if actor.is_public else "desk.html",
        "carrier": found,
        "page": shown,
        "panels": panels_of_line(shown.line, actor),
        "actions": [details] if found.is_managed_by(actor) else [],
    }
    return render(request, "portal/carrier.html", context)
