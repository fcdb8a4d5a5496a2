"""The year's progress, from the whole region down to its carriers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render

from core import clock
from core.http import page
from core.pages import paged
from office.web.requests import DeskRequest
from portal.progress import Unknown, carriers, progress_of, scope_of
from portal.progress.page import UNITS, title_of_decisions, title_of_table
from portal.progress.scope import Scope
from reporting.models.forms import SEEING


def _asked(request: DeskRequest) -> Scope | None:
    """What the address names; 404 for what this reader may not know of."""
    year = request.GET.get("year", "")
    if request.actor.role not in SEEING or (year and not (year.isascii() and year.isdecimal())):
        raise Http404
    try:
        return scope_of(
            request.actor,
            clock.now(),
            year=int(year[:6]) if year else None,
            code=request.GET.get("region", "")[:20].replace("\x00", ""),
        )
    except Unknown as unknown:
        raise Http404 from unknown


@login_required
@page("GET")
def progress(request: DeskRequest) -> HttpResponse:
    """Drill down by `?region=`, order by `?sort=`, another column on the map by `?measure=`."""
    scope = _asked(request)
    if scope is None:
        return render(request, "portal/progress.html", {"part": None})
    sort = request.GET.get("sort", "")[:20]
    part = progress_of(scope, measure=request.GET.get("measure", "")[:20], sort=sort)
    shown = {
        "part": part,
        "units": UNITS,
        "table_title": title_of_table(scope),
        "decisions_title": title_of_decisions(scope),
    }
    if part.has_carriers:
        found = paged(carriers.listed(scope, sort), request, carriers.PER_PAGE)
        shown["page"] = found
        shown["carrier_heads"] = carriers.heads_of(scope, sort)
        shown["carriers"] = carriers.lines_of(scope, found.items)
    return render(request, "portal/progress.html", shown)
