"""The public directory, and the list that officers work with."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.http import download, page
from core.pages import paged
from core.problems import Refused
from core.text import T
from core.ui import Action
from office.web.requests import DeskRequest
from registry import queries
from registry.excel import carriers as book
from registry.permissions import may_export, may_see_findings, may_work_with_lists
from registry.rules import listing
from registry.services.exports import export_carriers
from registry.web import facets, tables


@page("GET")
def directory(request: DeskRequest) -> HttpResponse:
    """Every carrier that the public may know of."""
    asked, problems = listing.read(request.GET)
    context = _filters(request, asked, managed=False)
    context |= {
        "shell": "public.html" if request.actor.is_public else "desk.html",
        "problems": problems,
        "page": paged(queries.directory(request.actor, asked), request),
        "orders": facets.orders(_addresses(asked, managed=False)),
        "download": f"{reverse('registry:download')}?{urlencode(asked.given())}",
        "actions": _actions(request.actor, asked, managed=False),
    }
    return render(request, "registry/directory.html", context)


@page("GET")
def as_csv(request: DeskRequest) -> FileResponse:
    """The public list as asked for, all of it: what the directory shows of each carrier."""
    asked, _problems = listing.read(request.GET)
    rows = queries.directory(request.actor, asked).exclude(state="closed")
    content = io.BytesIO(book.text(rows.iterator(chunk_size=2_000)))
    name = f"carriers-{clock.day_of(clock.now())}.csv"
    return download(content, name=name, content_type="text/csv; charset=utf-8")


@login_required
@page("GET")
def manage(request: DeskRequest) -> HttpResponse:
    """The carriers in one's scope."""
    if not may_work_with_lists(request.actor):
        raise Http404
    asked, problems = listing.read(request.GET)
    layout = tables.layout(request)
    rows = queries.directory(request.actor, asked, managed=True)
    found = paged(layout.ordered(queries.ranked(rows)), request)
    staying = queries.staying(request.actor, found.items)
    number, area = queries.sums(rows)
    context = _filters(request, asked, managed=True) | {
        "problems": problems,
        "page": found,
        "layout": layout,
        "rows": [(one, tables.cells(one, layout, staying)) for one in found.items],
        "number": number,
        "totals": tables.totals(layout, {"area_total": area}),
        "actions": _actions(request.actor, tables.as_ordered(asked, layout), managed=True),
    }
    return render(request, "registry/manage.html", context)


@login_required
@page("POST")
def export(request: DeskRequest) -> HttpResponse:
    """Begins the export of the list as filtered; the address carries the filters. 404 for who may not."""
    if not may_export(request.actor):
        raise Http404
    asked, _problems = listing.read(request.GET)
    try:
        job = export_carriers(actor=request.actor, asked=asked, at=clock.now())
    except Refused:
        return redirect("office:jobs")  # the one that runs is there
    return redirect("office:job", job_id=job.pk)


def _addresses(asked: listing.Asked, *, managed: bool, sort: str = "") -> facets.Addresses:
    base = reverse("registry:manage" if managed else "registry:directory")
    return facets.Addresses(base, asked, {"sort": sort} if managed and sort else {})


def _filters(request: DeskRequest, asked: listing.Asked, *, managed: bool) -> dict[str, object]:
    """Facets with counts, chips and the map: three queries, whatever the size."""
    to = _addresses(asked, managed=managed, sort=request.GET.get("sort", "")[:40])
    regions = queries.regions_of(request.actor, managed=managed)
    counts = facets.counts_of(queries.groups(request.actor, asked, managed=managed), asked)
    return {
        "asked": asked,
        "base": to.base,
        "managed": managed,
        "facets": facets.facets(to, counts, regions),
        "chips": facets.chips(to, regions),
        "hidden": {**{name: value for name, value in asked.given().items() if name != "q"}, **to.kept},
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


def _actions(actor: Actor, asked: listing.Asked, *, managed: bool) -> list[Action]:
    if not managed:
        mine = Action(T("我负责的载体"), reverse("registry:manage"), "building-2")
        return [mine] if may_work_with_lists(actor) else []
    links = [Action(T("在孵企业"), reverse("registry:tenants"), "users")]
    if may_see_findings(actor):
        links.append(Action(T("在孵企业疑点"), reverse("registry:findings"), "flag"))
    links.append(Action(T("公开名录"), reverse("registry:directory"), "globe"))
    if not may_export(actor):
        return links
    url = f"{reverse('registry:export')}?{urlencode(asked.given())}"
    return [*links, Action(T("按当前条件导出 Excel"), url, "download", method="post")]
