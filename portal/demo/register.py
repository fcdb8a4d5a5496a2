"""Carriers with their operators and dated facts; tenants, teams and stays."""

from __future__ import annotations

from datetime import date

from core.shanghai import day_of
from portal.demo import names
from portal.demo.bulk import insert, next_id, settle_sequences
from portal.demo.plan import CarrierPlan, carriers, fill
from portal.demo.sizes import YEAR
from portal.demo.world import World, moment
from registry.models import Carrier, CarrierVersion, Operator, Stay, Team, Tenant
from registry.models.versions import DATED, facts_of
from registry.rules.spelling import initials
from registry.rules.vocabulary import Kind

OUTSIDE = {Kind.ACCELERATOR: 24, Kind.UNIVERSITY_PARK: 18, Kind.INDUSTRIAL_PARK: 30}
_LAST_DECISION = 2020
NO_ENCLAVE: dict[str, object] = {"home_region_id": None, "host_place": ""}
BEYOND = ("申江市（示例）临港区", "北原市（示例）学院区", "南湾市（示例）前海区")
STREETS = (
    "创新大道",
    "科创路",
    "学林路",
    "星火街",
    "东湖路",
    "望江路",
    "学府街",
    "新港路",
    "云帆路",
    "青石街",
)
_VERSION = (
    "id", "carrier_id", "valid_from", "recorded_at", "named", "basis", "document_number", "batch", "initials",
)  # fmt: skip


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
    operators, rows = [], []
    versions: list[tuple[object, ...]] = []
    for at, one in enumerate(world.plans):
        # Every ninth operator runs the carrier before as well.
        own = operator + (at - 1 if at % 9 == 8 else at)
        if own == operator + at:
            code = names.credit_code(f"99{one.city + 1:02d}99", at + 1)
            operators.append((own, code, f"{one.name[:2]}创新孵化管理（示例）有限公司", "", "", ""))
        facts = _facts(one, own, regions[one.region], at) | _enclave(world, one, at)
        world.carrier_ids[one.number] = carrier + at
        rows.append((carrier + at, one.code, *facts.values(), *_plain(one), world.now))
        for since, named, document, known in _told(one, facts):
            recorded = moment(since.year, 12, 31)
            said = (since, recorded, named, *document, initials(str(known["name"])))
            versions.append((version + len(versions), carrier + at, *said, *known.values()))
    insert(Operator, ("id", "credit_code", "name", "address", "contact", "phone"), operators)
    insert(
        Carrier,
        ("id", "code", *DATED, "name_en", "initials", "former_names", "address", "opened_on", "listed_year",
         "updated_at"),
        rows,
    )  # fmt: skip
    insert(CarrierVersion, (*_VERSION, *DATED), versions)
    settle_sequences(Operator, Carrier, CarrierVersion)
    _load_outside(world)


def _facts(one: CarrierPlan, operator: int, region: int, at: int) -> dict[str, object]:
    """Every dated fact as it is now, in the order of `DATED`; an enclave's beside."""
    total = 1500 + 180 * len(one.bodies)
    known: dict[str, object] = {
        "name": one.name,
        "kind": one.kind.value,
        "carrier_class": one.carrier_class.value,
        "field": one.field,
        "level": one.level,
        "designation": _benchmark(one.level, at),
        "operator_id": operator,
        "region_id": region,
        **NO_ENCLAVE,
        "area_total": total,
        "area_tenants": total * 3 // 4,
        "area_public": total // 10,
        "state": "active",
    }
    return {name: known[name] for name in DATED}


def _benchmark(level: str, at: int) -> str:
    """The best of the nation lead, some of the province are being brought on."""
    if level == "national" and at % 40 == 0:
        return "benchmark_leading"
    return "benchmark_nurturing" if level == "provincial" and at % 60 == 1 else ""


