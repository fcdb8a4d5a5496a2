"""The list of carriers as one table of columns: the page, the workbook and the public CSV show the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.actors import Actor
from core import clock
from core.columns import ColumnType, Value
from core.http import said
from core.text import T, Text
from core.workbook.text import looks_like_formula
from registry import queries
from registry.models import Carrier
from registry.permissions import may_export
from registry.queries.levels import designation_words, level_words
from registry.queries.listed import Listed, Part, Reader, Shown, filter_words, one
from registry.rules import listing
from registry.rules.listing import Asked

Words = Mapping[str, Mapping[str, Text]]  # of each coded fact, of the day
LABELS: dict[str, Text] = {
    "q": T("检索"),
    "region": T("区域"),
    "home": T("派出地"),
    "kind": T("类型"),
    "level": T("级别"),
    "carrier_class": T("类别"),
    "field": T("技术领域"),
    "designation": T("称号"),
    "state": T("状态"),
    "on": T("事实截至"),
}
# These have no day.
_UNDATED = frozenset({"code", "listed_year", "rank"})
_DECIMAL = ColumnType.DECIMAL


@dataclass(frozen=True, slots=True)
class CarrierLine:
    """A carrier with the words of the day, and how many stay in it."""

    carrier: Carrier
    words: Words
    staying: int = 0


def _fact(name: str) -> Callable[[CarrierLine], Value | None]:
    def value(line: CarrierLine) -> Value | None:
        found: Value | None = getattr(line.carrier, name)
        return said(line.words[name].get(str(found), "")) if name in line.words else found

    return value


def _city(line: CarrierLine) -> str:
    region = line.carrier.region
    parent = region.parent
    return str(region) if parent is None or parent.parent_id is None else str(parent)


def _known(on: date | None) -> tuple[Shown, ...]:
    """Every column but those of a day; of a day they are ordered by its facts."""

    def by(*names: str) -> tuple[str, ...]:
        return tuple(f"dated__{name}" if on and name not in _UNDATED else name for name in names)

    return (
        one("name", T("名称"), _fact("name"), kind="long", sort=by("initials", "name"), fixed=True),
        one("code", T("载体编号"), _fact("code"), kind="code", sort=by("code")),
        one("kind", T("类型"), _fact("kind"), sort=by("kind")),
        one("level", T("级别"), _fact("level"), sort=by("rank")),
        one("carrier_class", T("类别"), _fact("carrier_class"), hidden=True),
        one("field", T("技术领域"), _fact("field"), sort=by("field")),
        one("designation", T("称号"), _fact("designation"), hidden=True),
        one("city", T("设区市"), _city, sort=by("region__path"), hidden=True),
        one("region", T("区域"), lambda line: str(line.carrier.region), sort=by("region__path")),
        one("home_region", T("派出地"), lambda line: str(line.carrier.home_region or ""), hidden=True),
        one("host_place", T("省外所在地"), _fact("host_place"), kind="long", hidden=True),
        one("address", T("地址"), _fact("address"), kind="long", hidden=True),
        one(
            "operator", T("运营机构"), lambda line: line.carrier.operator.name,
            kind="long", sort=by("operator__name"),
        ),
        one(
            "credit_code", T("统一社会信用代码"), lambda line: line.carrier.operator.credit_code,
            kind="code", hidden=True,
        ),
        _area("area_total", T("场地面积（m²）"), by("area_total")),
        _area("area_tenants", T("在孵企业使用面积（m²）"), by("area_tenants"), hidden=True),
        _area("area_public", T("公共服务面积（m²）"), by("area_public"), hidden=True),
        one(
            "listed_year", T("列统年份"), lambda line: str(line.carrier.listed_year),
            kind="code", sort=by("listed_year"), hidden=True,
        ),
        one("contact", T("联系人"), lambda line: line.carrier.operator.contact, hidden=True),
        one("phone", T("电话"), lambda line: line.carrier.operator.phone, kind="code", hidden=True),
        one("state", T("状态"), _fact("state"), sort=by("state")),
        one("staying", T("在驻"), lambda line: line.staying, ColumnType.INTEGER, kind="num", unit=T("家")),
    )  # fmt: skip


def _area(name: str, title: Text, sort: tuple[str, ...], hidden: bool = False) -> Shown:
    return one(name, title, _fact(name), _DECIMAL, kind="num", sort=sort, hidden=hidden)


# A list as of a day says so in each line: files are cut and put together.
_AS_OF = Part("as_of", T("事实截至"), lambda line: line.carrier.as_of, ColumnType.DATE)
_PUBLIC = ("code", "name", "kind", "level", "carrier_class", "field", "city", "state")


def columns(asked: Asked) -> Sequence[Shown]:
    """The name first: it stays in sight when the others are scrolled. Of a day it leaves with the day."""
    name, *rest = _known(asked.day)
    if asked.day:
        name = Shown(name.key, name.head, (*name.parts, _AS_OF), name.sort, name.kind, fixed=True)
    return (name, *rest)


def reader(actor: Actor, asked: Asked, at: datetime) -> Reader:
    """Two queries for words, one a batch for who stays."""
    words = _words(asked, at)

    def lines(carriers: Sequence[Carrier]) -> list[CarrierLine]:
        staying = queries.staying(actor, carriers, asked.day)
        return [CarrierLine(carrier, words, staying.get(carrier.pk, 0)) for carrier in carriers]

    return lines


def _rows(actor: Actor, asked: Asked, _at: datetime) -> QuerySet[Carrier]:
    return queries.ranked(queries.directory(actor, asked, managed=True), asked.day)


def _read(params: Mapping[str, Any], at: datetime) -> tuple[Asked, list[Any]]:
    today = clock.day_of(at)
    return listing.read(params, level_words(today), today, designation_words(today))


def _words(asked: Asked, at: datetime) -> Words:
    day = asked.day or clock.day_of(at)
    return listing.choices(level_words(day), designation_words(day))


def _filters(asked: Asked) -> list[tuple[Text, str]]:
    return filter_words(asked, LABELS, _words(asked, clock.now()))


CARRIERS = Listed(
    name="carriers",
    title=T("载体名录"),
    action="carrier",
    may=lambda actor, _asked: may_export(actor),
    read=_read,
    columns=columns,
    rows=_rows,
    reader=reader,
    words=_filters,
    by="code",
    personal=True,
)


def text(carriers: Iterable[Carrier], words: Words, *, on: date | None = None) -> bytes:
    """The public list as CSV in UTF-8 with its mark, which spreadsheets need to read Chinese."""
    known = {shown.key: shown.parts[0] for shown in _known(on)}
    parts = [*(known[key] for key in _PUBLIC), *([_AS_OF] if on else [])]
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([said(part.title) for part in parts])
    for carrier in carriers:
        line = CarrierLine(carrier, words)
        writer.writerow([plain(part.value(line)) for part in parts])
    return target.getvalue().encode("utf-8-sig")


def plain(value: Value | None) -> str:
    """As text; what a spreadsheet would run as a formula is led by an apostrophe."""
    words = "" if value is None else str(value)
    return f"'{words}" if looks_like_formula(words) else words
