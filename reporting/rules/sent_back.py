"""What an office asked to be mended, and whether it has been touched since. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reporting.rules.checking import TableRow
from reporting.rules.form import Form

_PLACES = Decimal("0.000001")  # as figures are stored


@dataclass(frozen=True, slots=True)
class Item:
    """One place that was named when the return came back. `changed`: its value, rows or reason differ."""

    code: str
    title: str
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """A version as far as it is compared: `figures` are computed values and totals."""

    values: Mapping[str, str]
    explanations: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, Sequence[TableRow]] = field(default_factory=dict)
    figures: Mapping[str, Decimal] = field(default_factory=dict)


def items_of(form: Form, reasons: Mapping[str, str], before: Filed, now: Filed) -> list[Item]:
    """The places in the order in which they were named."""
    tables = {table.code: table.title for table in form.tables}
    return [
        Item(
            code,
            tables.get(code) or form.title_of(code),
            text,
            _rows_differ(code, before, now) if code in tables else _values_differ(code, before, now),
        )
        for code, text in reasons.items()
    ]


def _rows_differ(table: str, before: Filed, now: Filed) -> bool:
    old, new = ([(row.key, dict(row.values)) for row in one.rows.get(table, ())] for one in (before, now))
    reasons = [_reasons(one, lambda parts: len(parts) == 4 and parts[1] == table) for one in (before, now)]
    return old != new or reasons[0] != reasons[1]


def _values_differ(code: str, before: Filed, now: Filed) -> bool:
    if before.values.get(code, "") != now.values.get(code, ""):
        return True
    if _figure(before, code) != _figure(now, code):
        return True
    reasons = [_reasons(one, lambda parts: len(parts) == 2 and parts[1] == code) for one in (before, now)]
    return reasons[0] != reasons[1]


def _figure(one: Filed, code: str) -> Decimal | None:
    found = one.figures.get(code)
    return None if found is None else found.quantize(_PLACES)


def _reasons(one: Filed, mine: Callable[[list[str]], bool]) -> dict[str, Mapping[str, str]]:
    """The reasons given for this place; a key is `check:field` or `check:table:row:column`."""
    return {key: reason for key, reason in one.explanations.items() if mine(key.split(":"))}
