"""One scheme file being read: what was found so far.

The file is read piece by piece, and what is wrong in one piece does not hide what is wrong in another.
A reader answers None for a piece that is not sound; its faults are kept here with their paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from core.expressions import YEARS_BEFORE, Expression, Kind, compile_expression
from core.problems import Problem, Refused
from core.shapes import shaped
from core.text import T, Text
from evaluation.rules import scheme_shape as shape
from evaluation.rules.scheme_uses import Use

_WRONG_TYPE = ("shape.union_tag_invalid", "shape.union_tag_not_found")
M = TypeVar("M", bound=shape.Clause)


@dataclass(slots=True)
class Reading:
    """Faults, uses of fields, codes; the full marks of the base leaves (None: not a number)."""

    problems: list[Problem] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    leaf_codes: set[str] = field(default_factory=set)
    base_full: list[Decimal | None] = field(default_factory=list)
    decimals: int | None = None

    def problem(self, code: str, message: Text, path: str, found: str = "") -> None:
        """Keeps a fault."""
        self.problems.append(Problem(code, message, place=path, found=found))

    def shaped(self, model: type[M], raw: Any, path: str) -> M | None:
        """A mapping in its shape."""
        try:
            return shaped(raw, model)
        except Refused as refused:
            for problem in refused.problems:
                place = problem.place + (".type" if problem.code in _WRONG_TYPE else "")
                joint = "." if path and place and place[0] != "[" else ""
                self.problems.append(replace(problem, place=f"{path}{joint}{place}"))
            return None

    def pieces(self, model: type[M], raw: Any, path: str) -> list[M | None]:
        """Each mapping of a list in its shape."""
        if not isinstance(raw, list):
            return []
        return [self.shaped(model, item, f"{path}[{index}]") for index, item in enumerate(raw)]

    def expression(
        self,
        source: Any,
        path: str,
        *,
        prefixes: frozenset[str] = YEARS_BEFORE,
        numeric: bool = False,
        condition: bool = False,
        computed: Mapping[str, Kind | None] | None = None,
        v_from: Expression | None = None,
    ) -> Expression | None:
        """A compiled expression, noted as a use of fields; None where there is none, or no sound one."""
        if not isinstance(source, str) or not source.strip():
            return None
        try:
            expression = compile_expression(source.strip(), path=path, prefixes=prefixes)
        except Refused as refused:
            self.problems += refused.problems
            return None
        known = computed if computed is not None else {}
        self.uses.append(Use(path, expression, "", numeric, condition, computed=known, v_from=v_from))
        return expression

    def reads(self, names: Any, path: str, *, numeric: bool = False) -> None:
        """Notes the fields named in a list, or as the keys of a mapping, or alone."""
        if isinstance(names, str):
            self.uses.append(Use(path, name=names.strip(), numeric=numeric))
            return
        listed = isinstance(names, list)
        for index, name in enumerate(names if isinstance(names, list | dict) else ()):
            if isinstance(name, str):
                place = f"{path}[{index}]" if listed else f"{path}.{name}"
                self.uses.append(Use(place, name=name.strip(), numeric=numeric))

    def places(self, number: Decimal | None, path: str) -> None:
        """Faults a number with more than `decimals` places; idle zeros do not count."""
        if number is None or self.decimals is None:
            return
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.decimals:
            message = T("最多 {decimals} 位小数。", decimals=self.decimals)
            self.problem("scheme.places", message, path, format(number, "f"))
