"""A new version of a form in an open year: what stays of a return, what is asked anew, of whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from core.columns import Column
from core.problems import Problem
from core.text import T, Text
from reporting.rules.form import Field, Form, Table
from reporting.rules.form_compare import About, Difference, What, compare


class Rule(StrEnum):
    """What becomes of returns that are handed in and not yet accepted. Accepted ones never change."""

    KEEP = "keep"
    OWING = "owing"
    ALL = "all"


RULES: tuple[tuple[Rule, Text], ...] = (
    (Rule.KEEP, T("不动：仍按提交时的版本审核、受理")),
    (Rule.OWING, T("只退回缺必填新项的，请其补填后再交")),
    (Rule.ALL, T("全部退回，按新版本补填后再交")),
)
# What makes a line ask for something else; a clause, a place in the form, a prefill do not.
_ASKING = frozenset({"title", "type", "unit", "required", "places", "min", "max", "max_length", "choices",
                     "help", "of"})  # fmt: skip


@dataclass(frozen=True)
class Changeover:
    """From one version of a form to a newer one."""

    before: Form
    after: Form

    def faults(self) -> list[Problem]:
        """Why the newer may not take the place of the older while a year is open."""
        problems = []
        if self.before.code != self.after.code or self.after.version <= self.before.version:
            problems.append(Problem("form.newer", T("只能换成同一份表单更新的版本。"), field="form"))
        if not set(self.before.kinds) <= set(self.after.kinds):
            message = T("新版本不再适用于正在填报的载体类型。")
            problems.append(Problem("form.kinds", message, field="form"))
        for table in self.before.tables:
            known = self._table(table.code)
            if known is not None and known.key != table.key:
                message = T("“{table}”的标识列不能在年中改换。", table=table.title)
                problems.append(Problem("form.key", message, field="form", found=known.key))
        return problems

    @cached_property
    def differences(self) -> list[Difference]:
        return compare(self.before, self.after)

    @cached_property
    def new(self) -> list[Field]:
        """The fields to be entered that were not asked before."""
        return [one for one in self._entered if one.code not in self.before.by_code]

    @cached_property
    def changed(self) -> list[Field]:
        """The fields that ask for something else than before under the same code."""
        codes = {
            one.code
            for one in self.differences
            if one.about is About.FIELD
            and one.what is What.CHANGED
            and any(change.name in _ASKING for change in one.changes)
        }
        return [one for one in self._entered if one.code in codes]

    @cached_property
    def dropped(self) -> list[Field]:
        """The fields whose values do not go over: no longer asked, or of another type or unit now."""
        return [
            one
            for one in self.before.fields
            if one.computed is None and not stays(one.column, self._column(one.code))
        ]

    @property
    def _entered(self) -> list[Field]:
        return [one for one in self.after.fields if one.computed is None]

    def _column(self, code: str) -> Column | None:
        known = self.after.by_code.get(code)
        return known.column if known is not None and known.computed is None else None

    def _table(self, code: str) -> Table | None:
        return next((table for table in self.after.tables if table.code == code), None)

    def carried(self, texts: Mapping[str, Any]) -> dict[str, Any]:
        """Of values, or of what stands beside them by code, those that go over."""
        gone = {one.code for one in self.dropped}
        return {code: text for code, text in texts.items() if code not in gone}

    def owed(self, values: Mapping[str, str]) -> list[Field]:
        """The required fields for which nothing would stand."""
        kept = self.carried(values)
        return [one for one in self._entered if one.column.required and not kept.get(one.code)]

    @cached_property
    def tables(self) -> dict[str, tuple[Table, Table | None]]:
        """The tables of the older version that do not go over as they are: with the newer one, or None."""
        answer = {}
        for table in self.before.tables:
            known = self._table(table.code)
            if known is None or self._loses(table, known):
                answer[table.code] = (table, known)
        return answer

    @staticmethod
    def _loses(table: Table, known: Table) -> bool:
        columns = {column.code: column for column in known.columns}
        return any(not stays(column, columns.get(column.code)) for column in table.columns)


def stays(before: Column, after: Column | None) -> bool:
    """Whether a value means the same in the newer column: its type and its unit are those of before."""
    return after is not None and before.type is after.type and before.unit == after.unit


def carried_texts(before: Table, after: Table, texts: Mapping[str, str]) -> dict[str, str]:
    """Of the texts of a row, those that go over."""
    old = {column.code: column for column in before.columns}
    new = {column.code: column for column in after.columns}
    return {code: text for code, text in texts.items() if stays(old[code], new.get(code))}


def titles(fields: Sequence[Field]) -> str:
    """Field names as one text."""
    return "、".join(one.title for one in fields)
