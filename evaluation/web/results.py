"""Results of a run: the list, one carrier's score explained, the workbook."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import page
from core.pages import paged
from core.ui import Action
from evaluation import queries
from evaluation.models import Run, RunEntry
from evaluation.models.runs import OPEN_STATES
from evaluation.permissions import manages, may_object, may_oversee
from evaluation.rules.entered import is_plain
from evaluation.rules.publicity import final_day
from evaluation.web.forms import ResultFilter
from evaluation.web.shared import GRADE_TONES, base_of, status_of
from office.services import jobs
from office.web.requests import DeskRequest
from reporting.links import return_page


def _shown_run(request: DeskRequest, run_id: int) -> Run:
    """A run with a result that this actor may see, by name at least."""
    run = get_object_or_404(queries.runs_of(request.actor), pk=run_id)
    if run.state not in OPEN_STATES and not may_oversee(request.actor, run):
        raise Http404
    return run


@page("GET")
def listing(request: DeskRequest, run_id: int) -> HttpResponse:
    """Rank, carrier, grade, total: public from publicity on."""
    run = _shown_run(request, run_id)
    form = ResultFilter(run, request.GET)
    found = paged(form.narrow(queries.results_of(run, request.actor)), request)
    scheme = queries.definition(run.scheme)
    shown = {
        "run": run,
        "status": status_of(run),
        "form": form,
        "page": found,
        "rows": [
            (entry, GRADE_TONES.get(entry.grade, "muted"), _is_open_to(request, run, entry))
            for entry in found.items
        ],
        "labels": {grade: scheme.grading.label_of(grade) for grade in scheme.grading.order},
        "places": scheme.decimals,
        "base": base_of(request),
        "may_export": request.actor.user_id is not None,
        "last_day": final_day(run.publicity_ends_at) if run.publicity_ends_at else None,
        "oversees": may_oversee(request.actor, run),
    }
    return render(request, "evaluation/results.html", shown)


def _is_open_to(request: DeskRequest, run: Run, entry: RunEntry) -> bool:
    """Whether this row's own page is there for the actor."""
    if run.state == "published" or may_oversee(request.actor, run):
        return True
    return manages(request.actor, entry.carrier)


@login_required
@page("POST")
def export(request: DeskRequest, run_id: int) -> HttpResponse:
    """Starts the job that writes the results as a workbook; what may be seen is asked again there."""
    run = _shown_run(request, run_id)
    with transaction.atomic():
        job = jobs.begin(
            actor=request.actor,
            handler="evaluation.tasks.export_results",
            title=_("导出评价结果：{title}").format(title=run.title),
            arguments={"run": run.pk},
            link=reverse("evaluation:results", args=[run.pk]),
            at=clock.now(),
        )
    return redirect("office:job", job_id=job.pk)


@page("GET")
def explanation(request: DeskRequest, run_id: int, code: str) -> HttpResponse:
    """One carrier's score: all of it, or grade and total, or nothing, by who asks."""
    run = _shown_run(request, run_id)
    if not is_plain(code):
        raise Http404
    try:
        found = queries.explanation_of(run, code, request.actor)
    except RunEntry.DoesNotExist:
        raise Http404 from None
    is_open = run.state == "publicised" and run.publicity_ends_at is not None
    shown = {
        "run": run,
        "found": found,
        "entry": found.entry,
        "tone": GRADE_TONES.get(found.entry.grade, "muted"),
        "return_url": _return_of(found),
        "base": base_of(request),
        "actions": _actions(request, run, found.entry) if is_open else [],
        "last_day": final_day(run.publicity_ends_at) if is_open and run.publicity_ends_at else None,
    }
    return render(request, "evaluation/explanation.html", shown)


def _return_of(found: queries.Explanation) -> str:
    """The return that was frozen, for those who see every leaf."""
    version = found.entry.return_version
    return return_page(version.return_of_id) if found.lines and version is not None else ""


def _actions(request: DeskRequest, run: Run, entry: RunEntry) -> list[Action]:
    if not may_object(request.actor, entry):
        return []
    return [Action(_("提出异议"), reverse("evaluation:objection_new", args=[run.pk]), "flag")]
