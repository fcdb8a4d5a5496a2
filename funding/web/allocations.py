"""Allocations: the list, how one is worked out, what it holds, its confirmation, the workbook."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import page, said
from core.pages import paged
from core.problems import Problem, Refused
from core.ui import Action
from funding import queries
from funding.models import Allocation, Award
from funding.permissions import may_import_policies, may_oversee, may_pay, may_see_because
from funding.rules.lifecycle import ALLOCATION
from funding.services import allocations
from funding.web.forms import AwardFilter, MoveForm, PrepareForm
from funding.web.shared import base_of, status_of, tell
from office.services import jobs
from office.web.confirming import confirmed
from office.web.requests import DeskRequest

SHOWN = 100


def _may_prepare(request: DeskRequest) -> bool:
    region = request.actor.region
    return region is not None and may_pay(request.actor, region)


@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """Allocations and policies that one may know of: for visitors those decided."""
    found = paged(queries.allocations_of(request.actor), request)
    region = request.actor.region
    actions = []
    if _may_prepare(request):
        actions.append(Action(_("测算资金"), reverse("funding:allocation_new"), "wallet", "primary"))
    if region is not None and may_import_policies(request.actor, region):
        actions.append(Action(_("导入奖补政策"), reverse("funding:policy_import"), "file-up"))
    shown = {
        "page": found,
        "rows": [(one, status_of(one)) for one in found.items],
        "own": {"rows": rows} if (rows := _own(request)) else {},
        "policies": queries.policies_of(request.actor)[:SHOWN],
        "actions": actions,
        "base": base_of(request),
    }
    return render(request, "funding/home.html", shown)


def _own(request: DeskRequest) -> list[tuple[Award, bool]]:
    """To a carrier's staff the carrier's own awards with what made them; to others nothing."""
    code = request.actor.carrier_code
    if not code:
        return []
    rows = queries.decided_awards(request.actor).filter(carrier__code=code).order_by("-year", "pk")
    return [(one, may_see_because(request.actor, one)) for one in rows[:SHOWN]]


@login_required
@page("GET", "POST")
def new(request: DeskRequest) -> HttpResponse:
    """Works out the money of a policy over a published run; a refusal says every reason."""
    if not _may_prepare(request):
        raise Http404
    form = PrepareForm(request.actor, request.POST or None, initial={"run": request.GET.get("run")})
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        policy, run = form.cleaned_data["policy"], form.cleaned_data["run"]
        try:
            made = allocations.prepare(
                actor=request.actor, policy_id=policy.pk, run_id=run.pk, at=clock.now()
            )
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("funding:allocation", allocation_id=made.pk)
    status = 422 if problems else 200
    return render(request, "funding/allocation_new.html", {"form": form, "problems": problems}, status=status)


@page("GET")
def detail(request: DeskRequest, allocation_id: int) -> HttpResponse:
    """Sums by payer, city and award, the awards, and to those who may what confirming would do."""
    found = get_object_or_404(queries.allocations_of(request.actor), pk=allocation_id)
    form = AwardFilter(found, request.GET)
    awards = paged(form.narrow(queries.awards_of(found, request.actor)), request)
    moves = allocations.moves_for(found, request.actor)
    shown: dict[str, Any] = {
        "allocation": found,
        "status": status_of(found),
        "form": form,
        "page": awards,
        "rows": [(one, may_see_because(request.actor, one)) for one in awards.items],
        "payers": _payers(found),
        "cities": queries.by_city(found),
        "awards": queries.by_award(found),
        "preview": queries.preview_of(found) if found.state == "draft" else None,
        "moves": moves,
        "oversees": may_oversee(request.actor, found),
        "own_draft": found.state == "draft" and found.prepared_by_id == request.actor.user_id,
        "entries": _timeline(found) if may_oversee(request.actor, found) else [],
        "may_export": request.actor.user_id is not None,
        "base": base_of(request),
    }
    return render(request, "funding/allocation.html", shown)


def _payers(found: Allocation) -> list[dict[str, Any]]:
    """The sums by payer as they are stored."""
    return [
        {
            "name": _("全部出资方") if payer["payer"] is None else payer["payer"] or "—",
            "budget": None if payer["budget"] is None else Decimal(payer["budget"]),
            "claimed": Decimal(payer["claimed"]),
            "amount": Decimal(payer["allocated"]),
        }
        for payer in found.result["payers"]
    ]


def _timeline(found: Allocation) -> list[dict[str, Any]]:
    """Who did what when, the latest first."""
    steps = [
        (found.dropped_at, found.dropped_by, _("作废"), found.comment, "muted"),
        (found.confirmed_at, found.confirmed_by, _("核定"), found.comment, "ok"),
        (found.prepared_at, found.prepared_by, _("测算"), "", "info"),
    ]
    return [
        {"at": at, "who": str(who or ""), "what": what, "comment": comment, "tone": tone}
        for at, who, what, comment, tone in steps
        if at is not None
    ]


@login_required
@page("POST")
@confirmed("confirm")
def act(request: DeskRequest, allocation_id: int) -> HttpResponse:
    """One move; a refusal comes back to the page with every reason."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("办理的内容不完整，请刷新后再试。"))
        return redirect("funding:allocation", allocation_id=allocation_id)
    asked = form.cleaned_data
    try:
        found = allocations.act(
            actor=request.actor,
            allocation_id=allocation_id,
            action=asked["action"],
            expected=asked["version"],
            comment=asked["comment"],
            at=clock.now(),
        )
    except Allocation.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, _("已办理：{state}。").format(state=said(ALLOCATION.title_of(found.state))))
    return redirect("funding:allocation", allocation_id=allocation_id)


@login_required
@page("POST")
def export(request: DeskRequest, allocation_id: int) -> HttpResponse:
    """Starts the job that writes the awards as a workbook; what may be seen is asked again there."""
    found = get_object_or_404(queries.allocations_of(request.actor), pk=allocation_id)
    with transaction.atomic():
        job = jobs.begin(
            actor=request.actor,
            handler="funding.tasks.export_awards",
            title=_("导出奖补：{title}").format(title=found.policy.title)[:200],
            arguments={"allocation": found.pk},
            link=reverse("funding:allocation", args=[found.pk]),
            at=clock.now(),
        )
    return redirect("office:job", job_id=job.pk)
