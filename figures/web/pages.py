"""The data pages: every figure with its definition, over the years, by kind and by city."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.actors import VISITOR
from core.http import page, said
from core.text import Text
from core.workbook.text import looks_like_formula
from figures import queries
from figures.models import Figure
from figures.rules.definitions import BY_CODE, DEFINITIONS, Definition
from figures.services.computing import Value
from office.web.requests import DeskRequest
from registry.rules.vocabulary import KINDS, Kind


def part_of(row: Figure | Value) -> Text | str:
    """The kind that a value counts, in words; nothing for the whole."""
    return KINDS[Kind(row.part)] if row.part in KINDS else row.part


@page("GET", private=False)
def index(request: DeskRequest) -> HttpResponse:
    """Each definition with its newest value; the same for every reader."""
    found = queries.heads(VISITOR)
    rows = [(definition, found.get(definition.code)) for definition in DEFINITIONS]
    return render(request, "figures/index.html", {"rows": rows})


def _known(code: str) -> Definition:
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def _tables(code: str) -> tuple[list[Figure], list[Figure], list[Figure]]:
    """Whole values over the years, the newest year's parts, and its cities. Two queries."""
    found = queries.latest(code, VISITOR)
    years = [one for one in found if not one.part]
    parts = [one for one in found if one.part and years and one.year == years[0].year]
    return years, parts, queries.by_city(code, years[0].year, VISITOR) if years else []


@page("GET", private=False)
def detail(request: DeskRequest, code: str) -> HttpResponse:
    """One definition: its sentence, its trend, its years, kinds and cities."""
    definition = _known(code)
    years, parts, cities = _tables(code)
    context = {
        "definition": definition,
        "newest": years[0] if years else None,
        "years": years,
        "trend": [(str(one.year), [round(one.value, definition.places)]) for one in reversed(years[:8])],
        "series": [definition.title],
        "parts": [(part_of(one), one) for one in parts],
        "cities": cities,
    }
    return render(request, "figures/detail.html", context)


def _safe(value: object) -> str:
    """A cell that a spreadsheet program takes for text or a number, never for a formula."""
    text = str(value)
    return f"'{text}" if looks_like_formula(text) else text


@page("GET", private=False)
def download(request: DeskRequest, code: str, table: str) -> HttpResponse:
    """One of the page's tables as CSV (UTF-8 with its mark, as spreadsheet programs want it)."""
    definition = _known(code)
    years, parts, cities = _tables(code)
    rows: Sequence[Figure] = {"data": [*years, *cities], "years": years, "kinds": parts, "cities": cities}[
        table
    ]
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-{table}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("区域"), _("年度"), _("数值"), _("单位"), _("时点"), _("口径"), _("来源"), _("类型")])
    unit = said(definition.unit)
    for one in rows:
        cells = (one.region.name, one.year, one.value, unit, one.as_of, one.base, one.source)
        writer.writerow([_safe(cell) for cell in (*cells, said(part_of(one)))])
    return response
