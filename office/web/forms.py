"""What the pages of the back office ask for."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.clock import SHANGHAI
from office.models import AuditEntry, JobState

_DAY = {"type": "date"}


class JobFilter(forms.Form):
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *JobState.choices])


class AuditFilter(forms.Form):
    """Person, action, object, period: each narrows the list."""

    person = forms.CharField(label=_("人员"), required=False, max_length=40)
    action = forms.CharField(label=_("动作"), required=False, max_length=60)
    thing = forms.CharField(label=_("对象编号"), required=False, max_length=80)
    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput(_DAY))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(_DAY))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("止日不能早于起日。"))
        return cleaned

    def narrow(self, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The rows that the form asks for; fields with an error narrow nothing."""
        self.is_valid()
        lookups = {
            "person": "user_name__icontains",
            "action": "action__startswith",
            "thing": "object_key__startswith",
        }
        for name, lookup in lookups.items():
            if asked := self.cleaned_data.get(name):
                rows = rows.filter(**{lookup: asked})
        if since := self.cleaned_data.get("since"):
            rows = rows.filter(at__gte=datetime.combine(since, time.min, SHANGHAI))
        if until := self.cleaned_data.get("until"):
            rows = rows.filter(at__lte=datetime.combine(until, time.max, SHANGHAI))
        return rows


class WorkdayForm(forms.Form):
    day = forms.DateField(label=_("日期"), widget=forms.DateInput(_DAY))
    is_working = forms.TypedChoiceField(
        label=_("安排"),
        choices=[("0", _("放假")), ("1", _("上班"))],
        coerce=lambda value: value == "1",
    )
    note = forms.CharField(label=_("依据"), max_length=100, help_text=_("通知名称、文号"))
