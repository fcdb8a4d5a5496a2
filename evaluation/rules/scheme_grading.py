"""The `grading` of a scheme file: rows of grades, fixed grades, ceilings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.expressions import YEARS_BEFORE, Expression, Kind
from core.text import T
from evaluation.rules import scheme_shape as shape
from evaluation.rules.scheme import RESULT_NAMES, Ceiling, FixedGrade, Grading
from evaluation.rules.scheme_reading import Reading

IN_CEILINGS = YEARS_BEFORE | {"points"}
_SCORED = "scored"


def read_grading(reading: Reading, raw: Any) -> Grading | None:
    """The grading; the leaves must have been read before."""
    grading = reading.shaped(shape.GradingShape, raw, "grading")
    content = raw if isinstance(raw, dict) else {}
    if isinstance(content.get("group"), list):
        reading.reads(content["group"], "grading.group")
    base = None
    if content.get("base", _SCORED) != _SCORED:
        base = reading.expression(content["base"], "grading.base", condition=True)
    _tie_break(reading, content.get("tie_break"))
    rows = reading.pieces(shape.GradeShape, content.get("grades"), "grading.grades")
    _check_rows(reading, rows)
    names = _known_grades(content.get("grades"))
    fixed = _fixed(reading, content.get("fixed"), names)
    ceilings = _ceilings(reading, content.get("ceilings"), names)
    if grading is None:
        return None
    return Grading(
        group=tuple(grading.group or ()),
        base=base,
        share_rounding=grading.share_rounding,
        tie_break=tuple(grading.tie_break or ()),
        ties_at_cut=grading.ties_at_cut,
        rows=tuple(row for row in rows if row is not None),
        fixed=fixed,
        ceilings=ceilings,
        order=names,
    )


def _tie_break(reading: Reading, raw: Any) -> None:
    for index, code in enumerate(raw if isinstance(raw, list) else []):
        if isinstance(code, str) and code.strip() not in reading.leaf_codes:
            message = T("没有代码为 {code} 的指标。", code=code.strip())
            reading.problem("scheme.tie_break", message, f"grading.tie_break[{index}]", code)


def _known_grades(raw: Any) -> tuple[str, ...]:
    """The grades of the rows, best first, each once; also of rows that have other faults."""
    names: dict[str, None] = {}
    for row in raw if isinstance(raw, list) else []:
        name = row.get("grade") if isinstance(row, dict) else None
        if isinstance(name, str):
            names[name.strip()] = None
    return tuple(names)


def _check_rows(reading: Reading, rows: Sequence[shape.GradeShape | None]) -> None:
    """The last row takes everybody; rows of one grade stand together and have one name."""
    labels: dict[str, str] = {}
    before = ""
    for index, row in enumerate(rows):
        path = f"grading.grades[{index}]"
        if row is None:
            continue
        if row.grade in labels and row.grade != before:
            message = T("等级从好到差排列，同一等级的各行须相邻。")
            reading.problem("scheme.grade_order", message, f"{path}.grade", row.grade)
        if labels.setdefault(row.grade, row.label) != row.label:
            message = T("等级 {grade} 有两个名称。", grade=row.grade)
            reading.problem("scheme.grade_label", message, f"{path}.label", row.label)
        before = row.grade
    last = rows[-1] if rows else None
    if last is not None and last.has_condition:
        message = T("最后一行不能有条件，否则有的载体没有等级。")
        reading.problem("scheme.last_grade", message, f"grading.grades[{len(rows) - 1}]", last.grade)


def _named(reading: Reading, name: Any, names: tuple[str, ...], path: str) -> None:
    if isinstance(name, str) and name.strip() not in names:
        message = T("等级 {grade} 不在 grades 中。", grade=name.strip())
        reading.problem("scheme.grade", message, path, name)


def _fixed(reading: Reading, raw: Any, names: tuple[str, ...]) -> tuple[FixedGrade, ...]:
    answer = []
    for index, shaped in enumerate(reading.pieces(shape.FixedShape, raw, "grading.fixed")):
        path = f"grading.fixed[{index}]"
        content = raw[index] if isinstance(raw[index], dict) else {}
        _named(reading, content.get("grade"), names, f"{path}.grade")
        when = reading.expression(content.get("when"), f"{path}.when", condition=True)
        if shaped is not None and when is not None:
            answer.append(FixedGrade(when, shaped.grade, shaped.reason))
    return tuple(answer)


def _ceilings(reading: Reading, raw: Any, names: tuple[str, ...]) -> tuple[Ceiling, ...]:
    answer = []
    for index, shaped in enumerate(reading.pieces(shape.CeilingShape, raw, "grading.ceilings")):
        path = f"grading.ceilings[{index}]"
        content = raw[index] if isinstance(raw[index], dict) else {}
        _named(reading, content.get("at_most"), names, f"{path}.at_most")
        when = _ceiling_condition(reading, content.get("when"), f"{path}.when")
        if shaped is not None and when is not None:
            answer.append(Ceiling(when, shaped.at_most, shaped.reason))
    return tuple(answer)


def _ceiling_condition(reading: Reading, source: Any, path: str) -> Expression | None:
    """A condition that may use `total`, `base`, `bonus`, `deductions` and `points.CODE`."""
    computed: dict[str, Kind | None] = dict.fromkeys(RESULT_NAMES, Kind.NUMBER)
    when = reading.expression(source, path, prefixes=IN_CEILINGS, condition=True, computed=computed)
    for name in sorted(when.names) if when is not None else []:
        prefix, _, code = name.partition(".")
        if prefix != "points" or not code:
            continue
        computed[name] = Kind.NUMBER
        if code not in reading.leaf_codes:
            message = T("没有代码为 {code} 的指标。", code=code)
            reading.problem("scheme.points", message, path, name)
    return when
