"""Figures beside last year's and beside those of peers: what is asked, and which questions first. Pure.

A question is never an error: it asks for a look and a reason. Three kinds, one a field, the first that fits:

* `unit`: near 10, 100, 1,000 or 10,000 times (or that part of) what it was: most likely the unit or a digit;
* `variance`: the form's rule on the change against last year, share and least change both passed;
* `peers`: far from the carriers of the same kind and size, where last year does not speak for the value.

Peers are measured on the log scale, where figures of firms are near symmetric: the median, and the median
absolute deviation (MAD) of the natural logarithms, in which a few wrong figures weigh nothing. Far is more
than 3.5 robust standard deviations (Iglewicz and Hoaglin 1993), of 1.4826 MAD each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from core.problems import Severity
from core.text import T, Text
from reporting.rules.form import Field, Form, Variance
from reporting.rules.values import exact

MOST = 10  # questions of these kinds a return
ENOUGH = 8  # peers, below which nothing is said about them
FAR = Decimal("3.5")
DEVIATION = Decimal("1.4826")
LEAST_DEVIATION = Decimal("0.1")  # of logarithms: peers that all say the same are no measure
# How many times too large or too small, and by which factor the rest may still differ.
SLIPS: tuple[tuple[Decimal, Decimal], ...] = (
    (Decimal(10), Decimal("1.25")),
    (Decimal(100), Decimal(2)),
    (Decimal(1000), Decimal(2)),
    (Decimal(10000), Decimal(2)),
)
_CONTEXT = Context(prec=16)
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Peer:
    """One figure of the peers: how many have it, its median, the MAD of its natural logarithms."""

    number: int
    median: Decimal
    mad: Decimal

    @property
    def deviation(self) -> Decimal:
        return max(self.mad * DEVIATION, LEAST_DEVIATION)

    def distance(self, value: Decimal) -> Decimal:
        """How many robust deviations away a positive value is."""
        return abs(_ln(value) - _ln(self.median)) / self.deviation

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """Between which values nothing is asked, to three figures."""
        with localcontext(_CONTEXT):
            width = (FAR * self.deviation).exp()
            return _brief(self.median / width), _brief(self.median * width)


Peers = Mapping[str, Peer]
NO_PEERS: Peers = {}


def _ln(value: Decimal) -> Decimal:
    return value.ln(_CONTEXT)


def _brief(value: Decimal) -> Decimal:
    return Decimal(f"{value:.3g}")


def _median(values: Sequence[Decimal]) -> Decimal:
    """The middle one, or the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def measured(values: Iterable[Decimal]) -> Peer | None:
    """The peers' measure of a figure; only positive values have a logarithm. None when they are too few."""
    positive = [value for value in values if value > 0]
    if len(positive) < ENOUGH:
        return None
    logs = [_ln(value) for value in positive]
    middle = _median(logs)
    mad = _median([abs(one - middle) for one in logs])
    return Peer(len(positive), _median(positive), mad.quantize(_PLACES, ROUND_HALF_UP))


def kept(peers: Peers) -> dict[str, list[Any]]:
    """As JSON."""
    return {code: [one.number, exact(one.median), exact(one.mad)] for code, one in peers.items()}


def peers_of(found: Mapping[str, Sequence[Any]]) -> Peers:
    """The reverse of `kept`."""
    return {code: Peer(int(n), Decimal(median), Decimal(mad)) for code, (n, median, mad) in found.items()}


@dataclass(frozen=True, slots=True)
class Question:
    """`telling` is by how many times its limit was passed, on the log scale; `likely` the value that was
    probably meant."""

    field: Field
    code: str
    severity: Severity
    telling: Decimal
    message: Text
    found: str
    allowed: Text
    fix: Text
    likely: Decimal | None = None

    @property
    def rank(self) -> tuple[bool, Decimal]:
        return self.code == "unit", self.telling


def questions(
    form: Form, now: Mapping[str, Any], before: Mapping[str, Any], peers: Peers = NO_PEERS
) -> list[Question]:
    """What to ask of these typed values, by code (missing: None or absent), in the form's order. Of those
    that want a reason the `MOST` most telling; of two as telling the one that comes first in the form."""
    found = []
    for one in form.fields:
        rule = one.variance or form.variance
        if rule is None or not one.is_numeric or _excepted(one, rule):
            continue
        value, last = now.get(one.code), before.get(one.code)
        if isinstance(value, Decimal):
            last = last if isinstance(last, Decimal) else None
            found.append(_question(one, rule, value, last, peers.get(one.code)))
    return chosen([one for one in found if one is not None])


def _excepted(one: Field, rule: Variance) -> bool:
    return one.variance is None and (one.code in rule.without or one.computed is not None)


def chosen(found: Sequence[Question]) -> list[Question]:
    """The most telling ones, in the order in which they came."""
    asked = [one for one in found if one.severity is Severity.EXPLAIN]
    best = sorted(asked, key=lambda one: one.rank, reverse=True)[:MOST]
    codes = {one.field.code for one in best}
    return [one for one in found if one.severity is not Severity.EXPLAIN or one.field.code in codes]


