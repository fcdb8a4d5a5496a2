"""What a list of carriers finds, in which order, and how many stand beside each choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import queries
from registry.models import Carrier, CarrierVersion, Stay, Team
from registry.rules import listing
from registry.rules.listing import Asked
from tests.registry.world import AT, TODAY, World, carrier, credit_code, operator, stay, tenant


def found(world: World, who: str = "visitor", managed: bool = False, **asked: str) -> list[str]:
    rows = queries.directory(world.people[who], Asked(**asked), managed=managed)
    by_code = {one.code: name for name, one in world.carriers.items()}
    return [by_code[one.code] for one in rows]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["mine", "sibling", "away"]),
        ({"kind": "makerspace"}, ["sibling"]),
        ({"level": "national"}, ["away"]),
        ({"carrier_class": "specialised", "field": "bio"}, ["away"]),
        ({"designation": "enclave"}, []),
        ({"state": "closed"}, []),
        ({"state": "active", "kind": "incubator"}, ["mine", "away"]),
        ({"region": "990000"}, ["mine", "sibling", "away"]),
        ({"region": "990500"}, ["mine", "sibling"]),
        ({"region": "990503"}, ["sibling"]),
        ({"region": "99050"}, []),
        ({"order": "name"}, ["sibling", "mine", "away"]),
        ({"order": "level"}, ["away", "mine", "sibling"]),
        ({"order": "newest"}, ["away", "mine", "sibling"]),
    ],
)
def test_filters_and_orders(world: World, asked: dict[str, str], names: list[str]) -> None:
    assert found(world, **asked) == names


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("青禾", ["mine"]),
        ("孵化", ["mine", "away"]),
        ("qhf", ["mine"]),
        ("XLFHQ", ["away"]),
        ("SL-990500", ["mine", "sibling"]),
        ("sl-990600-0001", ["away"]),
        ("青禾运营", ["mine"]),
        ("旧港", []),
        ("100%", []),
        ("_", []),
        ("-", []),
    ],
)
def test_words_find_names_initials_codes_and_operators(world: World, q: str, names: list[str]) -> None:
    assert found(world, q=q) == names


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("新港路", ["mine", "away"]),
        ("新港路 18", ["mine"]),
        ("b 座", ["mine"]),
        ("旧港路", []),  # of a carrier that is closed
        ("100%", []),
    ],
)
def test_a_part_of_the_address_finds_the_carrier(world: World, q: str, names: list[str]) -> None:
    for name, address in (("mine", "新港路 18 号 B 座"), ("away", "新港路 2 号"), ("closed", "旧港路 1 号")):
        Carrier.objects.filter(pk=world.carriers[name].pk).update(address=address)
    assert found(world, q=q) == names


def test_what_was_found_by_its_address_is_known(world: World) -> None:
    one = Carrier(name="新港孵化器", address="新港路 18 号 B 座")
    assert queries.by_address(one, "路 18") and queries.by_address(one, " b 座 ")
    assert not queries.by_address(one, "新港")  # the name has it too
    assert not queries.by_address(one, "") and not queries.by_address(one, "旧港")


def test_a_former_name_still_finds_the_carrier(world: World) -> None:
    one = world.carriers["sibling"]
    CarrierVersion.objects.create(
        carrier=one, valid_from=date(2019, 1, 1), recorded_at=AT, basis="登记", name="暮色空间",
        kind=one.kind, carrier_class=one.carrier_class, level=one.level, operator=one.operator,
        region=one.region,
    )  # fmt: skip
    assert found(world, q="暮色") == ["sibling"]


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("visitor", []),
        ("expert", []),
        ("staff", []),
        ("other_staff", ["away"]),
        ("county", []),
        ("city", ["sibling"]),
        ("province", ["sibling", "away"]),
    ],
)
def test_credit_codes_find_only_what_one_works_with(world: World, who: str, names: list[str]) -> None:
    assert found(world, who, q=credit_code(2)) == names
    assert found(world, who, q=credit_code(2).lower()) == names


def test_the_managed_list_holds_ones_scope_closed_ones_too(world: World) -> None:
    assert found(world, "province", managed=True) == ["mine", "sibling", "away", "closed"]
    assert found(world, "staff", managed=True) == ["mine"]
    assert found(world, "expert", managed=True) == []
    assert found(world, "province", managed=True, state="closed") == ["closed"]


@pytest.mark.parametrize("managed", [False, True])
def test_a_count_is_what_the_list_holds_when_its_choice_is_made(world: World, managed: bool) -> None:
    for base in (Asked(), Asked(kind="incubator"), Asked(level="national", region="990600"), Asked(q="孵化")):
        for who in ("visitor", "city", "province"):
            actor = world.people[who]
            groups = queries.groups(actor, base, managed=managed)
            for name in (*listing.FACTS, "region"):
                for value, count in listing.facet(groups, base, name).items():
                    if value:
                        asked: Any = replace(base, **{name: value})
                        assert queries.directory(actor, asked, managed=managed).count() == count


def test_counts_cost_two_queries_however_many_carriers(world: World) -> None:
    for size in (1, 100):
        run_by = operator(500 + size, f"运营{size}")
        for number in range(size):
            carrier(f"SL-990500-{size}{number:04d}", f"载体{number}", world.regions["near"], run_by)
        with CaptureQueriesContext(connection) as counted:
            queries.groups(world.people["province"], Asked())
        assert len(counted) == 2


def test_regions_to_choose_from_are_those_of_the_scope(world: World) -> None:
    city = world.people["city"]
    assert [one.code for one in queries.regions_of(city, managed=True)] == ["990500", "990502", "990503"]
    assert len(queries.regions_of(city)) == len(world.regions)


def test_stays_are_searched_by_name_and_credit_code(world: World) -> None:
    mine, actor = world.carriers["mine"], world.people["county"]
    stay(mine, tenant(120, "丙材料公司"), date(2025, 1, 1))
    stay(mine, tenant(121, "丁已走公司"), ended=TODAY)
    team = Team.objects.create(team_no="SL-990500-0001-T0001", name="丙团队")
    Stay.objects.create(carrier=mine, team=team, entered=TODAY, updated_at=AT)
    assert [str(one.tenant or one.team) for one in queries.stays_of(actor, mine)] == [
        "丙团队", "丙材料公司", "甲科技公司",
    ]  # fmt: skip
    assert queries.stays_of(actor, mine, q="丙").count() == 2
    assert queries.stays_of(actor, mine, q=credit_code(120).lower()).count() == 1
    assert [str(one.tenant) for one in queries.stays_of(actor, mine, ended=True)] == ["丁已走公司"]
    assert not queries.stays_of(world.people["other_staff"], mine).exists()
    assert not queries.stays_of(world.people["visitor"], mine).exists()


def test_the_order_is_the_same_on_every_page(world: World) -> None:
    run_by = operator(600, "同名运营")
    for number in range(30):
        carrier(f"SL-990500-9{number:03d}", "同名载体", world.regions["near"], run_by, level="city")
    for order in listing.ORDERS:
        rows = queries.directory(world.people["visitor"], Asked(order=order))
        pages = [one.code for start in range(0, 40, 10) for one in rows[start : start + 10]]
        assert len(pages) == len(set(pages)) == Carrier.objects.count() - 1
