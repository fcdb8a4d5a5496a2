"""One search over all rooms, each answering only what the reader may know."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import page
from portal import queries

LONGEST = 100


@page("GET")
def search(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    hits = queries.hits_for(actor, query) if query else []
    context = {
        "shell": "public.html" if actor.is_public else "desk.html",
        "query": query,
        "count": len(hits),
        "groups": queries.kinds_of(hits),
    }
    return render(request, "portal/search.html", context)
