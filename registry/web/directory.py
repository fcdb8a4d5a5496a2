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
from core.text import T, Text
from core.ui import Action
from office.web.requests import DeskRequest
from office.web.views import Views, bar, first, not_of_view, opened
from registry import queries
from registry.excel import carriers as book
from registry.excel.carriers import CARRIERS, LABELS
from registry.models import Carrier
from registry.permissions import may_import, may_see_findings, may_work_with_lists
from registry.queries.asof import name_those_before
from registry.queries.levels import designation_words, level_words
from registry.rules import listing
from registry.web import exporting, facets
from registry.web.viewing import known_region

_KEPT = frozenset(listing.NAMES) - {"order"} | {"sort"}  # what a view keeps of an address


@page("GET")
def directory(request: DeskRequest) -> HttpResponse:
    """Every carrier that the public may know of."""
    asked, problems = _asked(request)
    found = paged(queries.directory(request.actor, asked), request)
    if asked.day:
        name_those_before(found.items, asked.day)
    context = _filters(request, asked)
    context |= {
        "shell": "public.html" if request.actor.is_public else "desk.html",
        "problems": problems,
        "page": found,
        "rows": [_row(one, context["words"], asked.q) for one in found.items],
        "orders": facets.orders(_addresses(asked)),
        "download": f"{reverse('registry:download')}?{urlencode(asked.given())}",
        "actions": _actions(request.actor, managed=False),
    }
    return render(request, "registry/directory.html", context)


def _row(one: Carrier, words: facets.Words, q: str) -> tuple[Carrier, Text | str, Text | str, bool]:
    """A carrier with its level and its designation in words, and whether its address is why it is shown."""
    level = words["level"].get(one.level, one.level)
    return one, level, words["designation"].get(one.designation, ""), queries.by_address(one, q)


@page("GET")
def as_csv(request: DeskRequest) -> HttpResponseBase:
    """The public list as asked for, all of it: what the directory shows of each carrier. Of a day that is
    none there is no file: the page says why."""
    asked, problems = _asked(request)
    if any(problem.field == "on" for problem in problems):
        return redirect(f"{reverse('registry:directory')}?{request.GET.urlencode()}")
    rows = queries.directory(request.actor, asked).exclude(state="closed")
    today = clock.day_of(clock.now())
    day = asked.day or today
    words = listing.choices(level_words(day), designation_words(day))
    content = io.BytesIO(book.text(rows.iterator(chunk_size=2_000), words, on=asked.day))
    name = f"carriers-as-of-{asked.on}.csv" if asked.on else f"carriers-{today}.csv"
    return download(content, name=name, content_type="text/csv; charset=utf-8")


@login_required
@page("GET")
def manage(request: DeskRequest) -> HttpResponse:
    """The carriers in one's scope."""
    if not may_work_with_lists(request.actor):
        raise Http404
    views = opened(request, CARRIERS.name, base=reverse("registry:manage"), names=_KEPT)
    if address := first(request, views):
        return redirect(address)
    asked, problems = known_region(request.actor, views, *_asked(request))
    layout = exporting.layout(request, CARRIERS, asked, views)
    above = bar(views, _query(request, asked), layout=layout, problems=problems, labels=LABELS)
    context = _filters(request, asked, views)
    context |= {
        "views": above,
        "problems": not_of_view(above, problems),
        "layout": layout,
        "actions": [
            *_actions(request.actor, managed=True),
            *exporting.action(request, CARRIERS, asked, views),
        ],
    }
    context |= _table(request, asked, layout)
    return render(request, "registry/manage.html", context)


def _table(request: DeskRequest, asked: listing.Asked, layout: Layout) -> dict[str, object]:
    """The page of the table, and what the whole list has."""
    at = clock.now()
    rows = CARRIERS.rows(request.actor, asked, at)
    found = paged(layout.ordered(rows), request)
    lines = CARRIERS.reader(request.actor, asked, at)(found.items)
    number, area = queries.sums(rows, asked.day)
    return {
        "page": found,
        "rows": exporting.cells(CARRIERS, asked, layout, lines),
        "number": number,
        "totals": totals(layout, {"area_total": area}),
    }


def _asked(request: DeskRequest) -> tuple[listing.Asked, list[Problem]]:
    today = clock.day_of(clock.now())
    return listing.read(request.GET, level_words(today), today, designation_words(today))


def _query(request: DeskRequest, asked: listing.Asked) -> dict[str, str]:
    """What a view keeps of the list: what was asked for, and the order of the table."""
    sort = request.GET.get("sort", "")[:40]
    return {**asked.given(), **({"sort": sort} if sort else {})}


def _addresses(asked: listing.Asked, views: Views | None = None, sort: str = "") -> facets.Addresses:
    """Of the public directory, or of the list with views, which its addresses keep, as its order."""
    if views is None:
        return facets.Addresses(reverse("registry:directory"), asked, {})
    return facets.Addresses(views.base, asked, {**({"sort": sort} if sort else {}), **views.kept})


def _filters(request: DeskRequest, asked: listing.Asked, views: Views | None = None) -> dict[str, Any]:
    """Facets with counts, chips and the map: three queries, whatever the size. With `views` of a scope."""
    managed = views is not None
    today = clock.day_of(clock.now())
    day = asked.day or today
    words = listing.choices(level_words(day), designation_words(day))
    to = _addresses(asked, views, request.GET.get("sort", "")[:40])
    regions = queries.regions_of(request.actor, managed=managed)
    counts = facets.counts_of(queries.groups(request.actor, asked, managed=managed), asked)
    return {
        "asked": asked,
        "base": to.base,
        "clear": views.clear if views else to.base,
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
        links = [
            Action(T("孵化链条"), reverse("registry:chains"), "link"),
            Action(T("科创飞地"), reverse("registry:enclaves"), "map-pin"),
        ]
        if may_work_with_lists(actor):
            return [*links, Action(T("我负责的载体"), reverse("registry:manage"), "building-2")]
        join = [Action(T("登记载体"), reverse("registry:join"), "plus")] if actor.is_public else []
        return [*links, *join]
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
