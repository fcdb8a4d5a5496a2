"""From a policy and the results of carriers to amounts of money: pure, exact, the same answer each time.

The order is the contract's: each award by itself (amount, `less`, `at_most`), then `exclusive`, then
`caps`, then rounding down, then the budget. Sums are exact fractions of a yuan until rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from core.expressions import Expression, Row
from core.problems import Problem, Refused
from core.text import T, Text
from funding.rules.amounts import Amounts, sum_of
from funding.rules.budgets import Claim, pay, shortfall
from funding.rules.policy_shape import Award, Budget, Cap, Policy
from funding.rules.yuan import down_to, in_cents, yuan

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Claimant:
    """One carrier with its result. `rank` None stands last; `row` is what the expressions read."""

    carrier: str
    rank: int | None
    row: Row


@dataclass(frozen=True, slots=True)
class Awarded:
    """What one carrier gets of one award, in yuan with two places, and what made it."""

    carrier: str
    award: str
    payer: str
    claimed: Decimal
    amount: Decimal
    because: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PayerSum:
    """What one payer pays; `payer` None stands for one budget over all, `budget` None for no limit."""

    payer: str | None
    budget: Decimal | None
    claimed: Decimal
    allocated: Decimal


@dataclass(frozen=True, slots=True)
class Allocation:
    """All amounts above 0 before the budget, by carrier and then the policy's order."""

    claimed: Decimal
    allocated: Decimal
    payers: tuple[PayerSum, ...]
    awards: tuple[Awarded, ...]


@dataclass(slots=True)
class _Earned:
    """What one carrier earns of one award, on its way through the steps."""

    award: Award
    sum: Fraction
    because: list[Text] = field(default_factory=list)


def allocate(policy: Policy, claimants: Sequence[Claimant], *, year: int | None = None) -> Allocation:
    """The amounts. Raises `Refused` where the policy refuses a short budget, naming every shortfall."""
    scored_year = year or 1
    amounts = Amounts(policy, [claimant.row for claimant in claimants], scored_year)
    claims: list[Claim] = []
    for claimant in sorted(claimants, key=lambda claimant: claimant.carrier):
        earned = {
            award.code: _Earned(award, *amounts.of(award, claimant.row, claimant.carrier))
            for award in policy.awards
        }
        _apply_exclusive(policy, earned)
        for cap in policy.caps:
            _apply_cap(cap, earned, claimant, scored_year)
        claims.extend(_claims(policy, claimant, earned))
    return _paid(policy, claims)


def _apply_exclusive(policy: Policy, earned: dict[str, _Earned]) -> None:
    """Of each list only the largest stays, of equal ones the first listed."""
    for group in policy.exclusive:
        listed = [earned[code] for code in group]
        largest = max(listed, key=lambda one: one.sum)
        for one in listed:
            if one is largest or not one.sum:
                continue
            largest.because.append(
                T("就高不重复：不再发放“{award}” {sum} 元", award=one.award.label, sum=yuan(one.sum))
            )
            one.sum = _NOTHING


def _apply_cap(cap: Cap, earned: dict[str, _Earned], claimant: Claimant, year: int) -> None:
    """What is over is cut from the award that stands last in the cap's `awards` first. No limit, no cut."""
    limit = _limit(cap.at_most, claimant, year)
    listed = [earned[code] for code in cap.awards]
    if limit is None:
        return
    over = sum((one.sum for one in listed), _NOTHING) - limit
    names = "、".join(one.award.label for one in listed)
    for one in reversed(listed):
        cut = min(over, one.sum)
        if cut <= 0:
            continue
        one.sum -= cut
        over -= cut
        one.because.append(
            T(
                "“{names}”合计封顶 {limit} 元，本项减 {cut} 元，为 {sum} 元",
                names=names,
                limit=yuan(limit),
                cut=yuan(cut),
                sum=yuan(one.sum),
            )
        )


def _limit(expression: Expression, claimant: Claimant, year: int) -> Fraction | None:
    found = sum_of(expression, claimant.row, year, claimant.carrier)
    return None if found is None else max(found, _NOTHING)


def _claims(policy: Policy, claimant: Claimant, earned: dict[str, _Earned]) -> Iterator[Claim]:
    """What is left above 0 after rounding down."""
    step = Fraction(policy.rounding.to)
    for position, one in enumerate(earned.values()):
        claimed = down_to(one.sum, step)
        if claimed != one.sum:
            to = format(policy.rounding.to, "f")
            one.because.append(T("向下取整到 {to} 元的整数倍：{sum} 元", to=to, sum=yuan(claimed)))
        if claimed > 0:
            yield Claim(claimant.carrier, claimant.rank, position, claimed, one.because)


def _paid(policy: Policy, claims: list[Claim]) -> Allocation:
    pools = list(_pools(policy, claims))
    refusals = [
        problem
        for path, payer, budget, pool in pools
        if budget is not None and (problem := _refusal(path, payer, budget, pool)) is not None
    ]
    if refusals:
        raise Refused(refusals)
    for _, _, budget, pool in pools:
        total = None if budget is None else Fraction(budget.total)
        when_short = "refuse" if budget is None else budget.when_short
        pay(pool, total, when_short, Fraction(policy.rounding.to))
    return Allocation(
        claimed=_total([claim.claimed for claim in claims]),
        allocated=_total([claim.amount for claim in claims]),
        payers=tuple(
            PayerSum(
                payer=payer,
                budget=None if budget is None else in_cents(Fraction(budget.total)),
                claimed=_total([claim.claimed for claim in pool]),
                allocated=_total([claim.amount for claim in pool]),
            )
            for _, payer, budget, pool in pools
        ),
        awards=tuple(_awarded(policy, claim) for claim in claims),
    )


Pool = tuple[str, str | None, Budget | None, list[Claim]]


def _pools(policy: Policy, claims: list[Claim]) -> Iterator[Pool]:
    """The claims by who pays them: (path of the budget, payer, budget, claims), by payer."""
    if policy.budget is not None:
        yield "budget", None, policy.budget, claims
        return
    budgets = {
        budget.payer: (f"budgets[{index}]", budget) for index, budget in enumerate(policy.budgets or [])
    }
    for payer in sorted({award.payer for award in policy.awards} | set(budgets)):
        path, budget = budgets.get(payer, ("", None))
        yield path, payer, budget, [c for c in claims if policy.awards[c.position].payer == payer]


def _refusal(path: str, payer: str | None, budget: Budget, pool: list[Claim]) -> Problem | None:
    short = shortfall(pool, Fraction(budget.total))
    if budget.when_short != "refuse" or not short:
        return None
    claimed = sum((claim.claimed for claim in pool), _NOTHING)
    message = T(
        "{payer}预算不足，没有分配：应发 {claimed} 元，预算 {total} 元，缺 {short} 元",
        payer=f"“{payer}”" if payer else "",
        claimed=yuan(claimed),
        total=yuan(Fraction(budget.total)),
        short=yuan(short),
    )
    return Problem("allocation.short", message, place=path)


def _awarded(policy: Policy, claim: Claim) -> Awarded:
    award = policy.awards[claim.position]
    return Awarded(
        carrier=claim.carrier,
        award=award.code,
        payer=award.payer,
        claimed=in_cents(claim.claimed),
        amount=in_cents(claim.amount),
        because=tuple(claim.because),
    )


def _total(sums: list[Fraction]) -> Decimal:
    return in_cents(sum(sums, _NOTHING))
