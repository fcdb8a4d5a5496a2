"""One's delegations: given, received, a new one, and their end."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment
from accounts.rules.delegations import LONGEST, PERSONAL
from core import clock
from core.http import page
from core.problems import Problem, Refused
from office.services import delegating
from office.web.people_forms import DelegateForm
from office.web.people_shown import held_shown
from office.web.requests import DeskRequest, tell


@login_required
@page("GET", "POST")
def delegations(request: DeskRequest) -> HttpResponse:
    """Everybody's own; POST lends the appointment under which one acts now."""
    form = DelegateForm(request.POST or None, initial={"valid_from": clock.day_of(clock.now())})
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            made = delegating.delegate(actor=request.actor, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("已委托 %s，到期自动收回。") % made.user)
            return redirect("accounts:delegations")
    return _shown(request, form, problems)


def _shown(request: DeskRequest, form: DelegateForm, problems: tuple[Problem, ...]) -> HttpResponse:
    at, actor = clock.now(), request.actor
    today = clock.day_of(at)
    rows = [
        {**held_shown(one, today), "to": one.user, "of": one.delegated_from}
        for one in delegating.delegations(actor, at)
    ]
    held = actor.appointment
    shown = {
        "given": [row for row in rows if row["to"] != actor.user],
        "received": [row for row in rows if row["to"] == actor.user],
        "own": held,
        "may_lend": held is not None and held.delegated_from_id is None and actor.role not in PERSONAL,
        "form": form,
        "problems": problems,
        "longest": LONGEST.days,
        "crumbs": [(_("我的账号"), reverse("accounts:me")), (_("委托"), "")],
    }
    status = 422 if problems or form.errors else 200
    return render(request, "accounts/delegations.html", shown, status=status)


@login_required
@page("POST")
def end(request: DeskRequest, appointment_id: int) -> HttpResponse:
    try:
        delegating.end_delegation(
            actor=request.actor,
            appointment_id=appointment_id,
            at=clock.now(),
            reason=request.POST.get("reason", ""),
        )
    except Appointment.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, _("委托已终止，立即失效。"))
    return redirect("accounts:delegations")
