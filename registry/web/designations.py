"""A designation is recorded for a carrier: given, changed or taken away, with its day and its document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from core import clock
from core.http import page, said
from core.problems import Problem, Refused
from office.web.requests import DeskRequest
from registry.models import Carrier
from registry.permissions import may_designate
from registry.queries.levels import designation_words
from registry.rules.designations import LONGEST_PLACE
from registry.services.designations import record_designation


class DesignationForm(forms.Form):
    """What the document decided. Home and place are of an enclave alone."""

    designation = forms.ChoiceField(label=_("称号"), required=False)
    decided_on = forms.DateField(label=_("决定日期"), widget=forms.DateInput({"type": "date"}))
    basis = forms.CharField(
        label=_("依据文件"), max_length=200, help_text=_("文件名称，例如：关于公布标杆孵化器名单的通知")
    )
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    batch = forms.CharField(label=_("批次"), max_length=60, required=False)
    home_region = forms.ChoiceField(
        label=_("派出地"), required=False, help_text=_("只有科创飞地填写：由哪个市、县设立。")
    )
    host_place = forms.CharField(
        label=_("省外所在地"),
        required=False,
        max_length=LONGEST_PLACE,
        help_text=_("飞地设在省外的填写，例如：某市某区；省内的以登记区域为所在地。"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        day = clock.day_of(clock.now())
        words = [(code, said(one)) for code, one in designation_words(day).items()]
        regions = Region.objects.on(day).exclude(parent=None).order_by("code")
        known = [(one.code, f"{one.code} {one.name}") for one in regions]
        self.fields["designation"].choices = [("", _t("无（取消称号）")), *words]  # type: ignore[attr-defined]
        self.fields["home_region"].choices = [("", _t("不是飞地")), *known]  # type: ignore[attr-defined]


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
            messages.success(request, _t("已登记。"))
            return redirect("registry:carrier", code=found.code)
    crumbs = [
        (_t("载体"), reverse("registry:manage")),
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
