"""Which region a file means: by code, by name, by name with the one above it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.amounts import narrow
from core.problems import Problem
from core.text import T
from core.workbook.book import folded
from registry.rules import checks
from registry.rules.carrier_sheet import KnownRegion, Register


def place_of(
    given: str, column: str, held: Sequence[KnownRegion | None], day: date, register: Register
) -> tuple[int | None, list[Problem]]:
    """The row of the region, and why it cannot be. What is written as a region that the carrier has already
    (`held`) means that one, whether or not it still exists: nothing changes."""
    text = folded(narrow(given))
    for one in held:
        if one is not None and text in _spellings(one):
            return one.pk, []
    found = [one for one in register.regions.values() if text in _spellings(one)]
    there = [one for one in found if not list(checks.region_faults(one.place, day))]
    if len(there) == 1:
        return there[0].pk, []
    if there:
        listed = "、".join(f"{one.above}{one.name}（{one.code}）" for one in there[:6])
        message = T("有 {n} 个区域叫“{name}”。", n=len(there), name=given)
        fix = T("请写区划代码，或写上级加名称。")
        return None, [
            Problem("carrier.region_which", message, field=column, found=given, allowed=listed, fix=fix)
        ]
    if found:
        return None, list(checks.region_faults(found[0].place, day, column))
    fix = T("请填写 6 位区划代码，或区域全称。")
    return None, [Problem("carrier.region", T("没有这个区域。"), field=column, found=given, fix=fix)]


def _spellings(one: KnownRegion) -> tuple[str, ...]:
    return one.code, folded(one.name), folded(one.above + one.name), folded(f"{one.name}（{one.code}）")
