"""Carriers come into the register and change there, each time with a date and a basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.problems import Refused
from office.models import AuditEntry
from registry.models import Carrier, CarrierVersion, Operator
from registry.queries import facts_on, history_of, levels_of, names_of
from registry.services import carriers
from registry.services.carriers import NewCarrier
from tests.registry.world import AT, TODAY, World, credit_code


def new(world: World, place: str = "near", **more: Any) -> NewCarrier:
    given: dict[str, Any] = {
        "name": "云州新港孵化器",
        "kind": "incubator",
        "carrier_class": "comprehensive",
        "operator": Operator.objects.get(credit_code=credit_code(1)),
        "region": world.regions[place],
        "listed_year": 2025,
        "valid_from": date(2025, 1, 1),
        "basis": "示例科发〔2025〕1号",
    }
    return NewCarrier(**{**given, **more})


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def test_a_carrier_gets_the_next_number_of_its_city_for_good(world: World) -> None:
    made = carriers.register_carrier(actor=world.people["county"], new=new(world), at=AT)
    assert (made.code, made.initials) == ("SL-990500-0003", "yzxgfhq")
    version = CarrierVersion.objects.get(carrier=made)
    assert (version.valid_from, version.basis, version.name) == (
        date(2025, 1, 1), "示例科发〔2025〕1号", "云州新港孵化器",
    )  # fmt: skip
    assert AuditEntry.objects.get(action="carrier.register").detail["name"] == "云州新港孵化器"


def test_many_are_numbered_city_by_city_in_their_order(world: World) -> None:
    made = carriers.register_carriers(
        actor=world.people["province"], new=[new(world), new(world, "other"), new(world, "far")], at=AT
    )
    assert [one.code for one in made] == ["SL-990500-0003", "SL-990600-0003", "SL-990500-0004"]


def test_registering_a_hundred_costs_as_many_queries_as_one(world: World) -> None:
    with CaptureQueriesContext(connection) as one:
        carriers.register_carriers(actor=world.people["province"], new=[new(world)], at=AT)
    with CaptureQueriesContext(connection) as hundred:
        carriers.register_carriers(actor=world.people["province"], new=[new(world)] * 100, at=AT)
    assert len(hundred) <= len(one) + 4  # long lists go to the database in parts


def test_all_reasons_against_a_new_carrier_are_told_at_once(world: World) -> None:
    wrong = replace(
        new(world, "other"), name=" ", carrier_class="specialised", basis="", valid_from=TODAY + timedelta(1)
    )
    before = Carrier.objects.count()
    with pytest.raises(Refused) as refusal:
        carriers.register_carrier(actor=world.people["county"], new=wrong, at=AT)
    assert codes(refusal) == [
        "carrier.field", "carrier.basis", "date.future", "carrier.name", "carrier.role",
    ]  # fmt: skip
    assert Carrier.objects.count() == before and not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("who", "place", "may"),
    [
        ("county", "near", True),
        ("county", "far", False),
        ("county", "other", False),
        ("county", "east", False),
        ("city", "near", True),
        ("city", "far", True),
        ("city", "other", False),
        ("city", "province", False),
        ("province", "other", True),
        ("staff", "near", False),
        ("finance", "near", False),
        ("auditor", "near", False),
        ("editor", "near", False),
        ("administrator", "near", False),
        ("visitor", "near", False),
        ("portal", "near", True),
    ],
)
def test_officers_register_what_lies_in_their_region(world: World, who: str, place: str, may: bool) -> None:
    try:
        carriers.register_carrier(actor=world.people[who], new=new(world, place), at=AT)
    except Refused as refusal:
        assert not may and [p.code for p in refusal.problems] == ["carrier.role"]
    else:
        assert may


def change(world: World, who: str = "county", carrier: str = "mine", **more: Any) -> Carrier:
    given: dict[str, Any] = {
        "code": world.carriers[carrier].code,
        "changes": {"name": "青禾科技孵化器"},
        "valid_from": date(2025, 7, 1),
        "basis": "更名通知",
    }
    return carriers.change_carrier(actor=world.people[who], at=AT, **{**given, **more})


def test_a_new_name_keeps_the_old_one_findable(world: World) -> None:
    carriers.change_carrier(
        actor=world.people["county"], code="SL-990500-0001", changes={"address": "河湾路1号"},
        valid_from=date(2020, 1, 1), basis="登记", at=AT,
    )  # fmt: skip
    changed = change(world)
    assert (changed.name, changed.former_names, changed.initials) == (
        "青禾科技孵化器", ["青禾孵化器"], "qhkjfhq",
    )  # fmt: skip
    entry = AuditEntry.objects.filter(action="carrier.change").latest("pk")
    assert entry.detail["changes"] == {"name": ["青禾孵化器", "青禾科技孵化器"]}
    assert entry.detail["basis"] == "更名通知"


def test_a_version_holds_all_facts_from_its_day_on(world: World) -> None:
    made = carriers.register_carrier(actor=world.people["county"], new=new(world), at=AT)
    carriers.change_carrier(
        actor=world.people["county"], code=made.code, changes={"kind": "makerspace"},
        valid_from=date(2025, 7, 1), basis="转型", at=AT,
    )  # fmt: skip
    assert (facts_on(made, date(2025, 6, 30)) or {})["kind"] == "incubator"
    assert (facts_on(made, date(2025, 7, 1)) or {})["kind"] == "makerspace"
    assert facts_on(made, date(2024, 12, 31)) is None


def test_a_carrier_outside_the_scope_does_not_exist(world: World) -> None:
    for who in ("staff", "county"):
        with pytest.raises(Carrier.DoesNotExist):
            change(world, who, "away")


def test_staff_does_not_change_dated_facts_of_its_own_carrier(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        change(world, "staff")
    assert codes(refusal) == ["carrier.role"]


def test_the_level_has_one_door_only(world: World) -> None:
    with pytest.raises(ValueError, match="level"):
        change(world, changes={"level": "national"})


def level(
    world: World, who: str, value: str, day: date = date(2025, 9, 1), basis: str = "认定文件"
) -> Carrier:
    return carriers.record_level(
        actor=world.people[who], code="SL-990500-0002", level=value, decided_on=day, basis=basis, at=AT
    )


@pytest.mark.parametrize(
    ("who", "value", "may"),
    [
        ("city", "county", True),
        ("city", "city", True),
        ("city", "provincial", False),
        ("province", "national", True),
        ("auditor", "county", False),
    ],
)
def test_nobody_decides_a_level_above_their_own(world: World, who: str, value: str, may: bool) -> None:
    try:
        assert level(world, who, value).level == value
    except Refused as refusal:
        assert not may and [p.code for p in refusal.problems] == ["carrier.level_role"]
    else:
        assert may


def test_nobody_takes_away_a_level_above_their_own(world: World) -> None:
    level(world, "province", "provincial")
    with pytest.raises(Refused) as refusal:
        level(world, "city", "none")
    assert codes(refusal) == ["carrier.level_role"]


def test_a_level_needs_a_day_that_has_come_and_a_document(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        level(world, "province", "galactic", TODAY + timedelta(1), " ")
    assert codes(refusal) == ["carrier.basis", "date.future", "carrier.level"]


def test_levels_are_told_with_day_and_document_the_oldest_first(world: World) -> None:
    level(world, "city", "county", date(2023, 1, 1), "县文件")
    level(world, "city", "city", date(2024, 1, 1), "市文件")
    assert levels_of(history_of(world.carrier("sibling"))) == [
        (date(2023, 1, 1), "county", "县文件"),
        (date(2024, 1, 1), "city", "市文件"),
    ]


def test_a_correction_of_the_same_day_replaces_the_level_told(world: World) -> None:
    level(world, "city", "county", date(2023, 1, 1), "县文件")
    carriers.record_level(
        actor=world.people["city"], code="SL-990500-0002", level="city", decided_on=date(2023, 1, 1),
        basis="更正", at=AT + timedelta(hours=1),
    )  # fmt: skip
    assert levels_of(history_of(world.carrier("sibling"))) == [(date(2023, 1, 1), "city", "更正")]


def test_former_names_are_told_with_their_days(world: World) -> None:
    for name, on in (
        ("晨光空间", date(2022, 1, 1)),
        ("晨光创客", date(2024, 1, 1)),
        ("晨光园", date(2025, 1, 1)),
    ):
        carriers.change_carrier(
            actor=world.people["city"], code="SL-990500-0002", changes={"name": name}, valid_from=on,
            basis="更名", at=AT,
        )  # fmt: skip
    assert names_of(history_of(world.carrier("sibling"))) == [
        ("晨光空间", date(2022, 1, 1), date(2024, 1, 1)),
        ("晨光创客", date(2024, 1, 1), date(2025, 1, 1)),
    ]
