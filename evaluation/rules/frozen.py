"""What a run freezes: exact texts of every carrier that takes part, under one digest; and rows made of them.

Pure and without an order of its own: the same carriers in any order give the same digest.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.canonical import digest
from core.csvfile import kind_of_cell
from core.expressions import Kind, MappingRow, Value, read_date
from core.shapes import PLAIN_NUMBER
from core.text import T, Text
from evaluation.rules.scheme import Scheme
from evaluation.rules.scheme_uses import names_of
from evaluation.rules.scoring import CarrierRow

YEARS = ("this", "prev", "prev2")
"""The year scored, the one before, the one before that."""

Texts = Mapping[str, str]
Frozen = Mapping[str, Texts]
"""`{"this": {name: exact text}, "prev": …, "prev2": …}`; a missing value has no key."""


@dataclass(frozen=True, slots=True)
class FrozenCarrier:
    """One carrier of a run: `return_digest` is that of the return's version it was taken from."""

    carrier: str
    frozen: Frozen
    return_digest: str = ""
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the carriers of a run share."""

    scheme_digest: str
    year: int
    facts_as_of: datetime.date
    kinds: Mapping[str, str | None] = field(default_factory=dict)


def split_name(name: str) -> tuple[str, str]:
    """`prev.area` is `area` of the year before."""
    year, dot, rest = name.partition(".")
    return (year, rest) if dot and year in YEARS else ("this", name)


def names_by_year(scheme: Scheme) -> dict[str, frozenset[str]]:
    """The fields that a scheme reads, by year, without their prefix."""
    answer: dict[str, set[str]] = {year: set() for year in YEARS}
    for name in names_of(scheme.uses):
        year, rest = split_name(name)
        answer[year].add(rest)
    return {year: frozenset(names) for year, names in answer.items()}


def digest_of(frame: Frame, carriers: Iterable[FrozenCarrier]) -> str:
    """The digest of all that was frozen, as canonical JSON."""
    entries = [
        {
            "carrier": one.carrier,
            "return": one.return_digest,
            "left_out": one.left_out,
            "values": {year: dict(one.frozen.get(year, {})) for year in YEARS},
        }
        for one in sorted(carriers, key=lambda one: one.carrier)
    ]
    return digest(
        {
            "scheme": frame.scheme_digest,
            "year": frame.year,
            "facts_as_of": frame.facts_as_of,
            "kinds": dict(frame.kinds),
            "carriers": entries,
        }
    )


def settled_kinds(kinds: Mapping[str, Kind | None], rows: Iterable[Frozen]) -> dict[str, str | None]:
    """The types under which the texts are read: a name without one takes that of all its texts, else text."""
    open_names = [(name, *split_name(name)) for name, kind in kinds.items() if kind is None]
    found: dict[str, set[Kind]] = {name: set() for name, _, _ in open_names}
    if open_names:
        for row in rows:
            for name, year, rest in open_names:
                text = row.get(year, {}).get(rest)
                if text is not None:
                    found[name].add(kind_of_cell(text))
    answer = {name: None if kind is None else kind.value for name, kind in kinds.items()}
    for name, seen in found.items():
        if seen:
            answer[name] = seen.pop().value if len(seen) == 1 else Kind.TEXT.value
    return answer


def typed(text: str, kind: str | None) -> Value:
    """An exact text as expressions read it; missing where it is not of its type."""
    if kind == Kind.NUMBER:
        return Decimal(text) if PLAIN_NUMBER.fullmatch(text) else None
    if kind == Kind.BOOL:
        return {"true": True, "false": False}.get(text)
    if kind == Kind.DATE:
        return read_date(text)
    return text


def row_of(frozen: Frozen, kinds: Mapping[str, str | None]) -> MappingRow:
    """The row that scoring reads: typed values beside the exact texts."""
    values: dict[str, Value] = {}
    cells: dict[str, str | None] = {}
    for year in YEARS:
        prefix = "" if year == "this" else f"{year}."
        for rest, text in frozen.get(year, {}).items():
            name = prefix + rest
            values[name] = typed(text, kinds.get(name))
            cells[name] = text
    return MappingRow(values, cells)


def carrier_row(carrier: str, frozen: Frozen, kinds: Mapping[str, str | None]) -> CarrierRow:
    """A carrier of the run as `report.run` takes it."""
    return CarrierRow(carrier, row_of(frozen, kinds))


def why_not(scheme: Scheme, frozen: Frozen, kinds: Mapping[str, str | None], year: int) -> Text | None:
    """The reason for which the scheme does not apply to a carrier; None when it does."""
    condition = scheme.applies_to
    if condition is None or condition.holds(row_of(frozen, kinds), year=year):
        return None
    return not_applicable(condition.source)


def not_applicable(condition: str) -> Text:
    """The sentence for a carrier outside a scheme."""
    return T("不在本体系适用范围内：不符合 {condition}", condition=condition)
