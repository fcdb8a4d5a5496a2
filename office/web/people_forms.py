"""What the pages of people ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.services.people import TOKEN_DAYS
from office.web.forms import day_input


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"), max_length=40, widget=forms.TextInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("原密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("至少 12 位，不能是常见词（含拼音）加数字。"),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的新密码不一致。"))
        return again


class NewPasswordForm(PasswordForm):
    """Without the old one: the link stands for it."""

    old = None  # type: ignore[assignment]


def _lengths() -> list[tuple[int, str]]:
    """Said anew for each reader."""
    return [(days, gettext("%d 天") % days) for days in TOKEN_DAYS]


class TokenForm(forms.Form):
    label = forms.CharField(label=_("用途"), max_length=60)
    days = forms.TypedChoiceField(label=_("有效期"), coerce=int, choices=_lengths)


class DelegateForm(forms.Form):
    username = forms.CharField(
        label=_("对方的用户名"), max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )
    name = forms.CharField(label=_("对方的姓名"), max_length=40)
    valid_from = forms.DateField(label=_("自"), widget=day_input())
    valid_to = forms.DateField(label=_("至"), widget=day_input())
    reason = forms.CharField(label=_("理由"), max_length=200)


class ProofForm(forms.Form):
    """What shows that it is they: a code of the device, or the password of whom has none."""

    confirm_proof = forms.CharField(max_length=200, strip=False)

    def __init__(self, *args: Any, has_device: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["confirm_proof"]
        if has_device:
            field.label = _("动态口令")
            field.help_text = _("打开手机上的口令应用，输入 6 位数字；也可用一个备用码。")
            field.widget = forms.TextInput({"autocomplete": "one-time-code", "autofocus": True})
        else:
            field.label = _("登录密码")
            field.widget = forms.PasswordInput({"autocomplete": "current-password", "autofocus": True})


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("动态口令"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )
