"""One return: to its carrier the overview, to officers the checking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core import clock
from core.http import page
from core.problems import Problem, Refused
from core.text import T
from office.models import ImportState
from office.services.standing import standing as standing_of_job
from office.web.requests import DeskRequest
from reporting import queries
from reporting.models import Return, WorkbookImport
from reporting.permissions import may_fill, may_fill_for
from reporting.rules.lifecycle import REVIEWING, Action
from reporting.services import behalf, returns
from reporting.web.loading import (
    back,
    crumbs,
    return_or_404,
    seen_or_none,
    status_code,
    submitter_or_404,
    words,
)
from reporting.web.review import review_context, sections_of
from reporting.web.standing import standing, status_of, waiting_problems
from reporting.web.story import chain_steps, deadlines, moves_of, sent_back, timeline

NONE: tuple[Problem, ...] = ()


@page("GET")
def detail(request: DeskRequest, return_id: int) -> HttpResponse:
    """Who may not know of it does not find it."""
    found = return_or_404(request.actor, return_id)
    return _shown(request, found, clock.now())


def _shown(
    request: DeskRequest, found: Return, at: datetime, problems: Sequence[Problem] = NONE, status: int = 200
) -> HttpResponse:
    """The page for this reader, with why the last act was not done."""
    context: dict[str, Any] = {
        **_frame(found, at),
        "problems": problems,
        "moves": returns.moves_for(found, request.actor),
    }
    if may_fill(request.actor, found):
        context.update(_overview(request, found, at))
        return render(request, "reporting/overview.html", context, status=status)
    opened = seen_or_none(request.actor, found, at=at)
    if opened is not None:
        context.update(review_context(request, opened))
    context["may_open"] = _may_open(request, found)
    context["may_fill_for"] = may_fill_for(request.actor, found) and queries.lock(found, at=at).open
    return render(request, "reporting/review.html", context, status=status)


def _may_open(request: DeskRequest, found: Return) -> bool:
    """Whether this office has it now and has not yet said so."""
    waits = found.state in REVIEWING and found.opened_by_officer_at is None
    return waits and queries.waiting_for(request.actor).filter(pk=found.pk).exists()


def _frame(found: Return, at: datetime) -> dict[str, Any]:
    moves = moves_of(found)
    return {
        "found": found,
        "status": status_of(found),
        "steps": chain_steps(found),
        "entries": timeline(moves),
        "sent_back": sent_back(found, moves),
        "deadlines": deadlines(found, at),
        "now": at,
        "crumbs": crumbs((found.campaign.title, "")),
    }


def _overview(request: DeskRequest, found: Return, at: datetime) -> dict[str, Any]:
    opened = queries.opened(found, at=at)
    checked = opened.checked()
    state = standing(opened, checked)
    waits = WorkbookImport.objects.visible_to(request.actor).filter(
        return_of=found, state__in=[ImportState.WAITING, ImportState.CHECKED]
    )
    file = waits.select_related("file", "job").first()
    return {
        "opened": opened,
        "standing": state,
        "go_on": state.following(""),
        "told": standing_of_job(file.job, at=at) if file and file.job else None,
        "todo": waiting_problems(opened, checked),
        "file": file,
        "withdrawals": [
            move for move in returns.moves_for(found, request.actor) if move.action == Action.WITHDRAW
        ],
    }


@page("POST")
def open_for_review(request: DeskRequest, return_id: int) -> HttpResponse:
    """The office has it on the desk: from now on the carrier cannot take it back."""
    return_or_404(request.actor, return_id)
    returns.open_for_review(actor=request.actor, return_id=return_id, at=clock.now())
    return HttpResponse(status=204) if request.htmx else redirect("reporting:return", return_id=return_id)


@page("POST")
def fill_for(request: DeskRequest, return_id: int) -> HttpResponse:
    """An officer begins to fill for the carrier, with a reason."""
    found = return_or_404(request.actor, return_id)
    try:
        reason, at = words(request, "reason"), clock.now()
        behalf.fill_for_carrier(actor=request.actor, return_id=return_id, reason=reason, at=at)
    except Refused as refusal:
        return _shown(request, found, clock.now(), refusal.problems, status_code(refusal))
    return redirect("reporting:return", return_id=return_id)


@page("POST")
def move(request: DeskRequest, return_id: int) -> HttpResponse:
    """Pass on, send back, accept, withdraw. What was moved meanwhile is told, nothing is done twice."""
    found = return_or_404(request.actor, return_id)
    try:
        _move(request, return_id)
    except Refused as refusal:
        found = return_or_404(request.actor, return_id)
        return _shown(request, found, clock.now(), refusal.problems, status_code(refusal))
    return redirect(back(request, f"/returns/{found.pk}/"))


def expected_of(request: DeskRequest) -> int:
    """The version that the person saw; what is no number fits none."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else -1


