"""From a form file to a `Form`, or to every fault of the file with its path."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from core.canonical import digest
from core.columns import NUMERIC, Column, ColumnType, heading_key
from core.expressions import Expression, compile_expression
from core.expressions.words import in_words
from core.problems import Problem, Refused, Severity
from core.shapes import PLAIN_NUMBER, Shape, shaped
from core.text import T, Text
from core.workbook.book import folded
from core.workbook.text import sheet_name
from core.yamlfile import read_yaml
from reporting.rules import form_shape as shape
from reporting.rules.form import (
    GIVEN_KEY,
    Check,
    Field,
    Form,
    FormCase,
    FormTests,
    Section,
    Table,
    Total,
    TotalKind,
    Variance,
)
from reporting.rules.form_checks import Uses, check_form

PREFIXES = frozenset({"prev"})
RESERVED = frozenset({"and", "or", "not", "in", "if", "else", "is", "true", "false", "year_end", "prev"})
SHEETS = frozenset(folded(name) for name in ("填报说明", "填报问题", "_meta", "_lists", "history"))
"""The workbook's own sheets, and a name that Excel keeps for itself."""
_TOTAL = re.compile(r"\s*(count|sum|distinct)\s*(?:\((.*)\))?\s*", re.DOTALL)
AnyShape = TypeVar("AnyShape", bound=Shape)


def load_form(text: str | bytes) -> Form:
    """The form in a YAML file. Raises `Refused` with every fault, each with its path in the file."""
    tree, faults = read_yaml(text)
    reading = _Reading(list(faults))
    form = reading.form(tree) if tree is not None else None
    if form is None or reading.problems:
        raise Refused(reading.problems)
    return form


def _headings(column: Column) -> set[str]:
    return {heading_key(column.title), heading_key(column.header)}


