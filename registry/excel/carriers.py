"""The list of carriers as one table of columns: the page and the workbook show the same ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.clock import SHANGHAI
from core.columns import Column, ColumnType, Value
from core.http import said
from core.text import T, Text
from core.workbook.exports import write_table
from core.workbook.text import looks_like_formula
from registry.models import Carrier

Words = Mapping[str, Mapping[str, Text]]  # of each coded fact, of the day


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of the list; `kind` is how a page sets it: text, long (it wraps), code or num."""

    code: str
    title: Text
    value: Callable[[Carrier], Value | None]
    type: ColumnType = ColumnType.TEXT
    kind: str = "text"
    managed: bool = False

    def of(self, carrier: Carrier, words: Words) -> Value | None:
        """What stands in the column: of a coded fact its word of the day."""
        value = self.value(carrier)
        return said(words[self.code].get(str(value), "")) if self.code in words else value

    def column(self) -> Column:
        return Column(code=self.code, title=said(self.title), type=self.type)


def _city(carrier: Carrier) -> str:
    parent = carrier.region.parent
    return str(carrier.region) if parent is None or parent.parent_id is None else str(parent)


COLUMNS = (
    Shown("code", T("载体编号"), lambda c: c.code, kind="code"),
    Shown("name", T("名称"), lambda c: c.name, kind="long"),
    Shown("kind", T("类型"), lambda c: c.kind),
    Shown("level", T("级别"), lambda c: c.level),
    Shown("carrier_class", T("类别"), lambda c: c.carrier_class),
    Shown("field", T("技术领域"), lambda c: c.field),
    Shown("designation", T("称号"), lambda c: c.designation, managed=True),
    Shown("city", T("设区市"), _city),
    Shown("region", T("区域"), lambda c: str(c.region), managed=True),
    Shown("home_region", T("派出地"), lambda c: str(c.home_region or ""), managed=True),
    Shown("host_place", T("省外所在地"), lambda c: c.host_place, kind="long", managed=True),
    Shown("address", T("地址"), lambda c: c.address, kind="long", managed=True),
    Shown("operator", T("运营机构"), lambda c: c.operator.name, kind="long", managed=True),
    Shown("credit_code", T("统一社会信用代码"), lambda c: c.operator.credit_code, kind="code", managed=True),
    Shown("area_total", T("场地面积（m²）"), lambda c: c.area_total, ColumnType.DECIMAL, "num", managed=True),
    Shown(
        "area_tenants",
        T("在孵企业使用面积（m²）"),
        lambda c: c.area_tenants,
        ColumnType.DECIMAL,
        "num",
        managed=True,
    ),
    Shown(
        "area_public",
        T("公共服务面积（m²）"),
        lambda c: c.area_public,
        ColumnType.DECIMAL,
        "num",
        managed=True,
    ),
    Shown("listed_year", T("列统年份"), lambda c: str(c.listed_year), kind="code", managed=True),
    Shown("contact", T("联系人"), lambda c: c.operator.contact, managed=True),
    Shown("phone", T("电话"), lambda c: c.operator.phone, kind="code", managed=True),
    Shown("state", T("状态"), lambda c: c.state),
)
# A list as of a day says so in each line: files are cut and put together.
AS_OF = Shown("as_of", T("事实截至"), lambda c: c.as_of, ColumnType.DATE)


def columns(*, managed: bool, on: date | None = None) -> list[Shown]:
    """Those of the directory; with `managed` what officers see besides; of a day also the day."""
    return [*(column for column in COLUMNS if managed or not column.managed), *([AS_OF] if on else [])]


def text(carriers: Iterable[Carrier], words: Words, *, on: date | None = None) -> bytes:
    """The public list as CSV in UTF-8 with its mark, which spreadsheets need to read Chinese."""
    shown = columns(managed=False, on=on)
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([said(column.title) for column in shown])
    for carrier in carriers:
        writer.writerow([plain(column.of(carrier, words)) for column in shown])
    return target.getvalue().encode("utf-8-sig")


def plain(value: Value | None) -> str:
    """As text; what a spreadsheet would run as a formula is led by an apostrophe."""
    words = "" if value is None else str(value)
    return f"'{words}" if looks_like_formula(words) else words


def workbook(
    carriers: Iterable[Carrier], words: Words, *, who: str, at: datetime, on: date | None = None
) -> bytes:
    """The list as xlsx, its sheet named by who made it and when, or by the day of which the facts are."""
    target = io.BytesIO()
    made = f"{who[:8]} {at.astimezone(SHANGHAI):%Y%m%d %H%M}"
    title = f"{said(T('载体名录'))} {said(T('截至 {day}', day=on.isoformat())) if on else made}"
    shown = columns(managed=True, on=on)
    table = [column.column() for column in shown]
    lines = ({column.code: column.of(carrier, words) for column in shown} for carrier in carriers)
    write_table(target, table, lines, title=title)
    return target.getvalue()
