"""Who sees and who works with which carriers, tenants and stays: each role × own, sibling, parent, child."""

from __future__ import annotations

import pytest

from accounts.rules.roles import Role
from registry.models import Carrier, CarrierVersion, Operator, Stay, Team, Tenant
from tests.registry.world import AT, TODAY, World, credit_code, person

ALL = {"mine", "sibling", "away", "closed"}
# By hand: whom each role works with. "county" is the county of `mine`, "city" the city above it.
MANAGED: dict[str, set[str]] = {
    "visitor": set(),
    "portal": ALL,
    "staff": {"mine"},
    "other_staff": {"away"},
    "county": {"mine"},
    "city": {"mine", "sibling"},
    "province": ALL,
    "finance": ALL,
    "editor": set(),
    "auditor": ALL,
    "expert": set(),
    "administrator": set(),
}


def names(world: World, rows: object) -> set[str]:
    codes = {one.code for one in rows}  # type: ignore[attr-defined]
    return {name for name, carrier in world.carriers.items() if carrier.code in codes}


@pytest.mark.parametrize("who", MANAGED)
def test_each_role_works_with_its_own_scope(world: World, who: str) -> None:
    actor = world.people[who]
    assert names(world, Carrier.objects.managed_by(actor)) == MANAGED[who]
    for name in world.carriers:
        assert world.carrier(name).is_managed_by(actor) == (name in MANAGED[who])


@pytest.mark.parametrize("who", MANAGED)
def test_the_directory_is_public_but_for_closed_carriers(world: World, who: str) -> None:
    actor = world.people[who]
    assert names(world, Carrier.objects.visible_to(actor)) == (ALL - {"closed"}) | MANAGED[who]


@pytest.mark.parametrize("place", ["near", "far", "other", "east", "west", "province"])
@pytest.mark.parametrize(
    "role", [Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER, Role.AUDITOR]
)
def test_a_scope_is_a_region_and_all_below_it(world: World, role: Role, place: str) -> None:
    inside = {
        "near": {"mine"}, "far": {"sibling"}, "other": {"away", "closed"}, "east": {"mine", "sibling"},
        "west": {"away", "closed"}, "province": ALL,
    }  # fmt: skip
    actor = person("某某", role, region=world.regions[place])
    assert names(world, Carrier.objects.managed_by(actor)) == inside[place]


@pytest.mark.parametrize("who", MANAGED)
def test_tenants_teams_stays_and_operators_belong_to_the_scope(world: World, who: str) -> None:
    actor = world.people[who]
    for name in ("mine", "away"):
        team = Team.objects.create(team_no=f"{world.carriers[name].code}-T0001", name="团队")
        Stay.objects.create(carrier=world.carriers[name], team=team, entered=TODAY, updated_at=AT)
    seen = {code for code, name in ((101, "mine"), (102, "away")) if name in MANAGED[who]}
    assert set(Tenant.objects.visible_to(actor).values_list("credit_code", flat=True)) == {
        credit_code(number) for number in seen
    }
    stays = Stay.objects.visible_to(actor).select_related("carrier")
    assert names(world, [one.carrier for one in stays]) == MANAGED[who] & {"mine", "away"}
    assert Team.objects.visible_to(actor).count() == len(seen)
    wanted = {world.carriers[name].operator_id for name in MANAGED[who]}
    assert set(Operator.objects.visible_to(actor).values_list("pk", flat=True)) == wanted


def test_the_history_of_a_closed_carrier_is_for_its_scope(world: World) -> None:
    one = world.carriers["closed"]
    CarrierVersion.objects.create(
        carrier=one, valid_from=TODAY, recorded_at=AT, basis="注销文件", name=one.name, kind=one.kind,
        carrier_class=one.carrier_class, level=one.level, operator=one.operator, region=one.region,
    )  # fmt: skip
    assert not CarrierVersion.objects.visible_to(world.people["visitor"]).exists()
    assert not CarrierVersion.objects.visible_to(world.people["city"]).exists()
    assert CarrierVersion.objects.visible_to(world.people["province"]).exists()
