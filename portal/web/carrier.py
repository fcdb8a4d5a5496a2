"""A carrier's page: its public facts, and what each room shows of it to this reader."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from core.http import page
from portal import queries
from registry.models import Carrier


@page("GET")
def carrier(request: HttpRequest, code: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(
        Carrier.objects.visible_to(actor).select_related("operator", "region", "region__parent"), code=code
    )
    return render(
        request,
        "portal/carrier.html",
        {
            "shell": "public.html" if actor.is_public else "desk.html",
            "carrier": found,
            "status": queries.state_of(found),
            "facts": queries.facts_of(found),
            "tags": queries.tags_of(found),
            "panels": queries.panels_for(found, actor),
        },
    )
