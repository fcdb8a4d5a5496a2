"""The vocabulary of levels: which word holds on a day. Its rows are data; these are the rules over them.

A code is for good; its word has a term. The national measures of 2025 call 国家级 标准级 and add 卓越级.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.problems import Problem
from core.text import T, Text

NONE = "none"
# Who may record a level: each records what is decided at the own step and below.
DECIDERS: dict[str, Text] = {
    "county": T("县（市、区）"),
    "city": T("设区市"),
    "province": T("省"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A level's word for some time; without a day it is open on that side. A higher `rank` is a higher
    level."""

    code: str
    name: str
    name_en: str
    rank: int
    decided_by: str
    valid_from: date | None = None
    valid_to: date | None = None
    basis: str = ""

    def holds(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


Terms = Sequence[Term]
# What an installation begins with; the table decides as soon as it has rows.
FIRST: Terms = (
    Term("none", "未定级", "No level", 0, "county"),
    Term("county", "县级", "County level", 10, "county"),
    Term("city", "市级", "City level", 20, "city"),
    Term("provincial", "省级", "Provincial level", 30, "province"),
    Term("national", "国家级", "National level", 40, "province", None, date(2024, 12, 31)),
    Term(
        "national", "标准级", "Standard level", 40, "province", date(2025, 1, 1), None,
        "2025 年国家科技企业孵化器管理办法",
    ),
    Term(
        "excellent", "卓越级", "Excellent level", 50, "province", date(2025, 1, 1), None,
        "2025 年国家科技企业孵化器管理办法",
    ),
)  # fmt: skip


def held_on(terms: Terms, day: date) -> list[Term]:
    """The terms of a day, the lowest first."""
    return sorted((term for term in terms if term.holds(day)), key=lambda term: term.rank)


def told_on(terms: Terms, day: date) -> dict[str, Term]:
    """By code, the lowest first, the term by which a level is told on a day: the one that holds, else the
    last before, else the first after. What was recorded is always told by some word."""
    known: dict[str, Term] = {}
    for term in sorted(terms, key=lambda one: (one.rank, one.valid_from or date.min)):
        if term.code not in known or term.valid_from is None or term.valid_from <= day:
            known[term.code] = term
    return known


def spans_of(
    terms: Terms, code: str, since: date, until: date | None
) -> list[tuple[date, date | None, Term | None]]:
    """The time of a level cut where its word changes: first day, the day after the last (None: open), term.
    The term is given where it began after `since`, for what it is based on."""
    cuts = sorted(
        {
            term.valid_from: term
            for term in terms
            if term.code == code and term.valid_from and since < term.valid_from < (until or date.max)
        }.items()
    )
    starts: list[tuple[date, Term | None]] = [(since, None), *cuts]
    ends = [day for day, _ in cuts] + [until]
    return [(day, end, term) for (day, term), end in zip(starts, ends, strict=True)]


def chosen(terms: Terms, given: str, day: date) -> tuple[str, Problem | None]:
    """The code of a level given by code or by word, with the reason why it cannot be decided on this day."""
    of_code = [term for term in terms if term.code == given]
    meant = of_code or [term for term in terms if term.name == given]
    held = held_on(terms, day)
    if not meant:
        allowed = "、".join(term.name for term in held)
        return "", Problem("carrier.level", T("没有这个级别。"), field="level", found=given, allowed=allowed)
    if any(term.holds(day) for term in meant):
        return meant[0].code, None
    term = _nearest(meant, day)
    below = [one for one in held if one.rank <= term.rank]
    other = next((one for one in held if one.code == term.code), below[-1] if below else None)
    return meant[0].code, _not_held(term, day, other)


def _nearest(terms: Sequence[Term], day: date) -> Term:
    code = terms[0].code
    return told_on(terms, day)[code]


def _not_held(term: Term, day: date, other: Term | None) -> Problem:
    """The sentence names the term's bound and offers the word that holds."""
    offered = other.name if other else "—"
    if term.valid_from and day < term.valid_from:
        words = T(
            "“{name}”自 {first} 起使用；{day} 的决定请用“{other}”。",
            name=term.name, first=term.valid_from.isoformat(), day=day.isoformat(), other=offered,
        )  # fmt: skip
    else:
        last = term.valid_to.isoformat() if term.valid_to else ""
        words = T(
            "“{name}”用至 {last}；{day} 的决定请用“{other}”。",
            name=term.name, last=last, day=day.isoformat(), other=offered,
        )  # fmt: skip
    return Problem("carrier.level_day", words, field="level", found=term.name, allowed=offered)


def recordable(terms: Iterable[Term], decider: str) -> frozenset[str]:
    """The codes that an officer of this step may record: none decides above their own."""
    steps = list(DECIDERS)
    if decider not in steps:
        return frozenset()
    lower = set(steps[: steps.index(decider) + 1])
    return frozenset(term.code for term in terms if term.decided_by in lower)


def faults_of_terms(terms: Terms) -> list[Problem]:
    """What a vocabulary must not be: two words of one code on one day, a rank of two codes, a term that ends
    before it begins."""
    found: list[Problem] = []
    ordered = sorted(terms, key=lambda one: (one.code, one.valid_from or date.min))
    for term in ordered:
        if term.valid_from and term.valid_to and term.valid_to < term.valid_from:
            found.append(Problem("level.dates", T("止日不能早于起日。"), field="valid_to", found=term.name))
    for one, after in itertools.pairwise(ordered):
        begins = after.valid_from or date.min
        if one.code == after.code and (one.valid_to is None or begins <= one.valid_to):
            message = T(
                "“{one}”与“{other}”的使用时间重叠。请先给“{one}”填写止日（{day} 或更早）。",
                one=one.name, other=after.name,
                day=(begins - timedelta(days=1)).isoformat() if after.valid_from else "—",
            )  # fmt: skip
            found.append(Problem("level.overlap", message, field="valid_from", found=after.name))
    ranks: dict[int, str] = {}
    for term in ordered:
        if ranks.setdefault(term.rank, term.code) != term.code:
            found.append(
                Problem("level.rank", T("另一级别已有这个高低次序。"), field="rank", found=str(term.rank))
            )
    return found
