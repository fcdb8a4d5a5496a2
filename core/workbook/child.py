"""The process that parses: limited in memory and time, and alone with the file.

It gets the workbook as its standard input, answers in frames on its standard output (four bytes of
length, then JSON; a marked file as raw bytes) and knows nothing else: no settings, no database.
It may die at any moment; the parent then says one sentence.
"""

from __future__ import annotations

import gc
import json
import mmap
import os
import resource
import struct
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from core.workbook import parts
from core.workbook.archive import Buffer, Damaged, TooLarge, directory
from core.workbook.book import find_name
from core.workbook.sheetxml import Budget, Fault, RawRow, SheetReader

FRAME = struct.Struct(">I")
_ROWS_A_FRAME = 400
_CHARS_A_FRAME = 1 << 20


def main() -> None:
    """`argv`: root of the code, mode (`read` or `mark`), options as JSON."""
    options = json.loads(sys.argv[3])
    confine(options)
    # Nothing here makes cycles; looking for them in millions of texts costs half the time.
    gc.disable()
    data = mmap.mmap(0, 0, access=mmap.ACCESS_READ)
    if sys.argv[2] == "mark":
        _mark(data)
        return
    try:
        for frame in _frames(data, options):
            send(json.dumps(frame, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    except Fault as fault:
        answer = {"fault": fault.code, "ref": fault.ref, "values": fault.values}
        send(json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    except (Damaged, TooLarge):
        send(b'{"fault": "file.damaged"}')


def confine(options: Mapping[str, int]) -> None:
    """Lowers what this process may take; nothing it does later can raise it again."""
    cpu = options["cpu_seconds"]
    _limit(resource.RLIMIT_CPU, cpu)
    _limit(resource.RLIMIT_AS, options["memory"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, options.get("writes", 0))
    _limit(resource.RLIMIT_NOFILE, 32)


def _limit(which: int, value: int) -> None:
    try:
        resource.setrlimit(which, (value, value))
    except (ValueError, OSError):
        # macOS knows no limit on address space; the limit on time still holds there.
        if sys.platform != "darwin":
            raise


def send(payload: bytes) -> None:
    """One frame; the pipe holds this process back while the parent is busy."""
    rest = memoryview(FRAME.pack(len(payload)) + payload)
    while rest:
        rest = rest[os.write(1, rest) :]


def _frames(data: Buffer, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    entries = {entry.name.lower(): entry for entry in directory(data, max_parts=options["parts"])}
    contents = parts.contents(data, entries)
    names = [sheet.name for sheet in contents.sheets]
    yield {"sheets": [[sheet.name, sheet.state] for sheet in contents.sheets]}
    wanted = _wanted(options["only"], names)
    if not wanted:
        yield {"done": True}
        return
    kinds = parts.style_kinds(data, entries, contents.styles)
    strings = parts.shared_strings(data, entries, contents.strings)
    budget = Budget(options["rows"], options["columns"], options["cells"])
    for at in wanted:
        reader = SheetReader(strings, kinds, contents.date1904, budget)
        yield {"sheet": at}
        for rows in _batches(reader.rows(data, entries, contents.sheets[at].part)):
            yield {"rows": rows}
        counts = reader.counts
        yield {
            "end": [counts.hidden_rows, counts.hidden_columns, counts.merged],
        }
    yield {"done": True}


def _wanted(only: list[str] | None, names: list[str]) -> list[int]:
    if only is None:
        return list(range(len(names)))
    found = {find_name(name, names) for name in only}
    return sorted(at for at in found if at is not None)


def _batches(rows: Iterator[RawRow]) -> Iterator[list[RawRow]]:
    """Rows in handfuls: few frames for short rows, none too large for long ones."""
    batch: list[RawRow] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row[2][2::3] if isinstance(value, str))
        if len(batch) == _ROWS_A_FRAME or size > _CHARS_A_FRAME:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _mark(data: Buffer) -> None:
    """Standard input: a frame of findings, then the workbook. Answer: the marked workbook."""
    # Only this mode needs the library that can write; the reader runs without site packages.
    from core.workbook.marks import marked

    (length,) = FRAME.unpack(data[: FRAME.size])
    findings = json.loads(data[FRAME.size : FRAME.size + length])
    send(marked(data[FRAME.size + length :], findings))