def _question(
    one: Field, rule: Variance, now: Decimal, last: Decimal | None, peer: Peer | None
) -> Question | None:
    if last is not None:
        change = abs(now - last)
        near = change <= rule.share * abs(last)
        if not near and change >= rule.at_least and change:
            return _slip(one, now, last) or _variance(one, rule, now, last, peer)
        if near:
            return None
    return _far(one, rule, now, peer)


# Against last year.


def slip_of(now: Decimal, last: Decimal) -> Decimal | None:
    """10, 100, 1,000 or 10,000 when the value is near so many times the other, their reciprocals when it is
    near such a part of it; None otherwise."""
    if now == 0 or last == 0 or (now > 0) != (last > 0):
        return None
    with localcontext(_CONTEXT):
        times = now / last
        for factor, near in SLIPS:
            if factor / near <= times <= factor * near:
                return factor
            if factor / near <= 1 / times <= factor * near:
                return 1 / factor
    return None


def _slip(one: Field, now: Decimal, last: Decimal) -> Question | None:
    """A slip of the unit or of digits, when what was probably meant is a value that the field may have."""
    factor = slip_of(now, last)
    if factor is None or not (likely := _fitting(one, now / factor)):
        return None
    times = f"{factor:,f}" if factor > 1 else f"1/{1 / factor:,f}"
    return Question(
        one,
        "unit",
        Severity.EXPLAIN,
        abs(_ln(factor)),
        T("“{title}”疑似单位或位数填错：约为上年的 {times} 倍。", title=one.title, times=times),
        _beside(now, last),
        _probably(one, likely),
        T("请核对单位和小数点；改为可能的数，或说明原因。"),
        likely,
    )


def _fitting(one: Field, value: Decimal) -> Decimal | None:
    """The value, if the field may have it; nothing is rounded."""
    column = one.column
    text = exact(value)
    places = len(text.partition(".")[2])
    low, high = column.min, column.max
    if places > column.most_places:
        return None
    outside = (isinstance(low, Decimal) and value < low) or (isinstance(high, Decimal) and value > high)
    return None if outside else Decimal(text)


def _variance(one: Field, rule: Variance, now: Decimal, last: Decimal, peer: Peer | None) -> Question:
    share = exact(rule.share * 100)
    if peer is None:
        allowed = T("变动不超过上年的 {share}%", share=share)
    else:
        allowed = T(
            "变动不超过上年的 {share}%（同类 {n} 家上年的中位数为 {median}）",
            share=share,
            n=peer.number,
            median=f"{peer.median:,f}",
        )
    return Question(
        one,
        "variance",
        rule.severity,
        _telling(rule, now, last),
        T("“{title}”与上年相比变动较大，请核对或说明原因。", title=one.title),
        _beside(now, last),
        allowed,
        T("请核对单位和数值；无误则说明原因。"),
    )


def _telling(rule: Variance, now: Decimal, last: Decimal) -> Decimal:
    """How far beyond the limit: of two positive values by their ratio, else by the change itself."""
    with localcontext(_CONTEXT):
        if now > 0 and last > 0:
            return abs((now / last).ln()) / max((1 + rule.share).ln(), LEAST_DEVIATION)
        change = abs(now - last) / max(rule.at_least, abs(last) * rule.share, Decimal(1))
        return (1 + change).ln()


def _beside(now: Decimal, last: Decimal) -> str:
    change = abs(now - last)
    share = f"{(change / abs(last) * 100).quantize(Decimal(1)):,f}%" if last else "—"
    return str(
        T("本年 {now}，上年 {before}，变动 {share}", now=f"{now:,f}", before=f"{last:,f}", share=share)
    )


# Against peers.


def _far(one: Field, rule: Variance, now: Decimal, peer: Peer | None) -> Question | None:
    """Far from the peers, and by at least the form's least change."""
    if peer is None or now <= 0 or abs(now - peer.median) < rule.at_least:
        return None
    distance = peer.distance(now)
    if distance <= FAR:
        return None
    low, high = (f"{bound:,f}" for bound in peer.bounds)
    likely = _among(one, now, peer)
    message = (
        T("“{title}”与同类载体相差很大，请核对或说明原因。", title=one.title)
        if likely is None
        else T("“{title}”与同类载体相差很大，疑似单位填错。", title=one.title)
    )
    usual = T("同类 {n} 家上年多在 {low} 至 {high} 之间", n=peer.number, low=low, high=high)
    return Question(
        one,
        "peers" if likely is None else "unit",
        Severity.EXPLAIN,
        distance / FAR,
        message,
        f"{now:,f}",
        usual if likely is None else T("{usual}；{likely}", usual=usual, likely=_probably(one, likely)),
        T("请核对单位和数值；无误则说明原因。"),
        likely,
    )


def _among(one: Field, now: Decimal, peer: Peer) -> Decimal | None:
    """What was meant, when another unit of money would put the value into the middle of its peers."""
    if one.column.type.value != "money":
        return None
    for factor in (Decimal(1000), Decimal(10000)):
        likely = _fitting(one, now / factor)
        if likely and likely > 0 and peer.distance(likely) <= 1:
            return likely
    return None


def _probably(one: Field, likely: Decimal) -> Text:
    return T("可能应为 {likely} {unit}", likely=f"{likely:,f}", unit=one.column.shown_unit)
