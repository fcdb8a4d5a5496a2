"""Scores a frozen run from what was frozen and the marks that were handed in, and stores it set-wise."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.problems import Problem, Refused
from core.text import T
from evaluation.models import Mark, Run, RunEntry
from evaluation.queries import definition
from evaluation.rules import report
from evaluation.rules.frozen import Frozen, carrier_row
from evaluation.rules.marks import Mark as GivenMark
from evaluation.rules.marks import check_marks

_STORED = ("total", "base", "bonus", "deductions", "rank", "grade", "reason", "result")


@dataclass(frozen=True, slots=True)
class Scored:
    """A run's result as plain data, and the digest of frozen data, marks and result together."""

    data: dict[str, Any]
    digest: str


def frozen_rows(run: Run) -> list[tuple[int, str, Frozen]]:
    """Entry, carrier, frozen texts of all that take part: one query."""
    rows = run.entries.filter(left_out="").order_by("carrier__code")
    return list(rows.values_list("pk", "carrier__code", "frozen"))


def marks_of(run: Run) -> list[GivenMark]:
    """The marks that were handed in, one of an expert each; an abstention is an empty one."""
    rows = Mark.objects.filter(
        assignment__entry__run=run,
        assignment__submitted_at__isnull=False,
        assignment__recused_at=None,
    ).order_by("assignment__entry__carrier__code", "leaf", "assignment__code")
    return [
        GivenMark(carrier, code, leaf, mark)
        for carrier, code, leaf, mark in rows.values_list(
            "assignment__entry__carrier__code", "assignment__code", "leaf", "mark"
        )
    ]


def compute(run: Run, rows: Sequence[tuple[int, str, Frozen]], marks: Sequence[GivenMark]) -> Scored:
    """The result of these rows and marks, in whatever order they come: the same bytes. Writes nothing."""
    scheme = definition(run.scheme)
    carriers = [carrier_row(code, texts, run.kinds) for _, code, texts in rows]
    given, problems = check_marks(scheme, {code for _, code, _ in rows}, marks)
    if problems:
        raise Refused(problems)
    used = sorted((m.carrier, m.indicator, "" if m.mark is None else str(m.mark)) for m in marks)
    with _uncollected():
        data = report.as_data(report.run(scheme, carriers, given, year=run.year))
        sealed = _canonical({"frozen": run.frozen_digest, "marks": used, "result": data})
    return Scored(data, f"sha256:{hashlib.sha256(sealed).hexdigest()}")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Half a million small things, none in a circle: looking for circles doubles the time of making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _canonical(thing: dict[str, Any]) -> bytes:
    """The bytes of `core.canonical` for a tree of text, whole numbers and nothing: a tenth of the time."""
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def store(run: Run, rows: Sequence[tuple[int, str, Frozen]], scored: Scored) -> None:
    """Writes totals, ranks, grades, reasons and leaves of all carriers in one statement run many times."""
    entries = {code: pk for pk, code, _ in rows}
    results = scored.data["carriers"]
    if len(results) != len(rows):
        raise Refused(Problem("run.applies", T("有载体已不在本体系适用范围内，请重新建立批次。")))
    quoted = connection.ops.quote_name
    sets = ", ".join(f"{quoted(name)} = %s" for name in _STORED)
    # Names of the model's own table and columns alone; every value is a parameter.
    statement = f"UPDATE {quoted(RunEntry._meta.db_table)} SET {sets} WHERE {quoted('id')} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_parameters(one, entries[one["carrier"]]) for one in results])


def _parameters(one: dict[str, Any], pk: int) -> tuple[Any, ...]:
    leaves = json.dumps(one["indicators"], ensure_ascii=False)
    numbers = (one["total"], one["base"], one["bonus"], one["deductions"])
    return (*numbers, one["rank"], one["grade"], one["reason"], leaves, pk)
