"""What the pages of evaluation ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from core.http import said
from evaluation.models import RunEntry, Scheme
from evaluation.queries import cities_of, definition, experts_on
from evaluation.rules.facts import title_of
from evaluation.rules.publicity import PERIODS
from office.services.evidence import Upload

_DAY = {"type": "date"}
_TIME = {"type": "datetime-local"}
ACCEPTED_FILES = ".pdf,.png,.jpg,.jpeg"


def upload_of(file: UploadedFile[Any] | None) -> Upload | None:
    """An uploaded file as services take it."""
    return None if file is None else Upload(file.name or "", file.read())


class RunForm(forms.Form):
    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("指标体系"))
    year = forms.IntegerField(label=_("评价年度"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("名称"), min_length=2, max_length=120)
    region = forms.ModelChoiceField(Region.objects.none(), label=_("组织地区"))

    def __init__(self, actor: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = Scheme.objects.visible_to(actor)  # type: ignore[attr-defined]
        below = Region.objects.filter(path__startswith=actor.region_path or "-")
        self.fields["region"].queryset = below  # type: ignore[attr-defined]
        self.fields["region"].initial = actor.region


class FreezeForm(forms.Form):
    facts_as_of = forms.DateField(
        label=_("登记信息截至"), required=False, widget=forms.DateInput(_DAY), help_text=_("留空为今天")
    )


class PeriodForm(forms.Form):
    period = forms.ChoiceField(label=_("公示期"))
    comment = forms.CharField(
        label=_("办理意见"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (period.value, said(title)) for period, title in PERIODS.items()
        ]


class MoveForm(forms.Form):
    """A move as it arrives; which of the fields count is for the service."""

    action = forms.CharField(max_length=20)
    version = forms.IntegerField(min_value=0)
    comment = forms.CharField(required=False, max_length=2000)
    period = forms.ChoiceField(required=False, choices=[(period.value, "") for period in PERIODS])
    facts_as_of = forms.DateField(required=False)


class AssignForm(forms.Form):
    expert = forms.TypedChoiceField(label=_("专家"), coerce=int)
    carriers = forms.CharField(
        label=_("载体编号"),
        max_length=20000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("每行一个，或用逗号、空格隔开"),
    )
    due_at = forms.DateTimeField(
        label=_("评分截止"), required=False, widget=forms.DateTimeInput(_TIME, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, at: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(person.pk, str(person)) for person in experts_on(at)]
        self.fields["expert"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]

    def clean_carriers(self) -> list[str]:
        text: str = self.cleaned_data["carriers"]
        for mark in ",，;；、\n\r\t":
            text = text.replace(mark, " ")
        return text.split()


class ResultFilter(forms.Form):
    """Grade, city, name or code: each narrows the list."""

    q = forms.CharField(label=_("载体名称或编号"), required=False, max_length=60)
    grade = forms.ChoiceField(label=_("等级"), required=False)
    city = forms.ChoiceField(label=_("设区市"), required=False)

    def __init__(self, run: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grading = definition(run.scheme).grading
        grades = [(grade, f"{grade} {grading.label_of(grade)}") for grade in grading.order]
        cities = [(city.code, city.name) for city in cities_of(run)]
        self.fields["grade"].choices = [("", _("全部")), *grades]  # type: ignore[attr-defined]
        self.fields["city"].choices = [("", _("全部")), *cities]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[RunEntry]) -> QuerySet[RunEntry]:
        """The rows that the form asks for; a field with an error narrows nothing."""
        self.is_valid()
        if text := self.cleaned_data.get("q"):
            rows = rows.filter(Q(carrier__name__icontains=text) | Q(carrier__code__istartswith=text))
        if grade := self.cleaned_data.get("grade"):
            rows = rows.filter(grade=grade)
        if city := self.cleaned_data.get("city"):
            rows = rows.filter(city__code=city)
        return rows


class SchemeForm(forms.Form):
    file = forms.FileField(
        label=_("指标体系文件"), max_length=200, widget=forms.FileInput({"accept": ".yaml,.yml"})
    )


class FactForm(forms.Form):
    carrier_code = forms.CharField(label=_("载体编号"), max_length=24)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    name = forms.ChoiceField(label=_("事实"))
    value = forms.CharField(label=_("内容"), max_length=40, help_text=_("是或否；上级评价填等级代号"))
    document = forms.CharField(label=_("依据文件"), max_length=200, help_text=_("名称和文号"))
    document_date = forms.DateField(label=_("文件日期"), widget=forms.DateInput(_DAY))
    file = forms.FileField(
        label=_("文件"), required=False, max_length=200, widget=forms.FileInput({"accept": ACCEPTED_FILES})
    )

    def __init__(self, names: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(name, said(title_of(name))) for name in names]
        self.fields["name"].choices = known  # type: ignore[attr-defined]

    @property
    def record(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        return {**self.cleaned_data, "file": upload_of(self.cleaned_data["file"])}


class MarkForm(forms.Form):
    """One leaf of one carrier as an expert fills it."""

    leaf = forms.CharField(max_length=100, widget=forms.HiddenInput)
    expected = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)
    mark = forms.CharField(
        label=_("评分"), required=False, max_length=20, widget=forms.TextInput({"inputmode": "decimal"})
    )
    abstained = forms.BooleanField(label=_("弃权"), required=False)
    comment = forms.CharField(
        label=_("评语"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("异议内容"), min_length=10, max_length=4000, widget=forms.Textarea({"rows": 8})
    )
    evidence = forms.FileField(
        label=_("证明材料"),
        required=False,
        max_length=200,
        widget=forms.FileInput({"accept": ACCEPTED_FILES}),
        help_text=_("PDF、PNG 或 JPEG，20 MB 以内"),
    )


class ReasonForm(forms.Form):
    because = forms.CharField(label=_("理由"), min_length=2, max_length=200)
