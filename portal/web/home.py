"""The first page of everyone who is signed in: what waits for them, by its clock."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from core.http import page
from office.models import Notice
from portal import queries
from registry.queries import own_carrier

PLACES = ("head", "main", "aside")


@login_required
@page("GET")
def home(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    now = clock.now()
    tasks, parts = queries.tasks_for(actor), queries.home_parts(actor)
    context = {
        "now": now,
        "tasks": tasks[: queries.SHOWN_TASKS],
        "more": max(0, len(tasks) - queries.SHOWN_TASKS),
        "next_task": None if any(part.is_clock for part in parts) else queries.next_due(tasks, now),
        "parts": {place: [part for part in parts if part.place == place] for place in PLACES},
        "actions": [action for part in parts for action in part.actions],
        "notices": Notice.objects.visible_to(actor).filter(read_at=None)[:5],
        "carrier": own_carrier(actor),
        "articles": queries.newest_notices(now),
    }
    return render(request, "portal/home.html", context)
