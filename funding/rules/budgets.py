"""A budget that does not suffice: refuse, pay by rank, or cut all in proportion. Exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from core.text import T, Text
from funding.rules.policy_shape import WhenShort
from funding.rules.yuan import down_to, yuan


@dataclass(slots=True)
class Claim:
    """One amount above 0 that a carrier has a claim to, and what of it is paid.

    `position` is the award's place in the policy. `claimed` is a multiple of the rounding step.
    """

    carrier: str
    rank: int | None
    position: int
    claimed: Fraction
    because: list[Text] = field(default_factory=list)
    amount: Fraction = Fraction(0)

    @property
    def turn(self) -> tuple[bool, int, str, int]:
        """By rank, those without one last; then carrier, then the policy's order."""
        return (self.rank is None, self.rank or 0, self.carrier, self.position)


def shortfall(claims: Sequence[Claim], total: Fraction | None) -> Fraction:
    """By how much the budget falls short; 0 when it suffices or there is none."""
    claimed = sum((claim.claimed for claim in claims), Fraction(0))
    return Fraction(0) if total is None else max(claimed - total, Fraction(0))


def pay(claims: Sequence[Claim], total: Fraction | None, when_short: WhenShort, step: Fraction) -> None:
    """Sets the amount of every claim. With `refuse` the caller has refused a shortfall before."""
    if total is None or not shortfall(claims, total):
        for claim in claims:
            claim.amount = claim.claimed
        return
    if when_short == "by_rank":
        _by_rank(claims, total, step)
    else:
        _prorate(claims, total, step)


def _by_rank(claims: Sequence[Claim], total: Fraction, step: Fraction) -> None:
    left = total
    exhausted = False
    for claim in sorted(claims, key=lambda claim: claim.turn):
        if exhausted:
            claim.because.append(T("预算不足，按名次拨付：轮到时已无余额"))
        elif claim.claimed <= left:
            claim.amount = claim.claimed
            left -= claim.amount
            claim.because.append(T("预算不足，按名次拨付：足额"))
        else:
            exhausted = True
            claim.amount = down_to(left, step)
            claim.because.append(T("预算不足，按名次拨付：只余 {left} 元", left=yuan(claim.amount)))


def _prorate(claims: Sequence[Claim], total: Fraction, step: Fraction) -> None:
    claimed = sum((claim.claimed for claim in claims), Fraction(0))
    lost: dict[int, Fraction] = {}
    for index, claim in enumerate(claims):
        share = claim.claimed * total / claimed
        claim.amount = down_to(share, step)
        lost[index] = share - claim.amount
        claim.because.append(
            T(
                "预算不足，按比例折算：× {total} / {claimed}，为 {amount} 元",
                total=yuan(total),
                claimed=yuan(claimed),
                amount=yuan(claim.amount),
            )
        )
    pieces = int((down_to(total, step) - sum((claim.amount for claim in claims), Fraction(0))) / step)
    order = sorted(range(len(claims)), key=lambda index: (-lost[index], claims[index].turn))
    _give_out(pieces, [claims[index] for index in order], step)


def _give_out(pieces: int, order: Sequence[Claim], step: Fraction) -> None:
    """One piece each from the top, again while any is left; the claims hold more than there is to give."""
    before = {id(claim): claim.amount for claim in order}
    while pieces:
        for claim in order:
            if pieces and claim.amount + step <= claim.claimed:
                claim.amount += step
                pieces -= 1
    for claim in order:
        extra = claim.amount - before[id(claim)]
        if extra:
            claim.because.append(T("折算余数按次序补 {extra} 元", extra=yuan(extra)))
