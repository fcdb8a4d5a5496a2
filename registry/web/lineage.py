"""Merging and splitting carriers: asked, looked at, carried out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules.roles import CHECKING
from core import clock
from core.amounts import narrow, plain_number
from core.http import page, said
from core.problems import Refused
from office.web.requests import DeskRequest
from registry.rules.changing import LONGEST_BASIS, LONGEST_NUMBER
from registry.rules.codes import is_carrier_code
from registry.rules.lineage import LINKS, LinkKind
from registry.services.lineage import Heir, Passing, Plan, carry_out, plan
from registry.web.words import word

ROWS = 4
_SEPARATORS = str.maketrans(dict.fromkeys(",，;；、\n\r\t", " "))


class LineageForm(forms.Form):
    """`to_n` is the code of a carrier that is there, or the name of a new one."""

    kind = forms.ChoiceField(label=gettext_lazy("方式"), widget=forms.RadioSelect)
    codes = forms.CharField(
        label=gettext_lazy("被合并或分立的载体"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("载体编号，合并可填多家，用空格或换行隔开；这些载体自当日起注销"),
    )
    happened_on = forms.DateField(
        label=gettext_lazy("生效日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    basis = forms.CharField(label=gettext_lazy("依据文件"), max_length=LONGEST_BASIS)
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=LONGEST_NUMBER, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(str(kind), said(words)) for kind, words in LINKS.items()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        for number in range(1, ROWS + 1):
            self.fields[f"to_{number}"] = forms.CharField(
                label=_("承接载体 {n}").format(n=number), max_length=100, required=number == 1
            )
            self.fields[f"share_{number}"] = forms.CharField(
                label=_("份额 {n}").format(n=number), max_length=10, required=False,
                widget=forms.TextInput({"inputmode": "decimal"}),
            )  # fmt: skip
            self.fields[f"stays_{number}"] = forms.CharField(
                label=_("入驻单位 {n}").format(n=number), max_length=20_000, required=False,
                widget=forms.Textarea({"rows": 1}),
            )  # fmt: skip

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "codes", "happened_on", "basis", "document_number")]

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each that goes on."""
        return [
            [self[f"{name}_{number}"] for name in ("to", "share", "stays")] for number in range(1, ROWS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for number in range(1, ROWS + 1):
            share = given.get(f"share_{number}") or ""
            if share and plain_number(share) is None:
                self.add_error(f"share_{number}", _("份额应为小数，例如 0.6。"))
        return given

    def passing(self) -> Passing:
        """What the service takes."""
        given = self.cleaned_data
        return Passing(
            kind=LinkKind(given["kind"]),
            codes=[code.upper() for code in _words(narrow(given["codes"]))],
            heirs=[_heir(given, number) for number in range(1, ROWS + 1) if given.get(f"to_{number}")],
            happened_on=given["happened_on"],
            basis=given["basis"],
            document_number=given["document_number"],
        )


def _words(text: str) -> list[str]:
    return text.translate(_SEPARATORS).split()


def _heir(given: dict[str, Any], number: int) -> Heir:
    to = " ".join(given[f"to_{number}"].split())
    code = narrow(to).upper()
    there = is_carrier_code(code)
    split = given["kind"] == LinkKind.SPLIT
    share = plain_number(given[f"share_{number}"]) if split and given[f"share_{number}"] else None
    return Heir(
        code=code if there else "",
        name="" if there else to,
        share=share if share is not None else Decimal(0 if split else 1),
        stays=_words(given[f"stays_{number}"]) if split else (),
    )


@login_required
@page("GET", "POST")
def new(request: DeskRequest) -> HttpResponse:
    """For officers; which carriers they may merge or split is told with the carriers."""
    if request.actor.role not in CHECKING:
        raise Http404
    initial = {"kind": LinkKind.MERGER, "codes": request.GET.get("code", "")[:24]}
    form = LineageForm(request.POST or None, initial=initial)
    step = request.POST.get("step", "")
    if step not in ("check", "carry") or not form.is_valid():
        return _form(request, form)
    passing = form.passing()
    found = plan(actor=request.actor, passing=passing, at=clock.now())
    if found.problems:
        return _form(request, form, found.problems)
    if step == "check":
        return _check(request, form, passing, found)
    try:
        links = carry_out(actor=request.actor, passing=passing, at=clock.now())
    except Refused as refused:
        return _form(request, form, refused.problems)
    messages.success(request, _("已登记，原载体已注销，入驻单位已转入承接载体。"))
    return redirect("registry:carrier", code=links[0].successor.code)


def _shown(form: LineageForm) -> dict[str, Any]:
    return {"form": form, "crumbs": [(_("载体"), reverse("registry:manage")), (_("合并与分立"), "")]}


def _form(request: DeskRequest, form: LineageForm, problems: Any = ()) -> HttpResponse:
    wrong = bool(problems or form.errors)
    context = {**_shown(form), "problems": problems}
    return render(request, "registry/lineage_new.html", context, status=422 if wrong else 200)


def _check(request: DeskRequest, form: LineageForm, passing: Passing, found: Plan) -> HttpResponse:
    context = {
        **_shown(form),
        "kind": LINKS[passing.kind],
        "passing": passing,
        "ending": [(one, word("level", one.level, passing.happened_on)) for one in found.ending],
        "heirs": [(heir, there, heir.share * 100, count) for heir, there, count in found.heirs],
        "any_new": any(there is None for _heir, there, _count in found.heirs),
        "hidden": [form[name] for name in form.fields],
    }
    return render(request, "registry/lineage_check.html", context)
