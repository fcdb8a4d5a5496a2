"""An allocation as the contract's JSON, byte for byte the same for the same input, and as a table."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from core.text import T
from funding.rules.allocation import Allocation
from funding.rules.policy import LoadedPolicy


def as_json(loaded: LoadedPolicy, allocation: Allocation) -> bytes:
    """The file that `allocate --json` writes."""
    policy = loaded.policy
    answer = {
        "policy": {"code": policy.policy, "version": policy.version, "digest": loaded.digest},
        "claimed": _money(allocation.claimed),
        "allocated": _money(allocation.allocated),
        "payers": [
            {
                "payer": payer.payer,
                "budget": None if payer.budget is None else _money(payer.budget),
                "claimed": _money(payer.claimed),
                "allocated": _money(payer.allocated),
            }
            for payer in allocation.payers
        ],
        "awards": [
            {
                "carrier": award.carrier,
                "award": award.award,
                "payer": award.payer,
                "claimed": _money(award.claimed),
                "amount": _money(award.amount),
                "because": [str(reason) for reason in award.because],
            }
            for award in allocation.awards
        ],
    }
    return (json.dumps(answer, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def as_table(loaded: LoadedPolicy, allocation: Allocation) -> str:
    """For a terminal: each amount, then each payer, then the sum."""
    policy = loaded.policy
    titles = {award.code: award.label for award in policy.awards}
    awards = [
        (award.carrier, titles[award.award], award.payer, f"{award.claimed:,}", f"{award.amount:,}")
        for award in allocation.awards
    ]
    payers = [
        (
            str(T("全部")) if payer.payer is None else payer.payer,
            str(T("不限")) if payer.budget is None else f"{payer.budget:,}",
            f"{payer.claimed:,}",
            f"{payer.allocated:,}",
        )
        for payer in allocation.payers
    ]
    return "\n".join(
        [
            f"{policy.title}（{policy.policy} {policy.version}）",
            "",
            *_grid(["载体", "奖项", "出资方", "应发（元）", "实发（元）"], awards, numbers=2),
            "",
            *_grid(["出资方", "预算（元）", "应发（元）", "实发（元）"], payers, numbers=3),
            "",
            str(
                T(
                    "合计：应发 {claimed} 元，实发 {allocated} 元",
                    claimed=f"{allocation.claimed:,}",
                    allocated=f"{allocation.allocated:,}",
                )
            ),
            "",
        ]
    )


def _money(amount: Decimal) -> str:
    return format(amount, "f")


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int) -> list[str]:
    """Columns padded to their width on a terminal; the last `numbers` columns to the right."""
    table = [tuple(header), *rows]
    widths = [max(_width(row[column]) for row in table) for column in range(len(header))]
    first_number = len(header) - numbers
    lines = []
    for row in table:
        cells = []
        for column, cell in enumerate(row):
            gap = " " * (widths[column] - _width(cell))
            cells.append(gap + cell if column >= first_number else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    """Chinese characters take two places."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
