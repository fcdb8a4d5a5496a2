"""The cast of the tests of the register: a province of two cities, carriers, people; all invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.test import Client

from accounts.actors import PORTAL, VISITOR, Actor, actor_of
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from core.identifiers import credit_check_character
from registry.models import Carrier, DesignationTerm, LevelTerm, Operator, Stay, Tenant
from registry.rules import designations
from registry.rules.levels import FIRST, Term
from registry.rules.spelling import initials

AT = datetime(2026, 3, 18, 14, 32, tzinfo=clock.SHANGHAI)
TODAY = date(2026, 3, 18)


def credit_code(number: int) -> str:
    """A code with a valid check character from a range that no real body has."""
    first = f"91990000MA{number:07d}"
    return first + credit_check_character(first)


def region(code: str, name: str, level: str, parent: Region | None, **more: Any) -> Region:
    path = f"{parent.path if parent else '/'}{code}/"
    return Region.objects.create(code=code, name=name, level=level, parent=parent, path=path, **more)


def person(name: str, role: Role, **scope: Any) -> Actor:
    user = User.objects.create_user(name, "long-and-odd-9", name=name)
    return actor_of(Appointment.objects.create(user=user, role=role, valid_from=date(2020, 1, 1), **scope))


def operator(number: int, name: str) -> Operator:
    return Operator.objects.create(
        credit_code=credit_code(number), name=name, contact="联系甲", phone="0990-5550001"
    )


def carrier(code: str, name: str, where: Region, run_by: Operator, **more: Any) -> Carrier:
    given = {"kind": "incubator", "carrier_class": "comprehensive", "listed_year": 2020, **more}
    return Carrier.objects.create(
        code=code, name=name, initials=initials(name), region=where, operator=run_by, updated_at=AT, **given
    )


def tenant(number: int, name: str = "") -> Tenant:
    return Tenant.objects.create(credit_code=credit_code(number), name=name or f"企业{number}")


def stay(where: Carrier, who: Tenant, entered: date = date(2024, 6, 1), **more: Any) -> Stay:
    return Stay.objects.create(carrier=where, tenant=who, entered=entered, updated_at=AT, **more)


def signed_in(actor: Actor) -> Client:
    client = Client()
    if actor.user is not None:
        client.force_login(actor.user)
    return client


@dataclass
class World:
    """Province 990000 with the cities 990500 (counties 990502, 990503) and 990600 (county 990602)."""

    regions: dict[str, Region] = field(default_factory=dict)
    carriers: dict[str, Carrier] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)

    def carrier(self, name: str) -> Carrier:
        return Carrier.objects.select_related("region", "operator").get(pk=self.carriers[name].pk)


def begin_vocabulary() -> None:
    """The words of levels and designations, where a test before emptied the tables that migrations filled."""
    if not LevelTerm.objects.exists():
        LevelTerm.objects.bulk_create(
            LevelTerm(**{name: getattr(term, name) for name in Term.__slots__}) for term in FIRST
        )
    if not DesignationTerm.objects.exists():
        DesignationTerm.objects.bulk_create(
            DesignationTerm(**{name: getattr(term, name) for name in Term.__slots__})
            for term in designations.FIRST
        )


def make_world() -> World:
    begin_vocabulary()
    world = World()
    places = world.regions
    places["province"] = region("990000", "示例省", "province", None, prefix="SL")
    places["east"] = region("990500", "东江市", "city", places["province"], tile_column=2, tile_row=1)
    places["west"] = region("990600", "西江市", "city", places["province"], tile_column=1, tile_row=1)
    for name, code, said, above in (
        ("near", "990502", "河湾区", "east"),
        ("far", "990503", "山前县", "east"),
        ("other", "990602", "临水区", "west"),
    ):
        places[name] = region(code, said, "county", places[above])
    first, second = operator(1, "青禾运营有限公司"), operator(2, "星澜运营有限公司")
    world.carriers = {
        "mine": carrier("SL-990500-0001", "青禾孵化器", places["near"], first, level="provincial"),
        "sibling": carrier("SL-990500-0002", "晨光众创空间", places["far"], second, kind="makerspace"),
        "away": carrier(
            "SL-990600-0001", "星澜孵化器", places["other"], second,
            carrier_class="specialised", field="bio", level="national", listed_year=2023,
        ),
        "closed": carrier("SL-990600-0002", "旧港孵化器", places["other"], first, state="closed"),
    }  # fmt: skip
    stay(world.carriers["mine"], tenant(101, "甲科技公司"))
    stay(world.carriers["away"], tenant(102, "乙生物公司"))
    world.people = {
        "visitor": VISITOR,
        "portal": PORTAL,
        "staff": person("填报甲", Role.CARRIER_STAFF, carrier_code="SL-990500-0001"),
        "other_staff": person("填报乙", Role.CARRIER_STAFF, carrier_code="SL-990600-0001"),
        "county": person("县区甲", Role.COUNTY_OFFICER, region=places["near"]),
        "city": person("市级甲", Role.CITY_OFFICER, region=places["east"]),
        "province": person("省级甲", Role.PROVINCE_OFFICER, region=places["province"]),
        "finance": person("财政甲", Role.FINANCE_OFFICER, region=places["province"]),
        "editor": person("编辑甲", Role.EDITOR, region=places["east"]),
        "auditor": person("审计甲", Role.AUDITOR, region=places["province"]),
        "expert": person("专家甲", Role.EXPERT, region=places["province"]),
        "administrator": person("管理甲", Role.SYSTEM_ADMINISTRATOR, region=places["province"]),
    }
    return world
