"""The first page of the returns: a carrier's own, or an officer's queue."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from accounts.rules.roles import Role
from core import clock
from core.http import page
from office.web.requests import DeskRequest
from reporting.models.forms import SEEING
from reporting.web import mine, queue


@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """Others than carrier staff, officers and auditors have no returns and do not know this page."""
    if request.actor.role == Role.CARRIER_STAFF:
        return mine.listing(request, clock.now())
    if request.actor.role in SEEING:
        return queue.listing(request, clock.now())
    raise Http404
