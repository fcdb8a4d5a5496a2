"""Asking for a change: today's values beside new ones, then a look at what changes, then off it goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules.roles import Role
from core import clock
from core.http import page
from core.problems import Problem, Refused
from office.web.requests import DeskRequest
from registry.models import Carrier, ChangeRequest
from registry.permissions import may_ask_change
from registry.rules.asked_facts import EVIDENCE, FACTS, Evidence
from registry.rules.changing import Action
from registry.services import changing
from registry.services.proposals import Asked, Proposal, propose, values_of
from registry.web import change_words as words
from registry.web.change_forms import ACCEPTED, ChangeForm, initial_of

_OF_FILES = frozenset({*(str(kind) for kind in EVIDENCE), "file"})


@login_required
@page("GET", "POST")
def new(request: DeskRequest, code: str) -> HttpResponse:
    """By the carrier's staff, or by an office on its behalf. 404 for everybody else."""
    rows = Carrier.objects.managed_by(request.actor).select_related("operator", "region")
    carrier = get_object_or_404(rows, code=code)
    if not may_ask_change(request.actor, carrier):
        raise Http404
    return _answer(request, carrier, None)


@login_required
@page("GET", "POST")
def mend(request: DeskRequest, change_id: int) -> HttpResponse:
    """For who asked, while it is back with them."""
    rows = ChangeRequest.objects.visible_to(request.actor)
    found = get_object_or_404(rows.select_related("carrier__operator", "carrier__region"), pk=change_id)
    if Action.RESUBMIT not in {move.action for move in changing.moves_for(found, request.actor)}:
        return redirect("registry:change", change_id=found.pk)
    return _answer(request, found.carrier, found)


def _answer(request: DeskRequest, carrier: Carrier, again: ChangeRequest | None) -> HttpResponse:
    step = request.POST.get("step", "")
    form = ChangeForm(carrier, request.POST or None, initial=initial_of(again) if again else None)
    if step not in ("check", "send") or not form.is_valid():
        return _form(request, carrier, again, form, wrong=bool(form.errors))
    asked = form.asked(request)
    proposal = propose(actor=request.actor, carrier=carrier, asked=asked, at=clock.now(), again=again)
    if proposal.problems:
        return _form(request, carrier, again, form, problems=proposal.problems)
    if step == "check":
        return _check(request, carrier, again, form, proposal)
    try:
        made = _sent(request, carrier, again, asked)
    except Refused as refused:
        if all(problem.field in _OF_FILES for problem in refused.problems):
            return _check(request, carrier, again, form, proposal, refused.problems)
        return _form(request, carrier, again, form, problems=refused.problems)
    messages.success(request, _("申请 {number} 已提交。").format(number=made.number))
    return redirect("registry:change", change_id=made.pk)


def _sent(request: DeskRequest, carrier: Carrier, again: ChangeRequest | None, asked: Asked) -> ChangeRequest:
    about: dict[str, Any] = {"actor": request.actor, "asked": asked, "at": clock.now()}
    if again is None:
        return changing.ask(code=carrier.code, **about)
    version = request.POST.get("version", "")
    expected = int(version) if version.isdecimal() and len(version) < 10 else -1
    return changing.resubmit(request_id=again.pk, expected=expected, **about)


def _shared(
    request: DeskRequest, carrier: Carrier, again: ChangeRequest | None, form: ChangeForm
) -> dict[str, Any]:
    on_behalf = request.actor.role != Role.CARRIER_STAFF
    return {
        "carrier": carrier,
        "again": again,
        "form": form,
        "on_behalf": on_behalf,
        "title": _("更正登记") if on_behalf else _("申请变更登记"),
        "crumbs": [
            (_("载体"), reverse("registry:manage")),
            (carrier.code, reverse("registry:carrier", args=[carrier.code])),
            (_("变更"), ""),
        ],
    }


def _form(
    request: DeskRequest,
    carrier: Carrier,
    again: ChangeRequest | None,
    form: ChangeForm,
    *,
    problems: Any = (),
    wrong: bool = False,
) -> HttpResponse:
    now = {name: {"old": value, "new": value} for name, value in values_of(carrier).items()}
    shown = _shared(request, carrier, again, form)
    shown["problems"] = problems
    shown["rows"] = [(row, form.bound(FACTS[row.name])) for row in words.rows_of(now)]
    shown["about"] = [form[name] for name in ("happened_on", "reason", "basis", "document_number")]
    return render(request, "registry/change_ask.html", shown, status=422 if problems or wrong else 200)


def _check(
    request: DeskRequest,
    carrier: Carrier,
    again: ChangeRequest | None,
    form: ChangeForm,
    proposal: Proposal,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    shown = _shared(request, carrier, again, form)
    shown |= {
        "problems": problems,
        "rows": words.rows_of(proposal.facts),
        "way": words.way_of(proposal.route),
        "is_late": proposal.is_late,
        "hidden": [form[name] for name in form.fields],
        "evidence": [(kind, EVIDENCE[Evidence(kind)]) for kind in proposal.needed],
        "kept": list(again.files.select_related("file")) if again else [],
        "accepted": ACCEPTED,
        "about": form.cleaned_data,
    }
    return render(request, "registry/change_check.html", shown, status=422 if problems else 200)
