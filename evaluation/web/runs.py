"""Runs: the list, and the console from which the province moves one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import page, said
from core.pages import paged
from core.problems import Problem, Refused
from core.ui import Action
from evaluation import queries
from evaluation.models import Run
from evaluation.models.runs import MARKING_STATES
from evaluation.permissions import may_oversee, may_run
from evaluation.rules.expert_marks import expert_leaves
from evaluation.rules.lifecycle import RUN
from evaluation.rules.publicity import Period
from evaluation.rules.standing import bands, grade_counts, ties_at_cuts
from evaluation.services import marking, runs
from evaluation.web.forms import AssignForm, FreezeForm, MoveForm, PeriodForm, RunForm
from evaluation.web.shared import GRADE_TONES, base_of, status_of, tell
from office.web.confirming import confirmed
from office.web.requests import DeskRequest

SHOWN = 200


def _may_create(request: DeskRequest) -> bool:
    region = request.actor.region
    return region is not None and may_run(request.actor, region)


@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """The runs that one may know of: for visitors those publicised or published."""
    found = paged(queries.runs_of(request.actor), request)
    rows = [(run, status_of(run), may_oversee(request.actor, run)) for run in found.items]
    actions = [Action(_("新建批次"), reverse("evaluation:run_new"), "plus", "primary")]
    shown = {"page": found, "rows": rows, "base": base_of(request)}
    shown["actions"] = actions if _may_create(request) else []
    return render(request, "evaluation/runs.html", shown)


@login_required
@page("GET", "POST")
def new(request: DeskRequest) -> HttpResponse:
    if not _may_create(request):
        raise Http404
    form = RunForm(request.actor, request.POST or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            run = runs.create_run(
                actor=request.actor, scheme_id=asked.pop("scheme").pk, at=clock.now(), **asked
            )
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("evaluation:run", run_id=run.pk)
    return render(request, "evaluation/run_new.html", {"form": form, "problems": problems})


def overseen(request: DeskRequest, run_id: int) -> Run:
    """The run, for those who run or audit it; for all others there is no such page."""
    run = get_object_or_404(queries.runs_of(request.actor), pk=run_id)
    if not may_oversee(request.actor, run):
        raise Http404
    return run


@login_required
@page("GET")
def console(request: DeskRequest, run_id: int) -> HttpResponse:
    """Where a run stands, what it holds, what can be done next."""
    run = overseen(request, run_id)
    moves = runs.moves_for(run, request.actor)
    shown: dict[str, Any] = {
        "run": run,
        "status": status_of(run),
        "steps": _steps(run),
        "entries": _timeline(run),
        "may_assign": run.state in MARKING_STATES and may_run(request.actor, run.region),
        "moves": [move for move in moves if move.action not in ("freeze", "publicise")],
        "freeze": FreezeForm() if any(move.action == "freeze" for move in moves) else None,
        "publicise": PeriodForm() if any(move.action == "publicise" for move in moves) else None,
        "assign": AssignForm(clock.now()),
        "objections": queries.open_objections(run),
        "sustained": queries.sustained_objections(run),
        **_what_it_holds(run),
    }
    return render(request, "evaluation/run.html", shown)


def _what_it_holds(run: Run) -> dict[str, Any]:
    """Counts, grades, sums, ties, newer returns, assignments: a fixed number of queries."""
    scheme = queries.definition(run.scheme)
    left_out = queries.left_out_of(run)
    standings = queries.standings_of(run)
    assignments = queries.run_assignments(run)
    return {
        "taking_part": run.entries.filter(left_out="").count(),
        "left_out_count": left_out.count(),
        "left_out": left_out[:SHOWN],
        "grades": [
            (one, GRADE_TONES.get(one.grade, "muted")) for one in grade_counts(scheme.grading, standings)
        ],
        "scored": len(standings),
        "bands": bands(standings),
        "ties": ties_at_cuts(standings),
        "order": scheme.grading.order,
        "cities": [
            (city, [counts.get(grade, 0) for grade in scheme.grading.order], sum(counts.values()))
            for city, counts in queries.grades_by_city(run)
        ],
        "newer": queries.newer_returns(run)[:SHOWN],
        "marking": queries.marking_of(run),
        "assignments": assignments[:SHOWN],
        "leaves": expert_leaves(scheme),
        "places": scheme.decimals,
    }


def _steps(run: Run) -> list[tuple[Any, str, str]]:
    """The stages of a run with the day on which each was reached."""
    stages = [
        (_("筹备"), run.created_at),
        (_("冻结"), run.frozen_at),
        (_("计分定级"), run.scored_at),
        (_("公示"), run.publicised_at),
        (_("公布"), run.published_at),
    ]
    reached = {"draft": 0, "frozen": 1, "scored": 2, "publicised": 3, "published": 4}.get(run.state, 0)
    return [
        (
            title,
            _state_of(index, reached),
            f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if at and index <= reached else "",
        )
        for index, (title, at) in enumerate(stages)
    ]


def _state_of(index: int, reached: int) -> str:
    if index < reached or reached == 4:
        return "done"
    return "current" if index == reached else "todo"


def _timeline(run: Run) -> list[dict[str, Any]]:
    labels = {move.action: move.label for move in RUN.moves}
    return [
        {
            "at": move.at,
            "who": str(move.by or ""),
            "what": labels[move.action],
            "comment": move.comment,
            "tone": "info",
        }
        for move in run.moves.select_related("by").order_by("-pk")
    ]


@login_required
@page("POST")
@confirmed("publicise", "publish")
def act(request: DeskRequest, run_id: int) -> HttpResponse:
    """One move; a refusal comes back to the console with every reason."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("办理的内容不完整，请刷新后再试。"))
        return redirect("evaluation:run", run_id=run_id)
    asked = form.cleaned_data
    try:
        run = runs.act(
            actor=request.actor,
            run_id=run_id,
            action=asked["action"],
            expected=asked["version"],
            at=clock.now(),
            comment=asked["comment"],
            period=Period(asked["period"] or Period.WORKING_5),
            facts_as_of=asked["facts_as_of"],
        )
    except Run.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, _("已办理：{state}。").format(state=said(RUN.title_of(run.state))))
    return redirect("evaluation:run", run_id=run_id)


@login_required
@page("POST")
def assign(request: DeskRequest, run_id: int) -> HttpResponse:
    run = overseen(request, run_id)
    at = clock.now()
    form = AssignForm(at, request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            for error in errors:
                messages.error(request, str(error))
        return redirect("evaluation:run", run_id=run.pk)
    asked = form.cleaned_data
    try:
        made = marking.assign(
            actor=request.actor,
            run_id=run.pk,
            expert_id=asked["expert"],
            carrier_codes=asked["carriers"],
            due_at=asked["due_at"],
            at=at,
        )
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, _("已分派 {n} 家。").format(n=len(made)))
    return redirect("evaluation:run", run_id=run.pk)
