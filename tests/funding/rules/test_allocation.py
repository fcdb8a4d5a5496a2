"""Amounts of money: against a second, naive allocation, and what is always true of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.expressions import MappingRow
from core.problems import Refused
from core.shapes import Plain, Tree
from funding.rules.allocation import Allocation, Claimant, allocate
from funding.rules.policy import policy_of
from tests.funding.rules import naive

CODES = ["a", "b", "c", "d"]
COLUMNS = ["n", "m", "k"]
MONEY = st.decimals(min_value=0, max_value=2000, places=2)
STEPS = st.sampled_from([Decimal("0.01"), Decimal("0.05"), Decimal(1), Decimal(7), Decimal(100)])
SLOT = st.one_of(st.sampled_from(COLUMNS), MONEY)
AMOUNTS = st.one_of(
    MONEY,
    st.fixed_dictionaries({"by": st.just("t"), "A": MONEY, "B": MONEY}),
    st.fixed_dictionaries({"each": MONEY, "count": SLOT}),
    st.fixed_dictionaries({"share": st.decimals(0, 2, places=2), "of": SLOT}),
    st.fixed_dictionaries({"pot": MONEY, "by_value": st.sampled_from(COLUMNS)}),
)
BUDGET = st.fixed_dictionaries(
    {
        "total": st.decimals(0, 6000, places=2),
        "when_short": st.sampled_from(["prorate", "prorate", "by_rank", "refuse"]),
    }
)


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    codes = CODES[: draw(st.integers(1, 4))]
    award = st.fixed_dictionaries(
        {"payer": st.sampled_from(["", "city"]), "amount": AMOUNTS},
        optional={"when": st.sampled_from(["f", "g"]), "less": SLOT, "at_most": SLOT},
    )
    some = st.lists(st.sampled_from(codes), min_size=1, unique=True)
    cap = st.fixed_dictionaries({"awards": some, "at_most": SLOT})
    return {
        "awards": [{"code": code, **draw(award)} for code in codes],
        "exclusive": draw(st.lists(some, max_size=2)),
        "caps": draw(st.lists(cap, max_size=2)),
        "budget": draw(BUDGET),
        "to": draw(STEPS),
    }


NUMBER = st.one_of(st.none(), st.decimals(-50, 2000, places=2))
CARRIER = st.fixed_dictionaries(
    {
        "rank": st.one_of(st.none(), st.integers(1, 4)),
        "t": st.sampled_from(["A", "B", "C", None]),
        "f": st.sampled_from([True, False, None]),
        "g": st.booleans(),
        **dict.fromkeys(COLUMNS, NUMBER),
    }
)
CARRIERS = st.lists(CARRIER, max_size=6).map(
    lambda rows: [{"carrier": f"C{index}", **row} for index, row in enumerate(rows)]
)


def as_tree(thing: Any) -> Tree:
    if isinstance(thing, dict):
        return {key: as_tree(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [as_tree(part) for part in thing]
    return Plain(thing) if isinstance(thing, str) else Plain(format(Decimal(thing), "f"))


def allocated(policy: dict[str, Any], carriers: list[dict[str, Any]]) -> Allocation:
    file = {"policy": "p", "version": 1, "title": "示例", "rounding": {"to": policy["to"]}}
    file |= {key: value for key, value in policy.items() if key != "to"}
    loaded = policy_of(as_tree(file))
    claimants = [Claimant(one["carrier"], one["rank"], MappingRow(one)) for one in carriers]
    return allocate(loaded.policy, claimants)


def amounts(allocation: Allocation) -> dict[tuple[str, str], Fraction]:
    return {(one.carrier, one.award): Fraction(one.amount) for one in allocation.awards}


@settings(max_examples=400, deadline=None)
@given(policies(), CARRIERS)
def test_equals_the_naive_allocation(policy: dict[str, Any], carriers: list[dict[str, Any]]) -> None:
    claims = naive.claims_of(policy, carriers)
    expected = naive.cut(policy, carriers, claims, policy["budget"])
    if expected is None:
        with pytest.raises(Refused):
            allocated(policy, carriers)
        return
    found = allocated(policy, carriers)
    assert {(one.carrier, one.award): Fraction(one.claimed) for one in found.awards} == claims
    assert amounts(found) == expected


@settings(max_examples=200, deadline=None)
@given(policies(), CARRIERS)
def test_always_true(policy: dict[str, Any], carriers: list[dict[str, Any]]) -> None:
    try:
        found = allocated(policy, carriers)
    except Refused:
        return
    total, step = policy["budget"]["total"], policy["to"]
    assert all(0 <= one.amount <= one.claimed and one.claimed > 0 for one in found.awards)
    assert all(one.because for one in found.awards)
    assert found.claimed == sum(one.claimed for one in found.awards)
    assert found.allocated == sum(one.amount for one in found.awards) <= total
    by_carrier = {one["carrier"]: one for one in carriers}
    for cap in policy["caps"]:
        for name, carrier in by_carrier.items():
            limit = naive.read(carrier, cap["at_most"])
            paid = [one.amount for one in found.awards if one.carrier == name and one.award in cap["awards"]]
            assert limit is None or sum(map(Fraction, paid)) <= max(limit, Fraction(0))
    if found.claimed > total and policy["budget"]["when_short"] == "prorate":
        assert found.allocated == total // step * step


@settings(max_examples=200, deadline=None)
@given(policies(), CARRIERS, st.decimals(0, 500, places=2))
def test_a_larger_budget_never_pays_less_in_all(
    policy: dict[str, Any], carriers: list[dict[str, Any]], more: Decimal
) -> None:
    try:
        before = allocated(policy, carriers)
    except Refused:
        return
    budget = policy["budget"] | {"total": policy["budget"]["total"] + more}
    after = allocated(policy | {"budget": budget}, carriers)
    assert after.claimed == before.claimed
    assert after.allocated >= before.allocated


@settings(max_examples=100, deadline=None)
@given(policies(), CARRIERS, st.randoms(use_true_random=False))
def test_the_order_of_the_file_changes_nothing(
    policy: dict[str, Any], carriers: list[dict[str, Any]], random: Any
) -> None:
    shuffled = random.sample(carriers, len(carriers))
    try:
        found = allocated(policy, carriers)
    except Refused:
        return
    assert allocated(policy, shuffled) == found


def simple(amount: Any, *, to: Any = 1, budget: Any = None, **more: Any) -> dict[str, Any]:
    award = {"code": "a", "amount": amount, **more}
    policy = {"awards": [award], "to": to}
    return policy if budget is None else policy | {"budget": budget}


def row(carrier: str, rank: int | None = None, **values: Any) -> dict[str, Any]:
    figures = {name: Decimal(value) if type(value) is int else value for name, value in values.items()}
    return {"carrier": carrier, "rank": rank, **figures}


def paid(policy: dict[str, Any], *carriers: dict[str, Any]) -> list[str]:
    return [f"{one.carrier}.{one.award} {one.amount}" for one in allocated(policy, list(carriers)).awards]


def test_prorate_gives_pieces_by_lost_fraction_then_rank() -> None:
    policy = simple({"share": 1, "of": "n"}, budget={"total": 2, "when_short": "prorate"})
    carriers = [row("C1", None, n=1), row("C2", 2, n=1), row("C3", 1, n=1)]
    assert paid(policy, *carriers) == ["C1.a 0.00", "C2.a 1.00", "C3.a 1.00"]


def test_prorate_pays_the_total_rounded_down_to_the_step() -> None:
    policy = simple(1000, to=100, budget={"total": "2555.55", "when_short": "prorate"})
    found = allocated(policy, [row("C1"), row("C2"), row("C3")])
    assert [str(one.amount) for one in found.awards] == ["900.00", "800.00", "800.00"]
    assert str(found.allocated) == "2500.00"


def test_by_rank_the_first_that_does_not_fit_gets_what_is_left_and_all_after_nothing() -> None:
    policy = simple({"share": 1, "of": "n"}, to=10, budget={"total": 165, "when_short": "by_rank"})
    carriers = [row("C1", None, n=10), row("C2", 2, n=100), row("C3", 1, n=100), row("C4", 2, n=10)]
    assert paid(policy, *carriers) == ["C1.a 0.00", "C2.a 60.00", "C3.a 100.00", "C4.a 0.00"]


def test_refuse_names_the_shortfall_of_every_payer() -> None:
    policy = {
        "awards": [{"code": code, "payer": code, "amount": 100} for code in "abc"],
        "budgets": [
            {"payer": "a", "total": 60, "when_short": "refuse"},
            {"payer": "b", "total": 200, "when_short": "refuse"},
            {"payer": "c", "total": "0.5", "when_short": "refuse"},
        ],
        "to": 1,
    }
    with pytest.raises(Refused) as refused:
        allocated(policy, [row("C1")])
    assert [problem.place for problem in refused.value.problems] == ["budgets[0]", "budgets[2]"]
    assert "缺 40.00 元" in str(refused.value.problems[0].message)
    assert "缺 99.50 元" in str(refused.value.problems[1].message)


def test_each_payer_over_its_own_awards_and_one_without_a_budget_is_not_limited() -> None:
    policy = {
        "awards": [
            {"code": "x", "payer": "city", "amount": 100},
            {"code": "y", "amount": 100},
            {"code": "z", "payer": "province", "amount": 100},
        ],
        "budgets": [{"payer": "city", "total": 50, "when_short": "prorate"}],
        "to": 1,
    }
    found = allocated(policy, [row("C1"), row("C2")])
    sums = [(one.payer, one.budget, one.claimed, one.allocated) for one in found.payers]
    assert sums == [
        ("", None, Decimal(200), Decimal(200)),
        ("city", Decimal(50), Decimal(200), Decimal(50)),
        ("province", None, Decimal(200), Decimal(200)),
    ]


def test_one_budget_for_all_is_one_row_without_a_payer() -> None:
    found = allocated(simple(10, budget={"total": 100, "when_short": "refuse"}, payer="city"), [row("C1")])
    assert [(one.payer, one.budget) for one in found.payers] == [(None, Decimal(100))]


def test_of_equal_awards_the_first_listed_is_paid_in_the_order_of_the_lists() -> None:
    policy = {
        "awards": [{"code": "a", "amount": 5}, {"code": "b", "amount": 5}, {"code": "c", "amount": 4}],
        "exclusive": [["b", "a"], ["a", "c"]],
        "to": 1,
    }
    assert paid(policy, row("C1")) == ["C1.b 5.00", "C1.c 4.00"]


def test_a_cap_cuts_the_last_award_first_and_the_caps_stand_in_order() -> None:
    policy = {
        "awards": [{"code": "a", "amount": 50}, {"code": "b", "amount": 50}, {"code": "c", "amount": 50}],
        "caps": [{"awards": ["a", "b", "c"], "at_most": 80}, {"awards": ["a"], "at_most": "n"}],
        "to": 1,
    }
    assert paid(policy, row("C1", n=20)) == ["C1.a 20.00", "C1.b 30.00"]
    assert paid(policy, row("C1", n=None)) == ["C1.a 50.00", "C1.b 30.00"]


def test_rounding_down_comes_after_the_caps() -> None:
    policy = simple("99.99", to=10) | {"caps": [{"awards": ["a"], "at_most": "69.5"}]}
    assert paid(policy, row("C1")) == ["C1.a 60.00"]


def test_the_difference_is_paid_and_a_missing_sum_counts_nothing() -> None:
    policy = simple(100, less="n", at_most="m")
    assert paid(policy, row("C1", n=30, m=None)) == ["C1.a 70.00"]
    assert paid(policy, row("C1", n=None, m=60)) == ["C1.a 60.00"]
    assert paid(policy, row("C1", n=30, m=60)) == ["C1.a 60.00"]
    assert paid(policy, row("C1", n=130, m=None)) == []
    assert paid(policy, row("C1", n=None, m=-1)) == []


def test_a_pot_is_divided_among_those_for_whom_when_holds() -> None:
    policy = simple({"pot": 100, "by_value": "n"}, to="0.01", when="f")
    carriers = [
        row("C1", f=True, n=1),
        row("C2", f=True, n=2),
        row("C3", f=False, n=9),
        row("C4", f=True, n=-5),
        row("C5", f=True, n=None),
    ]
    assert paid(policy, *carriers) == ["C1.a 33.33", "C2.a 66.66"]


def test_a_sum_follows_the_text_as_written() -> None:
    policy = simple({"by": "t", "02": 50, "2": 20})
    rows = [Claimant("C1", None, MappingRow({"t": Decimal(2)}, {"t": "02"}))]
    file = as_tree({"policy": "p", "version": 1, "title": "示例", "awards": policy["awards"]})
    assert [one.amount for one in allocate(policy_of(file).policy, rows).awards] == [50]


def test_a_senseless_figure_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        allocated(simple({"share": 1, "of": "n"}), [row("C1", n=Decimal("1e200"))])
    assert refused.value.problems[0].place == "C1"


def test_a_whole_province_is_allocated_within_a_moment() -> None:
    policy = {
        "awards": [{"code": code, "amount": {"share": "0.37", "of": "n"}} for code in "abcd"],
        "exclusive": [["a", "b"]],
        "caps": [{"awards": ["a", "c"], "at_most": 90000}],
        "budget": {"total": 1000000, "when_short": "prorate"},
        "to": 1,
    }
    carriers = [row(f"C{index:05}", index, n=index * 37) for index in range(1, 2146)]
    assert allocated(policy, carriers).allocated == 1000000
