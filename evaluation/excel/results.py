"""The results of a run as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from django.db.models import QuerySet

from core.columns import Column, ColumnType, Value
from core.workbook.exports import write_table
from evaluation.models import RunEntry
from evaluation.rules.exact import half_up
from evaluation.rules.scheme import Scheme

COLUMNS = (
    Column(code="rank", title="名次", type=ColumnType.INTEGER),
    Column(code="code", title="载体编号", type=ColumnType.TEXT),
    Column(code="name", title="载体名称", type=ColumnType.TEXT, width=40),
    Column(code="city", title="设区市", type=ColumnType.TEXT),
    Column(code="total", title="总分", type=ColumnType.DECIMAL),
    Column(code="grade", title="等级", type=ColumnType.TEXT),
    Column(code="label", title="等级名称", type=ColumnType.TEXT),
)
CHUNK = 500


def write_results(
    target: IO[bytes],
    rows: QuerySet[RunEntry],
    scheme: Scheme,
    *,
    tell: Callable[[int, int, str], None],
) -> int:
    """One sheet in the order of the ranks; `tell` hears how far it is. How many rows."""
    total = rows.count()
    write_table(target, COLUMNS, _records(rows, scheme, total, tell), title="评价结果")
    return total


def _records(
    rows: QuerySet[RunEntry], scheme: Scheme, total: int, tell: Callable[[int, int, str], None]
) -> Iterator[dict[str, Value | None]]:
    for number, entry in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        if number % CHUNK == 0:
            tell(number, total, "写入")
        yield {
            "rank": entry.rank,
            "code": entry.carrier.code,
            "name": entry.carrier.name,
            "city": entry.city.name if entry.city else None,
            "total": None if entry.total is None else half_up(entry.total, scheme.decimals),
            "grade": entry.grade,
            "label": scheme.grading.label_of(entry.grade),
        }
