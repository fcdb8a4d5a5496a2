"""Working days that staff set by the yearly notice."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.http import page
from core.pages import paged
from core.problems import Problem, Refused
from office.models import WorkdayOverride
from office.permissions import may_set_workdays
from office.queries import workdays
from office.services.workdays import set_day
from office.web.forms import WorkdayForm
from office.web.requests import DeskRequest


@login_required
@page("GET", "POST")
def listing(request: DeskRequest) -> HttpResponse:
    if not may_set_workdays(request.actor):
        raise Http404
    at = clock.now()
    form = WorkdayForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            set_day(actor=request.actor, at=at, **form.cleaned_data)
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("已保存。"))
            return redirect("office:workdays")
    rows = WorkdayOverride.objects.visible_to(request.actor).order_by("-day")
    shown = {"page": paged(rows, request), "form": form, "problems": problems}
    shown["estimated"] = workdays().is_estimated(clock.day_of(at).replace(month=12, day=31))
    return render(request, "office/workdays.html", shown)
