"""Ranks and grades: who stands where, which row of the grades holds, and why, in words.

Source: section 4 of the scheme contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from core.expressions import Value
from core.text import T, Text
from evaluation.rules.exact import ARITHMETIC, percent, plain
from evaluation.rules.rows import Overlay, group_key
from evaluation.rules.scheme import Ceiling, FixedGrade, Grading, Scheme
from evaluation.rules.scheme_shape import AtCut, GradeShape, Rounding
from evaluation.rules.scoring import CarrierScore

_ROUNDINGS = {
    Rounding.DOWN: ROUND_FLOOR,
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.UP: ROUND_CEILING,
}


@dataclass(frozen=True, slots=True)
class Graded:
    """One carrier's place and grade. `rank` is None for those with a fixed grade."""

    score: CarrierScore
    rank: int | None
    grade: str
    reason: Text


@dataclass(frozen=True, slots=True)
class _Stand:
    """A carrier before it is graded; `ceiling` is the index of the best grade that it may have."""

    score: CarrierScore
    key: tuple[Decimal, ...]
    group: tuple[str, ...]
    fixed: FixedGrade | None
    ceiling: int
    ceilings: tuple[Ceiling, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a tied set stands among those who may have a grade: its first and its last place, from 1."""

    first: int
    last: int


_Places = Mapping[tuple[str, ...], Mapping[tuple[Decimal, ...], _Place]]


def grade(scheme: Scheme, scores: Sequence[CarrierScore], *, year: int) -> tuple[Graded, ...]:
    """Every scored carrier with rank, grade and reason, in the order in which a result is listed."""
    with localcontext(ARITHMETIC):
        stands = [_stand(scheme, score, year) for score in scores]
        ranked = [stand for stand in stands if stand.fixed is None]
        sizes = _sizes(scheme.grading, ranked, year)
        places = {
            name: _places_of(scheme.grading, ranked, index) for index, name in enumerate(scheme.grading.order)
        }
        overall = _places([stand.key for stand in ranked])
        graded = [
            _fixed(scheme.grading, stand, stand.fixed)
            if stand.fixed is not None
            else _ranked(scheme.grading, stand, overall[stand.key].first, sizes, places)
            for stand in stands
        ]
    return tuple(sorted(graded, key=_listed))


def _listed(graded: Graded) -> tuple[bool, int, str]:
    return graded.rank is None, graded.rank or 0, graded.score.carrier


def _stand(scheme: Scheme, score: CarrierScore, year: int) -> _Stand:
    grading = scheme.grading
    row = Overlay(score.row, _result_names(score), {})
    fixed = next((f for f in grading.fixed if f.when.holds(score.row, year=year)), None)
    holding = tuple(c for c in grading.ceilings if c.when.holds(row, year=year))
    return _Stand(
        score=score,
        key=(score.total, *(score.points[code] for code in grading.tie_break)),
        group=group_key(score.row, grading.group),
        fixed=fixed,
        ceiling=max((grading.order.index(c.at_most) for c in holding), default=0),
        ceilings=holding,
    )


def _result_names(score: CarrierScore) -> dict[str, Value]:
    names: dict[str, Value] = {f"points.{code}": points for code, points in score.points.items()}
    names.update(total=score.total, base=score.base, bonus=score.bonus, deductions=score.deductions)
    return names


def _sizes(grading: Grading, ranked: Sequence[_Stand], year: int) -> dict[tuple[str, ...], int]:
    """The n of the shares, for each group."""
    sizes: dict[tuple[str, ...], int] = {}
    for stand in ranked:
        counted = grading.base is None or grading.base.holds(stand.score.row, year=year)
        sizes[stand.group] = sizes.get(stand.group, 0) + counted
    return sizes


def _places_of(grading: Grading, ranked: Sequence[_Stand], grade_index: int) -> _Places:
    """The places in each group over the carriers whose ceiling allows the grade."""
    keys: dict[tuple[str, ...], list[tuple[Decimal, ...]]] = {}
    for stand in ranked:
        if stand.ceiling <= grade_index:
            keys.setdefault(stand.group, []).append(stand.key)
    return {group: _places(of_group) for group, of_group in keys.items()}


def _places(keys: Sequence[tuple[Decimal, ...]]) -> dict[tuple[Decimal, ...], _Place]:
    """The first and the last place of each set of equal keys, the highest key first."""
    counts: dict[tuple[Decimal, ...], int] = {}
    for key in sorted(keys, reverse=True):
        counts[key] = counts.get(key, 0) + 1
    places, ahead = {}, 0
    for key, count in counts.items():
        places[key] = _Place(ahead + 1, ahead + count)
        ahead += count
    return places


def places_open(row: GradeShape, size: int, rounding: Rounding) -> int | None:
    """How many places a row has in a group of `size`; None when nothing limits them."""
    limits = []
    if row.top_share is not None:
        share = (row.top_share * size).to_integral_value(rounding=_ROUNDINGS[rounding])
        limits.append(max(int(share), row.min_places or 0))
    if row.at_most is not None:
        limits.append(row.at_most)
    return min(limits) if limits else None


def _fixed(grading: Grading, stand: _Stand, fixed: FixedGrade) -> Graded:
    reason = T(
        "{reason}，直接定为 {grade}，不参加排名",
        reason=fixed.reason,
        grade=_named(grading, fixed.grade),
    )
    given = fixed.grade
    if grading.order.index(given) < stand.ceiling:
        given = grading.order[stand.ceiling]
        reason = T("{reason}；{ceiling}", reason=reason, ceiling=_capped(grading, stand))
    return Graded(stand.score, None, given, reason)


def _named(grading: Grading, name: str) -> Text:
    return T("{grade}（{label}）", grade=name, label=grading.label_of(name))


def _capped(grading: Grading, stand: _Stand) -> Text:
    """The ceilings that count, in words."""
    lowest = grading.order[stand.ceiling]
    reasons = [ceiling.reason for ceiling in stand.ceilings if ceiling.at_most == lowest]
    return T(
        "{reasons}，最高只能评为 {grade}",
        reasons="、".join(reasons),
        grade=_named(grading, lowest),
    )


def _ranked(
    grading: Grading,
    stand: _Stand,
    rank: int,
    sizes: Mapping[tuple[str, ...], int],
    places: Mapping[str, _Places],
) -> Graded:
    """The first row that the ceiling allows, whose score is reached and whose places hold the carrier."""
    missed: list[Text] = []
    for row in grading.rows:
        if grading.order.index(row.grade) < stand.ceiling:
            continue
        size = sizes[stand.group]
        place = places[row.grade][stand.group][stand.key]
        failure = _failure(grading, row, stand.score.total, place, size)
        if failure is None:
            reason = _reason(grading, stand, rank, row, place, size, missed)
            return Graded(stand.score, rank, row.grade, reason)
        missed.append(T("未获 {grade}：{why}", grade=_named(grading, row.grade), why=failure))
    raise AssertionError("the last row has no condition")


def _stands_at(grading: Grading, place: _Place) -> int:
    return place.last if grading.ties_at_cut is AtCut.EXCLUDE else place.first


def _failure(grading: Grading, row: GradeShape, total: Decimal, place: _Place, size: int) -> Text | None:
    """Why a row does not hold; None when it does."""
    if row.score_at_least is not None and total < row.score_at_least:
        return T("总分未达到 {score}", score=plain(row.score_at_least))
    open_places = places_open(row, size, grading.share_rounding)
    at = _stands_at(grading, place)
    if open_places is None or at <= open_places:
        return None
    if place.first <= open_places:
        return T(
            "第 {first} 至 {last} 位并列，名额 {places} 个容纳不下",
            first=place.first,
            last=place.last,
            places=open_places,
        )
    return T("列第 {at} 位，名额 {places} 个", at=place.first, places=open_places)


def _reason(
    grading: Grading,
    stand: _Stand,
    rank: int,
    row: GradeShape,
    place: _Place,
    size: int,
    missed: Sequence[Text],
) -> Text:
    reason = T(
        "总分 {total}，第 {rank} 名{conditions}，评为 {grade}",
        total=format(stand.score.total, "f"),
        rank=rank,
        conditions=_conditions(grading, row, place, size),
        grade=_named(grading, row.grade),
    )
    if stand.ceiling:
        reason = T("{reason}；{more}", reason=reason, more=_capped(grading, stand))
    for failure in missed:
        reason = T("{reason}；{more}", reason=reason, more=failure)
    return reason


def _conditions(grading: Grading, row: GradeShape, place: _Place, size: int) -> Text | str:
    """The conditions of a row that were met, in words."""
    words: Text | str = ""
    if row.score_at_least is not None:
        words = T("，达到 {score} 分", score=plain(row.score_at_least))
    open_places = places_open(row, size, grading.share_rounding)
    if open_places is None:
        return words
    where = T(
        "，列{group}第 {at} 位，在 {places} 个名额以内{share}",
        group=T("本组") if grading.group else "",
        at=_stands_at(grading, place),
        places=open_places,
        share=""
        if row.top_share is None
        else T("（{n} 家的 {share}）", n=size, share=percent(row.top_share)),
    )
    return T("{words}{where}", words=words, where=where)
