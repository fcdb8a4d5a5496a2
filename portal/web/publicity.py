"""Publicity and results: what is open to objections now, what was decided, year by year."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from core.http import page
from portal.publicity import by_year, publicity_rows

LONGEST = 60


@page("GET", private=False)
def publicity(request: HttpRequest) -> HttpResponse:
    """The same for every reader; `q` and `year` narrow it."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    rows = publicity_rows(clock.now(), words)
    years = by_year([row for row in rows if not row.is_open])
    asked = request.GET.get("year", "")
    chosen = [found for found in years if str(found[0]) == asked]
    context = {
        "open": [row for row in rows if row.is_open],
        "years": [year for year, _rows in years],
        "year": chosen[0][0] if chosen else None,
        "groups": chosen or years,
        "words": words,
    }
    return render(request, "portal/publicity.html", context)