def _move(request: DeskRequest, return_id: int) -> None:
    about: dict[str, Any] = {
        "actor": request.actor,
        "return_id": return_id,
        "expected": expected_of(request),
        "at": clock.now(),
    }
    action, comment = request.POST.get("action", ""), words(request, "comment")
    if action == Action.PASS:
        returns.pass_on(comment=comment, **about)
    elif action == Action.ACCEPT:
        returns.accept(comment=comment, **about)
    elif action == Action.WITHDRAW:
        returns.withdraw(**about)
    elif action == Action.SEND_BACK:
        prefix = "reason-"
        reasons = {
            name.removeprefix(prefix): words(request, name)
            for name in request.POST
            if name.startswith(prefix)
        }
        returns.send_back(comment=comment, reasons=reasons, **about)
    else:
        raise Refused(Problem("move.unknown", T("没有这种办理。"), field="action"))


@page("GET", "POST")
def submit(request: DeskRequest, return_id: int) -> HttpResponse:
    """The answers once more, the commitment with the person's name, and what follows from it."""
    at = clock.now()
    found = submitter_or_404(request.actor, return_id)
    commitment = returns.commitment_of(found, request.actor)
    problems, status = NONE, 200
    if request.method == "POST":
        try:
            agreed = str(commitment) if request.POST.get("agreed") == "1" else ""
            about: dict[str, Any] = {
                "actor": request.actor,
                "return_id": return_id,
                "expected": expected_of(request),
            }
            returns.submit(commitment=agreed, at=at, **about)
            return redirect("reporting:receipt", return_id=return_id)
        except Refused as refusal:
            problems, status = refusal.problems, status_code(refusal)
            found = submitter_or_404(request.actor, return_id)
    context = {**_answers(found, at), "problems": problems, "commitment": commitment}
    return render(request, "reporting/submit.html", context, status=status)


def _answers(found: Return, at: datetime) -> dict[str, Any]:
    """Every section as it will be handed in."""
    opened = queries.opened(found, at=at)
    checked = opened.checked()
    return {
        **_frame(found, at),
        "opened": opened,
        "standing": standing(opened, checked),
        "todo": waiting_problems(opened, checked),
        "sections": sections_of(opened, checked),
        "tables": [(one, len(opened.rows[one.code])) for one in opened.form.tables],
        "crumbs": crumbs((found.campaign.title, f"/returns/{found.pk}/"), (T("核对并提交"), "")),
    }


@page("GET")
def receipt(request: DeskRequest, return_id: int) -> HttpResponse:
    """What was handed in, when, under which fingerprint; to keep and to print."""
    found = return_or_404(request.actor, return_id)
    versions = found.versions.filter(submitted_at__isnull=False).order_by("-number")
    version = versions.select_related("submitted_by", "on_behalf_by").first()
    if version is None:
        raise Http404
    context = {**_frame(found, clock.now()), "version": version}
    context["crumbs"] = crumbs((found.campaign.title, f"/returns/{found.pk}/"), (T("提交回执"), ""))
    return render(request, "reporting/receipt.html", context)
