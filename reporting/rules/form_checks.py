"""What takes a whole form file to judge: codes used twice, names and types, cycles, parts of a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.columns import Column
from core.expressions import Expression, Kind, check_names_and_types
from core.problems import Problem
from core.text import T
from reporting.rules.form import REGISTRY_NAMES, Field, Section, Table, Variance, kind_of


@dataclass(slots=True)
class Uses:
    """Where a file reads or names something, noted while it is read; each with its path."""

    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    doubled: list[Problem] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    parts: list[tuple[str, str, str]] = field(default_factory=list)
    computed: dict[str, tuple[str, Expression]] = field(default_factory=dict)
    conditions: list[tuple[str, Expression, str]] = field(default_factory=list)
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    columns: dict[str, dict[str, Column]] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  # fields and columns whose own line has a fault:
    lost: set[str] = field(default_factory=set)  # what reads them is not to blame

    def code(self, kind: str, code: str, path: str) -> None:
        """Codes are unique in their kind; fields and totals share one."""
        kind = "field" if kind == "total" else kind
        before = self.codes.setdefault((kind, code), path)
        if before != path:
            message = T("代码 {code} 已在 {place} 用过", code=code, place=before)
            self.doubled.append(Problem("form.code", message, place=path, found=code))


def check_form(
    sections: tuple[Section, ...], tables: tuple[Table, ...], variance: Variance | None, uses: Uses
) -> tuple[tuple[str, ...], list[Problem], dict[str, int]]:
    """The order of computed fields, every fault, and how deep each part of a whole (其中) stands."""
    fields = {one.code: one for section in sections for one in section.fields}
    kinds = _kinds(fields, tables, uses)
    problems = list(uses.doubled)
    problems += _unknown_fields(fields, uses)
    problems += _names(kinds, uses)
    order, cycles = _order(uses)
    depths, loops = _depths(fields, uses)
    return order, problems + cycles + loops, depths


def _kinds(fields: Mapping[str, Field], tables: tuple[Table, ...], uses: Uses) -> dict[str, Kind | None]:
    """The type of every name that a check of the return may read."""
    kinds: dict[str, Kind | None] = dict(REGISTRY_NAMES)
    kinds |= dict.fromkeys(uses.broken)
    own: dict[str, Kind | None] = {code: kind_of(one.column) for code, one in fields.items()}
    own |= {total.code: Kind.NUMBER for table in tables for total in table.totals}
    own |= {code: None for (kind, code) in uses.codes if kind == "field" and code not in own}
    return kinds | own | {f"prev.{code}": kind for code, kind in own.items()}


def _names(kinds: Mapping[str, Kind | None], uses: Uses) -> list[Problem]:
    problems: list[Problem] = []
    for code, (path, expression) in uses.computed.items():
        wants = kinds.get(code)
        problems += check_names_and_types(expression, kinds, path=path, wants=wants)
    for path, expression, table in uses.conditions:
        known = dict(kinds)
        if table:
            known |= dict.fromkeys(uses.lost)
            known |= {code: kind_of(column) for code, column in uses.columns[table].items()}
        problems += check_names_and_types(expression, known, path=path, wants=Kind.BOOL)
    return problems


def _unknown_fields(fields: Mapping[str, Field], uses: Uses) -> list[Problem]:
    names = set(fields) | uses.broken | {code for kind, code in uses.codes if kind == "field"}
    problems = [_unknown(path, name) for path, name in uses.fields if name not in names]
    problems += [_unknown(path, whole) for path, _, whole in uses.parts if whole not in names]
    for path, name, table in uses.shown:
        if name not in (set(uses.columns[table]) | uses.lost if table else names):
            problems.append(_unknown(path, name))
    for path, part, whole in uses.parts:
        if any(code in fields and not fields[code].is_numeric for code in (part, whole)):
            problems.append(Problem("form.of", T("其中项与总项须都是数值"), place=path, found=whole))
    return problems


def _unknown(path: str, name: str) -> Problem:
    return Problem("form.name", T("没有这个字段"), place=path, found=name)


def _order(uses: Uses) -> tuple[tuple[str, ...], list[Problem]]:
    """Each computed field after those it reads; a cycle is a fault at each of its fields."""
    waiting = {
        code: {name for name in expression.names if name in uses.computed}
        for code, (_, expression) in uses.computed.items()
    }
    order: list[str] = []
    while ready := [code for code, needs in waiting.items() if needs <= set(order)]:
        order += ready
        for code in ready:
            del waiting[code]
    message = T("自动计算的项目互相引用，成了循环")
    problems = [
        Problem("form.cycle", message, place=uses.computed[code][0], found=code)
        for code in waiting
        if _reaches(code, waiting)
    ]
    return tuple(order), problems


def _reaches(code: str, needs: Mapping[str, set[str]]) -> bool:
    """Whether a field reads itself, by way of others or not."""
    seen: set[str] = set()
    ahead = list(needs[code])
    while ahead:
        name = ahead.pop()
        if name == code:
            return True
        if name not in seen:
            seen.add(name)
            ahead += needs.get(name, ())
    return False


def _depths(fields: Mapping[str, Field], uses: Uses) -> tuple[dict[str, int], list[Problem]]:
    wholes = {part: whole for _, part, whole in uses.parts}
    depths: dict[str, int] = {}
    problems: list[Problem] = []
    for path, part, _ in uses.parts:
        depth, at = 0, part
        while at in wholes and depth <= len(wholes):
            at, depth = wholes[at], depth + 1
        if depth > len(wholes):
            problems.append(Problem("form.of", T("其中项成了循环"), place=path, found=part))
        depths[part] = depth
    return depths, problems
