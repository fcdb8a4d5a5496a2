"""A section filled on line: field by field with script, as one form without."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core import clock
from core.clock import SHANGHAI
from core.http import page
from core.problems import Problem, Refused
from core.text import T
from core.ui import Action
from office.web.requests import DeskRequest
from reporting import queries
from reporting.models import Return
from reporting.queries import Opened
from reporting.rules import form as rules
from reporting.rules.checking import Checked
from reporting.services import filling
from reporting.web.lines import Found, Line, clash_of, differs, lines_of
from reporting.web.loading import back, crumbs, opened_or_404, status_code, words
from reporting.web.standing import standing, status_of


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a field, and the exact text that stood there before, as the person saw it."""

    text: str
    seen: str


@dataclass(slots=True)
class Told:
    """What became of a save: refusals and typed texts by field, reasons by question, other refusals."""

    refused: dict[str, Problem] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    reasons: dict[str, tuple[dict[str, str], tuple[Problem, ...]]] = field(default_factory=dict)
    others: list[Problem] = field(default_factory=list)
    status: int = 200

    def refuse(self, refusal: Refused, code: str = "", typed: Typed | None = None) -> None:
        self.status = max(self.status, status_code(refusal))
        if code and typed is not None:
            self.refused[code], self.typed[code] = refusal.problems[0], typed
        else:
            self.others += refusal.problems


def _section(form: rules.Form, code: str) -> rules.Section:
    try:
        return form.section(code)
    except StopIteration:
        raise Http404 from None


def told_lines(
    opened: Opened, checked: Checked, section: rules.Section, told: Told, now: datetime
) -> list[Line]:
    """The section's lines, with what the last save said at each."""
    lines = lines_of(opened, checked, section.fields)
    for line in lines:
        problem = told.refused.get(line.code)
        line.saved = _time(line.saved_at, now)
        if problem is not None:
            typed = told.typed[line.code]
            line.refusal, line.typed = problem.message, typed.text
            if problem.code == "return.stale":
                line.clash = clash_of(opened, line, typed.text, typed.seen)
        for one in line.found:
            if one.finding.key in told.reasons:
                one.reason, one.why = told.reasons[one.finding.key]
    return lines


def _time(when: datetime | None, now: datetime) -> str:
    """`14:32` of today, `03-17` of another day."""
    if when is None:
        return ""
    local = when.astimezone(SHANGHAI)
    return f"{local:%H:%M}" if local.date() == clock.day_of(now) else f"{local:%m-%d}"


def _context(
    opened: Opened, section: rules.Section, told: Told, at: datetime, checked: Checked | None = None
) -> dict[str, object]:
    checked = checked or opened.checked()
    lines = told_lines(opened, checked, section, told, at)
    state = standing(opened, checked, section.code)
    codes = [part.code for part in state.parts]
    place = codes.index(section.code)
    return {
        "opened": opened,
        "found": opened.of,
        "section": section,
        "lines": lines,
        "waiting": [line for line in lines if line.waits],
        "standing": state,
        "status": status_of(opened.of),
        "before": state.parts[place - 1] if place else None,
        "next": state.following(section.code),
        "reasons": filling.REASONS,
        "others": told.others,
        "may_explain": opened.lock.open,
        "actions": [Action(T("用工作簿填"), f"/returns/{opened.of.pk}/workbooks/", "file-spreadsheet")],
        "crumbs": crumbs((opened.of.campaign.title, f"/returns/{opened.of.pk}/"), (section.title, "")),
        "due": opened.lock.until or opened.of.dates.held.due_at,
        "now": at,
        "year": opened.year,
        "last_year": opened.year - 1,
    }


