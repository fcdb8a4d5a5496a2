"""One search over all rooms, each answering only what the reader may know."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import page
from portal import searching
from portal.scopes import scope_of

LONGEST = 100


@page("GET")
def search(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    scope = scope_of(request.GET.get("scope", ""))
    groups = searching.found(actor, query, scope) if query else []
    context = {
        "shell": "public.html" if actor.is_public else "desk.html",
        "query": query,
        "scope": scope,
        "count": sum(group.total for group in groups),
        "groups": groups,
    }
    return render(request, "portal/search.html", context)
