"""Writes an assessed upload into a draft, set-wise; an unchanged row is not touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Max

from accounts.actors import Actor
from reporting.models import ReturnVersion, RosterRow
from reporting.queries import Opened
from reporting.rules.assess import Assessed
from reporting.rules.checking import TableRow
from reporting.rules.form import Table
from reporting.rules.merge import Merged
from reporting.rules.reading import Reading
from reporting.rules.roster import TYPED, stored
from reporting.services.drafts import stamp
from reporting.services.rows import given_keys

BATCH = 500
_COLUMNS = [*TYPED, "extra"]
Progress = Callable[[int, int], None]


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
    gone = {code for code, merged in assessed.tables.items() if merged.left and leaving.get(code)}
    if assessed.changes_nothing and not gone:
        return
    version = opened.version
    for code, _, new in assessed.fields:
        if new:
            version.values[code] = new
        else:
            version.values.pop(code, None)
        version.sources[code] = {"kind": "file", "sha256": sha256, "cell": reading.cells.get(code, "")}
    stamp(actor=actor, opened=opened, at=at, fields=("values", "sources"))
    for code, merged in assessed.tables.items():
        table = opened.form.table(code)
        named = _numbered(opened, table, merged.new)
        write_rows(version, table, merged, named, leaving=code in gone, progress=progress)


def _numbered(opened: Opened, table: Table, rows: Sequence[TableRow]) -> list[TableRow]:
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


def write_rows(
    version: ReturnVersion,
    table: Table,
    merged: Merged,
    new: Sequence[TableRow],
    *,
    leaving: bool,
    progress: Progress | None = None,
) -> None:
    """New rows in, changed rows over, left rows out."""
    rows = RosterRow.objects.filter(version=version, table=table.code)
    if leaving:
        for start in range(0, len(merged.left), BATCH):
            rows.filter(key__in=merged.left[start : start + BATCH]).delete()
    _change(rows, table, merged.changed)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    for start in range(0, len(new), BATCH):
        RosterRow.objects.bulk_create(
            RosterRow(
                version=version,
                table=table.code,
                key=row.key,
                position=last + at,
                **stored(table, row.values),
            )
            for at, row in enumerate(new[start : start + BATCH], start=start + 1)
        )
        if progress is not None:
            progress(min(start + BATCH, len(new)), len(new))


def _change(rows: Iterable[RosterRow], table: Table, changed: Sequence[TableRow]) -> None:
    texts = {row.key: row.values for row in changed}
    known = [row for row in rows if row.key in texts] if texts else []
    for row in known:
        values = texts[row.key]
        if table.key_is_given:
            values = {**values, table.key: row.key}
        for name, value in stored(table, values).items():
            setattr(row, name, value)
    RosterRow.objects.bulk_update(known, _COLUMNS, batch_size=100)
