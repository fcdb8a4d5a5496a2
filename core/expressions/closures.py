"""The tree turned once into nested functions of (row, year), which is what is run for every carrier.

A missing value travels as its `Cause`. No step raises: operands of a type that does not fit (which
`kinds` refuses at load) make the result missing. Conditions have no effects, so `and`, `or`,
`at_least` and `if` stop as soon as their answer is certain, with the same answer as if they had not.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from core.expressions.parsing import Node
from core.expressions.signatures import (
    OF_NUMBERS,
    NumberFunction,
    add_months,
    divide,
    finite,
    largest,
    smallest,
)
from core.expressions.values import ARITHMETIC, Cause, Inner, Row


class Run(Protocol):
    """A part, run for one row and year."""

    def __call__(self, row: Row, year: int, /) -> Inner: ...


_ONE, _ZERO = Decimal(1), Decimal(0)
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def number(value: Inner) -> Decimal | Cause:
    """True counts 1, false 0; text and dates are no numbers."""
    if isinstance(value, Decimal | Cause):
        return value
    if value is True:
        return _ONE
    return _ZERO if value is False else Cause.OUT_OF_RANGE


def true(value: Inner) -> bool:
    """As a condition: missing is false, a number is true when it is not 0."""
    return value is True or (isinstance(value, Decimal) and bool(value))


Operand = tuple[Node, bool]
"""A part, and whether it is read as written text."""


def steps(root: Node) -> list[Operand]:
    """All parts below `root` and itself, operands first; each with whether it is read as written text."""
    order: list[Operand] = []
    done: set[Operand] = set()
    stack = [((root, False), False)]
    while stack:
        step, ready = stack.pop()
        if step in done:
            continue
        if ready:
            done.add(step)
            order.append(step)
        else:
            stack.append((step, True))
            stack.extend((operand, False) for operand in operands(*step))
    return order


def operands(node: Node, as_text: bool) -> list[Operand]:
    """The parts whose values make the value of `node`."""
    if node.form == "compare":
        return [operand for _, *pair in comparisons(node) for operand in pair]
    if node.form == "if":
        condition, *branches = node.parts
        return [(condition, False), *((branch, as_text) for branch in branches)]
    if node.form == "call" and node.word == "coalesce":
        return [(part, as_text) for part in node.parts]
    return [(part, False) for part in node.parts]


def comparisons(node: Node) -> list[tuple[str, Operand, Operand]]:
    """A chained comparison as its pairs, a list as its elements: (operator, left, right).

    Where one side is or holds a 'string', both sides are read as written.
    """
    answer = []
    for word, left, right in zip(node.words, node.parts, node.parts[1:], strict=False):
        for part in right.parts if right.form == "list" else (right,):
            text = holds_string(left) or holds_string(part)
            answer.append((word, (left, text), (part, text)))
    return answer


def holds_string(root: Node) -> bool:
    """Whether the value may be a 'string' of the expression itself."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.form == "const" and isinstance(node.constant, str):
            return True
        if node.form == "if":
            stack.extend(node.parts[1:])
        if node.form == "call" and node.word == "coalesce":
            stack.extend(node.parts)
    return False


def build(root: Node) -> Run:
    """The function that answers the value of the whole expression, or why it is missing."""
    built: dict[Operand, Run] = {}
    for node, as_text in steps(root):
        if node.form == "compare":
            built[node, as_text] = _compare(node, built)
        elif node.form != "list":
            parts = [built[operand] for operand in operands(node, as_text)]
            built[node, as_text] = _run(node, as_text, parts)
    return built[root, False]


def _run(node: Node, as_text: bool, parts: list[Run]) -> Run:
    match node.form:
        case "const":
            return _constant(node)
        case "name":
            return _written(node.word) if as_text else _typed(node.word)
        case "year_end":
            return lambda _row, year: datetime.date(year, 12, 31)
        case "chain":
            return _chain(parts, node.words)
        case "sign":
            return _sign(parts[0], node.word)
        case "not":
            inner = parts[0]
            return lambda row, year: not true(inner(row, year))
        case "and" | "or":
            return _logic(parts, stop_at=node.form == "or")
        case "if":
            return _choice(*parts)
        case _:
            return _call(node.word, parts)


def _constant(node: Node) -> Run:
    value = node.constant
    if value is None:
        raise ValueError("a literal without a value")
    found: Inner = value
    return lambda _row, _year: found


def _typed(name: str) -> Run:
    def run(row: Row, year: int) -> Inner:
        value = row.value(name)
        return Cause.NOT_REPORTED if value is None else value

    return run


def _written(name: str) -> Run:
    def run(row: Row, year: int) -> Inner:
        value = row.written(name)
        return Cause.NOT_REPORTED if value is None else value

    return run


def _sign(inner: Run, word: str) -> Run:
    def run(row: Row, year: int) -> Inner:
        value = number(inner(row, year))
        return value.copy_negate() if word == "-" and isinstance(value, Decimal) else value

    return run


