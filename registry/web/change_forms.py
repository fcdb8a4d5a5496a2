"""What the pages of change requests ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Region, RegionLevel
from core import clock
from core.http import said
from core.identifiers import credit_code
from office.services.evidence import Upload
from registry.models import Carrier, ChangeRequest
from registry.queries import regions_of
from registry.rules.asked_facts import EVIDENCE, FACTS, Fact, FactType, operator_parts, operator_text
from registry.rules.changing import LONGEST_BASIS, LONGEST_NUMBER, MOST_WORDS, TITLES
from registry.services.proposals import Asked

ACCEPTED = ".pdf,.png,.jpg,.jpeg"
MOST_FILES = 5  # of one kind at a time
_DAY = {"type": "date"}


class ChangeForm(forms.Form):
    """A field for the new value of each fact, empty for one that stays, and what a request needs besides."""

    happened_on = forms.DateField(label=_("变更发生日期"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("变更原因"), max_length=MOST_WORDS, widget=forms.Textarea({"rows": 3}))
    basis = forms.CharField(
        label=_("依据文件"), max_length=LONGEST_BASIS, help_text=_("文件名称，例如：变更登记通知书")
    )
    document_number = forms.CharField(label=_("文号"), max_length=LONGEST_NUMBER, required=False)

    def __init__(self, carrier: Carrier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact in FACTS.values():
            self.fields[fact.name] = _field(fact, carrier)
        self.fields["operator_name"] = forms.CharField(
            label=_("新运营机构名称"), required=False, max_length=200
        )

    def bound(self, fact: Fact) -> list[BoundField]:
        """The fields of one fact: an operator has two."""
        names = [fact.name, "operator_name"] if fact.type is FactType.OPERATOR else [fact.name]
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("operator")) != bool(given.get("operator_name")):
            missing = "operator_name" if given.get("operator") else "operator"
            self.add_error(missing, _("信用代码与名称须同时填写。"))
        return given

    def asked(self, request: HttpRequest) -> Asked:
        """The request as the service takes it; only the facts that were filled."""
        given = self.cleaned_data
        wanted = {name: str(given[name]) for name in FACTS if given.get(name)}
        if "operator" in wanted:
            wanted["operator"] = operator_text(credit_code(wanted["operator"]), given["operator_name"])
        return Asked(
            wanted=wanted,
            happened_on=given["happened_on"],
            reason=given["reason"],
            basis=given["basis"],
            document_number=given["document_number"],
            files=uploads_of(request),
        )


def _field(fact: Fact, carrier: Carrier) -> forms.Field:
    label = _("新的{label}").format(label=said(fact.label))
    shared: dict[str, Any] = {"label": label, "required": False}
    match fact.type:
        case FactType.CHOICE:
            words = [("", _("不变")), *((code, said(text)) for code, text in fact.choices.items())]
            return forms.ChoiceField(choices=words, **shared)
        case FactType.REGION:
            return forms.ChoiceField(choices=[("", _("不变")), *_regions(carrier)], **shared)
        case FactType.DAY:
            return forms.CharField(max_length=10, widget=forms.DateInput(_DAY), **shared)
        case FactType.AREA:
            return forms.CharField(max_length=30, widget=forms.TextInput({"inputmode": "decimal"}), **shared)
        case FactType.OPERATOR:
            shared["label"] = _("新运营机构信用代码")
            return forms.CharField(max_length=40, **shared)
        case _:
            return forms.CharField(max_length=300, **shared)


def _regions(carrier: Carrier) -> list[tuple[str, str]]:
    """The counties of today under the carrier's root, with their cities."""
    root = "/".join(carrier.region.path.split("/")[:2]) + "/"
    today = clock.day_of(clock.now())
    rows = Region.objects.on(today).filter(path__startswith=root, level=RegionLevel.COUNTY)
    return [(row.code, f"{row.parent or ''} {row}") for row in rows.select_related("parent").order_by("path")]


def initial_of(found: ChangeRequest) -> dict[str, str]:
    """What was asked, for asking again."""
    given = {name: pair["new"] for name, pair in found.facts.items()}
    if "operator" in given:
        given["operator"], given["operator_name"] = operator_parts(given["operator"])
    about = {
        name: str(getattr(found, name)) for name in ("happened_on", "reason", "basis", "document_number")
    }
    return {**given, **about}


def uploads_of(request: HttpRequest) -> list[tuple[str, Upload]]:
    """The documents handed in, by what they prove."""
    files: list[tuple[str, UploadedFile[Any]]] = [
        (str(kind), file) for kind in EVIDENCE for file in request.FILES.getlist(str(kind))[:MOST_FILES]
    ]
    return [(kind, Upload(file.name or "", file.read())) for kind, file in files]


class ChangeFilter(forms.Form):
    """State, region, late ones, a carrier: each narrows the list."""

    q = forms.CharField(label=_("载体名称或编号"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False)
    region = forms.ChoiceField(label=_("区域"), required=False)
    late = forms.ChoiceField(
        label=_("是否逾期"), required=False, choices=[("", _("全部")), ("1", _("逾期")), ("0", _("按期"))]
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(str(state), said(title)) for state, title in TITLES]
        self.fields["state"].choices = [("", _("全部")), ("mine", _("待我办理")), *states]  # type: ignore[attr-defined]
        if actor.region_path:
            rows = [(row.code, str(row)) for row in regions_of(actor, managed=True)]
            self.fields["region"].choices = [("", _("全部")), *rows]  # type: ignore[attr-defined]
        else:
            for name in ("q", "region"):
                del self.fields[name]
