"""What the pages of the register ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.rules.listing import LONGEST


class StayFilter(forms.Form):
    """Who is looked for among those in a carrier."""

    q = forms.CharField(label=_("名称或信用代码"), required=False, max_length=LONGEST)
    ended = forms.ChoiceField(
        label=_("入驻状态"), required=False, choices=[("", _("在驻")), ("1", _("已离开或毕业"))]
    )
    on = forms.CharField(required=False, widget=forms.HiddenInput)
