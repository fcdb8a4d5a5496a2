"""What the pages of the back office ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.http import said
from office.models import JobState
from office.rules import acts
from office.services.regions import MOST_BYTES


def day_input() -> forms.DateInput:
    """Browsers take a day in this one form, whatever the reader's language."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class JobFilter(forms.Form):
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *JobState.choices])


class AuditFilter(forms.Form):
    """Person, kind, action, object, period: each narrows the list."""

    person = forms.CharField(label=_("人员"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("类别"), required=False)
    action = forms.CharField(label=_("动作"), required=False, max_length=60)
    thing = forms.CharField(label=_("对象编号"), required=False, max_length=80)
    since = forms.DateField(label=_("自"), required=False, widget=day_input())
    until = forms.DateField(label=_("至"), required=False, widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, said(title)) for kind, title in acts.TITLES.items()]
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("止日不能早于起日。"))
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for; fields with an error narrow nothing."""
        self.is_valid()
        return dict(self.cleaned_data)


class WorkdayForm(forms.Form):
    day = forms.DateField(label=_("日期"), widget=day_input())
    is_working = forms.TypedChoiceField(
        label=_("安排"),
        choices=[("0", _("放假")), ("1", _("上班"))],
        coerce=lambda value: value == "1",
    )
    note = forms.CharField(label=_("依据"), max_length=100, help_text=_("通知名称、文号"))


class NoticeForm(forms.Form):
    """All days of a yearly notice at once."""

    days = forms.CharField(
        label=_("日子"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 8, "placeholder": "2027-02-20 上班\n2027-02-23 放假"}),
        help_text=_("一行一天：日期、空格、“放假”或“上班”。只写与通常周末不同的日子。"),
    )
    note = forms.CharField(label=_("依据"), max_length=100, help_text=_("通知名称、文号"))


class RegionsFile(forms.Form):
    file = forms.FileField(label=_("区域文件"))

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 2 MB，不像区域文件。"))
        return given


class WaysForm(forms.Form):
    """How a person is told. A way that cannot reach them is shown and cannot be chosen."""

    mail = forms.BooleanField(label=_("发邮件"), required=False)
    digest = forms.BooleanField(
        label=_("邮件每天汇总成一封"), required=False, help_text=_("不选则有事时各发一封")
    )
    sms = forms.BooleanField(label=_("重要提醒发短信"), required=False)

    def __init__(self, data: Any, *, initial: Any, person: Any) -> None:
        super().__init__(data, initial=initial)
        self.fields["mail"].disabled = self.fields["digest"].disabled = not person.email
        self.fields["sms"].disabled = not (settings.SMS_ON and person.phone)
