"""Working days that staff set by the yearly notice."""

from __future__ import annotations

from typing import Any

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
from office.services import upkeep
from office.services.workdays import set_day, set_days
from office.web.forms import NoticeForm, WorkdayForm
from office.web.requests import DeskRequest

NOTICE_IDS = "id_notice_%s"  # both forms of the page have a field of one name


@login_required
@page("GET", "POST")
def listing(request: DeskRequest) -> HttpResponse:
    """The days set over the calendar, and one more by form."""
    _known(request)
    form = WorkdayForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            set_day(actor=request.actor, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("已保存。"))
            return redirect("office:workdays")
    return _shown(request, form=form, problems=problems)


@login_required
@page("POST")
def notice(request: DeskRequest) -> HttpResponse:
    """All days of a notice at once, or none."""
    _known(request)
    form = NoticeForm(request.POST, auto_id=NOTICE_IDS)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        given = form.cleaned_data
        try:
            count = set_days(actor=request.actor, text=given["days"], note=given["note"], at=clock.now())
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("已登记 %d 天。") % count)
            return redirect("office:workdays")
    return _shown(request, notice=form, line_problems=problems, status=422)


def _known(request: DeskRequest) -> None:
    if not may_set_workdays(request.actor):
        raise Http404


def _shown(request: DeskRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    at = clock.now()
    rows = WorkdayOverride.objects.visible_to(request.actor).order_by("-day")
    shown = {
        "form": WorkdayForm(),
        "notice": NoticeForm(auto_id=NOTICE_IDS),
        "calendar": upkeep.calendar(at),
        **given,
    }
    shown["page"] = paged(rows, request)
    return render(request, "office/workdays.html", shown, status=status)