@page("GET", "POST")
def section(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """The table of one section; its one form saves all that was changed in it."""
    at = clock.now()
    opened = opened_or_404(request.actor, return_id, at=at)
    part = _section(opened.form, code)
    told = Told()
    if request.method == "POST":
        _save_all(request, opened, part, told, at)
        if told.status == 200:
            return redirect("reporting:section", return_id=return_id, code=code)
        opened = opened_or_404(request.actor, return_id, at=at)
    return render(request, "reporting/section.html", _context(opened, part, told, at), status=told.status)


def typed_in(request: DeskRequest, code: str) -> Typed | None:
    """What the form says of a field. A button that offers a value (`use`) wins over the input, and brings
    what it was offered against."""
    use, _, value = request.POST.get("use", "").partition(":")
    if use == code:
        return Typed(value, request.POST.get(f"over-{code}", request.POST.get(f"seen-{code}", "")))
    text = request.POST.get(f"value-{code}")
    return None if text is None else Typed(text, request.POST.get(f"seen-{code}", ""))


def _save_all(request: DeskRequest, opened: Opened, part: rules.Section, told: Told, at: datetime) -> None:
    """Every field that differs from what was seen, every reason, every confirmation; each by itself."""
    for one in part.fields:
        typed = typed_in(request, one.code)
        if typed is None or one.computed is not None:
            continue
        try:
            if differs(typed.text, typed.seen, one.column):
                _save(request, opened.of.pk, one.code, typed, at)
        except Refused as refusal:
            told.refuse(refusal, one.code, typed)
    for key in request.POST.getlist("key"):
        text, reason = request.POST.get(f"text-{key}", ""), request.POST.get(f"reason-{key}", "")
        if text.strip() or reason:
            _explain(request, opened.of.pk, key, at, told)
    if request.POST.getlist("confirm"):
        _confirm(request, opened.of.pk, request.POST.getlist("confirm"), at, told)


def _save(request: DeskRequest, return_id: int, code: str, typed: Typed, at: datetime) -> filling.Saved:
    return filling.save_field(
        actor=request.actor, return_id=return_id, code=code, value=typed.text, seen=typed.seen, at=at
    )


def _explain(request: DeskRequest, return_id: int, key: str, at: datetime, told: Told) -> None:
    text, reason = request.POST.get(f"text-{key}", ""), request.POST.get(f"reason-{key}", "")
    try:
        text = words(request, f"text-{key}")
        filling.explain(actor=request.actor, return_id=return_id, key=key, reason=reason, text=text, at=at)
    except Refused as refusal:
        told.status = max(told.status, status_code(refusal))
        told.reasons[key] = {"reason": reason, "text": text}, refusal.problems


def _confirm(request: DeskRequest, return_id: int, codes: list[str], at: datetime, told: Told) -> None:
    try:
        filling.confirm(actor=request.actor, return_id=return_id, codes=codes, at=at)
    except Refused as refusal:
        told.refuse(refusal)


@page("POST")
def save(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """One field. The answer is its line, with the computed lines and what is wrong elsewhere beside it.

    A save that goes well reads the return once: what is shown is what was checked under the lock."""
    at = clock.now()
    typed = typed_in(request, code) or Typed("", "")
    told, now = Told(), None
    try:
        now = _save(request, return_id, code, typed, at)
    except Return.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        if {problem.code for problem in refusal.problems} & {"permission_denied", "field.unknown"}:
            raise Http404 from None
        told.refuse(refusal, code, typed)
    return _answer(request, return_id, code, told, at, now)


def _answer(
    request: DeskRequest,
    return_id: int,
    code: str,
    told: Told,
    at: datetime,
    now: filling.Saved | None = None,
) -> HttpResponse:
    """The line again, or without script the way back to the section."""
    opened = now.opened if now else opened_or_404(request.actor, return_id, at=at)
    one = opened.form.field(code)
    part = opened.form.section(one.section)
    if not request.htmx and told.status == 200:
        return redirect("reporting:section", return_id=return_id, code=part.code)
    context = _context(opened, part, told, at, now.checked if now else None)
    if not request.htmx:
        return render(request, "reporting/section.html", context, status=told.status)
    mine = next(line for line in context["lines"] if line.code == code)  # type: ignore[attr-defined]
    return render(request, "reporting/line_saved.html", {**context, "line": mine}, status=told.status)


@page("POST")
def confirm(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """A prefilled value is this year's too."""
    at = clock.now()
    opened = opened_or_404(request.actor, return_id, at=at)
    if code not in opened.form.by_code:
        raise Http404
    told = Told()
    _confirm(request, return_id, [code], at, told)
    if told.status != 200:
        text = opened.values.get(code, "")
        told.refused[code] = told.others[0]
        told.typed[code] = Typed(request.POST.get(f"value-{code}", text), text)
    return _answer(request, return_id, code, told, at)


@page("POST")
def explain(request: DeskRequest, return_id: int) -> HttpResponse:
    """A reason for a question, of a field or of a row; back to where the question stands."""
    at = clock.now()
    opened = opened_or_404(request.actor, return_id, at=at)
    key = request.GET.get("key", "")
    told = Told()
    _explain(request, return_id, key, at, told)
    finding = next((one for one in opened.checked().findings if one.key == key), None)
    if request.htmx and finding and not finding.table and finding.problem.field in opened.form.by_code:
        return _answer(request, return_id, finding.problem.field, told, at)
    if told.status == 200:
        return redirect(back(request, f"/returns/{return_id}/"))
    context = _again(request, opened, key, told)
    return render(request, "reporting/explain.html", context, status=told.status)


def _again(request: DeskRequest, opened: Opened, key: str, told: Told) -> dict[str, object]:
    """The question once more, with what was written and why that is not enough."""
    written, problems = told.reasons[key]
    asked = [finding for finding, _given in queries.questions(opened, opened.checked()) if finding.key == key]
    return {
        "found": opened.of,
        "asked": [Found(finding, written, True, problems) for finding in asked],
        "problems": problems,
        "reasons": filling.REASONS,
        "next": back(request, f"/returns/{opened.of.pk}/"),
        "crumbs": crumbs((opened.of.campaign.title, f"/returns/{opened.of.pk}/"), (T("说明原因"), "")),
    }