def _enclave(world: World, one: CarrierPlan, at: int) -> dict[str, object]:
    """A few are kept by a city of the province in another one, as many by their own city beyond the
    province: there it is looked after by the city that keeps it."""
    if at % 75 != 7:
        return {}
    beyond = at // 75 % 2 == 1
    own, other = world.cities[one.city], world.cities[(one.city + len(world.cities) // 2) % len(world.cities)]
    home = own if beyond or own == other else other
    if home == own and not beyond:
        return {}
    place = BEYOND[at // 150 % len(BEYOND)] if beyond else ""
    return {"designation": "enclave", "home_region_id": home.pk, "host_place": place}


_Told = tuple[date, list[str], tuple[str, str, str], dict[str, object]]


def _told(one: CarrierPlan, facts: dict[str, object]) -> list[_Told]:
    """Since when which facts hold and by which document: listed first, then recognised at its level, a few
    with an enlargement in between."""
    since = date(one.listed_year, 1, 1)
    decided = min(one.listed_year + 2, _LAST_DECISION)
    if facts["level"] == "none" or decided <= one.listed_year:
        return [(since, sorted(DATED), ("列入统计", "", ""), facts)]
    small = {**facts, "level": "none", "designation": "", **NO_ENCLAVE}
    if one.number % 7 == 0:
        cut = {"area_total": 1000, "area_tenants": 700, "area_public": 100}
        small |= cut
        moved = date(decided - 1, 7, 1)
        grown = {**facts, "level": "none", "designation": "", **NO_ENCLAVE}
        extended = [(moved, sorted(cut), ("场地扩建备案表", "", ""), grown)]
    else:
        extended = []
    issuer = {"national": "国科火字", "provincial": "示科孵", "city": "示科创"}[one.level]
    number = f"{issuer}〔{decided}〕{100 + one.city * 7}号"
    batch = f"{decided} 年第一批"
    document = ("关于公布创业载体认定结果的通知", number, batch)
    named = ["designation", "level"] if facts["designation"] else ["level"]
    named += [name for name in NO_ENCLAVE if facts[name]]
    return [
        (since, sorted(DATED), ("列入统计", "", ""), small),
        *extended,
        (date(decided, 12, 20), named, document, facts),
    ]


def _plain(one: CarrierPlan) -> tuple[object, ...]:
    return ("", initials(one.name), [], _address(one.number), one.opened_on, one.listed_year)


def _address(number: int) -> str:
    """A street that is nowhere; every fifth carrier in a building of its own."""
    street = STREETS[number % len(STREETS)]
    house = 1 + number * 7 % 290
    return f"示例{street} {house} 号" + (f" {1 + number % 9} 号楼" if number % 5 == 0 else "")


def _load_outside(world: World) -> None:
    """Parks and accelerators: in the register, outside the base of the counted figures."""
    brand = names.brands(world.rng)
    ends = {Kind.ACCELERATOR: "加速器", Kind.UNIVERSITY_PARK: "大学科技园", Kind.INDUSTRIAL_PARK: "产业园"}
    operators = Operator.objects.order_by("pk")[: len(world.cities)]
    number = 0
    home = world.cities[0]  # the first accelerator is an enclave of this city in another
    for kind, full in OUTSIDE.items():
        for at in range(max(1, round(full * world.sizes.carriers / 2145))):
            city = world.rng.randrange(len(world.cities))
            number += 1
            enclave = home if kind == Kind.ACCELERATOR and at == 0 and city else None
            row = Carrier.objects.create(
                code=f"{world.root.prefix}-{world.cities[city].code}-{9000 + number}",
                name=f"{next(brand)}{ends[kind]}",
                kind=kind.value,
                carrier_class="comprehensive",
                level="provincial",
                designation="enclave" if enclave else _designation(kind, at),
                home_region=enclave,
                operator=operators[number % len(operators)],
                region=world.rng.choice(world.counties[city]),
                address=_address(number * 13),
                listed_year=world.rng.randint(2012, 2021),
                updated_at=world.now,
            )
            _date(row)


def _designation(kind: Kind, at: int) -> str:
    return "future_park" if kind == Kind.UNIVERSITY_PARK and at < 3 else ""


def _date(row: Carrier) -> None:
    """Its first record."""
    CarrierVersion.objects.create(
        carrier=row,
        valid_from=date(row.listed_year, 1, 1),
        recorded_at=moment(row.listed_year, 12, 31),
        named=sorted(DATED),
        basis="列入统计",
        initials=initials(row.name),
        **facts_of(row),
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
