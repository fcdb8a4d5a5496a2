"""How lists leave: the columns, filters and order of the screen; and the tables that pages draw of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from core import clock
from core.columns import Value
from core.http import page
from core.problems import Refused
from core.tables import Layout, layout_of
from core.text import T
from core.ui import Action
from office.models import JobState
from office.web.confirming import PROOF, confirmed
from office.web.requests import DeskRequest
from office.web.views import Views, opened
from registry.excel.lists import LISTS
from registry.queries.listed import Leaving, Line, Listed, Shown
from registry.services.exports import export as begin

Cells = list[tuple[Shown, Value | None]]


def layout(request: DeskRequest, listed: Listed, asked: Any, views: Views | None = None) -> Layout:
    """The list's table as this reader chose it, or as the view does on which they are."""
    columns = [shown.column() for shown in listed.columns(asked)]
    chosen = views.chosen if views else None
    return layout_of(request, listed.name, columns, by=listed.by, chosen=chosen)


def asked_for(table: Layout, asked: Any) -> dict[str, str]:
    """What an address says of the list: its filters, and its order."""
    return {**asked.given(), **({"sort": table.order} if table.order else {})}


def cells(listed: Listed, asked: Any, table: Layout, lines: Sequence[Line]) -> list[tuple[Line, Cells]]:
    """Each line with its shown columns and what stands in them."""
    shown = [one for one in listed.columns(asked) if table.shows.get(one.key)]
    return [(line, [(one, one.of(line)) for one in shown]) for line in lines]


def action(request: DeskRequest, listed: Listed, asked: Any, views: Views | None = None) -> list[Action]:
    """The button that takes the list away as it stands; none for who may not."""
    if not listed.may(request.actor, asked):
        return []
    given = asked_for(layout(request, listed, asked, views), asked) | (views.kept if views else {})
    url = f"{reverse('registry:export', args=[listed.name])}?{urlencode(given)}"
    return [Action(T("按当前条件导出 Excel"), url, "download", method="post")]


@login_required
@page("POST")
def export(request: DeskRequest, name: str) -> HttpResponseBase:
    """Takes a list away as its page shows it; the address carries filters and order, the cookie or the view
    the columns. 404 for who may not."""
    listed = LISTS.get(name)
    if listed is None:
        raise Http404
    asked, problems = listed.read(request.GET, clock.now())
    if not listed.may(request.actor, asked):
        raise Http404
    if any(problem.field == "on" for problem in problems):
        return redirect(f"{reverse('registry:manage')}?{request.GET.urlencode()}")  # the page says why
    table = layout(request, listed, asked, opened(request, listed.name, base="", names=()))
    leaving = Leaving(listed, asked, table.order, tuple(column.key for column in table.shown))
    return (_proved if listed.personal else _begun)(request, leaving)


def _begun(request: DeskRequest, leaving: Leaving) -> HttpResponse:
    try:
        job = begin(actor=request.actor, leaving=leaving, at=clock.now())
    except Refused:
        return redirect("office:jobs")  # the one that runs is there
    if job.state == JobState.DONE and PROOF not in request.POST:
        return redirect("office:job_result", job_id=job.pk)  # the browser saves it and stays where it is
    return redirect("office:job", job_id=job.pk)


_proved = confirmed()(_begun)
