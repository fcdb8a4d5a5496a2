"""The year's progress, from the whole region down to its carriers."""

from __future__ import annotations

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import download, page
from core.pages import paged
from core.ui import Action
from office.services.files import XLSX
from office.web.requests import DeskRequest
from portal.progress import Unknown, carriers, progress_of, scope_of, workbook
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
    if part.table:
        query = f"?year={scope.year}&region={scope.region.code}"
        shown["actions"] = [Action(_("导出"), reverse("portal:progress_workbook") + query, "download")]
    if part.has_carriers:
        found = paged(carriers.listed(scope, sort), request, carriers.PER_PAGE)
        shown["page"] = found
        shown["carrier_heads"] = carriers.heads_of(scope, sort)
        shown["carriers"] = carriers.lines_of(scope, found.items)
    return render(request, "portal/progress.html", shown)


@login_required
@page("GET")
def progress_workbook(request: DeskRequest) -> HttpResponseBase:
    """The table of the same address as a workbook; at most a row for each region below."""
    scope = _asked(request)
    if scope is None:
        raise Http404
    target = BytesIO()
    workbook.write(target, scope)
    target.seek(0)
    day = clock.day_of(scope.at)
    name = f"{scope.region.name} {scope.year} 年度进度 {day:%Y-%m-%d}.xlsx"
    return download(target, name=name, content_type=XLSX)
