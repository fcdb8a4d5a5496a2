"""Writes assessed uploads into drafts, set-wise; an unchanged row is not touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.actors import Actor
from reporting.models import ReturnVersion, RosterRow
from reporting.queries import Opened
from reporting.rules.assess import Assessed
from reporting.rules.checking import TableRow
from reporting.rules.form import Table
from reporting.rules.merge import Merged
from reporting.rules.reading import Reading
from reporting.rules.roster import TYPED, stored
from reporting.services.drafts import signed, stamp
from reporting.services.rows import given_keys

BATCH = 500
_COLUMNS = [*TYPED, "extra"]
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class RowChanges:
    """Rows to add, to write over and to take out, of any number of versions."""

    new: list[RosterRow] = field(default_factory=list)
    changed: list[RosterRow] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def write(
    *,
    actor: Actor,
    opened: Opened,
    assessed: Assessed,
    reading: Reading,
    sha256: str,
    leaving: Mapping[str, bool],
    at: datetime,
    progress: Progress | None = None,
) -> None:
    """Fields with their sources, then each table; nothing at all when the file changes nothing."""
    version, changes = opened.version, RowChanges()
    for code, merged in assessed.tables.items():
        table = opened.form.table(code)
        rows = RosterRow.objects.filter(version=version, table=code)
        named = numbered(opened, table, merged.new)
        collect(changes, version, table, merged, named, rows, leaving=bool(leaving.get(code)))
    if not changes and not assessed.fields:
        return
    for code, _, new in assessed.fields:
        if new:
            version.values[code] = new
        else:
            version.values.pop(code, None)
        source = {"kind": "file", "sha256": sha256, "cell": reading.cells.get(code, "")}
        version.sources[code] = signed(source, actor=actor, at=at)
    stamp(actor=actor, opened=opened, at=at, fields=("values", "sources"))
    write_rows(changes, progress)


def numbered(opened: Opened, table: Table, rows: Sequence[TableRow]) -> list[TableRow]:
    """New rows under numbers of the portal's, where it gives them."""
    if not table.key_is_given:
        return list(rows)
    fresh = [row for row in rows if row.key.startswith("+")]
    keys = dict(zip((row.key for row in fresh), given_keys(opened, table, len(fresh)), strict=True))
    answer = []
    for row in rows:
        key = keys.get(row.key, row.key)
        answer.append(TableRow(key, {**row.values, table.key: key}, row.number))
    return answer


def collect(
    changes: RowChanges,
    version: ReturnVersion,
    table: Table,
    merged: Merged,
    new: Sequence[TableRow],
    rows: Iterable[RosterRow],
    *,
    leaving: bool,
) -> None:
    """Adds what one merge does to one table; `rows` are those stored."""
    if not (new or merged.changed or (leaving and merged.left)):
        return
    texts = {row.key: row.values for row in merged.changed}
    gone = set(merged.left) if leaving else set()
    last = 0
    for row in rows:
        last = max(last, row.position)
        if row.key in gone:
            changes.gone.append(row.pk)
        elif row.key in texts:
            values = texts[row.key]
            values = {**values, table.key: row.key} if table.key_is_given else values
            for name, value in stored(table, values).items():
                setattr(row, name, value)
            changes.changed.append(row)
    changes.new += [
        RosterRow(
            version=version, table=table.code, key=row.key, position=last + at, **stored(table, row.values)
        )
        for at, row in enumerate(new, start=1)
    ]


def write_rows(changes: RowChanges, progress: Progress | None = None) -> None:
    """All of it in a few statements."""
    for start in range(0, len(changes.gone), BATCH):
        RosterRow.objects.filter(pk__in=changes.gone[start : start + BATCH]).delete()
    RosterRow.objects.bulk_update(changes.changed, _COLUMNS, batch_size=100)
    for start in range(0, len(changes.new), BATCH):
        RosterRow.objects.bulk_create(changes.new[start : start + BATCH])
        if progress is not None:
            progress(min(start + BATCH, len(changes.new)), len(changes.new))
