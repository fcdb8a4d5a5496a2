"""The public directory, and the list that officers work with."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.columns import Value
from core.http import download, page
from core.pages import paged
from core.problems import Problem
from core.tables import Layout
from core.text import T
from core.ui import Action
from office.web.requests import DeskRequest
from registry import queries
from registry.excel import carriers as book
from registry.excel.carriers import CARRIERS
from registry.permissions import may_import, may_see_findings, may_work_with_lists
from registry.queries.asof import name_those_before
from registry.queries.levels import level_words
from registry.rules import listing
from registry.web import exporting, facets


@page("GET")
def directory(request: DeskRequest) -> HttpResponse:
    """Every carrier that the public may know of."""
    asked, problems = _asked(request)
    found = paged(queries.directory(request.actor, asked), request)
    if asked.day:
        name_those_before(found.items, asked.day)
    context = _filters(request, asked, managed=False)
    context |= {
        "shell": "public.html" if request.actor.is_public else "desk.html",
        "problems": problems,
        "page": found,
        "rows": [(one, context["words"]["level"].get(one.level, one.level)) for one in found.items],
        "orders": facets.orders(_addresses(asked, managed=False)),
        "download": f"{reverse('registry:download')}?{urlencode(asked.given())}",
        "actions": _actions(request.actor, managed=False),
    }
    return render(request, "registry/directory.html", context)


@page("GET")
def as_csv(request: DeskRequest) -> HttpResponseBase:
    """The public list as asked for, all of it: what the directory shows of each carrier. Of a day that is
    none there is no file: the page says why."""
    asked, problems = _asked(request)
    if any(problem.field == "on" for problem in problems):
        return redirect(f"{reverse('registry:directory')}?{request.GET.urlencode()}")
    rows = queries.directory(request.actor, asked).exclude(state="closed")
    today = clock.day_of(clock.now())
    words = listing.choices(level_words(asked.day or today))
    content = io.BytesIO(book.text(rows.iterator(chunk_size=2_000), words, on=asked.day))
    name = f"carriers-as-of-{asked.on}.csv" if asked.on else f"carriers-{today}.csv"
    return download(content, name=name, content_type="text/csv; charset=utf-8")


@login_required
@page("GET")
def manage(request: DeskRequest) -> HttpResponse:
    """The carriers in one's scope."""
    if not may_work_with_lists(request.actor):
        raise Http404
    asked, problems = _asked(request)
    at = clock.now()
    layout = exporting.layout(request, CARRIERS, asked)
    rows = CARRIERS.rows(request.actor, asked, at)
    found = paged(layout.ordered(rows), request)
    lines = CARRIERS.reader(request.actor, asked, at)(found.items)
    number, area = queries.sums(rows, asked.day)
    context = _filters(request, asked, managed=True)
    context |= {
        "problems": problems,
        "page": found,
        "layout": layout,
        "rows": exporting.cells(CARRIERS, asked, layout, lines),
        "number": number,
        "totals": totals(layout, {"area_total": area}),
        "actions": [
            *_actions(request.actor, managed=True),
            *exporting.action(request, CARRIERS, asked),
        ],
    }
    return render(request, "registry/manage.html", context)


def _asked(request: DeskRequest) -> tuple[listing.Asked, list[Problem]]:
    today = clock.day_of(clock.now())
    return listing.read(request.GET, level_words(today), today)


def _addresses(asked: listing.Asked, *, managed: bool, sort: str = "") -> facets.Addresses:
    base = reverse("registry:manage" if managed else "registry:directory")
    return facets.Addresses(base, asked, {"sort": sort} if managed and sort else {})


def _filters(request: DeskRequest, asked: listing.Asked, *, managed: bool) -> dict[str, Any]:
    """Facets with counts, chips and the map: three queries, whatever the size."""
    today = clock.day_of(clock.now())
    words = listing.choices(level_words(asked.day or today))
    to = _addresses(asked, managed=managed, sort=request.GET.get("sort", "")[:40])
    regions = queries.regions_of(request.actor, managed=managed)
    counts = facets.counts_of(queries.groups(request.actor, asked, managed=managed), asked)
    return {
        "asked": asked,
        "base": to.base,
        "managed": managed,
        "words": words,
        "today": today,
        "to_today": to.of(on=""),
        "facets": facets.facets(to, counts, regions, words),
        "chips": facets.chips(to, regions, words),
        "hidden": {
            **{name: value for name, value in asked.given().items() if name not in ("q", "on")},
            **to.kept,
        },
        "tiles": tiles(to, regions, counts["region"]),
    }


def tiles(
    to: facets.Addresses, regions: Sequence[Region], counts: Mapping[str, int]
) -> list[dict[str, object]]:
    """How many carriers a city has under the other filters; each tile narrows the list to its city."""
    return [
        region.tile(counts.get(region.code, 0), to.of(region=region.code))
        for region in regions
        if region.tile_column is not None
    ]


def _actions(actor: Actor, *, managed: bool) -> list[Action]:
    if not managed:
        if may_work_with_lists(actor):
            return [Action(T("我负责的载体"), reverse("registry:manage"), "building-2")]
        return [Action(T("登记载体"), reverse("registry:join"), "plus")] if actor.is_public else []
    links = [Action(T("在孵企业"), reverse("registry:tenants"), "users")]
    links.append(Action(T("变更申请"), reverse("registry:changes"), "file-diff"))
    if may_see_findings(actor):
        links.append(Action(T("在孵企业疑点"), reverse("registry:findings"), "flag"))
    if may_import(actor):
        links.append(Action(T("成批登记"), reverse("registry:imports"), "file-up"))
    return [*links, Action(T("公开名录"), reverse("registry:directory"), "globe")]


def totals(layout: Layout, known: Mapping[str, Value | None]) -> Sequence[tuple[str, Value | None]]:
    """The last line: what is known of each shown column after the first."""
    return [("num" if column.number else "", known.get(column.key)) for column in layout.shown[1:]]
