"""How a scored run looks as a whole: grades, their shares, sums by bands, sets of equals at a cut. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from core.text import T, Text
from evaluation.rules.grading import places_open
from evaluation.rules.scheme import Grading
from evaluation.rules.scheme_shape import GradeShape
from evaluation.rules.words import grade_in_words

BAND = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """One carrier's place, as stored."""

    carrier: str
    name: str
    total: Decimal
    rank: int | None
    grade: str


@dataclass(frozen=True, slots=True)
class GradeCount:
    """A grade: how many have it, their share of all in percent, and what it takes."""

    grade: str
    label: str
    count: int
    share: Decimal
    conditions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Totals from `low` up to below `high`: how many, and their share of the fullest band in percent."""

    low: Decimal
    high: Decimal
    count: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class TiedSet:
    """Carriers of equal place next to the line between two grades."""

    above: str
    below: str
    rank: int
    carriers: tuple[Standing, ...]


def percent_of(part: int, whole: int) -> Decimal:
    """The share in percent with one place; 0 of nothing."""
    if not whole:
        return Decimal(0)
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def grade_counts(grading: Grading, standings: Sequence[Standing]) -> list[GradeCount]:
    """Every grade of the scheme, best first, those that nobody has too."""
    counts = Counter(one.grade for one in standings)
    ranked = sum(one.rank is not None for one in standings)
    return [
        GradeCount(
            grade,
            grading.label_of(grade),
            counts[grade],
            percent_of(counts[grade], len(standings)),
            tuple(_conditions(grading, row, ranked) for row in grading.rows if row.grade == grade),
        )
        for grade in grading.order
    ]


def _conditions(grading: Grading, row: GradeShape, ranked: int) -> Text:
    """A row's conditions with the places that they come to, where those are of all ranked carriers alone."""
    words = grade_in_words(row)
    places = places_open(row, ranked, grading.share_rounding)
    if places is None or grading.group or grading.base is not None:
        return words
    return T("{conditions}（自上而下 {places} 个名额）", conditions=words, places=places)


def bands(standings: Iterable[Standing], width: int = BAND) -> list[Band]:
    """How many totals lie in each band of `width` points, from the lowest band with one to the highest."""
    counts = Counter(int(one.total // width) for one in standings)
    if not counts:
        return []
    most = max(counts.values())
    return [
        Band(Decimal(n * width), Decimal((n + 1) * width), counts[n], percent_of(counts[n], most))
        for n in range(min(counts), max(counts) + 1)
    ]


def ties_at_cuts(standings: Sequence[Standing]) -> list[TiedSet]:
    """Sets of equals of which the next better or the next worse set has another grade.

    `standings` in the order of their ranks; those without a rank stand in no set.
    """
    ranked = [one for one in standings if one.rank is not None]
    sets = [tuple(members) for _, members in groupby(ranked, key=lambda one: one.rank)]
    answer = []
    for index, members in enumerate(sets):
        if len(members) < 2:
            continue
        here = members[0].grade
        before = sets[index - 1][-1].grade if index else here
        after = sets[index + 1][0].grade if index + 1 < len(sets) else here
        if before != here:
            answer.append(TiedSet(before, here, members[0].rank or 0, members))
        elif after != here:
            answer.append(TiedSet(here, after, members[0].rank or 0, members))
    return answer
