"""A result in the form that people and programs get: the JSON of section 5 of the contract, and a table."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.expressions import Value, plain
from core.text import T, Translate
from evaluation.rules.exact import digits
from evaluation.rules.grading import Graded, grade
from evaluation.rules.scheme import Scheme
from evaluation.rules.scoring import CarrierRow, LeafScore, LeftOut, Marks, score


@dataclass(frozen=True, slots=True)
class Result:
    """A whole run: graded carriers by rank, then those without one; those left out by carrier."""

    scheme: Scheme
    year: int
    carriers: tuple[Graded, ...]
    left_out: tuple[LeftOut, ...]


def run(scheme: Scheme, rows: Sequence[CarrierRow], marks: Marks, *, year: int) -> Result:
    """Scores and grades; raises `Refused` with every text that a `choice` does not know."""
    with _uncollected():
        scores = score(scheme, rows, marks, year=year)
        left_out = tuple(sorted(scores.left_out, key=lambda left: left.carrier))
        return Result(scheme, year, grade(scheme, scores.carriers, year=year), left_out)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A run makes millions of small things, none in a circle: looking for such costs a third of it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _value(value: Value) -> str | None:
    """Numbers without idle zeros, the rest as a cell would show it."""
    return digits(value) if isinstance(value, Decimal) else plain(value)


def _number(number: Decimal) -> str:
    return format(number, "f")


def _indicator(leaf_score: LeafScore) -> dict[str, str | None]:
    return {
        "code": leaf_score.leaf.code,
        "value": _value(leaf_score.value),
        "points": _number(leaf_score.points),
        "full": _number(leaf_score.leaf.full),
        "because": str(leaf_score.because),
    }


def _carrier(graded: Graded) -> dict[str, Any]:
    points = graded.score
    return {
        "carrier": points.carrier,
        "total": _number(points.total),
        "rank": graded.rank,
        "grade": graded.grade,
        "reason": str(graded.reason),
        "base": _number(points.base),
        "bonus": _number(points.bonus),
        "deductions": _number(points.deductions),
        "indicators": [_indicator(leaf_score) for leaf_score in points.leaves],
    }


def as_data(result: Result) -> dict[str, Any]:
    """The result as plain data: numbers are text, a missing value is None."""
    return {
        "scheme": {
            "code": result.scheme.code,
            "version": result.scheme.version,
            "digest": result.scheme.digest,
        },
        "carriers": [_carrier(graded) for graded in result.carriers],
        "left_out": [{"carrier": left.carrier, "reason": str(left.reason)} for left in result.left_out],
    }


def as_json(result: Result) -> str:
    """The result's bytes, as text, a line a carrier: the same input gives the same ones."""
    with _uncollected():
        data = as_data(result)
    parts = [f'"scheme": {_json(data["scheme"])}']
    for name in ("carriers", "left_out"):
        lines = ",\n".join(_json(item) for item in data[name])
        parts.append(f'"{name}": [\n{lines}\n]' if lines else f'"{name}": []')
    return "{" + ",\n".join(parts) + "}\n"


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


_HEADINGS = (
    T("名次"),
    T("载体"),
    T("总分"),
    T("等级"),
    T("基础分"),
    T("加分"),
    T("扣分"),
    T("理由"),
)


def _lines(result: Result, say: Translate) -> Iterable[tuple[str, ...]]:
    yield tuple(heading.said(say) for heading in _HEADINGS)
    for graded in result.carriers:
        points = graded.score
        yield (
            "—" if graded.rank is None else str(graded.rank),
            points.carrier,
            _number(points.total),
            graded.grade,
            _number(points.base),
            _number(points.bonus),
            _number(points.deductions),
            graded.reason.said(say),
        )


def _width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F or character == "—" else 1 for character in text)


def as_table(result: Result, say: Translate) -> str:
    """The result for a person at a terminal, one line a carrier, in the language of `say`."""
    lines = list(_lines(result, say))
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    scheme = result.scheme
    title = T(
        "{title}（{code} 第 {version} 版，{year} 年）",
        title=scheme.title,
        code=scheme.code,
        version=scheme.version,
        year=result.year,
    )
    out = [title.said(say)]
    for line in lines:
        cells = (text + " " * (w - _width(text)) for text, w in zip(line, widths, strict=True))
        out.append("  ".join(cells).rstrip())
    if result.left_out:
        carriers = "、".join(left.carrier for left in result.left_out)
        out.append(T("不在适用范围内：{carriers}", carriers=carriers).said(say))
    return "\n".join(out) + "\n"
