"""The public directory, and the list that officers work with."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.http import page
from core.pages import paged
from core.problems import Refused
from core.ui import Action
from office.web.requests import DeskRequest
from registry import queries
from registry.excel import carriers as table
from registry.permissions import may_export, may_work_with_lists
from registry.rules import listing
from registry.services.exports import export_carriers
from registry.web.forms import DirectoryForm


@page("GET")
def directory(request: DeskRequest) -> HttpResponse:
    """Every carrier that the public may know of."""
    context = _shown(request, managed=False)
    context["shell"] = "public.html" if request.actor.is_public else "desk.html"
    return render(request, "registry/directory.html", context)


@login_required
@page("GET")
def manage(request: DeskRequest) -> HttpResponse:
    """The carriers in one's scope."""
    if not may_work_with_lists(request.actor):
        raise Http404
    return render(request, "registry/manage.html", _shown(request, managed=True))


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


def _shown(request: DeskRequest, *, managed: bool) -> dict[str, object]:
    asked, problems = listing.read(request.GET)
    found = paged(queries.directory(request.actor, asked, managed=managed), request)
    groups = queries.groups(request.actor, asked, managed=managed)
    regions = queries.regions_of(request.actor, managed=managed)
    counts = {name: listing.facet(groups, asked, name) for name in (*listing.CHOICES, "region")}
    shown = table.columns(managed=managed)
    base = reverse("registry:manage" if managed else "registry:directory")
    return {
        "asked": asked,
        "problems": problems,
        "page": found,
        "columns": shown,
        "rows": [(one, [(column.kind, column.value(one)) for column in shown]) for one in found.items],
        "form": DirectoryForm(request.GET or asked.given(), counts=counts, regions=regions, managed=managed),
        "tiles": tiles(regions, counts["region"], base, asked),
        "actions": _actions(request.actor, asked, managed),
    }


def tiles(
    regions: Sequence[Region], counts: dict[str, int], base: str, asked: listing.Asked
) -> list[dict[str, object]]:
    """How many carriers a city has under the other filters; each tile narrows the list to its city."""
    answer = []
    for region in regions:
        if region.tile_column is None:
            continue
        query = urlencode({**asked.given(), "region": region.code})
        answer.append(
            {
                "code": region.code,
                "name": region.name.removesuffix("市"),
                "column": region.tile_column,
                "row": region.tile_row,
                "value": counts.get(region.code, 0),
                "url": f"{base}?{query}",
            }
        )
    return answer


def _actions(actor: Actor, asked: listing.Asked, managed: bool) -> list[Action]:
    if not managed:
        mine = Action(_("我负责的载体"), reverse("registry:manage"), "building-2")
        return [mine] if may_work_with_lists(actor) else []
    public = Action(_("公开名录"), reverse("registry:directory"), "globe")
    if not may_export(actor):
        return [public]
    url = f"{reverse('registry:export')}?{urlencode(asked.given())}"
    return [public, Action(_("按当前条件导出 Excel"), url, "download", method="post")]
