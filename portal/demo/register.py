"""Carriers with their operators and dated facts; tenants, teams and stays."""

from __future__ import annotations

from datetime import date

from pypinyin import Style, lazy_pinyin

from core.shanghai import day_of
from portal.demo import names
from portal.demo.bulk import insert, next_id, settle_sequences
from portal.demo.plan import CarrierPlan, carriers, fill
from portal.demo.sizes import YEAR
from portal.demo.world import World, moment
from registry.models import Carrier, CarrierVersion, Operator, Stay, Team, Tenant
from registry.rules.vocabulary import DESIGNATIONS, Kind, Level

OUTSIDE = {Kind.ACCELERATOR: 24, Kind.UNIVERSITY_PARK: 18, Kind.INDUSTRIAL_PARK: 30}
_FACTS = ("name", "kind", "carrier_class", "field", "level", "designation", "operator_id", "region_id")


def plan(world: World) -> None:
    """The province in plain data, out of the seed."""
    codes = [[one.code for one in world.counties[at]] for at in range(len(world.cities))]
    world.plans = carriers(world.rng, world.sizes, codes)
    numbers = [0] * len(world.cities)
    for one in world.plans:
        numbers[one.city] += 1
        one.code = f"{world.root.prefix}-{world.cities[one.city].code}-{numbers[one.city]:04d}"
    world.bodies = fill(world.rng, world.plans, world.sizes)


def load_carriers(world: World) -> None:
    regions = {one.code: one.pk for some in world.counties.values() for one in some}
    operator, carrier, version = next_id(Operator), next_id(Carrier), next_id(CarrierVersion)
    operators, rows, versions = [], [], []
    for at, one in enumerate(world.plans):
        # Every ninth operator runs the carrier before as well.
        own = operator + (at - 1 if at % 9 == 8 else at)
        if own == operator + at:
            code = names.credit_code(f"99{one.city + 1:02d}99", at + 1)
            operators.append((own, code, f"{one.name[:2]}创新孵化管理（示例）有限公司", "", "", ""))
        designation = "benchmark_leading" if one.level == Level.NATIONAL and at % 40 == 0 else ""
        facts: tuple[object, ...] = (
            one.name,
            one.kind.value,
            one.carrier_class.value,
            one.field,
            one.level.value,
        )
        facts += (designation, own, regions[one.region])
        world.carrier_ids[one.number] = carrier + at
        listed = moment(one.listed_year, 12, 31)
        rows.append((carrier + at, one.code, *facts, *_plain(one), world.now))
        versions.append((version + at, carrier + at, date(one.listed_year, 1, 1), listed, "列入统计", *facts))
    insert(Operator, ("id", "credit_code", "name", "address", "contact", "phone"), operators)
    insert(
        Carrier,
        ("id", "code", *_FACTS, "name_en", "initials", "former_names", "address", "area_total", "opened_on",
         "listed_year", "state", "updated_at"),
        rows,
    )  # fmt: skip
    insert(CarrierVersion, ("id", "carrier_id", "valid_from", "recorded_at", "basis", *_FACTS), versions)
    settle_sequences(Operator, Carrier, CarrierVersion)
    _load_outside(world)


def _plain(one: CarrierPlan) -> tuple[object, ...]:
    initials = "".join(lazy_pinyin(one.name, style=Style.FIRST_LETTER))[:60]
    area = 1500 + 180 * len(one.bodies)
    return ("", initials, [], "示例路 1 号", area, one.opened_on, one.listed_year, "active")


def _load_outside(world: World) -> None:
    """Parks and accelerators: in the register, outside the base of the counted figures."""
    brand = names.brands(world.rng)
    ends = {Kind.ACCELERATOR: "加速器", Kind.UNIVERSITY_PARK: "大学科技园", Kind.INDUSTRIAL_PARK: "产业园"}
    operators = Operator.objects.order_by("pk")[: len(world.cities)]
    number = 0
    for kind, full in OUTSIDE.items():
        for at in range(max(1, round(full * world.sizes.carriers / 2145))):
            city = world.rng.randrange(len(world.cities))
            number += 1
            Carrier.objects.create(
                code=f"{world.root.prefix}-{world.cities[city].code}-{9000 + number}",
                name=f"{next(brand)}{ends[kind]}",
                kind=kind.value,
                carrier_class="comprehensive",
                level=Level.PROVINCIAL.value,
                designation=list(DESIGNATIONS)[3] if kind == Kind.UNIVERSITY_PARK and at == 0 else "",
                operator=operators[number % len(operators)],
                region=world.rng.choice(world.counties[city]),
                listed_year=world.rng.randint(2012, 2021),
                updated_at=world.now,
            )


def load_bodies(world: World) -> None:
    """Tenants, teams and their stays; a few are claimed by two carriers at once. The register stands as of
    today: whoever was there at the end of the full year, as its returns say, is here now as long as then."""
    since = day_of(world.now) - date(YEAR, 12, 31)
    tenant, team, stay = next_id(Tenant) - 1, next_id(Team) - 1, next_id(Stay)
    companies = [body for body in world.bodies if not body.is_team]
    insert(
        Tenant,
        ("id", "credit_code", "name", "founded", "field", "high_tech_since"),
        ((tenant + b.number, b.key, b.name, b.founded + since, b.field,
          b.entered + since if b.high_tech else None) for b in companies),
    )  # fmt: skip
    insert(
        Team,
        ("id", "team_no", "name", "field", "formed"),
        ((team + b.number, b.key, b.name, b.field, b.founded + since) for b in world.bodies if b.is_team),
    )
    rows: list[tuple[object, ...]] = []
    for one in world.plans:
        for body in one.bodies:
            whose = (None, team + body.number) if body.is_team else (tenant + body.number, None)
            ended = body.ended + since if body.ended else None
            days = (body.entered + since, ended, body.graduated_by)
            rows.append((stay + len(rows), world.carrier_ids[one.number], *whose, *days, world.now))
    for at in range(0, max(1, len(world.plans) // 90)):
        body = next(b for b in world.plans[at * 2].bodies if not b.is_team and b.ended is None)
        other = world.carrier_ids[world.plans[at * 2 + 1].number]
        since_then = body.entered + since
        rows.append((stay + len(rows), other, tenant + body.number, None, since_then, None, "", world.now))
    insert(
        Stay,
        ("id", "carrier_id", "tenant_id", "team_id", "entered", "ended", "graduated_by", "updated_at"),
        rows,
    )
    settle_sequences(Tenant, Team, Stay)
