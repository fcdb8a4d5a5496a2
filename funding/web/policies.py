"""Policies: one as its awards and limits, the import of a file."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.http import page
from core.problems import Problem, Refused
from funding import queries
from funding.permissions import may_import_policies
from funding.rules.explained import award_lines, limit_lines
from funding.services.policies import import_policy
from funding.web.forms import PolicyForm
from funding.web.shared import base_of, status_of
from office.web.requests import DeskRequest
from registry.queries.levels import level_words

MOST_BYTES = 1024 * 1024
SHOWN = 20


@page("GET")
def detail(request: DeskRequest, policy_id: int) -> HttpResponse:
    """The awards with who earns them and how much, then what limits them, then what came of it."""
    row = get_object_or_404(queries.policies_of(request.actor), pk=policy_id)
    policy = queries.definition(row).policy
    used = queries.allocations_of(request.actor).filter(policy=row)[:SHOWN]
    shown = {
        "row": row,
        "policy": policy,
        "lines": award_lines(policy, level_words(clock.day_of(clock.now()))),
        "limits": limit_lines(policy),
        "allocations": [(one, status_of(one)) for one in used],
        "base": base_of(request),
    }
    return render(request, "funding/policy.html", shown)


@login_required
@page("GET", "POST")
def upload(request: DeskRequest) -> HttpResponse:
    """Takes a file; every fault with its path, and then nothing is loaded."""
    region = request.actor.region
    if region is None or not may_import_policies(request.actor, region):
        raise Http404
    form = PolicyForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        source = form.cleaned_data["file"].read(MOST_BYTES + 1)
        try:
            row = import_policy(actor=request.actor, source=source, region=region, at=clock.now())
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("已导入。"))
            return redirect("funding:policy", policy_id=row.pk)
    status = 422 if problems else 200
    return render(request, "funding/policy_import.html", {"form": form, "problems": problems}, status=status)
