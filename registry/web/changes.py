"""Change requests: the list, one with old and new side by side, its moves, its documents."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import download, page
from core.pages import paged
from core.problems import Refused
from core.ui import Action as Button
from office.services import files
from office.web.requests import DeskRequest, tell
from registry.excel.changes import CHANGES
from registry.models import Carrier, ChangeFile, ChangeRequest
from registry.permissions import may_see_changes
from registry.rules.changing import OPEN, STOPS, Action, State
from registry.services import changing, proposals
from registry.web import change_words as words
from registry.web import exporting
from registry.web.change_forms import ChangeFilter

SIZE = 20


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """Those in one's scope, the newest first."""
    if not may_see_changes(request.actor):
        raise Http404
    asked, _problems = CHANGES.read(request.GET, clock.now())
    layout = exporting.layout(request, CHANGES, asked)
    found = paged(layout.ordered(CHANGES.rows(request.actor, asked, clock.now())), request, SIZE)
    rows = exporting.cells(CHANGES, asked, layout, found.items)
    actions = []
    if code := request.actor.carrier_code:
        actions.append(Button(_("申请变更"), reverse("registry:change_ask", args=[code]), "plus", "primary"))
    context = {
        "form": ChangeFilter(request.actor, request.GET or None),
        "page": found,
        "layout": layout,
        "rows": [(one, words.status_of(one), cells) for one, cells in rows],
        "actions": [*actions, *exporting.action(request, CHANGES, asked)],
    }
    return render(request, "registry/changes.html", context)


@login_required
@page("GET")
def detail(request: DeskRequest, change_id: int) -> HttpResponse:
    """Old and new side by side, what proves it, what happened so far, what may be done."""
    rows = ChangeRequest.objects.visible_to(request.actor)
    found = get_object_or_404(
        rows.select_related("carrier__region__parent", "carrier__operator", "asked_by"), pk=change_id
    )
    moves = changing.moves_for(found, request.actor)
    context = {
        **_told(found),
        "others": _renamed_too(found),
        "alike": proposals.alike(found) if found.state in STOPS and request.actor.region else [],
        "moves": [move for move in moves if move.action != Action.RESUBMIT],
        "may_mend": any(move.action == Action.RESUBMIT for move in moves),
        "may_return": any(move.action == Action.SEND_BACK for move in moves),
        "crumbs": [(_("登记变更"), reverse("registry:changes")), (found.number, "")],
    }
    return render(request, "registry/change.html", context)


def _told(found: ChangeRequest) -> dict[str, object]:
    """What everybody who may see it reads."""
    story = list(found.moves.select_related("by"))
    stale: dict[str, str] = {}
    if found.state in OPEN:
        stale = {one.field: one.found for one in proposals.stale_facts(found, found.carrier)}
    reasons: dict[str, str] = {}
    if found.state == State.RETURNED:
        reasons = next(one.reasons for one in reversed(story) if one.action == Action.SEND_BACK)
    return {
        "found": found,
        "status": words.status_of(found),
        "rows": words.rows_of(found.facts, reasons=reasons, stale=stale),
        "files": list(found.files.select_related("file")),
        "entries": words.entries_of(story),
    }


def _renamed_too(found: ChangeRequest) -> list[Carrier]:
    """The other carriers whose operator would take another name with it."""
    new = {name: pair["new"] for name, pair in found.facts.items()}
    if found.state not in STOPS or not proposals.is_rename(found.carrier, new):
        return []
    return list(proposals.also_renamed(found.carrier)[:10])


def _reasons(request: DeskRequest) -> dict[str, str]:
    """What is to be mended, by fact."""
    start = "reason_"
    return {
        name.removeprefix(start): text
        for name in request.POST
        if name.startswith(start) and (text := request.POST.get(name, "").strip())
    }


@login_required
@page("POST")
def act(request: DeskRequest, change_id: int) -> HttpResponse:
    """One move. What stands against it is told on the page that comes next."""
    given = request.POST
    version = given.get("version", "")
    try:
        changing.act(
            actor=request.actor,
            request_id=change_id,
            action=given.get("action", "")[:20],
            expected=int(version) if version.isdecimal() and len(version) < 10 else -1,
            comment=given.get("comment", ""),
            reasons=_reasons(request),
            at=clock.now(),
        )
    except ChangeRequest.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, _("已办理。"))
    return redirect("registry:change", change_id=change_id)


@login_required
@page("GET")
def document(request: DeskRequest, change_id: int, file_id: int) -> HttpResponseBase:
    """What was handed in, for those who may see the request."""
    rows = ChangeFile.objects.visible_to(request.actor).select_related("file")
    found = get_object_or_404(rows, pk=file_id, request_id=change_id)
    return download(files.opened(found.file), name=found.file.name, content_type=found.file.content_type)
