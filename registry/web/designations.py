"""A designation is recorded for a carrier: given, changed or taken away, with its day and its document."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Region
from core import clock
from core.http import page
from core.problems import Problem, Refused
from office.web.requests import DeskRequest
from registry.models import Carrier
from registry.permissions import may_designate
from registry.services.designations import record_designation
from registry.web.forms import DesignationForm


@login_required
@page("GET", "POST")
def record(request: DeskRequest, code: str) -> HttpResponse:
    """404 for a carrier outside one's scope, and for who gives no designation."""
    rows = Carrier.objects.managed_by(request.actor).select_related("region", "home_region")
    found = get_object_or_404(rows, code=code)
    if not may_designate(request.actor, found):
        raise Http404
    form = DesignationForm(request.POST or None, initial=_now(found))
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        problems = _recorded(request, found, form)
        if not problems:
            messages.success(request, _("已登记。"))
            return redirect("registry:carrier", code=found.code)
    crumbs = [
        (_("载体"), reverse("registry:manage")),
        (found.code, reverse("registry:carrier", args=[code])),
    ]
    shown = {"carrier": found, "form": form, "problems": problems, "crumbs": crumbs}
    return render(request, "registry/designation.html", shown, status=422 if problems or form.errors else 200)


def _now(found: Carrier) -> dict[str, str]:
    home = found.home_region.code if found.home_region else ""
    return {"designation": found.designation, "home_region": home, "host_place": found.host_place}


def _recorded(request: DeskRequest, found: Carrier, form: DesignationForm) -> tuple[Problem, ...]:
    given = dict(form.cleaned_data)
    home = Region.objects.filter(code=given.pop("home_region")).first()
    try:
        record_designation(actor=request.actor, code=found.code, home_region=home, at=clock.now(), **given)
    except Refused as refused:
        return refused.problems
    return ()
