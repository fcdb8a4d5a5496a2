"""Allocation from two files' bytes: the policy and the results. Every fault of both is told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.csvfile import Sheet, Table, TableRow, read_table, readable_part
from core.expressions import Kind
from core.problems import Problem, Refused
from core.text import T
from funding.rules.allocation import Allocation, Claimant, allocate
from funding.rules.policy import LoadedPolicy, load_policy

_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def allocate_files(
    policy: bytes, results: bytes, *, results_name: str = "", year: int | None = None
) -> tuple[LoadedPolicy, Allocation]:
    """The policy read and the amounts it gives. Raises `Refused` with every fault of both files."""
    table: Table | None = None
    loaded: LoadedPolicy | None = None
    problems: list[Problem] = []
    sheet = readable_part(results, name=results_name)
    kinds: dict[str, Kind | None] | None = None if sheet is None else dict.fromkeys(sheet.columns)
    try:
        table = read_table(results, name=results_name)
        kinds = table.kinds
    except Refused as refused:
        problems.extend(refused.problems)
    if sheet is not None:
        problems.extend(_rank_faults(sheet))
    try:
        loaded = load_policy(policy, kinds=kinds, year=year)
    except Refused as refused:
        problems[:0] = refused.problems
    if loaded is None or table is None or problems:
        raise Refused(problems)
    claimants = [Claimant(row.carrier, _rank(row), row) for row in table.rows]
    return loaded, allocate(loaded.policy, claimants, year=year)


def _rank(row: TableRow) -> int | None:
    written = row.written("rank")
    return None if written is None else int(written)


def _rank_faults(sheet: Sheet) -> Iterator[Problem]:
    if "rank" not in sheet.columns:
        return
    column = sheet.columns.index("rank")
    for line in sheet.lines:
        written = line.cells[column]
        if written and not _WHOLE.fullmatch(written):
            place = sheet.place(line.number, "rank")
            yield Problem("results.rank", T("名次须是整数或空"), place, found=written)
