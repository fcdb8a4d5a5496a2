"""Who takes part in the year: a small province with five incubators in two counties. All invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.actors import Actor, actor_of
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from accounts.services import regions
from core import clock
from core.identifiers import credit_check_character
from evaluation.services.schemes import import_scheme
from funding.services.policies import import_policy
from news.models import Section
from registry.models import Carrier, Operator
from registry.services.carriers import NewCarrier, register_carriers
from reporting.models import Return
from reporting.services import campaigns, filling, returns, rows
from reporting.services.forms import import_form

YEAR = 2025
START = datetime(2026, 3, 18, 9, 0, tzinfo=clock.SHANGHAI)
NAMES = ("青禾孵化器", "云杉孵化器", "海棠孵化器", "白桦孵化器", "银杏孵化器")
# What a modest incubator fills: the required figures and little more.
MODEST = {
    "area_total": "3000", "area_tenants": "1900", "staff_total": "10", "staff_professional": "1",
    "mentors": "1", "income_total": "800", "activities": "4", "tenants_reported": "1", "graduates_total": "2",
}  # fmt: skip


def credit_code(number: int) -> str:
    """A code with a valid check character from a range that no real body has."""
    first = f"91990000MA{number:07d}"
    return first + credit_check_character(first)


def source(path: str) -> str:
    return (Path(settings.BASE_DIR) / path).read_text(encoding="utf-8")


@dataclass
class Cast:
    """The carriers and everybody's appointment, by a short name."""

    province: Region
    carriers: list[Carrier]
    neighbours: list[Carrier] = field(default_factory=list)
    people: dict[str, Actor] = field(default_factory=dict)

    def user(self, name: str) -> User:
        found = self.people[name].user
        assert found is not None
        return found

    def appoint(self, name: str, role: Role, **scope: Any) -> None:
        user = User.objects.create_user(name, "long-and-odd-9", name=name)
        held = Appointment.objects.create(user=user, role=role, valid_from=date(2020, 1, 1), **scope)
        self.people[name] = actor_of(held)

    @property
    def mine(self) -> Return:
        """The return of the first carrier."""
        return Return.objects.get(carrier=self.carriers[0], campaign__year=YEAR)


def make_cast(*, neighbours: bool = False) -> Cast:
    """The province with its people, form, scheme, policy and an open campaign; the others have filed.

    `neighbours` are two more carriers in another city, with their own staff and officers.
    """
    regions.load()
    province = Region.objects.get(level="province")
    city = Region.objects.filter(level="city", parent=province).order_by("code")[0]
    counties = list(Region.objects.filter(level="county", parent=city).order_by("code")[:2])
    cast = Cast(province, [])
    _appoint_officials(cast, city, counties)
    cast.carriers = _register(cast, counties)
    for number, carrier in enumerate(cast.carriers):
        cast.appoint(f"填报{number}", Role.CARRIER_STAFF, carrier_code=carrier.code)
    for code, title in (("notice", "通知公告"), ("news", "工作动态")):
        Section.objects.get_or_create(code=code, defaults={"title": title})
    if neighbours:
        _settle_neighbours(cast)
    _load_rules(cast)
    for number in range(1, len(NAMES)):
        _file(cast, number)
    return cast


def _settle_neighbours(cast: Cast) -> None:
    city = Region.objects.filter(level="city", parent=cast.province).order_by("code")[1]
    county = Region.objects.filter(level="county", parent=city).order_by("code")[0]
    cast.appoint("邻县甲", Role.COUNTY_OFFICER, region=county)
    cast.appoint("邻市甲", Role.CITY_OFFICER, region=city)
    cast.neighbours = _register(cast, [county, county], ("杜鹃孵化器", "玉兰孵化器"), 50)
    for number, carrier in enumerate(cast.neighbours):
        cast.appoint(f"邻填{number}", Role.CARRIER_STAFF, carrier_code=carrier.code)


