"""What the pages of funding ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from evaluation.models import Run
from funding import queries
from funding.models import Allocation, Award, Policy


class PrepareForm(forms.Form):
    policy = forms.ModelChoiceField(Policy.objects.none(), label=_("奖补政策"), empty_label=_("请选择"))
    run = forms.ModelChoiceField(
        Run.objects.none(), label=_("评价批次"), empty_label=_("请选择"), help_text=_("结果已公布的批次")
    )

    def __init__(self, actor: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = queries.policies_of(actor).filter(region__path__startswith=actor.region_path or "-")
        self.fields["policy"].queryset = own  # type: ignore[attr-defined]
        self.fields["run"].queryset = queries.runs_to_pay(actor)  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """A move as it arrives; whether it may be made is for the service."""

    action = forms.CharField(max_length=20)
    version = forms.IntegerField(min_value=0)
    comment = forms.CharField(required=False, max_length=2000)


class AwardFilter(forms.Form):
    """Carrier, award, city: each narrows the list."""

    q = forms.CharField(label=_("载体名称或编号"), required=False, max_length=60)
    award = forms.ChoiceField(label=_("奖项"), required=False)
    city = forms.ChoiceField(label=_("设区市"), required=False)

    def __init__(self, allocation: Allocation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awards = [(one.code, one.label) for one in queries.definition(allocation.policy).policy.awards]
        cities = [(city.code, city.name) for city in queries.cities_of(allocation)]
        self.fields["award"].choices = [("", _("全部")), *awards]  # type: ignore[attr-defined]
        self.fields["city"].choices = [("", _("全部")), *cities]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Award]) -> QuerySet[Award]:
        """The rows that the form asks for; a field with an error narrows nothing."""
        self.is_valid()
        if text := self.cleaned_data.get("q"):
            rows = queries.worded(rows, text)
        if award := self.cleaned_data.get("award"):
            rows = rows.filter(code=award)
        if city := self.cleaned_data.get("city"):
            rows = rows.filter(city__code=city)
        return rows


class PolicyForm(forms.Form):
    file = forms.FileField(
        label=_("奖补政策文件"), max_length=200, widget=forms.FileInput({"accept": ".yaml,.yml"})
    )
