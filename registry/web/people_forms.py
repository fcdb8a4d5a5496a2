"""What the pages about a carrier's people ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment
from accounts.rules.duties import TITLES, Duty
from core.http import said
from office.web.forms import day_input
from registry.services.people import NewPerson, Term


class _Person(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=40)
    username = forms.CharField(
        label=_("用户名"),
        max_length=40,
        help_text=_("登录用，不能再改；不要用身份证号、手机号。"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("电子邮箱"), help_text=_("设置密码的链接发到这里，3 天内有效。"))
    phone = forms.CharField(label=_("手机"), max_length=20, required=False)

    @property
    def person(self) -> NewPerson:
        return NewPerson(**{name: self.cleaned_data[name] for name in ("name", "username", "email", "phone")})


class InviteForm(_Person):
    duty = forms.ChoiceField(label=_("职责"))
    title = forms.CharField(label=_("职务"), max_length=40, required=False)
    valid_from = forms.DateField(label=_("自"), widget=day_input())
    valid_to = forms.DateField(label=_("至"), required=False, widget=day_input(), help_text=_("不填为长期。"))

    def __init__(self, *args: Any, duties: Iterable[Duty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = [  # type: ignore[attr-defined]
            (duty.value, said(TITLES[duty])) for duty in duties
        ]

    @property
    def term(self) -> Term:
        given = self.cleaned_data
        return Term(
            duty=Duty(given["duty"]),
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
            title=given["title"],
        )


class HandOverForm(_Person):
    """Either one of the carrier's people or a new one."""

    to = forms.TypedChoiceField(label=_("由本载体的人接任"), required=False, coerce=int, empty_value=None)
    reason = forms.CharField(label=_("理由"), max_length=200)
    field_order = ("reason", "to", "name", "username", "email", "phone")

    def __init__(self, *args: Any, heirs: Iterable[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "username", "email"):
            self.fields[name].required = False
        offered = [(str(one.pk), str(one.user)) for one in heirs]
        if offered:
            self.fields["to"].choices = [("", _("另邀新人（填写下面各项）")), *offered]  # type: ignore[attr-defined]
        else:
            del self.fields["to"]

    @property
    def new(self) -> NewPerson | None:
        given = self.cleaned_data
        return self.person if any(given[name] for name in ("name", "username", "email")) else None
