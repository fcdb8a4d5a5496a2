"""What the pages about people ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import TITLES, Role
from core.http import said
from office.web.forms import day_input

STATES = [
    ("", _("全部")),
    ("held", _("有有效任职")),
    ("none", _("没有有效任职")),
    ("ending", _("30 天内到期")),
    ("never", _("从未登录")),
    ("suspended", _("已停用")),
    ("alone", _("本载体仅此一人")),
]


def _roles() -> list[tuple[str, str]]:
    return [(role.value, said(TITLES[role])) for role in Role]


class PeopleFilter(forms.Form):
    words = forms.CharField(label=_("姓名、用户名"), required=False, max_length=40)
    role = forms.ChoiceField(label=_("身份"), required=False)
    scope = forms.CharField(label=_("范围"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("全部")), *_roles()]  # type: ignore[attr-defined]
        self.fields["scope"].widget.attrs["placeholder"] = _("区域名称、载体编号")


class PersonForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=40)
    username = forms.CharField(
        label=_("用户名"),
        max_length=40,
        help_text=_("登录用，不能再改；不要用身份证号、手机号。"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        help_text=_("填了就把设置密码的链接发到这里，否则由您当面交给本人。"),
    )
    phone = forms.CharField(label=_("手机"), max_length=20, required=False)


class AppointForm(forms.Form):
    role = forms.ChoiceField(label=_("身份"))
    region = forms.ModelChoiceField(
        label=_("区域"), queryset=Region.objects.none(), required=False, empty_label="—"
    )
    carrier_code = forms.CharField(
        label=_("载体编号"), max_length=24, required=False, help_text=_("载体填报人填编号，其他身份选区域。")
    )
    title = forms.CharField(label=_("职务"), max_length=40, required=False)
    valid_from = forms.DateField(label=_("自"), widget=day_input())
    valid_to = forms.DateField(label=_("至"), required=False, widget=day_input(), help_text=_("不填为长期。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "—"), *_roles()]  # type: ignore[attr-defined]
        regions = self.fields["region"]
        regions.queryset = Region.objects.order_by("path")  # type: ignore[attr-defined]
        regions.label_from_instance = _indented  # type: ignore[attr-defined]


def _indented(region: Region) -> str:
    """The tree shows by its indent: a select has no other."""
    depth = max(0, region.path.count("/") - 2)
    return "\u3000" * depth + region.name


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)
