"""The language of conditions and values in schemes, policies and forms.

One source text is read once (`compile_expression`), checked against the fields there are
(`check_names_and_types`), and then run for every carrier. All arithmetic is decimal at 28 digits,
half-even; a missing value is missing, not 0. Running never raises: a result that no number can hold
(beyond 10^9999, a fractional month, a day outside the calendar) is missing, `OUT_OF_RANGE`.

Words: `and or not in if else` belong to the language, `true false year_end` are constants, a function's
name is one only before a bracket; every other word, Python's own among them, may be a field.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from core.expressions.closures import Run, build, steps, true
from core.expressions.kinds import Kinds, faults_of, fits, unknown_names
from core.expressions.lexing import Fault, lex
from core.expressions.parsing import Node, parse, read_date
from core.expressions.values import Cause, Kind, MappingRow, Row, Value, plain
from core.problems import Problem, Refused
from core.text import T

__all__ = [
    "YEARS_BEFORE",
    "Cause",
    "Expression",
    "Kind",
    "MappingRow",
    "Row",
    "Value",
    "check_names_and_types",
    "compile_expression",
    "fits",
    "plain",
    "read_date",
]

MAX_LENGTH = 2000
YEARS_BEFORE = frozenset({"prev", "prev2"})
"""The prefixes that read earlier years: `prev.NAME`, `prev2.NAME`."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Equal are those of one source."""

    source: str
    names: frozenset[str] = field(compare=False)
    uses_year: bool = field(compare=False)
    root: Node = field(compare=False, repr=False)
    run: Run = field(compare=False, repr=False)

    def evaluate(self, row: Row, *, year: int) -> Value:
        """The value for this row; `None` is missing. `year` is the year scored (for `year_end`)."""
        value = self.run(row, year)
        if isinstance(value, Cause):
            return None
        if isinstance(value, Decimal) and not value:
            return value.copy_abs()  # no "-0" for people
        return value

    def holds(self, row: Row, *, year: int) -> bool:
        """As a condition: missing is false, a number is true when it is not 0."""
        return true(self.run(row, year))

    def why_missing(self, row: Row, *, year: int) -> Cause | None:
        """Why there is no value; `None` when there is one."""
        value = self.run(row, year)
        return value if isinstance(value, Cause) else None


def compile_expression(source: str, *, path: str = "", prefixes: frozenset[str] = YEARS_BEFORE) -> Expression:
    """Reads an expression; `prefixes` are the words allowed before the dot of a name.

    Raises `Refused` with every fault, each at `path`.
    """
    if len(source) > MAX_LENGTH:
        message = T("表达式太长：最多 {limit} 个字符", limit=MAX_LENGTH)
        raise Refused(Problem("expression.length", message, place=path))
    root, faults = parse(lex(source, prefixes))
    if root is not None:
        faults = faults_of(root, {}, None)
    if root is None or faults:
        raise Refused(_problems(faults, "expression.syntax", source, path))
    forms = [node for node, _ in steps(root)]
    return Expression(
        source=source,
        names=frozenset(node.word for node in forms if node.form == "name"),
        uses_year=any(node.form == "year_end" for node in forms),
        root=root,
        run=build(root),
    )


def check_names_and_types(
    expression: Expression, kinds: Kinds, *, path: str = "", wants: Kind | None = None
) -> list[Problem]:
    """Names without a field, operands whose types do not fit, a result that is not what is wanted.

    `kinds` gives the type of every name there is (`prev.x` and `points.B1` are names of their own);
    `None` is a field of which no value is known, it fits everywhere. `wants` BOOL is a condition.
    """
    unknown = unknown_names(expression.root, kinds)
    wrong = faults_of(expression.root, kinds, wants)
    return [
        *_problems(unknown, "expression.name", expression.source, path),
        *_problems(wrong, "expression.type", expression.source, path),
    ]


def _problems(faults: list[Fault], code: str, source: str, path: str) -> list[Problem]:
    answer: list[Problem] = []
    for fault in faults:
        found = (fault.found or source[fault.at : fault.at + 20])[:40]
        message = T(
            "{reason}：“{found}”（第 {position} 个字符）",
            reason=fault.message,
            found=found,
            position=fault.at + 1,
        )
        problem = Problem(code, message, place=path, found=found)
        if problem not in answer:
            answer.append(problem)
    return answer
