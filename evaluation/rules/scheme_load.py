"""From a scheme file to a `Scheme`, or to every fault of the file with its path."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.canonical import digest
from core.expressions import Expression
from core.problems import Refused
from core.text import T
from core.yamlfile import load_yaml
from evaluation.rules import scheme_shape as shape
from evaluation.rules.exact import ZERO
from evaluation.rules.scheme import Extra, Grading, Node, Part, Scheme, leaves_of
from evaluation.rules.scheme_grading import read_grading
from evaluation.rules.scheme_reading import Reading
from evaluation.rules.scheme_tree import read_extra, read_nodes
from evaluation.rules.scheme_uses import Kinds, check_uses


def load_scheme(text: str | bytes, kinds: Kinds | None = None) -> Scheme:
    """The scheme in a YAML file; with `kinds` its names and types are checked as well.

    Raises `Refused` with every fault, each with its path in the file.
    """
    return read_scheme(load_yaml(text), kinds)


def read_scheme(raw: Any, kinds: Kinds | None = None) -> Scheme:
    """The scheme in the content of a file (`Scheme.source`), numbers still as text.

    Raises `Refused` with every fault.
    """
    reading = Reading()
    scheme = _scheme(reading, raw)
    if kinds is not None:
        reading.problems += check_uses(reading.uses, kinds)
    if scheme is None or reading.problems:
        raise Refused(reading.problems)
    return scheme


def _scheme(reading: Reading, raw: Any) -> Scheme | None:
    content: dict[str, Any] = raw if isinstance(raw, dict) else {}
    top = reading.shaped(shape.SchemeShape, raw, "")
    reading.decimals = top.decimals if top is not None else shape.decimals_of(content)
    applies_to = reading.expression(content.get("applies_to"), "applies_to", condition=True)
    indicators = read_nodes(reading, content.get("indicators"), "indicators", Part.BASE)
    bonus = read_extra(reading, content.get("bonus"), Part.BONUS)
    deductions = read_extra(reading, content.get("deductions"), Part.DEDUCTIONS)
    grading = read_grading(reading, content["grading"]) if "grading" in content else None
    _check_sum(reading, shape.full_of(content.get("full")))
    if top is None:
        return None
    if top.total is not None:
        reading.places(top.total.max, "total.max")
    if grading is None:
        return None
    return _made(reading, top, content, applies_to, (indicators, bonus, deductions), grading)


def _made(
    reading: Reading,
    top: shape.SchemeShape,
    content: dict[str, Any],
    applies_to: Expression | None,
    parts: tuple[tuple[Node, ...], Extra, Extra],
    grading: Grading,
) -> Scheme:
    indicators, bonus, deductions = parts
    return Scheme(
        code=top.scheme,
        version=top.version,
        title=top.title,
        form=top.form or "",
        facts=tuple(top.facts or ()),
        applies_to=applies_to,
        decimals=top.decimals,
        full=top.full,
        indicators=indicators,
        bonus=bonus,
        deductions=deductions,
        total_max=None if top.total is None else top.total.max,
        grading=grading,
        source=content,
        digest=digest(content),
        leaves=tuple(leaves_of((*indicators, *bonus.items, *deductions.items))),
        uses=tuple(reading.uses),
    )


def _check_sum(reading: Reading, full: Decimal | None) -> None:
    """`full` is the sum of the base leaves' full marks; not asked where one of them is no number."""
    reading.places(full, "full")
    if full is None or not reading.base_full or None in reading.base_full:
        return
    total = sum((number for number in reading.base_full if number is not None), ZERO)
    if total != full:
        message = T("应等于各基础指标满分之和 {total}。", total=format(total, "f"))
        reading.problem("scheme.full", message, "full", format(full, "f"))
