"""Carriers that went into others: who came from whom, and whose past a carrier carries on.

A link leads from a predecessor, which ends on its day, to a successor, with the share of the predecessor's
past that the successor carries: 1 in a merger; in a split the shares of all successors add up to 1.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Context, Decimal
from enum import StrEnum
from typing import Any

from core.problems import Problem
from core.text import T, Text

SHARE_PLACES = 4
MOST_HEIRS = 6
_EXACT = Context(prec=80)


class LinkKind(StrEnum):
    MERGER = "merger"
    SPLIT = "split"


LINKS: dict[LinkKind, Text] = {LinkKind.MERGER: T("合并"), LinkKind.SPLIT: T("分立")}


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a line. Carriers are named by any key."""

    predecessor: Hashable
    successor: Hashable
    day: date
    kind: LinkKind
    share: Decimal = Decimal(1)


def ancestors(key: Hashable, links: Iterable[Link], day: date | None = None) -> list[Hashable]:
    """All whose past leads to this carrier by a day (or ever), the nearest first; without itself."""
    back: dict[Hashable, list[Hashable]] = {}
    for link in _until(links, day):
        back.setdefault(link.successor, []).append(link.predecessor)
    return _reached(key, back)


def descendants(key: Hashable, links: Iterable[Link], day: date | None = None) -> list[Hashable]:
    """All into which this carrier went by a day (or ever), the nearest first; without itself."""
    forth: dict[Hashable, list[Hashable]] = {}
    for link in _until(links, day):
        forth.setdefault(link.predecessor, []).append(link.successor)
    return _reached(key, forth)


def family(key: Hashable, links: Sequence[Link]) -> set[Hashable]:
    """Everybody whom links connect with this carrier, in any direction; itself too."""
    near: dict[Hashable, list[Hashable]] = {}
    for link in links:
        near.setdefault(link.predecessor, []).append(link.successor)
        near.setdefault(link.successor, []).append(link.predecessor)
    return {key, *_reached(key, near)}


def _until(links: Iterable[Link], day: date | None) -> list[Link]:
    return [link for link in links if day is None or link.day <= day]


def _reached(key: Hashable, steps: Mapping[Hashable, Sequence[Hashable]]) -> list[Hashable]:
    found: dict[Hashable, None] = {}
    layer = [key]
    while layer:
        layer = [one for here in layer for one in steps.get(here, ()) if one != key and one not in found]
        layer = list(dict.fromkeys(layer))
        found.update(dict.fromkeys(layer))
    return list(found)


def carried(
    figures: Mapping[Any, Decimal], links: Iterable[Link], day: date | None = None, places: int = 2
) -> dict[Any, Decimal]:
    """A figure of each carrier as the line carries it: all that a carrier had goes to its successors.

    The sum is kept exactly: shares are cut to `places`, or to those of what is shared if it has more (counts
    stay whole with 0), and what is left over goes to the largest share. A head that had no figure comes into
    the answer with what it was given.
    """
    answer: dict[Hashable, Decimal] = dict(figures)
    for steps in _in_order(_until(links, day)):
        amount = answer.pop(steps[0].predecessor, None)
        if amount is None:
            continue
        parts = parts_of(amount, [step.share for step in steps], places)
        for step, part in zip(steps, parts, strict=True):
            answer[step.successor] = _EXACT.add(answer.get(step.successor, Decimal(0)), part)
    return answer


def _in_order(links: Sequence[Link]) -> list[list[Link]]:
    """The links of each predecessor together, each before those of its successors."""
    by: dict[Hashable, list[Link]] = {}
    for link in links:
        by.setdefault(link.predecessor, []).append(link)
    done: dict[Hashable, None] = {}
    stack = sorted(by, key=lambda key: min(link.day for link in by[key]), reverse=True)
    sources: dict[Hashable, list[Hashable]] = {}
    for link in links:
        sources.setdefault(link.successor, []).append(link.predecessor)
    while stack:
        key = stack[-1]
        before = [one for one in sources.get(key, ()) if one not in done]
        if before:
            stack += before
            continue
        stack.pop()
        if key in by:
            done[key] = None
    return [by[key] for key in done]


def parts_of(amount: Decimal, shares: Sequence[Decimal], places: int = 2) -> list[Decimal]:
    """An amount by shares that add up to 1, exactly: the largest (the first of equals) takes the rest."""
    unit = Decimal(1).scaleb(-max(places, -int(amount.as_tuple().exponent)))
    parts = [_EXACT.multiply(amount, share).quantize(unit, ROUND_DOWN, _EXACT) for share in shares]
    largest = max(range(len(shares)), key=lambda at: shares[at])
    rest = amount
    for part in parts:
        rest = _EXACT.subtract(rest, part)
    parts[largest] = _EXACT.add(parts[largest], rest)
    return parts


# What stands against a merger or a split.


def faults_of_shares(kind: LinkKind, shares: Sequence[Decimal]) -> list[Problem]:
    """A merger passes everything on; the shares of a split are above 0 and add up to 1."""
    found = []
    if kind is LinkKind.MERGER:
        return []
    if not 2 <= len(shares) <= MOST_HEIRS:
        words = T("分立须有 2 至 {n} 家承接的载体。", n=MOST_HEIRS)
        return [Problem("lineage.heirs", words, field="heirs", found=str(len(shares)))]
    for number, share in enumerate(shares, start=1):
        if not 0 < share < 1 or share != share.quantize(Decimal(1).scaleb(-SHARE_PLACES)):
            words = T("份额应在 0 与 1 之间，至多 {n} 位小数。", n=SHARE_PLACES)
            found.append(Problem("lineage.share", words, field=f"share_{number}", found=str(share)))
    if not found and (total := sum(shares, Decimal(0))) != 1:
        words = T("各份额之和应为 1。")
        found.append(Problem("lineage.shares", words, field="share_1", found=str(total), allowed="1"))
    return found


def faults_of_line(new: Sequence[Link], links: Sequence[Link]) -> list[Problem]:
    """A line has no ring, none goes into itself, none goes twice, and none goes before it came."""
    found: list[Problem] = []
    gone = {link.predecessor for link in links}
    came: dict[Hashable, date] = {}
    for link in links:
        came[link.successor] = max(link.day, came.get(link.successor, link.day))
    for link in new:
        if link.predecessor == link.successor:
            found.append(Problem("lineage.self", T("载体不能并入自己。"), found=str(link.predecessor)))
        elif link.successor in ancestors(link.predecessor, links):
            words = T("承接的载体是它的前身，会成为循环。")
            found.append(Problem("lineage.ring", words, found=str(link.successor)))
        if link.predecessor in gone:
            words = T("{code} 已经合并或分立过。", code=str(link.predecessor))
            found.append(Problem("lineage.gone", words, found=str(link.predecessor)))
        elif (day := came.get(link.predecessor)) and link.day < day:
            words = T("日期早于它承接前身的日期 {day}。", day=day.isoformat())
            found.append(Problem("lineage.day", words, field="happened_on", found=link.day.isoformat()))
    return found
