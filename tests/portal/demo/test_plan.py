"""The planned province: as many of everything as its size says, sound codes, invented names, one seed."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import credit_code_fault
from portal.demo.names import credit_code
from portal.demo.plan import Body, CarrierPlan, carriers, fill
from portal.demo.sizes import CITY_WEIGHTS, FULL, YEAR, Sizes, shared, sizes
from registry.rules.vocabulary import CarrierClass, Kind

COUNTIES = [[f"99{city:02}{county:02}" for county in range(1, 5)] for city in range(1, len(CITY_WEIGHTS) + 1)]
Province = tuple[Sizes, list[CarrierPlan], list[Body]]


def planned(count: int, seed: int = 2021) -> Province:
    size, rng = sizes(count), random.Random(seed)
    plans = carriers(rng, size, COUNTIES)
    return size, plans, fill(rng, plans, size)


@pytest.fixture(scope="module")
def full() -> Province:
    return planned(FULL)


def test_the_full_province_has_2145_carriers_of_two_kinds(full: Province) -> None:
    _, plans, _ = full
    assert len(plans) == 2145
    assert Counter(plan.kind for plan in plans) == {Kind.INCUBATOR: 1070, Kind.MAKERSPACE: 1075}


def test_1890_were_listed_a_year_before(full: Province) -> None:
    assert sum(plan.listed_year < YEAR for plan in full[1]) == 1890


def test_309_incubators_and_226_makerspaces_are_specialised(full: Province) -> None:
    special = Counter(plan.kind for plan in full[1] if plan.carrier_class == CarrierClass.SPECIALISED)
    assert special == {Kind.INCUBATOR: 309, Kind.MAKERSPACE: 226}


def test_77000_tenants_and_teams_are_there_at_the_end_of_the_year(full: Province) -> None:
    _, plans, bodies = full
    there = [body for body in bodies if body.ended is None]
    assert len(there) == 77_000
    incubated = sum(body.ended is None for plan in plans if plan.is_incubator for body in plan.bodies)
    assert incubated == 43_600
    assert sum(body.people for body in there) == 665_000
    assert sum(body.is_team for body in there) == full[0].teams
    assert sum(body.student for body in there) == 12_900


def test_incubators_take_in_companies_alone(full: Province) -> None:
    assert not any(body.is_team for plan in full[1] if plan.is_incubator for body in plan.bodies)


def test_cities_hold_their_shares(full: Province) -> None:
    held = Counter(plan.city for plan in full[1])
    assert tuple(held[at] for at in range(len(CITY_WEIGHTS))) == CITY_WEIGHTS
    assert all(plan.region in COUNTIES[plan.city] for plan in full[1])


def test_every_credit_code_is_valid_and_held_by_one_company(full: Province) -> None:
    codes = [body.key for body in full[2] if not body.is_team]
    assert [code for code in codes if credit_code_fault(code) is not None] == []
    assert len(set(codes)) == len(codes)


def test_every_company_says_that_it_is_an_example(full: Province) -> None:
    companies = [body.name for body in full[2] if not body.is_team]
    assert all("示例" in name for name in companies)
    assert len(set(companies)) == len(companies)


def test_dates_of_a_body_are_in_order(full: Province) -> None:
    for plan in full[1]:
        for body in plan.bodies:
            assert body.founded < body.entered
            assert plan.opened_on <= body.entered
            assert body.entered.year <= YEAR
            assert body.ended is None or body.entered <= body.ended


def test_the_same_seed_gives_the_same_province() -> None:
    assert planned(60) == planned(60)
    assert planned(60)[2] != planned(60, seed=7)[2]


@pytest.mark.parametrize("count", [60, 61, 500])
def test_a_smaller_province_is_whole_in_itself(count: int) -> None:
    size, plans, bodies = planned(count)
    assert len(plans) == size.carriers == count
    there = [body for body in bodies if body.ended is None]
    assert len(there) == size.tenants
    assert sum(body.people for body in there) == size.employed


@given(st.integers(0, 31**8 - 1), st.integers(1, 13), st.integers(1, 99))
def test_any_number_makes_a_valid_credit_code(number: int, city: int, county: int) -> None:
    assert credit_code_fault(credit_code(f"99{city:02}{county:02}", number)) is None


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=40), st.integers(0, 4), st.integers(0, 100_000))
def test_parts_add_up_to_the_whole(weights: list[float], least: int, extra: int) -> None:
    total = least * len(weights) + extra
    parts = shared(total, weights, least=least)
    assert sum(parts) == total
    assert min(parts) >= least


def test_a_whole_too_small_for_its_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot give"):
        shared(3, [1, 1], least=2)
