"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Region
from registry.models import Carrier, CarrierVersion, LevelTerm, Operator, Stay, Team, Tenant
from tests.registry.world import AT, TODAY, World, credit_code, tenant


def broken(write: Callable[[], object], constraint: str = "") -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert constraint in str(error.value)


def test_a_specialised_carrier_has_a_field_and_no_area_is_negative(world: World) -> None:
    mine = Carrier.objects.filter(code="SL-990500-0001")
    broken(lambda: mine.update(carrier_class="specialised"), "carrier_specialised_has_a_field")
    broken(lambda: mine.update(area_total=Decimal("-0.01")), "carrier_area_not_negative")


def test_codes_are_given_once(world: World) -> None:
    broken(lambda: Carrier.objects.filter(code="SL-990500-0002").update(code="SL-990500-0001"))
    broken(lambda: Operator.objects.filter(name__startswith="星").update(credit_code=credit_code(1)))
    broken(lambda: tenant(101))
    Team.objects.create(team_no="T1", name="甲")
    broken(lambda: Team.objects.create(team_no="T1", name="乙"))


def stay(world: World, **more: object) -> Stay:
    given = {"carrier": world.carriers["sibling"], "entered": date(2025, 1, 1), "updated_at": AT, **more}
    return Stay.objects.create(**given)


def test_a_stay_is_of_one_tenant_or_one_team(world: World) -> None:
    one, team = tenant(110), Team.objects.create(team_no="T1", name="甲")
    broken(lambda: stay(world), "stay_of_a_tenant_or_a_team")
    broken(lambda: stay(world, tenant=one, team=team), "stay_of_a_tenant_or_a_team")


def test_a_stay_ends_after_it_began_and_a_graduate_has_left(world: World) -> None:
    one = tenant(110)
    broken(lambda: stay(world, tenant=one, ended=date(2024, 12, 31)), "stay_dates_in_order")
    broken(lambda: stay(world, tenant=one, graduated_by="listed"), "stay_graduated_has_ended")


def test_nobody_is_twice_in_one_carrier_at_once(world: World) -> None:
    one, team = tenant(110), Team.objects.create(team_no="T1", name="甲")
    stay(world, tenant=one)
    stay(world, team=team)
    broken(lambda: stay(world, tenant=one))
    broken(lambda: stay(world, team=team))
    stay(world, tenant=one, ended=TODAY)  # an earlier stay is another


def test_a_carrier_with_stays_and_an_operator_with_carriers_stay(world: World) -> None:
    for row in (world.carriers["mine"], Operator.objects.get(credit_code=credit_code(1))):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.get(credit_code=credit_code(101)).delete()


def test_of_one_day_and_instant_there_is_one_version(world: World) -> None:
    one = world.carriers["mine"]

    def version() -> CarrierVersion:
        return CarrierVersion.objects.create(
            carrier=one, valid_from=TODAY, recorded_at=AT, basis="文件", name=one.name, kind=one.kind,
            carrier_class=one.carrier_class, level=one.level, operator=one.operator, region=one.region,
        )  # fmt: skip

    version()
    broken(version)


def test_areas_and_homes_of_carriers_and_their_records(world: World) -> None:
    mine = Carrier.objects.filter(code="SL-990500-0001")
    for name in ("area_tenants", "area_public"):
        broken(lambda name=name: mine.update(**{name: Decimal("-0.01")}), "carrier_area_not_negative")
    broken(lambda: mine.update(home_region=world.regions["west"]), "carrier_home_is_of_an_enclave")
    broken(lambda: mine.update(host_place="申江市"), "carrier_place_is_of_an_enclave")
    broken(lambda: mine.update(host_place="申江市", designation="enclave"), "carrier_place_is_of_an_enclave")
    mine.update(home_region=world.regions["west"], designation="enclave", host_place="申江市")


def test_a_word_of_a_level_stands_once_and_ends_after_it_began(world: World) -> None:
    terms = LevelTerm.objects
    open_one = {"code": "city", "name": "市级", "name_en": "x", "rank": 20, "decided_by": "city"}
    broken(lambda: terms.create(**open_one))
    broken(lambda: terms.create(**open_one, valid_from=TODAY, valid_to=date(2020, 1, 1)))


def test_a_region_that_is_replaced_has_ended(world: World) -> None:
    near = Region.objects.filter(code="990502")
    broken(lambda: near.update(replaced_by=world.regions["far"]), "region_replaced_has_ended")