def _appoint_officials(cast: Cast, city: Region, counties: list[Region]) -> None:
    cast.appoint("县区甲", Role.COUNTY_OFFICER, region=counties[0])
    cast.appoint("县区乙", Role.COUNTY_OFFICER, region=counties[1])
    cast.appoint("市级甲", Role.CITY_OFFICER, region=city)
    for name, role in (
        ("省级甲", Role.PROVINCE_OFFICER),
        ("省级乙", Role.PROVINCE_OFFICER),
        ("财务甲", Role.FINANCE_OFFICER),
        ("财务乙", Role.FINANCE_OFFICER),
        ("专家甲", Role.EXPERT),
        ("专家乙", Role.EXPERT),
        ("编辑甲", Role.EDITOR),
        ("编辑乙", Role.EDITOR),
        ("审计甲", Role.AUDITOR),
        ("系统甲", Role.SYSTEM_ADMINISTRATOR),
        ("安全甲", Role.SECURITY_ADMINISTRATOR),
    ):
        cast.appoint(name, role, region=cast.province)


def _register(
    cast: Cast, counties: list[Region], names: Sequence[str] = NAMES, first: int = 0
) -> list[Carrier]:
    new = [
        NewCarrier(
            name=name,
            kind="incubator",
            carrier_class="comprehensive",
            operator=Operator.objects.create(credit_code=credit_code(first + number), name=f"{name}运营公司"),
            region=counties[number % 2],
            listed_year=2020,
            valid_from=date(2020, 1, 1),
            basis="认定文件〔2020〕1 号",
            level="provincial",
        )
        for number, name in enumerate(names)
    ]
    return register_carriers(actor=cast.people["省级甲"], new=new, at=START)


def _load_rules(cast: Cast) -> None:
    officer = cast.people["省级甲"]
    form = import_form(actor=officer, source=source("reporting/forms/incubator-annual.yaml"), at=START)
    about: dict[str, Any] = {"actor": officer, "region": cast.province, "at": START}
    import_scheme(source=source("evaluation/schemes/incubator-comprehensive.yaml"), **about)
    import_policy(source=source("funding/policies/province-operating.yaml"), **about)
    opens = START - timedelta(days=10)
    campaigns.open_campaign(
        year=YEAR,
        form=form,
        title=f"{YEAR} 年度孵化器年报",
        opens_at=opens,
        last_start_at=opens + timedelta(days=20),
        due_at=opens + timedelta(days=30),
        correct_by=opens + timedelta(days=50),
        **about,
    )


def _file(cast: Cast, number: int) -> None:
    """One of the others fills little, and its return is accepted."""
    found = Return.objects.get(carrier=cast.carriers[number])
    offices = ("县区乙" if number % 2 else "县区甲", "市级甲")
    accepted(cast, submitted(cast.people[f"填报{number}"], found, number), offices)


def accepted(cast: Cast, found: Return, offices: tuple[str, str]) -> Return:
    """This return, which was handed in, passed on by its county and city and accepted."""
    about: dict[str, Any] = {"return_id": found.pk, "at": START}
    for office in offices:
        found = returns.pass_on(actor=cast.people[office], expected=found.version, **about)
    return returns.accept(actor=cast.people["省级甲"], expected=found.version, **about)


def submitted(staff: Actor, found: Return, number: int) -> Return:
    """This return, filled and handed in by its staff; `number` makes its only tenant."""
    found = filled(staff, found, number)
    about: dict[str, Any] = {"return_id": found.pk, "at": START}
    return returns.submit(actor=staff, expected=found.version, commitment="数据真实", **about)


def filled(staff: Actor, found: Return, number: int) -> Return:
    """This return with what is required and little more."""
    about: dict[str, Any] = {"actor": staff, "return_id": found.pk, "at": START}
    for code, value in MODEST.items():
        filling.save_field(code=code, value=value, seen="", **about)
    tenant = {
        "name": f"企业{number}", "credit_code": credit_code(900 + number), "founded": "2024-01-10",
        "entered": "2024-06-01", "field": "ict",
    }  # fmt: skip
    rows.add_row(table="roster", values=tenant, **about)
    found.refresh_from_db()
    return found