def _chain(parts: list[Run], words: Sequence[str]) -> Run:
    """Sums, or products and quotients, from the left; the first gap met is the result's."""
    first, rest = parts[0], list(zip(words, parts[1:], strict=True))

    def run(row: Row, year: int) -> Inner:
        result = number(first(row, year))
        if isinstance(result, Cause):
            return result
        for word, part in rest:
            value = number(part(row, year))
            if isinstance(value, Cause):
                return value
            step = _step(word, result, value)
            if not isinstance(step, Decimal):
                return step
            result = step
        return result

    return run


def _step(word: str, left: Decimal, right: Decimal) -> Inner:
    if word == "+":
        return finite(ARITHMETIC.add(left, right))
    if word == "-":
        return finite(ARITHMETIC.subtract(left, right))
    if word == "*":
        return finite(ARITHMETIC.multiply(left, right))
    return divide(left, right)


def _compare(node: Node, built: dict[Operand, Run]) -> Run:
    """True when every pair holds; with a list, `in` when any pair does, `not in` when all differ."""
    tests: list[Run] = []
    pairs = iter(comparisons(node))
    for word, right in zip(node.words, node.parts[1:], strict=True):
        count = len(right.parts) if right.form == "list" else 1
        found = [next(pairs) for _ in range(count)]
        order = _ORDERS[{"in": "==", "not in": "!="}.get(word, word)]
        same = [_pair(order, built[left], built[other]) for _, left, other in found]
        if len(same) == 1:
            tests.append(same[0])
        else:
            tests.append(_logic(same, stop_at=word == "in"))
    return tests[0] if len(tests) == 1 else _logic(tests, stop_at=False)


def _pair(order: Callable[[Any, Any], bool], left: Run, right: Run) -> Run:
    def run(row: Row, year: int) -> Inner:
        one, other = left(row, year), right(row, year)
        if isinstance(one, Cause) or isinstance(other, Cause):
            return False
        if type(one) is not type(other):
            one, other = number(one), number(other)
            if isinstance(one, Cause) or isinstance(other, Cause):
                return False
        return order(one, other)

    return run


def _logic(parts: list[Run], *, stop_at: bool) -> Run:
    """`or` stops at the first true part, `and` at the first that is not."""

    def run(row: Row, year: int) -> Inner:
        for part in parts:
            if true(part(row, year)) is stop_at:
                return stop_at
        return not stop_at

    return run


def _choice(condition: Run, then: Run, otherwise: Run) -> Run:
    def run(row: Row, year: int) -> Inner:
        return then(row, year) if true(condition(row, year)) else otherwise(row, year)

    return run


def _call(word: str, parts: list[Run]) -> Run:
    match word:
        case "coalesce":
            return _coalesce(parts)
        case "at_least":
            return _at_least(parts[0], parts[1:])
        case "add_months":
            return _add_months(parts[0], parts[1])
        case "year":
            return _year(parts[0])
        case "min" | "max":
            return _extreme(parts, least=word == "min")
        case _:
            return _of_numbers(OF_NUMBERS[word], parts)


def _of_numbers(function: NumberFunction, parts: list[Run]) -> Run:
    def run(row: Row, year: int) -> Inner:
        values: list[Decimal] = []
        for part in parts:
            value = number(part(row, year))
            if isinstance(value, Cause):
                return value
            values.append(value)
        return function(*values)

    return run


def _extreme(parts: list[Run], *, least: bool) -> Run:
    """The least or greatest of numbers, or of dates."""

    def run(row: Row, year: int) -> Inner:
        numbers: list[Decimal] = []
        days: list[datetime.date] = []
        for part in parts:
            value = part(row, year)
            if isinstance(value, datetime.date):
                days.append(value)
                continue
            value = number(value)
            if isinstance(value, Cause):
                return value
            numbers.append(value)
        if days and numbers:
            return Cause.OUT_OF_RANGE
        return smallest(days or numbers) if least else largest(days or numbers)

    return run


def _coalesce(parts: list[Run]) -> Run:
    """The first value that is there; the last gap when none is."""

    def run(row: Row, year: int) -> Inner:
        value: Inner = Cause.NOT_REPORTED
        for part in parts:
            value = part(row, year)
            if not isinstance(value, Cause):
                return value
        return value

    return run


def _at_least(least: Run, conditions: list[Run]) -> Run:
    def run(row: Row, year: int) -> Inner:
        wanted = number(least(row, year))
        if isinstance(wanted, Cause):
            return False
        met = 0
        for condition in conditions:
            met += true(condition(row, year))
        return met >= wanted

    return run


def _add_months(day: Run, months: Run) -> Run:
    def run(row: Row, year: int) -> Inner:
        start, count = day(row, year), number(months(row, year))
        if isinstance(start, Cause):
            return start
        if isinstance(count, Cause):
            return count
        return add_months(start, count) if isinstance(start, datetime.date) else Cause.OUT_OF_RANGE

    return run


def _year(day: Run) -> Run:
    def run(row: Row, year: int) -> Inner:
        value = day(row, year)
        if isinstance(value, datetime.date):
            return Decimal(value.year)
        return value if isinstance(value, Cause) else Cause.OUT_OF_RANGE

    return run
