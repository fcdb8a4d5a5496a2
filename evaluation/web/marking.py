"""The expert's desk: the queue, and one carrier's sheet, known by its code alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.rules.roles import Role
from core import clock
from core.http import page
from core.problems import Problem, Refused
from core.text import Text
from evaluation import queries
from evaluation.models import Assignment, Mark
from evaluation.models.runs import MARKING_STATES
from evaluation.queries import definition
from evaluation.rules.entered import is_plain
from evaluation.rules.exact import plain
from evaluation.rules.expert_marks import expert_leaves, own_points, own_total
from evaluation.rules.scheme import Leaf
from evaluation.rules.words import rule_in_words
from evaluation.services import marking
from evaluation.services.marking import Entered
from evaluation.web.forms import MarkForm, ReasonForm
from evaluation.web.shared import tell
from office.web.requests import DeskRequest


@dataclass(frozen=True, slots=True)
class LeafForm:
    """A leaf with its form, what its mark is worth, and what is wrong with what was sent."""

    leaf: Leaf
    rule: Text
    form: MarkForm
    mark: Mark | None
    points: Decimal | None
    expected: str
    problems: tuple[Problem, ...] = ()


@login_required
@page("GET")
def queue(request: DeskRequest) -> HttpResponse:
    """One's own assignments: those to do first, the nearest deadline on top."""
    if request.actor.role != Role.EXPERT:
        raise Http404
    rows = list(queries.queue_of(request.actor))
    todo = [one for one in rows if one.submitted_at is None and one.recused_at is None]
    done = [one for one in rows if one.submitted_at is not None]
    shown = {
        "todo": [(one, len(one.marks.all())) for one in todo],
        "done": done,
        "recused": [one for one in rows if one.recused_at is not None],
        "all": len(rows),
    }
    return render(request, "evaluation/queue.html", shown)


def _mine(request: DeskRequest, code: str) -> Assignment:
    if request.actor.role != Role.EXPERT or not is_plain(code):
        raise Http404
    rows = Assignment.objects.visible_to(request.actor).select_related("entry__run__scheme")
    return get_object_or_404(rows, code=code, entry__run__state__in=MARKING_STATES)


@login_required
@page("GET")
def sheet(request: DeskRequest, code: str) -> HttpResponse:
    """The figures of a carrier without its name, and a form a leaf."""
    return _sheet(request, _mine(request, code))


def _sheet(request: DeskRequest, found: Assignment, refused: LeafForm | None = None) -> HttpResponse:
    """The page as stored; a leaf that was refused stands as it was sent, so that nothing typed is lost."""
    leaves = [
        refused if refused is not None and refused.leaf is leaf else _leaf_form(found, leaf)
        for leaf in _leaves(found)
    ]
    shown = {
        "found": found,
        "run": found.entry.run,
        "leaves": leaves,
        "figures": queries.blind_figures(found.entry),
        "closed": marking.why_closed(found, clock.now()),
        "reason": ReasonForm(),
        **_progress(found),
    }
    return render(request, "evaluation/sheet.html", shown, status=422 if refused else 200)


def _leaves(found: Assignment) -> list[Leaf]:
    return expert_leaves(definition(found.entry.run.scheme))


def _progress(found: Assignment) -> dict[str, Any]:
    """One's own running total, and how many leaves are done."""
    scheme = definition(found.entry.run.scheme)
    leaves, given = expert_leaves(scheme), marking.given_of(found)
    done = [one for one in given.values() if one.mark is not None or one.abstained]
    full = sum(leaf.full for leaf in leaves)
    return {
        "total": own_total(leaves, given, scheme.decimals),
        "full": plain(full) if leaves else "0",
        "done": len(done),
        "count": len(leaves),
        "places": scheme.decimals,
    }


def _leaf_form(
    found: Assignment, leaf: Leaf, sent: MarkForm | None = None, problems: tuple[Problem, ...] = ()
) -> LeafForm:
    """A leaf as it stands. What was refused keeps the version that was sent: nothing is overwritten."""
    mark = next((one for one in found.marks.all() if one.leaf == leaf.code), None)
    initial: dict[str, Any] = {}
    if mark is not None:
        text = "" if mark.mark is None else plain(mark.mark)
        initial = {"mark": text, "abstained": mark.abstained, "comment": mark.comment}
    form = sent or MarkForm(initial=initial, auto_id=f"id_{leaf.code}_%s")
    decimals = definition(found.entry.run.scheme).decimals
    return LeafForm(
        leaf=leaf,
        rule=rule_in_words(leaf, {}),
        form=form,
        mark=mark,
        points=own_points(leaf, mark.mark if mark else None, decimals),
        expected=sent.data.get("expected", "0") if sent else str(mark.version if mark else 0),
        problems=problems,
    )


@login_required
@page("POST")
def save(request: DeskRequest, code: str) -> HttpResponse:
    """One leaf; by htmx the answer is the line that says what was saved, so that typing goes on."""
    found = _mine(request, code)
    leaf = next((one for one in _leaves(found) if one.code == request.POST.get("leaf")), None)
    if leaf is None:
        raise Http404
    form = MarkForm(request.POST, auto_id=f"id_{leaf.code}_%s")
    problems = _saved(request, found, form)
    shown = _leaf_form(found, leaf, form if problems else None, problems)
    if request.htmx:
        told = {"one": shown, "swapped": True, **_progress(found)}
        return render(request, "evaluation/mark_saved.html", told)
    if problems:
        return _sheet(request, found, shown)
    messages.success(request, _("已保存。"))
    return redirect("evaluation:sheet", code=code)


def _saved(request: DeskRequest, found: Assignment, form: MarkForm) -> tuple[Problem, ...]:
    if not form.is_valid():
        texts = [str(error) for errors in form.errors.values() for error in errors]
        return tuple(Problem("mark.form", text) for text in texts)
    entered = Entered(**form.cleaned_data)
    try:
        marking.save_mark(actor=request.actor, code=found.code, entered=entered, at=clock.now())
    except Refused as refused:
        return refused.problems
    return ()


def _act(
    request: DeskRequest, code: str, verb: Callable[..., Assignment], done: str, **more: Any
) -> HttpResponse:
    _mine(request, code)
    try:
        verb(actor=request.actor, code=code, at=clock.now(), **more)
    except Refused as refused:
        tell(request, refused)
        return redirect("evaluation:sheet", code=code)
    messages.success(request, done)
    return redirect("evaluation:queue")


@login_required
@page("POST")
def submit(request: DeskRequest, code: str) -> HttpResponse:
    return _act(request, code, marking.submit_marks, _("评分已提交。"))


@login_required
@page("POST")
def recuse(request: DeskRequest, code: str) -> HttpResponse:
    because = request.POST.get("because", "")[:500]
    return _act(request, code, marking.recuse, _("已回避。"), because=because)
