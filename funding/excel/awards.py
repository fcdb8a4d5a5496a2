"""The awards of an allocation as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from django.db.models import QuerySet

from core.columns import Column, ColumnType, Value
from core.workbook.exports import write_table
from funding.models import Award

COLUMNS = (
    Column(code="code", title="载体编号", type=ColumnType.TEXT),
    Column(code="name", title="载体名称", type=ColumnType.TEXT, width=40),
    Column(code="city", title="设区市", type=ColumnType.TEXT),
    Column(code="award", title="奖项", type=ColumnType.TEXT, width=30),
    Column(code="payer", title="出资方", type=ColumnType.TEXT),
    Column(code="claimed", title="应得", type=ColumnType.MONEY),
    Column(code="amount", title="金额", type=ColumnType.MONEY),
    Column(code="because", title="依据", type=ColumnType.TEXT, width=60),
)
CHUNK = 500


def write_awards(
    target: IO[bytes],
    rows: QuerySet[Award],
    *,
    may_see: Callable[[Award], bool],
    tell: Callable[[int, int, str], None],
) -> int:
    """One sheet in the order of carriers; the grounds where `may_see` allows them; `tell` hears how far it
    is. How many rows."""
    total = rows.count()
    write_table(target, COLUMNS, _records(rows, may_see, total, tell), title="奖补")
    return total


def _records(
    rows: QuerySet[Award],
    may_see: Callable[[Award], bool],
    total: int,
    tell: Callable[[int, int, str], None],
) -> Iterator[dict[str, Value | None]]:
    for number, award in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        if number % CHUNK == 0:
            tell(number, total, "写入")
        yield {
            "code": award.carrier.code,
            "name": award.carrier.name,
            "city": award.city.name if award.city else None,
            "award": award.title,
            "payer": award.payer or None,
            "claimed": award.claimed,
            "amount": award.amount,
            "because": "；".join(award.because) if may_see(award) else None,
        }
