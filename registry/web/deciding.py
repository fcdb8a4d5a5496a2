"""An application before an office: what was handed in, what it may be a second time, the decision."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.http import page
from core.problems import Problem, Refused
from office.web.requests import DeskRequest
from registry.models import Application
from registry.permissions import may_act_on
from registry.rules.registering import SECTIONS, is_item
from registry.rules.registering_moves import Action
from registry.services import applications, doubts, registering
from registry.web import application_words as words

_REMARK = "remark-"


def review(
    request: DeskRequest,
    found: Application,
    *,
    problems: tuple[Problem, ...] = (),
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The officer's page; `typed` is what they wrote when the act was refused."""
    table, remarks = registering.table_of(found), words.remarks_of(found)
    mine = may_act_on(request.actor, found)
    context = {
        "found": found,
        "status": words.status_of(found),
        "crumbs": words.crumbs_of(found),
        "steps": words.steps_of(found, applications.offices_of(found.region)),
        "sections": [
            (title, words.lines_of(code, found.submitted, found.region, remarks, typed))
            for code, title in SECTIONS.items()
            if code != "evidence"
        ],
        "shelves": words.shelves_of(_handed_in(found), remarks, typed),
        "own": doubts.own_side(found),
        "doubts": doubts.doubts_of(found),
        "entries": words.entries_of(found, table, names=True),
        "moves": table.open_to(found.state, request.actor.role) if mine else [],
        "may_act": mine,
        "problems": problems,
        "typed": typed or {},
    }
    return render(request, "registry/application_review.html", context, status=422 if problems else 200)


def _handed_in(found: Application) -> Any:
    """The documents that went with the last submission."""
    there = Q(detached_at=None) | Q(detached_at__gt=found.submitted_at)
    return found.files.filter(there, attached_at__lte=found.submitted_at).select_related("file")


def _lying(request: DeskRequest, application_id: uuid.UUID) -> Application:
    """One that is not the actor's own; 404 for what one may not know of."""
    rows = Application.objects.visible_to(request.actor).exclude(applicant_id=request.actor.user_id)
    return get_object_or_404(
        rows.select_related("region", "office", "carrier", "applicant"), pk=application_id
    )


def _expected(request: DeskRequest) -> int:
    given = request.POST.get("round", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else -1


@login_required
@page("POST")
def decide(request: DeskRequest, application_id: uuid.UUID) -> HttpResponse:
    """Passed on, returned item by item, registered or refused."""
    found = _lying(request, application_id)
    action = request.POST.get("action", "")
    remarks = {
        name.removeprefix(_REMARK): text
        for name, text in request.POST.dict().items()
        if name.startswith(_REMARK) and is_item(name.removeprefix(_REMARK))
    }
    try:
        _act(request, found, action, remarks)
    except Refused as refusal:
        written = {**remarks, "comment": request.POST.get("comment", "")}
        return review(request, _lying(request, found.pk), problems=refusal.problems, typed=written)
    messages.success(request, _("已办理，并已告知申请人。"))
    return redirect("registry:application", application_id=found.pk)


def _act(request: DeskRequest, found: Application, action: str, remarks: Mapping[str, str]) -> None:
    given: dict[str, Any] = {
        "actor": request.actor,
        "application_id": found.pk,
        "expected": _expected(request),
        "comment": request.POST.get("comment", ""),
        "at": clock.now(),
    }
    if action == Action.SEND_BACK:
        registering.send_back(remarks=remarks, **given)
        return
    acts: dict[str, Callable[..., Application]] = {
        Action.PASS.value: registering.pass_on,
        Action.REGISTER.value: registering.register,
        Action.REFUSE.value: registering.refuse,
    }
    if action not in acts:
        raise Http404
    acts[action](**given)


@login_required
@page("POST")
def clear(request: DeskRequest, application_id: uuid.UUID) -> HttpResponse:
    """Says of one that looks alike that it is another body, and why."""
    found = _lying(request, application_id)
    try:
        registering.clear(
            actor=request.actor,
            application_id=found.pk,
            against=request.POST.get("against", "")[:60],
            reason=request.POST.get("reason", ""),
            expected=_expected(request),
            at=clock.now(),
        )
    except Refused as refusal:
        return review(request, found, problems=refusal.problems)
    messages.success(request, _("已认定为另一主体。"))
    return redirect("registry:application", application_id=found.pk)
