"""The directory as of a day is what a loop over all histories finds, in a constant number of queries."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Region
from registry import queries
from registry.models import Carrier, CarrierVersion, Operator
from registry.models.versions import DATED, facts_of
from registry.queries.asof import name_those_before, on_day, regions_on
from registry.queries.levels import level_ranks
from registry.rules import listing
from registry.rules.listing import Asked
from registry.services import carriers
from registry.services.carriers import NewCarrier
from tests.registry.world import AT, World, credit_code, operator, region

DAYS = (date(2015, 6, 1), date(2019, 12, 31), date(2022, 1, 1), date(2023, 12, 31), date(2026, 3, 17))


def register(world: World, rng: random.Random, number: int) -> Carrier:
    place = world.regions[rng.choice(("near", "far", "other"))]
    new = NewCarrier(
        name=f"云州{number:03d}孵化器",
        kind=rng.choice(("incubator", "makerspace")),
        carrier_class="comprehensive",
        operator=Operator.objects.get(credit_code=credit_code(rng.choice((1, 2)))),
        region=place,
        listed_year=2016,
        valid_from=date(rng.randint(2014, 2020), rng.randint(1, 12), 1),
        basis="列入统计",
        area_total=Decimal(rng.randint(100, 999)),
    )
    return carriers.register_carrier(actor=world.people["province"], new=new, at=AT)


def live(world: World, rng: random.Random, one: Carrier) -> None:
    """A few changes of any day, recorded in any order."""
    for step in range(rng.randint(0, 5)):
        on = date(rng.randint(2014, 2025), rng.randint(1, 12), rng.randint(1, 28))
        at = AT + timedelta(hours=step + 1)
        if rng.random() < 0.3:
            carriers.record_level(
                actor=world.people["province"], code=one.code, decided_on=on, basis="认定", at=at,
                level=rng.choice(("none", "city", "provincial", "national")),
            )  # fmt: skip
            continue
        changes = rng.choice(
            [
                {"name": f"{one.name}{on.year}"},
                {"state": rng.choice(("active", "suspended", "closed"))},
                {"region_id": world.regions[rng.choice(("near", "far", "other"))].pk},
                {"area_total": Decimal(rng.randint(100, 999))},
                {"field": rng.choice(("bio", "ict"))},
            ]
        )
        carriers.change_carrier(
            actor=world.people["province"], code=one.code, changes=changes, valid_from=on, basis="变更", at=at
        )


@pytest.fixture
def lives(world: World) -> list[Carrier]:
    rng = random.Random(20231231)
    for number in range(24):
        live(world, rng, register(world, rng, number))
    return list(Carrier.objects.all())


def told(world: World, who: str, managed: bool, day: date) -> Iterator[tuple[Carrier, dict[str, Any]]]:
    """By a plain loop: who may be seen today, with the facts of the day."""
    rows = Carrier.objects.all()
    actor = world.people[who]
    for one in rows.managed_by(actor) if managed else rows.visible_to(actor):
        facts: Any = queries.facts_on(one, day)
        if facts is not None:
            yield one, facts


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("who", "managed"), [("visitor", False), ("city", True), ("province", False)])
def test_the_directory_of_a_day_is_what_a_loop_finds(
    world: World, lives: list[Carrier], who: str, managed: bool, day: date
) -> None:
    paths = dict(Region.objects.values_list("pk", "path"))
    plain = list(told(world, who, managed, day))
    for asked in (
        Asked(),
        Asked(kind="incubator", level="national"),
        Asked(state="closed"),
        Asked(region="990500", field="bio"),
        Asked(order="name"),
    ):
        found = queries.directory(world.people[who], asked, managed=managed, on=day)
        expected = {
            one.code: facts
            for one, facts in plain
            if all(facts[name] == value for name in listing.FACTS if (value := getattr(asked, name)))
            and (not asked.region or f"/{asked.region}/" in paths[facts["region_id"]])
        }
        assert {one.code: facts_of(one) for one in found} == expected
        assert found.count() == len(expected)


@pytest.mark.parametrize("day", DAYS)
def test_counts_orders_and_sums_are_those_of_the_day(world: World, lives: list[Carrier], day: date) -> None:
    actor = world.people["province"]
    groups = queries.groups(actor, Asked(), managed=True, on=day)
    for name in (*listing.FACTS, "region"):
        for value, count in listing.facet(groups, Asked(), name).items():
            if value:
                asked = Asked(**{name: value})
                assert queries.directory(actor, asked, managed=True, on=day).count() == count
    rows = list(queries.directory(actor, Asked(order="level"), managed=True, on=day))
    ranks = level_ranks()
    assert rows == sorted(rows, key=lambda one: (-ranks[one.level], one.code))
    number, area = queries.sums(queries.directory(actor, Asked(), managed=True, on=day), day)
    areas = [one.area_total for one in rows if one.area_total is not None]
    assert (number, area) == (len(rows), sum(areas) if areas else None)


def test_words_find_the_names_that_were_borne_by_the_day(world: World) -> None:
    one = carriers.register_carrier(actor=world.people["province"], new=new(world, name="潮生孵化器"), at=AT)
    carriers.change_carrier(
        actor=world.people["province"], code=one.code, changes={"name": "望潮孵化器"},
        valid_from=date(2022, 1, 1), basis="更名", at=AT,
    )  # fmt: skip
    seen = [
        (
            q,
            year,
            [row.name for row in queries.directory(world.people["visitor"], Asked(q=q), on=date(year, 6, 1))],
        )
        for q, year in (
            ("潮生", 2021),
            ("望潮", 2021),
            ("潮生", 2023),
            ("wcf", 2023),
            ("wcf", 2021),
            ("csf", 2021),
        )
    ]
    assert [names for _, _, names in seen] == [
        ["潮生孵化器"], [], ["望潮孵化器"], ["望潮孵化器"], [], ["潮生孵化器"],
    ]  # fmt: skip
    rows = list(queries.directory(world.people["visitor"], Asked(q="潮生"), on=date(2023, 6, 1)))
    name_those_before(rows, date(2023, 6, 1))
    assert rows[0].former_names == ["潮生孵化器"]


def new(world: World, **more: Any) -> NewCarrier:
    given: dict[str, Any] = {
        "name": "云州孵化器", "kind": "incubator", "carrier_class": "comprehensive",
        "operator": Operator.objects.get(credit_code=credit_code(1)), "region": world.regions["near"],
        "listed_year": 2018, "valid_from": date(2018, 1, 1), "basis": "列入统计",
    }  # fmt: skip
    return NewCarrier(**{**given, **more})


def test_who_may_see_a_carrier_is_decided_by_today(world: World) -> None:
    """Closed now, it is gone from the public list of any day; moved away, its old county sees it no more."""
    province = world.people["province"]
    one = carriers.register_carrier(actor=province, new=new(world), at=AT)
    other = carriers.register_carrier(actor=province, new=new(world, name="移居孵化器"), at=AT)
    for code, changes in (
        (one.code, {"state": "closed"}),
        (other.code, {"region_id": world.regions["far"].pk}),
    ):
        carriers.change_carrier(
            actor=province, code=code, changes=changes, valid_from=date(2025, 1, 1), basis="文件", at=AT
        )
    day = date(2024, 1, 1)
    codes = {
        who: {row.code for row in queries.directory(world.people[who], Asked(), managed=managed, on=day)}
        for who, managed in (("visitor", False), ("county", True), ("city", True))
    }
    assert one.code not in codes["visitor"] and other.code in codes["visitor"]
    assert codes["county"] == {one.code} and codes["city"] == {one.code, other.code}
    (moved,) = queries.directory(world.people["city"], Asked(q="移居"), managed=True, on=day)
    assert moved.region == world.regions["near"] and not moved.is_managed_by(world.people["county"])
    assert moved.is_managed_by(world.people["city"])


def test_as_many_queries_whatever_the_size(world: World) -> None:
    counted = []
    for size in (1, 100):
        run_by = operator(600 + size, f"运营{size}")
        made = [new(world, name=f"数{size}-{number}", operator=run_by) for number in range(size)]
        carriers.register_carriers(actor=world.people["province"], new=made, at=AT)
        with CaptureQueriesContext(connection) as seen:
            rows = list(queries.directory(world.people["visitor"], Asked(), on=date(2024, 1, 1)))
            assert all(row.operator.name and str(row.region.parent) for row in rows)
            name_those_before(rows, date(2024, 1, 1))
            queries.groups(world.people["visitor"], Asked(), on=date(2024, 1, 1))
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 5


def test_a_region_is_told_by_its_code_and_name_of_the_day(world: World) -> None:
    east = world.regions["east"]
    zone = region("990509", "东江高新区", "county", east, is_zone=True, valid_from=date(2023, 1, 1))
    gone = region("990508", "旧湾县", "county", east, valid_to=date(2022, 12, 31), replaced_by=zone)
    known = {day.year: regions_on(day) for day in (date(2022, 6, 1), date(2023, 6, 1))}
    assert [str(known[year][gone.pk]) for year in known] == ["旧湾县", "东江高新区"]
    assert [str(known[year][zone.pk]) for year in known] == ["旧湾县", "东江高新区"]
    assert str(known[2023][gone.pk].parent) == "东江市"
    carriers.register_carrier(actor=world.people["province"], new=new(world, region=gone), at=AT)
    for day, code in ((date(2022, 6, 1), "990508"), (date(2023, 6, 1), "990509")):
        (row,) = queries.directory(world.people["visitor"], Asked(region=code), on=day)
        assert row.region.code == code
        groups = queries.groups(world.people["visitor"], Asked(), on=day)
        assert listing.facet(groups, Asked(), "region")[code] == 1


def test_a_development_zone_is_a_region_to_filter_by(world: World) -> None:
    zone = region("990509", "东江高新区", "county", world.regions["east"], is_zone=True)
    one = carriers.register_carrier(actor=world.people["city"], new=new(world, region=zone), at=AT)
    for on in (None, date(2024, 1, 1)):
        found = queries.directory(world.people["visitor"], Asked(region="990509"), on=on)
        assert [row.code for row in found] == [one.code]
        groups = queries.groups(world.people["visitor"], Asked(), on=on)
        assert listing.facet(groups, Asked(), "region")["990509"] == 1


def test_what_bears_another_day_names_every_dated_fact(world: World) -> None:
    one = carriers.register_carrier(actor=world.people["province"], new=new(world), at=AT)
    row = on_day(Carrier.objects.all(), date(2020, 1, 1)).get(pk=one.pk)
    assert facts_of(row) == {name: getattr(CarrierVersion.objects.get(carrier=one), name) for name in DATED}
    assert row.as_of == date(2020, 1, 1)
