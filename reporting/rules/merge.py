"""An uploaded table beside what is stored: new, changed, same, left, bad. Pure; keys decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reporting.rules.checking import TableRow
from reporting.rules.form import Table
from reporting.rules.roster import is_provisional


@dataclass(slots=True)
class Merged:
    """What an upload does to one table. `result` is the table as it would stand, left rows included;
    `left` are keys no longer in the file, `bad` the file's rows (by number) that stay out."""

    new: list[TableRow] = field(default_factory=list)
    changed: list[TableRow] = field(default_factory=list)
    same: list[TableRow] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "same": len(self.same),
            "left": len(self.left),
            "bad": len(self.bad),
        }


def with_keys(table: Table, rows: Sequence[TableRow], stored: Sequence[TableRow]) -> list[TableRow]:
    """The file's rows under their keys. A row without one is the stored row of the same name that no other
    row of the file means, if its key is the portal's to give or it has none either; else `+N`."""
    taken = {row.values.get(table.key, "") for row in rows}
    free: dict[str, list[str]] = {}
    for known in stored:
        if known.key not in taken and (table.key_is_given or is_provisional(known.key)):
            free.setdefault(_name(table, known), []).append(known.key)
    answer = []
    for row in rows:
        key = row.values.get(table.key, "")
        if not key:
            same = free.get(_name(table, row), [])
            key = same.pop(0) if same else ""
        answer.append(TableRow(key or f"+{row.number}", row.values, row.number))
    return answer


def _name(table: Table, row: TableRow) -> str:
    return row.values.get(table.naming, "").strip()


def merge(table: Table, stored: Sequence[TableRow], rows: Sequence[TableRow], bad: Collection[int]) -> Merged:
    """`rows` under their keys (`with_keys`), `bad` the numbers of those that have an error.

    A bad row whose key is known keeps its stored values and does not leave; of two rows with one key
    the checks have named the second bad.
    """
    before = {row.key: row for row in stored}
    answer = Merged()
    met: set[str] = set()
    for row in rows:
        known = before.get(row.key)
        if row.number in bad:
            answer.bad.append(row.number)
            met.add(row.key)
        elif known is None:
            answer.new.append(row)
        elif _same(table, known.values, row.values):
            answer.same.append(row)
        else:
            answer.changed.append(row)
        met.add(row.key)
    answer.left = [row.key for row in stored if row.key not in met]
    return answer


def _same(table: Table, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    given = table.key if table.key_is_given else ""
    codes = [column.code for column in table.columns if column.code != given]
    return all(one.get(code, "") == other.get(code, "") for code in codes)


def applied(stored: Sequence[TableRow], merged: Merged, leaving: bool) -> list[TableRow]:
    """The table after the merge: what stays in its order, then what is new."""
    changed = {row.key: row for row in merged.changed}
    gone = set(merged.left) if leaving else set()
    kept = [row for row in stored if row.key not in gone]
    return [
        *(TableRow(row.key, changed[row.key].values if row.key in changed else row.values) for row in kept),
        *merged.new,
    ]
