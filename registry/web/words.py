"""A carrier's facts and their history in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.formats import day, number
from core.http import said
from registry.models import Carrier, CarrierVersion
from registry.rules.listing import CHOICES

# The dated facts in the order in which they are told, with their labels.
_TOLD = ("level", "name", "kind", "carrier_class", "field", "designation", "operator", "region")


def word(name: str, value: str) -> str:
    """A coded fact as people read it."""
    return said(CHOICES[name].get(value, "—"))


def facts_of(carrier: Carrier) -> list[tuple[str, str]]:
    """What officers see beside the history, contacts too."""
    return [
        (_("载体编号"), carrier.code),
        (_("级别"), word("level", carrier.level)),
        (_("类型"), word("kind", carrier.kind)),
        (_("类别"), word("carrier_class", carrier.carrier_class)),
        (_("技术领域"), word("field", carrier.field)),
        (_("称号"), word("designation", carrier.designation)),
        (_("区域"), f"{carrier.region.parent or ''} {carrier.region}".strip()),
        (_("地址"), carrier.address or "—"),
        (_("场地面积"), f"{number(carrier.area_total)} m²"),
        (_("成立日期"), day(carrier.opened_on)),
        (_("列统年份"), str(carrier.listed_year)),
        (_("运营机构"), carrier.operator.name),
        *_former_names(carrier),
        (_("信用代码"), carrier.operator.credit_code),
        (_("联系人"), carrier.operator.contact or "—"),
        (_("电话"), carrier.operator.phone or "—"),
    ]


def _former_names(carrier: Carrier) -> list[tuple[str, str]]:
    """The names that its operator had, with the day on which each ended."""
    rows = carrier.operator.versions.order_by("valid_from", "pk")
    told = [_("{name}（至 {day}）").format(name=row.former_name, day=day(row.valid_from)) for row in rows]
    return [(_("机构曾用名"), _("、").join(told))] if told else []


def _labels() -> dict[str, str]:
    return {
        "level": _("级别"),
        "name": _("名称"),
        "kind": _("类型"),
        "carrier_class": _("类别"),
        "field": _("技术领域"),
        "designation": _("称号"),
        "operator": _("运营机构"),
        "region": _("区域"),
    }


def _said(version: CarrierVersion, name: str) -> str:
    value = getattr(version, name)
    return word(name, value) if name in CHOICES else str(value)


def entries_of(versions: Sequence[CarrierVersion]) -> list[dict[str, object]]:
    """The timeline, the newest first: what changed on each day and by which document."""
    labels = _labels()
    answer = []
    for version, before in zip(versions, [*versions, None][1:], strict=True):
        changed = [
            f"{labels[name]}：{_said(version, name)}"
            if before is None
            else f"{labels[name]}：{_said(before, name)} → {_said(version, name)}"
            for name in _TOLD
            if before is None or getattr(before, name) != getattr(version, name)
        ]
        answer.append(
            {
                "at": version.valid_from,
                "who": version.basis,
                "what": "；".join(changed) or _("无变化"),
                "comment": _("登记于 {day}").format(day=day(version.recorded_at)),
                "tone": "info",
            }
        )
    return answer
