"""What the pages of applications ask for: forms drawn from the table of items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, RegionLevel
from core.http import said
from core.problems import Problem, Severity
from core.text import Text
from office.services.evidence import Upload
from registry.rules.listing import LONGEST
from registry.rules.registering import BY_CODE, ITEMS, KINDS_OF_EVIDENCE, Facts, Item
from registry.rules.registering_moves import TITLES

ACCEPTED_FILES = ".pdf,.png,.jpg,.jpeg"
_INPUTS = {"area": "decimal", "count": "numeric", "phone": "tel", "email": "email"}
_KINDS = {"date": "date", "email": "email", "phone": "tel"}


class SectionForm(forms.Form):
    """One section as it is written so far. What is wrong stands beside its field and blocks nothing."""

    use_required_attribute = False

    def __init__(self, section: str, facts: Facts, problems: Iterable[Problem], today: date) -> None:
        super().__init__(data=dict(facts))
        self.problems = [problem for problem in problems if problem.severity is Severity.ERROR]
        for item in ITEMS:
            if item.section == section:
                self.fields[item.code] = _field(item, today)

    @property
    def lines(self) -> list[tuple[forms.BoundField, Text | str]]:
        """Each field with its unit."""
        return [(self[code], BY_CODE[code].unit) for code in self.fields]

    def full_clean(self) -> None:
        """Errors are the problems that the rules found, of items that were saved once."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        for problem in self.problems:
            if problem.field in self.fields and problem.field in self.data:
                words = said(problem.message)
                words += f" {said(problem.fix)}" if problem.fix else ""
                self._errors.setdefault(problem.field, ErrorList()).append(words)


def _field(item: Item, today: date) -> forms.Field:
    given: dict[str, Any] = {
        "label": said(item.title),
        "required": item.required,
        "help_text": said(item.help),
    }
    if item.kind == "region":
        return forms.ChoiceField(choices=region_choices(today), **given)
    if item.choices:
        words = [(code, said(text)) for code, text in item.choices.items()]
        return forms.ChoiceField(choices=[("", gettext("请选择")), *words], **given)
    attributes: dict[str, Any] = {"maxlength": max(item.most, 20)}
    if item.kind in _INPUTS:
        attributes["inputmode"] = _INPUTS[item.kind]
    if item.kind == "date":
        attributes = {"type": "date"}
    return forms.CharField(widget=forms.TextInput(attributes), **given)


def region_choices(today: date) -> list[Any]:
    """The regions that exist, counties under their city; those that hang on no city by themselves."""
    rows = Region.objects.on(today).filter(level__in=(RegionLevel.CITY, RegionLevel.COUNTY)).order_by("path")
    groups: dict[str, list[tuple[str, str]]] = {}
    cities = {one.pk: one.name for one in rows if one.level == RegionLevel.CITY}
    for one in rows:
        if one.level == RegionLevel.CITY:
            groups.setdefault(one.name, []).append(
                (one.code, gettext("{name}（市直）").format(name=one.name))
            )
        else:
            above = cities.get(one.parent_id or 0, gettext("省直管"))
            groups.setdefault(above, []).append((one.code, one.name))
    return [("", gettext("请选择")), *groups.items()]


def typed(section: str, given: Mapping[str, str]) -> dict[str, str]:
    """Every item of a section as it came; what did not come is empty."""
    return {item.code: given.get(item.code, "") for item in ITEMS if item.section == section}


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("材料种类"))
    file = forms.FileField(
        label=_("文件"), max_length=200, widget=forms.FileInput({"accept": ACCEPTED_FILES})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(one.code, said(one.title)) for one in KINDS_OF_EVIDENCE.values()]
        self.fields["kind"].choices = words  # type: ignore[attr-defined]

    @property
    def upload(self) -> Upload:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        return Upload(file.name or "", file.read())


class ApplicationFilter(forms.Form):
    """State, region, words: each narrows the list."""

    q = forms.CharField(label=_("载体名称、编号或信用代码"), required=False, max_length=LONGEST)
    state = forms.ChoiceField(label=_("状态"), required=False)
    region = forms.ChoiceField(label=_("区域"), required=False)

    def __init__(self, regions: Iterable[Region], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("mine", gettext("等我办理")), *((str(state), said(title)) for state, title in TITLES[1:])]
        self.fields["state"].choices = [("", gettext("全部")), *states]  # type: ignore[attr-defined]
        known = [(one.code, one.name) for one in regions]
        self.fields["region"].choices = [("", gettext("全部")), *known]  # type: ignore[attr-defined]
