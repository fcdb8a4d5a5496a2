"""Which fields a scheme reads, where in its file, and whether they are there and of a type that fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.expressions import Expression, Kind, check_names_and_types
from core.problems import Problem
from core.text import T

Kinds = Mapping[str, Kind | None]
"""The type of every field there is (`prev.x` is one of its own); None where no value of it is known."""


@dataclass(frozen=True, slots=True)
class Use:
    """One place of the file that reads fields: an expression, or the name of a field.

    `computed` are names that scoring gives (`full`, `total`), and `v`, where it is one, is the result of
    `v_from`. `numeric` asks for a number (or yes/no, which counts 1 or 0), `condition` for something that
    is true or false, neither takes any type.
    """

    path: str
    expression: Expression | None = None
    name: str = ""
    numeric: bool = False
    condition: bool = False
    computed: Mapping[str, Kind | None] = field(default_factory=dict)
    v_from: Expression | None = None

    @property
    def names(self) -> frozenset[str]:
        """The fields that are read here."""
        if self.expression is None:
            return frozenset({self.name})
        return self.expression.names - frozenset(self.computed)


def names_of(uses: Iterable[Use]) -> frozenset[str]:
    """Every field that is read, with its prefix (`prev.area`)."""
    return frozenset(name for use in uses for name in use.names)


def check_uses(uses: Iterable[Use], kinds: Kinds) -> list[Problem]:
    """Names without a field and types that do not fit, each with its path in the file."""
    problems: list[Problem] = []
    for use in uses:
        if use.expression is None:
            problems += _of_name(use, kinds)
        else:
            problems += _of_expression(use.expression, use, kinds)
    return problems


def _of_name(use: Use, kinds: Kinds) -> list[Problem]:
    if use.name not in kinds:
        message = T("没有名为 {name} 的字段。", name=use.name)
        return [Problem("scheme.name", message, place=use.path, field=use.name, found=use.name)]
    kind = kinds[use.name]
    if use.numeric and kind in (Kind.TEXT, Kind.DATE):
        message = T("字段 {name} 是{kind}，这里要数值。", name=use.name, kind=kind.label)
        return [Problem("scheme.type", message, place=use.path, field=use.name, found=use.name)]
    return []


def _of_expression(expression: Expression, use: Use, kinds: Kinds) -> list[Problem]:
    known = {**kinds, **use.computed} if use.computed else kinds
    if use.v_from is not None:
        known = {**known, "v": _kind_of(use.v_from, kinds)}
    wants = Kind.NUMBER if use.numeric else Kind.BOOL if use.condition else None
    return check_names_and_types(expression, known, path=use.path, wants=wants)


def _kind_of(expression: Expression, kinds: Kinds) -> Kind | None:
    """The type of a value; None where it is not sound, which is said at its own place."""
    fitting = (
        kind
        for kind in (Kind.NUMBER, Kind.TEXT, Kind.DATE)
        if not check_names_and_types(expression, kinds, wants=kind)
    )
    return next(fitting, None)
