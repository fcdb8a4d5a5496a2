"""The registration sheet, and the public page that says whether it holds."""

from __future__ import annotations

import io
import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from core import clock
from core.http import download, page
from core.ui import Status
from office.web.requests import DeskRequest
from registry.models import Application, CarrierState
from registry.services import sheets
from registry.web.detail import TONES


@login_required
@page("GET")
def sheet(request: DeskRequest, application_id: uuid.UUID) -> HttpResponseBase:
    """The PDF, for the applicant and the offices; 404 before it is registered."""
    rows = Application.objects.visible_to(request.actor).filter(carrier__isnull=False)
    found = get_object_or_404(rows.select_related("carrier__operator", "region__parent"), pk=application_id)
    name = f"{found.carrier.code if found.carrier else found.number}.pdf"
    return download(io.BytesIO(sheets.sheet_of(found)), name=name, content_type="application/pdf")


@page("GET")
def check(request: DeskRequest, token: str) -> HttpResponse:
    """What the sheet says and whether it holds today; a wrong token is told so."""
    found = sheets.check(token)
    context: dict[str, object] = {"found": found, "today": clock.day_of(clock.now())}
    if found:
        state = CarrierState(found.state)
        context["status"] = Status(str(state.label), TONES[state])
    return render(request, "registry/check.html", context, status=200 if found else 404)
