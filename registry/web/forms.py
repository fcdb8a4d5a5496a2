"""What the pages of the register ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from core import clock
from core.http import said
from core.moves import Move
from office.services.evidence import Upload
from registry.queries.findings import SeenSide
from registry.queries.levels import designation_words
from registry.rules.designations import LONGEST_PLACE
from registry.rules.listing import LONGEST
from registry.rules.vocabulary import GRADUATION

_DAY = {"type": "date"}
_WORDS = {"rows": 4, "maxlength": 2000}
ACCEPT = "application/pdf,image/png,image/jpeg"


class StayFilter(forms.Form):
    """Who is looked for among those in a carrier."""

    q = forms.CharField(label=_("名称或信用代码"), required=False, max_length=LONGEST)
    ended = forms.ChoiceField(
        label=_("入驻状态"), required=False, choices=[("", _("在驻")), ("1", _("已离开或毕业"))]
    )
    on = forms.CharField(required=False, widget=forms.HiddenInput)


class TenantFilter(forms.Form):
    """Which tenants are looked for; names are suggested while they are typed."""

    q = forms.CharField(
        label=_("企业名称或信用代码"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"list": "tenant-names", "autocomplete": "off"}),
    )
    carrier = forms.CharField(label=_("载体编号"), required=False, max_length=24)
    standing = forms.ChoiceField(
        label=_("入驻状态"),
        required=False,
        choices=[("", _("全部")), ("here", _("在驻")), ("left", _("已离开")), ("graduated", _("已毕业"))],
    )
    view = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["q"].widget.attrs |= {
            "hx-get": reverse("registry:tenant_suggest"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#tenant-names",
            "hx-sync": "this:replace",
        }


class StatementForm(forms.Form):
    """What one side says."""

    comment = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs=_WORDS))


class DecisionForm(forms.Form):
    """What is decided of a finding, by the moves that the reader may make."""

    action = forms.ChoiceField(label=_("处理"), widget=forms.RadioSelect)
    stay = forms.TypedChoiceField(label=_("哪一方离开"), required=False, coerce=int, empty_value=None)
    ended = forms.DateField(label=_("离开日期"), required=False, widget=forms.DateInput(attrs=_DAY))
    comment = forms.CharField(label=_("处理意见"), widget=forms.Textarea(attrs=_WORDS))

    def __init__(self, data: Any, *, moves: Sequence[Move], sides: Sequence[SeenSide]) -> None:
        super().__init__(data, auto_id="decide_%s")
        self.fields["action"].choices = [  # type: ignore[attr-defined]
            (move.action, said(move.label)) for move in moves
        ]
        own = [one.stay for one in sides if one.stay is not None and one.stay.ended is None]
        self.fields["stay"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *((one.pk, one.carrier.name) for one in own),
        ]
        if not own or not any(move.action == "end" for move in moves):
            del self.fields["stay"], self.fields["ended"]


class EndForm(forms.Form):
    """A stay ends: the body left, or graduated by one of the four conditions."""

    ended = forms.DateField(label=_("离开或毕业日期"), widget=forms.DateInput(attrs=_DAY))
    graduated_by = forms.ChoiceField(label=_("离开或毕业"), required=False)
    evidence = forms.FileField(
        label=_("毕业证明材料"),
        required=False,
        help_text=_("本年度毕业的须上传；PDF、PNG 或 JPEG，最大 20 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        words = [(code, said(one)) for code, one in GRADUATION.items()]
        self.fields["graduated_by"].choices = [("", _("离开，没有毕业")), *words]  # type: ignore[attr-defined]


class GraduationForm(EndForm):
    """The condition that a list did not say, or the evidence that comes later."""

    ended = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["graduated_by"].label = _("毕业条件")
        self.fields["graduated_by"].required = True
        self.fields["graduated_by"].choices = [  # type: ignore[attr-defined]
            (code, said(one)) for code, one in GRADUATION.items()
        ]


class DesignationForm(forms.Form):
    """What the document decided. Home and place are of an enclave alone."""

    designation = forms.ChoiceField(label=_("称号"), required=False)
    decided_on = forms.DateField(label=_("决定日期"), widget=forms.DateInput({"type": "date"}))
    basis = forms.CharField(
        label=_("依据文件"), max_length=200, help_text=_("文件名称，例如：关于公布标杆孵化器名单的通知")
    )
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    batch = forms.CharField(label=_("批次"), max_length=60, required=False)
    home_region = forms.ChoiceField(
        label=_("派出地"), required=False, help_text=_("只有科创飞地填写：由哪个市、县设立。")
    )
    host_place = forms.CharField(
        label=_("省外所在地"),
        required=False,
        max_length=LONGEST_PLACE,
        help_text=_("飞地设在省外的填写，例如：某市某区；省内的以登记区域为所在地。"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        day = clock.day_of(clock.now())
        words = [(code, said(one)) for code, one in designation_words(day).items()]
        regions = Region.objects.on(day).exclude(parent=None).order_by("code")
        known = [(one.code, f"{one.code} {one.name}") for one in regions]
        self.fields["designation"].choices = [("", _("无（取消称号）")), *words]  # type: ignore[attr-defined]
        self.fields["home_region"].choices = [("", _("不是飞地")), *known]  # type: ignore[attr-defined]


def upload_of(file: Any) -> Upload | None:
    """A file of a form as services take it; None when there is none."""
    return Upload(file.name or "", file.read()) if file else None
