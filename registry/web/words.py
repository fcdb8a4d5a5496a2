"""A carrier's facts and their history in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import day, money
from core.http import said
from core.text import T, Text
from registry.models import Carrier, CarrierVersion
from registry.queries.levels import designation_words, level_words
from registry.rules.listing import FACTS, choices

# The dated facts in the order in which they are told.
_LABELS: dict[str, Text] = {
    "level": T("级别"),
    "name": T("名称"),
    "kind": T("类型"),
    "carrier_class": T("类别"),
    "field": T("技术领域"),
    "designation": T("称号"),
    "operator_id": T("运营机构"),
    "region_id": T("区域"),
    "home_region_id": T("派出地"),
    "host_place": T("省外所在地"),
    "area_total": T("场地面积"),
    "area_tenants": T("在孵企业使用面积"),
    "area_public": T("公共服务面积"),
    "state": T("状态"),
}


def word(name: str, value: str, on: date) -> str:
    """A coded fact as people read it, in the words of the day."""
    return said(choices(level_words(on), designation_words(on))[name].get(value, "—"))


def area(value: Decimal | None) -> str:
    return "—" if value is None else f"{money(value)} m²"


def facts_of(carrier: Carrier, on: date) -> list[tuple[str, str]]:
    """What officers see beside the history, contacts too; `on` is the day of which the carrier's facts
    are."""
    words = choices(level_words(on), designation_words(on))
    coded = {name: said(words[name].get(getattr(carrier, name), "—")) for name in FACTS}
    home = [(_("派出地"), str(carrier.home_region))] if carrier.home_region else []
    home += [(_("省外所在地"), carrier.host_place)] if carrier.host_place else []
    return [
        (_("载体编号"), carrier.code),
        (_("级别"), coded["level"]),
        (_("类型"), coded["kind"]),
        (_("类别"), coded["carrier_class"]),
        (_("技术领域"), coded["field"]),
        (_("称号"), coded["designation"]),
        (_("区域"), f"{carrier.region.parent or ''} {carrier.region}".strip()),
        *home,
        (_("地址"), carrier.address or "—"),
        (_("场地面积"), area(carrier.area_total)),
        (_("在孵企业使用面积"), area(carrier.area_tenants)),
        (_("公共服务面积"), area(carrier.area_public)),
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


def _said(version: CarrierVersion, name: str, on: date) -> str:
    if name in FACTS:
        return word(name, getattr(version, name), on)
    if name.startswith("area_"):
        return area(getattr(version, name))
    return str(getattr(version, name.removesuffix("_id")) or "—")


def entries_of(versions: Sequence[CarrierVersion]) -> list[Mapping[str, object]]:
    """The timeline, the newest first: what each document says of its day. `versions` are all that was
    recorded, the newest first; where an earlier change only goes on into a day, no document says so."""
    records: dict[date, list[CarrierVersion]] = {}
    for row in reversed(versions):
        records.setdefault(row.valid_from, []).append(row)
    answer: list[Mapping[str, object]] = []
    before: CarrierVersion | None = None
    for rows in records.values():
        replaced: set[str] = set()
        of_day = []
        for row in reversed(rows):
            names = set(row.named) or (_changed(before, row) if row is rows[0] else set())
            if row.named or row is rows[0]:
                of_day.append(_entry(row, before, names, bool(names) and names <= replaced))
            replaced |= names
        answer += reversed(of_day)
        before = rows[-1]
    return answer[::-1]


def _changed(before: CarrierVersion | None, row: CarrierVersion) -> set[str]:
    return {name for name in _LABELS if before is None or getattr(before, name) != getattr(row, name)}


def _entry(
    row: CarrierVersion, before: CarrierVersion | None, names: set[str], is_corrected: bool
) -> Mapping[str, object]:
    told = [_change(row, before, name, label) for name, label in _LABELS.items() if name in names]
    comment = _("登记于 {day}").format(day=day(row.recorded_at))
    if names and is_corrected:
        comment += _("；同日后有更正")
    file = row.basis_file
    return {
        "at": row.valid_from,
        "who": row.document,
        "what": "；".join(one for one in told if one) or _("无变化"),
        "comment": comment,
        "url": reverse("registry:basis", args=[row.carrier.code, row.pk]) if file else "",
        "link": file.name if file else "",
        "tone": "muted" if names and is_corrected else "info",
    }


def _change(row: CarrierVersion, before: CarrierVersion | None, name: str, label: Text) -> str:
    """One fact; of the first record only what is known."""
    now = _said(row, name, row.valid_from)
    if before is None:
        return "" if now == "—" else f"{said(label)}：{now}"
    then = _said(before, name, before.valid_from)
    return f"{said(label)}：{now}" if then == now else f"{said(label)}：{then} → {now}"
