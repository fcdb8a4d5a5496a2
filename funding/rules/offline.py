"""Allocation from two files' bytes: the policy and the results. Every fault of both is told at once."""

from __future__ import annotations

import re

from core.csvfile import Table, TableRow, columns_of, read_table
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
    problems: list[Problem] = []
    table: Table | None = None
    loaded: LoadedPolicy | None = None
    kinds: dict[str, Kind | None] = dict.fromkeys(columns_of(results))
    try:
        table = read_table(results, name=results_name)
        kinds = table.kinds
    except Refused as refused:
        problems.extend(refused.problems)
    try:
        loaded = load_policy(policy, kinds=kinds or None, year=year)
    except Refused as refused:
        problems[:0] = refused.problems
    claimants = [] if table is None else _claimants(table, problems)
    if loaded is None or problems:
        raise Refused(problems)
    return loaded, allocate(loaded.policy, claimants, year=year)


def _claimants(table: Table, problems: list[Problem]) -> list[Claimant]:
    answer = []
    for row in table.rows:
        written = row.written("rank")
        if written is not None and not _WHOLE.fullmatch(written):
            problems.append(_rank_fault(table, row, written))
        else:
            answer.append(Claimant(row.carrier, None if written is None else int(written), row))
    return answer


def _rank_fault(table: Table, row: TableRow, written: str) -> Problem:
    return Problem("results.rank", T("名次须是整数或空"), table.place(row.line, "rank"), found=written)
