"""The officer's page: a year's figures as they are now beside what is published."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Region
from accounts.rules.roles import Role
from core import clock
from core.http import page
from core.problems import Problem, Refused
from core.text import T
from core.ui import Status
from figures import queries
from figures.rules.definitions import BY_CODE
from figures.services.computing import Compared, compared, publish_figures
from figures.web.pages import part_of
from office.web.requests import DeskRequest


class YearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)


def status_of(one: Compared) -> Status:
    if one.is_new:
        return Status(T("未发布"), "info")
    if one.differs:
        return Status(T("与已发布不同"), "warn")
    return Status(T("已发布"), "ok")


def _shown(
    request: DeskRequest, root: Region, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    form = YearForm(request.GET or {"year": clock.now().year - 1})
    year = form.cleaned_data["year"] if form.is_valid() else clock.now().year - 1
    found = compared(year=year, root=root)
    names = dict(Region.objects.within(root).values_list("pk", "name"))
    rows = [
        (one.now.definition, names[one.now.region_id], part_of(one.now), one, status_of(one)) for one in found
    ]
    several = queries.several(request.actor, year)
    context = {
        "form": form,
        "year": year,
        "rows": [row for row in rows if row[3].now.region_id == root.pk or row[4].tone != "ok"],
        "open": sum(1 for one in found if one.is_new or one.differs),
        "several": [(BY_CODE[one.definition], part_of(one), one) for one in several],
        "problems": problems,
    }
    return render(request, "figures/desk.html", context, status=status)


@login_required
@page("GET", "POST")
def desk(request: DeskRequest) -> HttpResponse:
    """Shows a year, publishes it on request; figures with several published values are named."""
    root = request.actor.region
    if request.actor.role != Role.PROVINCE_OFFICER or root is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, root)
    form = YearForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(Problem("figures.year", T("年度须为 2000 至 2100。"), field="year"))
        made = publish_figures(actor=request.actor, year=form.cleaned_data["year"], at=clock.now())
    except Refused as refused:
        return _shown(request, root, refused.problems, 409)
    messages.success(request, _("新发布 {n} 个数。").format(n=len(made)))
    return redirect(f"{reverse('figures:desk')}?year={form.cleaned_data['year']}")
