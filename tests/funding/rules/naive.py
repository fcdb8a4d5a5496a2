"""A second allocation, written from the contract alone, slow and plain: the judge of the first.

It knows no expressions: `when` is a column of yes or no, every other slot a column or a number.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Carrier = dict[str, Any]


def read(carrier: Carrier, slot: Any) -> Fraction | None:
    if isinstance(slot, str):
        found = carrier[slot]
        return None if found is None else Fraction(found)
    return Fraction(slot)


def due(award: dict[str, Any], carrier: Carrier, carriers: list[Carrier]) -> Fraction:
    def eligible(one: Carrier) -> bool:
        return "when" not in award or one[award["when"]] is True

    if not eligible(carrier):
        return Fraction(0)
    amount = award["amount"]
    if not isinstance(amount, dict):
        result = Fraction(amount)
    elif "by" in amount:
        result = Fraction(amount.get(carrier[amount["by"]], 0))
    elif "each" in amount:
        result = Fraction(amount["each"]) * (read(carrier, amount["count"]) or 0)
    elif "share" in amount:
        result = Fraction(amount["share"]) * (read(carrier, amount["of"]) or 0)
    else:
        weights = {
            one["carrier"]: max(read(one, amount["by_value"]) or Fraction(0), Fraction(0))
            for one in carriers
            if eligible(one)
        }
        whole = sum(weights.values())
        result = Fraction(amount["pot"]) * weights[carrier["carrier"]] / whole if whole else Fraction(0)
    result = max(result, Fraction(0))
    if "less" in award:
        result = max(result - (read(carrier, award["less"]) or 0), Fraction(0))
    if "at_most" in award and (limit := read(carrier, award["at_most"])) is not None:
        result = max(min(result, limit), Fraction(0))
    return result


def floor_to(amount: Fraction, to: Fraction) -> Fraction:
    pieces = amount / to
    return Fraction(pieces.numerator // pieces.denominator) * to


def claims_of(policy: dict[str, Any], carriers: list[Carrier]) -> dict[tuple[str, str], Fraction]:
    to = Fraction(policy["to"])
    answer: dict[tuple[str, str], Fraction] = {}
    for carrier in carriers:
        sums = {award["code"]: due(award, carrier, carriers) for award in policy["awards"]}
        for group in policy["exclusive"]:
            best = max(sums[code] for code in group)
            kept = next(code for code in group if sums[code] == best)
            for code in group:
                if code != kept:
                    sums[code] = Fraction(0)
        for cap in policy["caps"]:
            limit = read(carrier, cap["at_most"])
            while limit is not None and sum(sums[code] for code in cap["awards"]) > max(limit, Fraction(0)):
                last = [code for code in cap["awards"] if sums[code] > 0][-1]
                over = sum(sums[code] for code in cap["awards"]) - max(limit, Fraction(0))
                sums[last] = max(sums[last] - over, Fraction(0))
        for code, amount in sums.items():
            if floor_to(amount, to) > 0:
                answer[carrier["carrier"], code] = floor_to(amount, to)
    return answer


def cut(
    policy: dict[str, Any], carriers: list[Carrier], claims: dict[tuple[str, str], Fraction], budget: Any
) -> dict[tuple[str, str], Fraction] | None:
    """None: refused."""
    total, to = Fraction(budget["total"]), Fraction(policy["to"])
    whole = sum(claims.values())
    if whole <= total:
        return dict(claims)
    if budget["when_short"] == "refuse":
        return None
    ranks = {carrier["carrier"]: carrier["rank"] for carrier in carriers}
    codes = [award["code"] for award in policy["awards"]]

    def turn(key: tuple[str, str]) -> tuple[float, str, int]:
        rank = ranks[key[0]]
        return (float("inf") if rank is None else rank, key[0], codes.index(key[1]))

    paid: dict[tuple[str, str], Fraction] = {}
    if budget["when_short"] == "by_rank":
        left = total
        for key in sorted(claims, key=turn):
            paid[key] = claims[key] if claims[key] <= left else floor_to(left, to)
            left = left - paid[key] if claims[key] <= left else Fraction(0)
        return paid
    exact = {key: claim * total / whole for key, claim in claims.items()}
    paid = {key: floor_to(share, to) for key, share in exact.items()}
    queue = sorted(claims, key=lambda key: (paid[key] - exact[key], *turn(key)))
    while sum(paid.values()) + to <= total:
        for key in queue:
            if sum(paid.values()) + to <= total and paid[key] + to <= claims[key]:
                paid[key] += to
    return paid
