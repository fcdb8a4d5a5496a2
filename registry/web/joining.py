"""The door for operators that nobody knows yet."""

from __future__ import annotations

from axes.helpers import get_client_ip_address
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from core import clock
from core.http import page
from core.problems import Problem, Refused
from office.web.requests import DeskRequest
from registry.services import joining


class JoinForm(forms.Form):
    name = forms.CharField(label=_("您的姓名"), max_length=40)
    email = forms.CharField(
        label=_("电子邮箱"),
        max_length=100,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("设置密码的链接发到这里。"),
    )
    operator_name = forms.CharField(label=_("运营机构名称"), max_length=100)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, help_text=_("与营业执照一致的 18 位代码。")
    )


@page("GET", "POST")
def join(request: DeskRequest) -> HttpResponse:
    """Always the same answer: whether an address is known, only its owner learns."""
    if request.actor.user:
        return redirect("portal:home")
    form = JoinForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            asked = joining.Asked(**form.cleaned_data)
            network = get_client_ip_address(request) or "-"
            joining.ask(asked=asked, network=network, at=clock.now())
        except Refused as refusal:
            problems, status = refusal.problems, getattr(refusal, "status", 422)
        else:
            return redirect("registry:joined")
    shown = {"form": form, "problems": problems}
    return render(request, "registry/join.html", shown, status=status)


@page("GET")
def joined(request: DeskRequest) -> HttpResponse:
    return render(request, "registry/join.html", {"done": True})
