"""Objections: filed by a carrier, listed for those concerned, decided by the province."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.rules.roles import Role
from core import clock
from core.http import download, page
from core.pages import paged
from core.problems import Problem, Refused
from core.ui import Status
from evaluation import queries
from evaluation.models import Objection, Run, RunEntry
from evaluation.models.runs import OBJECTION_ROLES
from evaluation.permissions import may_decide
from evaluation.rules.lifecycle import OBJECTION
from evaluation.rules.publicity import final_day
from evaluation.services import objections
from evaluation.web.forms import ObjectionForm, upload_of
from evaluation.web.shared import tell
from office.services import files
from office.web.requests import DeskRequest

TONES = {"filed": "warn", "sustained": "ok", "rejected": "muted"}


def _rows(request: DeskRequest) -> QuerySet[Objection]:
    rows = Objection.objects.visible_to(request.actor)
    return rows.select_related(
        "entry__run__region", "entry__carrier__region", "filed_by", "decided_by", "evidence"
    )


def _status(found: Objection) -> Status:
    return Status(OBJECTION.title_of(found.state), TONES[found.state])


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    if request.actor.role not in OBJECTION_ROLES:
        raise Http404
    found = paged(_rows(request), request)
    rows = [(one, _status(one)) for one in found.items]
    return render(request, "evaluation/objections.html", {"page": found, "rows": rows})


@login_required
@page("GET", "POST")
def new(request: DeskRequest, run_id: int) -> HttpResponse:
    """For the staff of a carrier whose result is publicised."""
    run = get_object_or_404(queries.runs_of(request.actor), pk=run_id, state="publicised")
    results = queries.results_of(run, request.actor)
    entry = get_object_or_404(results, carrier__code=request.actor.carrier_code or "-")
    form = ObjectionForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        problems, made = _filed(request, run, form)
        if made is not None:
            messages.success(request, _("异议已提出。"))
            return redirect("evaluation:objection", objection_id=made.pk)
    shown = {"run": run, "entry": entry, "form": form, "problems": problems}
    shown["last_day"] = final_day(run.publicity_ends_at) if run.publicity_ends_at else None
    return render(request, "evaluation/objection_new.html", shown, status=422 if problems else 200)


def _filed(
    request: DeskRequest, run: Run, form: ObjectionForm
) -> tuple[tuple[Problem, ...], Objection | None]:
    try:
        made = objections.file(
            actor=request.actor,
            run_id=run.pk,
            text=form.cleaned_data["text"],
            evidence=upload_of(form.cleaned_data["evidence"]),
            at=clock.now(),
        )
    except Refused as refused:
        return refused.problems, None
    except (Run.DoesNotExist, RunEntry.DoesNotExist):
        raise Http404 from None
    return (), made


@login_required
@page("GET")
def detail(request: DeskRequest, objection_id: int) -> HttpResponse:
    found = get_object_or_404(_rows(request), pk=objection_id)
    moves = OBJECTION.open_to(found.state, request.actor.role) if may_decide(request.actor, found) else []
    own = request.actor.role == Role.CARRIER_STAFF
    shown = {"found": found, "status": _status(found), "moves": moves, "own": own}
    return render(request, "evaluation/objection.html", shown)


@login_required
@page("POST")
def decide(request: DeskRequest, objection_id: int) -> HttpResponse:
    try:
        objections.decide(
            actor=request.actor,
            objection_id=objection_id,
            action=request.POST.get("action", "")[:20],
            comment=request.POST.get("comment", ""),
            at=clock.now(),
        )
    except Objection.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, _("已处理。"))
    return redirect("evaluation:objection", objection_id=objection_id)


@login_required
@page("GET")
def evidence(request: DeskRequest, objection_id: int) -> HttpResponseBase:
    """What was handed in with it, for those who may see the objection."""
    found = get_object_or_404(_rows(request), pk=objection_id)
    if found.evidence is None:
        raise Http404
    file = found.evidence
    return download(files.opened(file), name=file.name, content_type=file.content_type)
