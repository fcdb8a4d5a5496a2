"""The data pages: every figure with its definition, over the years and by city."""

from __future__ import annotations

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.http import page, said
from figures import queries
from figures.rules.definitions import BY_CODE, DEFINITIONS
from office.web.requests import DeskRequest


@page("GET", private=False)
def index(request: DeskRequest) -> HttpResponse:
    """Each definition with its newest value."""
    rows = []
    for definition in DEFINITIONS:
        found = [one for one in queries.latest(definition.code, request.actor) if not one.part]
        rows.append((definition, found[0] if found else None))
    return render(request, "figures/index.html", {"rows": rows})


def _of(request: DeskRequest, code: str) -> dict[str, object]:
    if code not in BY_CODE:
        raise Http404
    years = [one for one in queries.latest(code, request.actor) if not one.part]
    cities = queries.by_city(code, years[0].year, request.actor) if years else []
    return {"definition": BY_CODE[code], "years": years, "cities": cities}


@page("GET", private=False)
def detail(request: DeskRequest, code: str) -> HttpResponse:
    """One definition: its sentence, its years, its cities."""
    return render(request, "figures/detail.html", _of(request, code))


@page("GET", private=False)
def download(request: DeskRequest, code: str) -> HttpResponse:
    """The page's table as CSV (UTF-8 with BOM, as spreadsheet programs want it)."""
    found = _of(request, code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_("区域"), _("年度"), _("数值"), _("单位"), _("时点"), _("口径"), _("来源")])
    unit = said(BY_CODE[code].unit)
    for one in [*found["years"], *found["cities"]]:  # type: ignore[misc]
        writer.writerow([one.region.name, one.year, one.value, unit, one.as_of, one.base, one.source])
    return response
