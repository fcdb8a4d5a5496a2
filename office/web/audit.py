"""The audit, for the auditor."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.rules.roles import Role
from core import clock
from core.http import page
from core.pages import paged
from office.models import AuditEntry
from office.services import access, sealing
from office.web.forms import AuditFilter
from office.web.requests import DeskRequest


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """Who did what, the newest first; others than the auditor do not know this page."""
    actor = request.actor
    if not actor.has_role(Role.AUDITOR):
        raise Http404
    at = clock.now()
    form = AuditFilter(request.GET)
    rows = form.narrow(AuditEntry.objects.visible_to(actor)).annotate(position=F("seal__position"))
    found = paged(rows, request)
    address = request.META.get("REMOTE_ADDR", "")
    access.seen(actor=actor, what="audit", key=request.GET.urlencode(), at=at, address=address)
    shown = {"page": found, "form": form, "overdue": sealing.overdue(at=at)}
    return render(request, "office/audit.html", shown)