@dataclass(slots=True)
class _Reading:
    """One file being read. A method answers None for a piece that is not sound."""

    problems: list[Problem] = field(default_factory=list)
    uses: Uses = field(default_factory=Uses)

    def problem(self, code: str, message: Text, path: str, found: str = "") -> None:
        self.problems.append(Problem(code, message, place=path, found=found[:60]))

    def piece(self, model: type[AnyShape], raw: Any, path: str) -> AnyShape | None:
        """One mapping in its shape; its faults are kept with their paths."""
        try:
            return shaped(raw, model)
        except Refused as refused:
            for problem in refused.problems:
                dot = "." if path and problem.place and not problem.place.startswith("[") else ""
                self.problems.append(replace(problem, place=f"{path}{dot}{problem.place}"))
            return None

    def expression(self, source: Any, path: str) -> Expression | None:
        if not isinstance(source, str) or not source.strip():
            return None
        try:
            return compile_expression(source, path=path, prefixes=PREFIXES)
        except Refused as refused:
            self.problems += refused.problems
            return None

    def items(self, raw: Any, key: str) -> list[Any]:
        found = raw.get(key) if isinstance(raw, dict) else None
        return found if isinstance(found, list) else []

    # The file.

    def form(self, raw: Any) -> Form | None:
        top = self.piece(shape.FormShape, raw, "")
        content = raw if isinstance(raw, dict) else {}
        variance = self.variance(content.get("variance"), "variance")
        sections = [
            self.section(one, f"sections[{at}]") for at, one in enumerate(self.items(raw, "sections"))
        ]
        tables = [self.table(one, f"tables[{at}]") for at, one in enumerate(self.items(raw, "tables"))]
        checks = [self.check(one, f"checks[{at}]", "") for at, one in enumerate(self.items(raw, "checks"))]
        tests = self.tests(content.get("tests"), "tests")
        known = tuple(one for one in sections if one)
        order, problems, depths = check_form(known, tuple(t for t in tables if t), variance, self.uses)
        self.problems += problems
        if top is None:
            return None
        known = tuple(
            replace(one, fields=tuple(replace(f, depth=depths.get(f.code, 0)) for f in one.fields))
            for one in known
        )
        return Form(
            code=top.form,
            version=top.version,
            title=top.title,
            kinds=tuple(top.kinds),
            sections=known,
            tables=tuple(one for one in tables if one),
            checks=tuple(one for one in checks if one),
            variance=variance,
            order=order,
            digest=digest(raw),
            help=top.help or "",
            tests=tests,
            by_code={one.code: one for section in known for one in section.fields},
        )

    def variance(self, raw: Any, path: str) -> Variance | None:
        if raw is None:
            return None
        found = self.piece(shape.VarianceShape, raw, path)
        if found is None:
            return None
        for at, name in enumerate(found.except_):
            self.uses.fields.append((f"{path}.except[{at}]", name))
        return Variance(found.share, found.at_least, Severity(found.severity), frozenset(found.except_))

    # Sections.

    def section(self, raw: Any, path: str) -> Section | None:
        found = self.piece(shape.SectionShape, raw, path)
        rows = [
            self.field(one, f"{path}.fields[{at}]", found.code if found else "")
            for at, one in enumerate(self.items(raw, "fields"))
        ]
        if found is None:
            return None
        self.uses.code("section", found.code, f"{path}.code")
        self.sheet(found.title, path)
        return Section(found.code, found.title, tuple(row for row in rows if row), found.help or "")

    def sheet(self, title: str, path: str) -> None:
        """A section or table has a sheet of its own in the workbook, known by its name."""
        name = folded(sheet_name(title))
        if name in SHEETS or self.uses.sheets.setdefault(name, path) != path:
            self.problem("form.sheet", T("工作簿中已有同名的工作表"), f"{path}.title", title)

    def field(self, raw: Any, path: str, section: str) -> Field | None:
        content = raw if isinstance(raw, dict) else {}
        found = self.piece(shape.FieldShape, raw, path)
        computed = self.expression(content.get("computed"), f"{path}.computed")
        variance = self.variance(content.get("variance"), f"{path}.variance")
        if found is None:
            if isinstance(content.get("code"), str):
                self.uses.broken.add(content["code"])
            return None
        if found.computed is None and "type" not in content:
            self.problem("shape.missing", T("缺少这个键"), f"{path}.type")
        if found.computed is not None and (found.required or found.prefill):
            self.problem("form.computed", T("自动计算的项目不能 required 或 prefill"), path, found.code)
        column = replace(self.column(found, path), locked=found.computed is not None)
        self.name("field", found.code, f"{path}.code")
        if found.of:
            self.uses.parts.append((f"{path}.of", found.code, found.of))
        if computed is not None:
            self.uses.computed[found.code] = (f"{path}.computed", computed)
        return Field(
            column=column,
            section=section,
            of=found.of or "",
            computed=computed,
            prefill=found.prefill or "",
            variance=variance,
            clause=found.clause or "",
        )

    def name(self, kind: str, code: str, path: str) -> None:
        """A code by which expressions know a value."""
        if code in RESERVED:
            self.problem("form.reserved", T("“{code}”是表达式的保留字，不能用作代码", code=code), path, code)
        self.uses.code(kind, code, path)

    def column(self, found: shape.ValueShape, path: str) -> Column:
        kind = ColumnType(found.type)
        self.choices(found.choices or {}, f"{path}.choices")
        return Column(
            code=found.code,
            title=found.title,
            type=kind,
            unit=found.unit or "",
            required=found.required,
            choices=found.choices or {},
            help=found.help or "",
            places=found.places,
            min=self.bound(found.min, kind, f"{path}.min"),
            max=self.bound(found.max, kind, f"{path}.max"),
            max_length=found.max_length,
        )

    def choices(self, choices: Mapping[str, str], path: str) -> None:
        """What is typed into a cell must mean one choice: names, and codes, differ from one another."""
        seen: dict[str, str] = {}
        for code, name in choices.items():
            for word in {folded(code), folded(name)}:
                if seen.setdefault(word, code) != code:
                    self.problem("form.choice", T("两个可选项的名称或代码分不清"), f"{path}.{code}", name)

    def bound(self, text: str | None, kind: ColumnType, path: str) -> Decimal | dt.date | None:
        if text is None:
            return None
        if kind in NUMERIC and PLAIN_NUMBER.fullmatch(text):
            return Decimal(text)
        if kind is ColumnType.DATE and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                pass
        self.problem("form.bound", T("界限须是数字；日期项须是 2023-05-06 这样的日期"), path, text)
        return None

    # Tables.

    def table(self, raw: Any, path: str) -> Table | None:
        found = self.piece(shape.TableShape, raw, path)
        columns = self.columns(raw, path)
        code = found.code if found else f"{path} "
        self.uses.columns[code] = {column.code: column for column in columns}
        checks = [
            self.check(one, f"{path}.row_checks[{at}]", code)
            for at, one in enumerate(self.items(raw, "row_checks"))
        ]
        if found is None:
            return None
        self.uses.code("table", found.code, f"{path}.code")
        self.sheet(found.title, path)
        if found.key == GIVEN_KEY and GIVEN_KEY not in self.uses.columns[code]:
            columns.insert(0, Column(code=GIVEN_KEY, title="团队编号", type=ColumnType.TEXT, max_length=24))
            self.uses.columns[code][GIVEN_KEY] = columns[0]
        elif found.key not in self.uses.columns[code]:
            self.problem("form.key", T("没有这一列"), f"{path}.key", found.key)
        totals = [
            self.total(name, source, found, f"{path}.totals.{name}") for name, source in found.totals.items()
        ]
        return Table(
            code=found.code,
            title=found.title,
            key=found.key,
            max_rows=found.max_rows,
            columns=tuple(columns),
            row_checks=tuple(one for one in checks if one),
            totals=tuple(one for one in totals if one),
            help=found.help or "",
        )

    def columns(self, raw: Any, path: str) -> list[Column]:
        answer: list[Column] = []
        for at, one in enumerate(self.items(raw, "columns")):
            place = f"{path}.columns[{at}]"
            found = self.piece(shape.ColumnShape, one, place)
            if found is None:
                if isinstance(one, dict) and isinstance(one.get("code"), str):
                    self.uses.lost.add(one["code"])
                continue
            if found.code in RESERVED:
                self.name("column", found.code, f"{place}.code")
            column = self.column(found, place)
            if any(column.code == other.code or _headings(column) & _headings(other) for other in answer):
                self.problem("form.column", T("这一列的代码或名称已经用过"), place, found.code)
            answer.append(column)
        return answer

    def total(self, name: str, source: str, table: shape.TableShape, path: str) -> Total | None:
        self.name("total", name, path)
        match = _TOTAL.fullmatch(source)
        kind = TotalKind(match[1]) if match else None
        inside = (match[2] or "").strip() if match else ""
        if kind is None or (kind is not TotalKind.COUNT and not inside) or (match and match[2] == ""):
            message = T("只能写 count、count(条件)、sum(列)、distinct(列)")
            self.problem("form.total", message, path, source)
            return None
        columns: Mapping[str, Column] = self.uses.columns[table.code]
        if kind is TotalKind.COUNT:
            condition = self.expression(inside, path) if inside else None
            if condition is not None:
                self.uses.conditions.append((path, condition, table.code))
            titles = {code: one.title for code, one in columns.items()}
            which = in_words(condition.source, titles) if condition is not None else "行数"
            return Total(name, kind, table.code, f"{table.title}（{which}）", condition)
        column = columns.get(inside)
        if column is None or (kind is TotalKind.SUM and column.type not in NUMERIC):
            self.problem("form.total", T("没有这一列，或这一列不是数值"), path, inside)
            return None
        title = f"{table.title}（{column.title}）"
        return Total(name, kind, table.code, title, column=inside, unit=column.shown_unit)

    def check(self, raw: Any, path: str, table: str) -> Check | None:
        """A row check when `table` is named, else a check of the return."""
        found = self.piece(shape.RowCheckShape, raw, path)
        source = raw.get("check") if isinstance(raw, dict) else None
        expression = self.expression(source, f"{path}.check")
        if expression is not None:
            self.uses.conditions.append((f"{path}.check", expression, table))
        if found is None or expression is None:
            return None
        self.uses.code("check", found.code, f"{path}.code")
        for at, name in enumerate(found.fields):
            self.uses.shown.append((f"{path}.fields[{at}]", name, table))
        return Check(
            code=found.code,
            check=expression,
            severity=Severity(found.severity),
            message=found.message,
            fix=found.fix or "",
            allowed=found.allowed or "",
            fields=tuple(found.fields),
        )

    # Its own tests.

    def tests(self, raw: Any, path: str) -> FormTests | None:
        if raw is None:
            return None
        found = self.piece(shape.TestsShape, raw, path)
        cases = [self.case(one, f"{path}.cases[{at}]") for at, one in enumerate(self.items(raw, "cases"))]
        if found is None:
            return None
        rows = self.laid_rows(found.rows, path)
        self.named({**found.values, **found.last}, path)
        sound = FormCase("", found.values, found.last, rows)
        return FormTests(found.year, sound, tuple(one for one in cases if one), found.registry)

    def case(self, raw: Any, path: str) -> FormCase | None:
        found = self.piece(shape.CaseShape, raw, path)
        if found is None:
            return None
        self.named({**found.values, **found.last}, path)
        for at, table in enumerate(found.without):
            if table not in self.uses.columns:
                self.problem("form.name", T("没有这张表"), f"{path}.without[{at}]", table)
        rows = self.laid_rows(found.rows, path)
        return FormCase(found.name, found.values, found.last, rows, tuple(found.without), tuple(found.expect))

    def named(self, texts: Mapping[str, str], path: str) -> None:
        """Values of a case are those of fields that there are."""
        self.uses.fields += [(f"{path}.{code}", code) for code in texts]

    def laid_rows(
        self, rows: Mapping[str, list[dict[str, str]]], path: str
    ) -> dict[str, tuple[Mapping[str, str], ...]]:
        """The rows of a case by table; tables and columns that there are not are faults."""
        for table, given in rows.items():
            columns = self.uses.columns.get(table)
            if columns is None:
                self.problem("form.name", T("没有这张表"), f"{path}.rows.{table}", table)
                continue
            for at, row in enumerate(given):
                for code in row:
                    if code not in columns and code not in self.uses.lost:
                        self.problem("form.name", T("没有这一列"), f"{path}.rows.{table}[{at}]", code)
        return {table: tuple(given) for table, given in rows.items()}
