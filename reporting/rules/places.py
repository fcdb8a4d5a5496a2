"""Where a problem is, for the one who looks: on the page by names, in a workbook by cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.workbook.book import letters
from reporting.rules.form import Form


@dataclass(frozen=True, slots=True)
class Places:
    """On the page: `场地 · 孵化场地总面积`, `在孵企业名单 第 3 行 · 入驻日期`."""

    form: Form

    def of_field(self, code: str) -> str:
        if code in self.form.by_code:
            one = self.form.field(code)
            return f"{self.form.section(one.section).title} · {one.title}"
        return self.form.title_of(code)

    def table(self, code: str) -> str:
        return self.form.table(code).title

    def cell(self, table: str, number: int, column: str) -> str:
        found = self.form.table(table)
        return f"{found.title} 第 {number} 行 · {found.column(column).title}"


@dataclass(frozen=True, slots=True)
class CellPlaces(Places):
    """In a workbook: `场地!C4`, `在孵企业名单!D17`. Row numbers are the sheet's own."""

    fields: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of_field(self, code: str) -> str:
        return self.fields.get(code) or Places.of_field(self, code)

    def table(self, code: str) -> str:
        return self.sheets.get(code) or Places.table(self, code)

    def cell(self, table: str, number: int, column: str) -> str:
        at = self.columns.get(table, {}).get(column, 1)
        return f"{self.table(table)}!{letters(at)}{number}"
