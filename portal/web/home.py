"""The first page of everyone who is signed in: what waits for them, by its clock."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from core.http import page
from office.models import Notice
from portal import queries


@login_required
@page("GET")
def home(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    now = clock.now()
    tasks = queries.tasks_for(actor)
    context = {
        "now": now,
        "tasks": tasks[: queries.SHOWN_TASKS],
        "more": max(0, len(tasks) - queries.SHOWN_TASKS),
        "next_task": queries.next_due(tasks, now),
        "parts": queries.home_parts(actor),
        "notices": Notice.objects.visible_to(actor).filter(read_at=None)[:5],
        "carrier": queries.own_carrier(actor),
        "articles": queries.newest_notices(now),
    }
    return render(request, "portal/home.html", context)
