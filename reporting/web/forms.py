"""What the pages of the returns ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from registry.rules.vocabulary import KINDS
from reporting.models import Form, ReturnVersion
from reporting.models.returns import answer_choices
from reporting.rules.answers import Answer

_AT = {"type": "datetime-local"}
_MOMENT = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


class RowFilter(forms.Form):
    q = forms.CharField(label=_("名称或代码"), required=False, max_length=60)
    only = forms.BooleanField(label=_("只看要处理的行"), required=False)


class QueueFilter(forms.Form):
    """What an officer narrows the list by. The stage is chosen by the counters above the list; a choice of
    one region is none."""

    q = forms.CharField(
        label=_("载体名称、编号"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"placeholder": _("载体名称、编号"), "type": "search"}),
    )
    region = forms.ChoiceField(label=_("区域"), required=False)
    kind = forms.ChoiceField(
        label=_("类型"),
        required=False,
        choices=[("", _("全部类型")), *((str(k), _(t.msgid)) for k, t in KINDS.items())],
    )
    campaign = forms.ChoiceField(label=_("填报任务"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, widget=forms.HiddenInput)
    view = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        campaigns: Sequence[tuple[str, str]],
        regions: Sequence[tuple[str, str]],
        states: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self._offer("campaign", _("全部任务"), campaigns)
        self._offer("region", _("全部区域"), regions)
        self._offer("state", _("全部"), states)
        if len(regions) == 1:
            del self.fields["region"]

    def _offer(self, name: str, everything: Any, found: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is declared so above
        field.choices = [("", everything), *found]


class MineFilter(forms.Form):
    year = forms.IntegerField(label=_("年度"), required=False, min_value=2000, max_value=2100)


def _moment(label: Any, hint: Any = "") -> forms.DateTimeField:
    """An instant by the wall clock in Beijing."""
    widget = forms.DateTimeInput(_AT, _MOMENT[0])
    return forms.DateTimeField(label=label, input_formats=_MOMENT, widget=widget, help_text=hint)


class CampaignForm(forms.Form):
    """Opens a year; instants are those of the wall clock in Beijing."""

    form = forms.ModelChoiceField(label=_("表单"), queryset=Form.objects.none())
    year = forms.IntegerField(label=_("数据年度"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("名称"), max_length=200)
    opens_at = _moment(_("开始时间"))
    last_start_at = _moment(_("最迟开始填报"), _("到此时仍未动笔的，不能再开始"))
    due_at = _moment(_("填报截止"))
    correct_by = _moment(_("修改截止"), _("被退回的，须在此前改好再交"))

    def __init__(self, data: Any, *, actor: Any) -> None:
        super().__init__(data)
        field = self.fields["form"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is declared so above
        field.queryset = Form.objects.visible_to(actor)


class TermForm(forms.Form):
    """The three dates of a part of a campaign."""

    region = forms.ModelChoiceField(label=_("区域"), queryset=Region.objects.none(), to_field_name="code")
    level = forms.ChoiceField(label=_("载体级别"), required=False)
    last_start_at = _moment(_("最迟开始填报"))
    due_at = _moment(_("填报截止"))
    correct_by = _moment(_("修改截止"))
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(
        self, data: Any, *, regions: Any, levels: Sequence[tuple[str, str]], first: Any = None
    ) -> None:
        super().__init__(data, initial=first)
        region, level = self.fields["region"], self.fields["level"]
        assert isinstance(region, forms.ModelChoiceField)  # noqa: S101 - it is declared so above
        assert isinstance(level, forms.ChoiceField)  # noqa: S101 - it is declared so above
        region.queryset = regions
        level.choices = [("", _("各级")), *levels]


class ExtensionForm(forms.Form):
    """Longer time for one carrier or one region."""

    carrier = forms.CharField(
        label=_("载体编号"), required=False, max_length=40, help_text=_("只延一家时填；延一个区域时留空")
    )
    region = forms.ChoiceField(label=_("区域"), required=False)
    until = _moment(_("延至"), _("在此以前可以开始填报、提交和修改"))
    clause = forms.CharField(label=_("依据"), max_length=200, help_text=_("条款、文号或情况"))

    def __init__(self, data: Any, *, regions: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="id_longer_%s")  # both forms of the page have a region
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)  # noqa: S101 - it is declared so above
        region.choices = [("", "—"), *regions]


class AnswerForm(forms.Form):
    """An answer without figures; `version` is the draft, whose answer it begins with."""

    answer = forms.ChoiceField(label=_("申报"), choices=answer_choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea({"rows": 4}))
    closed_on = forms.DateField(
        label=_("停止运营日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("只在申报停止运营时填"),
    )
    evidence = forms.FileField(
        label=_("证明材料"),
        help_text=_("PDF、PNG 或 JPEG，最大 20 MB。"),
        error_messages={"required": _("请附上证明材料（PDF、PNG 或 JPEG）。")},
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def __init__(self, data: Any, sent: Any, *, version: ReturnVersion) -> None:
        first = {"answer": version.answer, "reason": version.answer_reason, "closed_on": version.closed_on}
        super().__init__(data, sent, initial=first if version.answer else None)
        self.fields["evidence"].required = version.evidence is None

    def clean(self) -> dict[str, Any]:
        """What the service would say, told with the other faults of the form."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("answer") == Answer.CLOSED and not given.get("closed_on") and "closed_on" in given:
            self.add_error("closed_on", _("请填写停止运营的日期。"))
        return given
