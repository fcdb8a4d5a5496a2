"""A carrier's own returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from accounts.actors import Actor
from core.pages import paged
from core.ui import Status
from office.web.requests import DeskRequest
from reporting import queries
from reporting.models import Return
from reporting.rules.lifecycle import OPEN_STATES
from reporting.web.standing import Standing, standing, status_of


@dataclass(frozen=True, slots=True)
class Open:
    """A return that is still to be done."""

    found: Return
    opened: queries.Opened
    standing: Standing
    status: Status
    due: datetime


def opened_now(actor: Actor, at: datetime) -> list[Open]:
    """Open returns, each with all its checks: a carrier has one or two."""
    answer = []
    for found in queries.open_returns(actor)[:10]:
        opened = queries.opened(found, at=at)
        state = standing(opened, opened.checked())
        answer.append(Open(found, opened, state, status_of(found), queries.due_of(found, at=at)))
    return answer


def listing(request: DeskRequest, at: datetime) -> HttpResponse:
    """What is open, then what was handed in, the newest first."""
    past = (
        queries.with_all(Return.objects.visible_to(request.actor))
        .exclude(state__in=[state.value for state in OPEN_STATES])
        .order_by("-campaign__year", "-pk")
    )
    found = paged(past, request)
    context = {
        "open": opened_now(request.actor, at),
        "page": found,
        "past": [(one, status_of(one)) for one in found.items],
        "now": at,
    }
    return render(request, "reporting/mine.html", context)
