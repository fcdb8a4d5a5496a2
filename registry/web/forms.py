"""What the pages of the register ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from core.formats import number
from core.http import said
from registry.rules.listing import CHOICES, LONGEST, ORDERS

LABELS = {
    "kind": _("类型"),
    "level": _("级别"),
    "carrier_class": _("类别"),
    "field": _("技术领域"),
    "designation": _("称号"),
    "state": _("状态"),
}


class DirectoryForm(forms.Form):
    """The filters of the list, each value with how many carriers it would show."""

    q = forms.CharField(
        label=_("检索"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput({"placeholder": _("名称、曾用名、拼音首字母、编号"), "type": "search"}),
    )

    def __init__(
        self,
        *args: Any,
        counts: Mapping[str, Mapping[str, int]],
        regions: Sequence[Region],
        managed: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if managed:
            self.fields["q"].widget.attrs["placeholder"] = _("名称、曾用名、拼音首字母、编号、信用代码")
        self.fields["region"] = forms.ChoiceField(
            label=_("区域"), required=False, choices=_regions(regions, counts["region"])
        )
        for name, words in CHOICES.items():
            options = [
                (code, f"{said(word)}（{number(counts[name].get(code, 0))}）")
                for code, word in words.items()
                if counts[name].get(code) or self.data.get(name) == code
            ]
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name], required=False, choices=[("", _("全部")), *options]
            )
        self.fields["order"] = forms.ChoiceField(
            label=_("排序"), required=False, choices=[(code, said(word)) for code, word in ORDERS.items()]
        )


def _regions(regions: Sequence[Region], counts: Mapping[str, int]) -> list[tuple[str, Any]]:
    """The tree as one list, a step in for each level."""
    top = min((region.path.count("/") for region in regions), default=0)
    rows: list[tuple[str, Any]] = [("", _("全部"))]
    for region in regions:
        indent = "\u3000" * (region.path.count("/") - top)
        rows.append((region.code, f"{indent}{region.name}（{number(counts.get(region.code, 0))}）"))
    return rows


class StayFilter(forms.Form):
    """Who is looked for among those in a carrier."""

    q = forms.CharField(label=_("名称或信用代码"), required=False, max_length=LONGEST)
    ended = forms.ChoiceField(
        label=_("入驻状态"), required=False, choices=[("", _("在驻")), ("1", _("已离开或毕业"))]
    )
