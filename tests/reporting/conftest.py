"""The cast of the returns' tests: a small province, two carriers, their people; all names invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.actors import Actor, actor_of
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from core.identifiers import credit_check_character
from registry.models import Carrier, Operator
from reporting.models import Campaign, Form, Return
from reporting.services import campaigns, filling, forms, rows

FORM = Path(__file__).with_name("form.yaml").read_text(encoding="utf-8")
DAY = datetime(2026, 3, 18, 14, 32, tzinfo=clock.SHANGHAI)


def credit_code(number: int) -> str:
    """A code with a valid check character from a range that no real body has."""
    first = f"91990000MA{number:07d}"
    return first + credit_check_character(first)


@dataclass
class World:
    """What a test needs of the province."""

    province: Region
    city: Region
    county: Region
    carrier: Carrier
    other: Carrier
    form: Form
    campaign: Campaign
    staff: Actor
    other_staff: Actor
    county_officer: Actor
    city_officer: Actor
    officer: Actor
    auditor: Actor

    @property
    def mine(self) -> Return:
        return Return.objects.get(carrier=self.carrier, campaign=self.campaign)

    @property
    def theirs(self) -> Return:
        return Return.objects.get(carrier=self.other, campaign=self.campaign)

    def actor(self, role: Role) -> Actor:
        return {
            Role.CARRIER_STAFF: self.staff,
            Role.COUNTY_OFFICER: self.county_officer,
            Role.CITY_OFFICER: self.city_officer,
            Role.PROVINCE_OFFICER: self.officer,
            Role.AUDITOR: self.auditor,
        }[role]


def region(code: str, name: str, level: str, parent: Region | None) -> Region:
    path = f"{parent.path if parent else '/'}{code}/"
    return Region.objects.create(code=code, name=name, level=level, parent=parent, path=path)


def person(name: str, role: Role, **scope: Any) -> Actor:
    user = User.objects.create_user(name, "long-and-odd-9", name=name)
    return actor_of(Appointment.objects.create(user=user, role=role, valid_from=date(2020, 1, 1), **scope))


def carrier(number: int, name: str, where: Region, kind: str = "incubator") -> Carrier:
    operator = Operator.objects.create(credit_code=credit_code(number), name=f"{name}运营公司")
    return Carrier.objects.create(
        code=f"SL-990500-{number:04d}",
        name=name,
        kind=kind,
        carrier_class="comprehensive",
        operator=operator,
        region=where,
        listed_year=2020,
        updated_at=DAY,
    )


def open_campaign(world_officer: Actor, form: Form, where: Region, year: int = 2025) -> Campaign:
    return campaigns.open_campaign(
        actor=world_officer,
        year=year,
        form=form,
        region=where,
        title=f"{year} 年度孵化器年报",
        opens_at=datetime(year + 1, 3, 1, tzinfo=clock.SHANGHAI),
        last_start_at=datetime(year + 1, 3, 25, tzinfo=clock.SHANGHAI),
        due_at=datetime(year + 1, 3, 31, 17, tzinfo=clock.SHANGHAI),
        correct_by=datetime(year + 1, 4, 30, 17, tzinfo=clock.SHANGHAI),
        at=datetime(year + 1, 2, 20, tzinfo=clock.SHANGHAI),
    )


def make_world() -> World:
    province = region("990000", "示例省", "province", None)
    city = region("990500", "东江市", "city", province)
    county = region("990502", "河湾区", "county", city)
    mine, other = carrier(1, "青禾孵化器", county), carrier(2, "星河孵化器", county)
    officer = person("省级甲", Role.PROVINCE_OFFICER, region=province)
    form = forms.import_form(actor=officer, source=FORM, at=DAY)
    return World(
        province=province,
        city=city,
        county=county,
        carrier=mine,
        other=other,
        form=form,
        campaign=open_campaign(officer, form, province),
        staff=person("填报甲", Role.CARRIER_STAFF, carrier_code=mine.code),
        other_staff=person("填报乙", Role.CARRIER_STAFF, carrier_code=other.code),
        county_officer=person("县区甲", Role.COUNTY_OFFICER, region=county),
        city_officer=person("市级甲", Role.CITY_OFFICER, region=city),
        officer=officer,
        auditor=person("审计甲", Role.AUDITOR, region=province),
    )


@pytest.fixture
def world(db: None, at: Callable[..., datetime]) -> World:
    at(2026, 3, 18, 14, 32)
    return make_world()


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> Path:
    """An own file storage."""
    folder = tmp_path / "files"
    options = {"location": str(folder), "file_permissions_mode": 0o600}
    default = {**settings.STORAGES["default"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


SOUND = {"area_total": "5000", "area_tenants": "3000", "area_service": "1000", "tenants_reported": "2"}
TENANTS = [
    {"name": "甲科技公司", "credit_code": credit_code(101), "founded": "2024-01-10", "entered": "2024-06-01",
     "field": "ict", "revenue": "120.5", "high_tech": "true"},
    {"name": "乙生物公司", "credit_code": credit_code(102), "founded": "2023-05-06", "entered": "2025-02-01",
     "field": "bio", "revenue": "80"},
]  # fmt: skip


def fill(world: World, found: Return | None = None, actor: Actor | None = None, at: datetime = DAY) -> Return:
    """A return without an error or a question."""
    found, actor = found or world.mine, actor or world.staff
    for code, value in SOUND.items():
        filling.save_field(actor=actor, return_id=found.pk, code=code, value=value, seen="", at=at)
    for values in TENANTS:
        rows.add_row(actor=actor, return_id=found.pk, table="roster", values=values, at=at)
    return Return.objects.get(pk=found.pk)
