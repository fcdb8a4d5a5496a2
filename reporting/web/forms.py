"""What the pages of the returns ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.rules.vocabulary import KINDS
from reporting.models import Form
from reporting.rules.lifecycle import TITLES

_AT = {"type": "datetime-local"}
_MOMENT = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


class RowFilter(forms.Form):
    q = forms.CharField(label=_("名称或代码"), required=False, max_length=60)
    only = forms.BooleanField(label=_("只看要处理的行"), required=False)


class QueueFilter(forms.Form):
    """What an officer narrows the list by; `state` also knows `mine` and `not_started`."""

    q = forms.CharField(label=_("载体名称、编号"), required=False, max_length=60)
    campaign = forms.ChoiceField(label=_("填报任务"), required=False)
    region = forms.ChoiceField(label=_("区域"), required=False)
    kind = forms.ChoiceField(
        label=_("类型"),
        required=False,
        choices=[("", _("全部")), *((str(k), _(t.msgid)) for k, t in KINDS.items())],
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("mine", _("待我办理")),
            ("not_started", _("未开始")),
            *((str(state), _(title.msgid)) for state, title in TITLES),
        ],
    )

    def __init__(
        self, data: Any, *, campaigns: Iterable[tuple[str, str]], regions: Iterable[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        for name, found in (("campaign", campaigns), ("region", regions)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is declared so above
            field.choices = [("", _("全部")), *found]


class MineFilter(forms.Form):
    year = forms.IntegerField(label=_("年度"), required=False, min_value=2000, max_value=2100)


class CampaignForm(forms.Form):
    """Opens a year; instants are those of the wall clock in Beijing."""

    form = forms.ModelChoiceField(label=_("表单"), queryset=Form.objects.none())
    year = forms.IntegerField(label=_("数据年度"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("名称"), max_length=200)
    opens_at = forms.DateTimeField(
        label=_("开始时间"), input_formats=_MOMENT, widget=forms.DateTimeInput(_AT, _MOMENT[0])
    )
    last_start_at = forms.DateTimeField(
        label=_("最迟开始填报"),
        input_formats=_MOMENT,
        widget=forms.DateTimeInput(_AT, _MOMENT[0]),
        help_text=_("到此时仍未动笔的，不能再开始"),
    )
    due_at = forms.DateTimeField(
        label=_("填报截止"), input_formats=_MOMENT, widget=forms.DateTimeInput(_AT, _MOMENT[0])
    )
    correct_by = forms.DateTimeField(
        label=_("修改截止"),
        input_formats=_MOMENT,
        widget=forms.DateTimeInput(_AT, _MOMENT[0]),
        help_text=_("被退回的，须在此前改好再交"),
    )

    def __init__(self, data: Any, *, actor: Any) -> None:
        super().__init__(data)
        field = self.fields["form"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is declared so above
        field.queryset = Form.objects.visible_to(actor)
