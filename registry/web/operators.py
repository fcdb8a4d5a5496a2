"""An operator takes over all carriers of another: asked, looked at, carried out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules.roles import CHECKING
from core import clock
from core.http import page
from core.problems import Refused
from office.web.requests import DeskRequest
from registry.services.operators import Succession, plan_succession, succeed_operator


class SuccessionForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("原运营机构信用代码"), max_length=40)
    to_code = forms.CharField(label=gettext_lazy("承继机构信用代码"), max_length=40)
    to_name = forms.CharField(label=gettext_lazy("承继机构名称"), max_length=200)
    happened_on = forms.DateField(
        label=gettext_lazy("生效日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    basis = forms.CharField(
        label=gettext_lazy("依据文件"), max_length=200, help_text=gettext_lazy("名称和文号")
    )


@login_required
@page("GET", "POST")
def succession(request: DeskRequest) -> HttpResponse:
    """For officers; which operators they may decide on is told with their carriers."""
    if request.actor.role not in CHECKING:
        raise Http404
    form = SuccessionForm(request.POST or None, initial={"code": request.GET.get("code", "")[:18]})
    step = request.POST.get("step", "")
    if step not in ("check", "carry") or not form.is_valid():
        return _shown(request, form)
    asked = Succession(**form.cleaned_data)
    found = plan_succession(actor=request.actor, asked=asked, at=clock.now())
    if found.problems:
        return _shown(request, form, problems=found.problems)
    if step == "check":
        return _shown(request, form, found=found, asked=asked)
    try:
        succeed_operator(actor=request.actor, asked=asked, at=clock.now())
    except Refused as refused:
        return _shown(request, form, problems=refused.problems)
    messages.success(request, _("已登记，{n} 家载体的运营机构已变更。").format(n=len(found.carriers)))
    return redirect("registry:carrier", code=found.carriers[0].code)


def _shown(request: DeskRequest, form: SuccessionForm, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "hidden": [form[name] for name in form.fields],
        "crumbs": [(_("载体"), reverse("registry:manage")), (_("运营机构承继"), "")],
        **more,
    }
    wrong = bool(form.errors or more.get("problems"))
    return render(request, "registry/operator_succession.html", context, status=422 if wrong else 200)
