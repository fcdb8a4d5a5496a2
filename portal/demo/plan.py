"""The province in plain data, out of a seed: carriers, their tenants and teams, and who was there when."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.demo import names
from portal.demo.sizes import CITY_WEIGHTS, YEAR, Sizes, shared, skewed
from registry.rules.vocabulary import CarrierClass, Kind

_FIELDS = tuple(names.TRADES)
_FIELD_WEIGHTS = (30, 16, 12, 9, 14, 6, 2, 3, 5, 3)
FOUR_YEARS = 1461  # days


@dataclass(slots=True)
class Body:
    """A company or a team in a carrier: `key` is its credit code or its number."""

    number: int
    is_team: bool
    key: str
    name: str
    field: str
    founded: date
    entered: date
    ended: date | None = None
    graduated_by: str = ""
    high_tech: bool = False
    people: int = 0
    revenue: int = 0  # thousand yuan
    student: bool = False

    def there_in(self, year: int) -> bool:
        """Whether the roster of this year names it."""
        return self.entered.year <= year and (self.ended is None or self.ended.year >= year)


@dataclass(slots=True)
class CarrierPlan:
    """One carrier as it is at the end of the full year."""

    number: int
    kind: Kind
    carrier_class: CarrierClass
    field: str
    level: str
    city: int
    region: str
    name: str
    listed_year: int
    opened_on: date
    size: float
    code: str = ""
    bodies: list[Body] = dataclasses.field(default_factory=list)

    @property
    def is_incubator(self) -> bool:
        return self.kind == Kind.INCUBATOR


def carriers(rng: random.Random, sizes: Sizes, counties: Sequence[Sequence[str]]) -> list[CarrierPlan]:
    """Carriers of the two counted kinds; `counties[city]` are the codes of each city's counties."""
    cities = [at for at, count in enumerate(shared(sizes.carriers, CITY_WEIGHTS)) for _ in range(count)]
    rng.shuffle(cities)
    kinds = [Kind.INCUBATOR] * sizes.incubators + [Kind.MAKERSPACE] * sizes.makerspaces
    years = _listed_years(rng, sizes)
    special = set(range(sizes.specialised_incubators)) | set(
        range(sizes.incubators, sizes.incubators + sizes.specialised_makerspaces)
    )
    brand = names.brands(rng)
    plans = []
    for number, (kind, city, year) in enumerate(zip(kinds, cities, years, strict=True)):
        tech = rng.choices(_FIELDS[:-1], _FIELD_WEIGHTS[:-1])[0]
        plans.append(
            CarrierPlan(
                number=number,
                kind=kind,
                carrier_class=CarrierClass.SPECIALISED if number in special else CarrierClass.COMPREHENSIVE,
                field=tech,
                level="none",
                city=city,
                region=rng.choice(counties[city]),
                name=_carrier_name(next(brand), kind, tech, number in special),
                listed_year=year,
                opened_on=date(year - rng.randint(1, 3), rng.randint(1, 12), rng.randint(1, 28)),
                size=rng.lognormvariate(0, 0.5),
            )
        )
    _give_levels(plans, sizes)
    return plans


def _listed_years(rng: random.Random, sizes: Sizes) -> list[int]:
    """The year in which each was first listed, so that the counts of the last three years come out."""
    years = [YEAR] * (sizes.carriers - sizes.before) + [YEAR - 1] * (sizes.before - sizes.two_before)
    years += [rng.randint(2008, YEAR - 2) for _ in range(sizes.two_before)]
    rng.shuffle(years)
    return years


def _carrier_name(brand: str, kind: Kind, tech: str, special: bool) -> str:
    if kind == Kind.MAKERSPACE:
        return f"{brand}{names.THEMES[tech] if special else ''}众创空间"
    return f"{brand}{names.THEMES[tech]}专业科技企业孵化器" if special else f"{brand}科技企业孵化器"


def _give_levels(plans: list[CarrierPlan], sizes: Sizes) -> None:
    """The oldest and largest stand highest; as many national incubators as there are."""
    for kind in (Kind.INCUBATOR, Kind.MAKERSPACE):
        ordered = sorted(
            (plan for plan in plans if plan.kind == kind),
            key=lambda plan: (plan.listed_year - 3 * plan.size, plan.number),
        )
        for rank, plan in enumerate(ordered):
            if rank < sizes.national:
                plan.level = "national"
            elif rank < len(ordered) * 0.55:
                plan.level = "provincial"
            elif rank < len(ordered) * 0.85:
                plan.level = "city"


@dataclass(slots=True)
class _Wanted:
    """How many a carrier has at the end of the full year, new ones in it, and gone before."""

    current: int
    new: int
    graduated: int
    teams: int


def fill(rng: random.Random, plans: list[CarrierPlan], sizes: Sizes) -> list[Body]:
    """Gives every carrier its tenants and teams; the totals are exactly those of `sizes`."""
    wanted = _wanted(rng, plans, sizes)
    bodies: list[Body] = []
    for plan, want in zip(plans, wanted, strict=True):
        for at in range(want.current + want.graduated):
            plan.bodies.append(_body(rng, plan, want, at))
        bodies += plan.bodies
    _name(rng, bodies)
    _give_people(rng, bodies, sizes)
    return bodies


def _wanted(rng: random.Random, plans: list[CarrierPlan], sizes: Sizes) -> list[_Wanted]:
    answer: list[_Wanted] = [_Wanted(0, 0, 0, 0)] * len(plans)
    for incubators in (True, False):
        group = [plan for plan in plans if plan.is_incubator == incubators]
        weights = [
            plan.size * spread for plan, spread in zip(group, skewed(rng, len(group), 0.2), strict=True)
        ]
        total = sizes.incubator_tenants if incubators else sizes.tenants - sizes.incubator_tenants
        current = shared(total, weights, least=4)
        new = shared(sizes.new_incubator_tenants if incubators else total // 4, current)
        teams = [0] * len(group) if incubators else shared(sizes.teams, current)
        graduated = shared(total // 6 if incubators else total // 12, current)
        for plan, *counts in zip(group, current, new, graduated, teams, strict=True):
            answer[plan.number] = _Wanted(*counts)
    return answer


def _body(rng: random.Random, plan: CarrierPlan, want: _Wanted, at: int) -> Body:
    gone = at >= want.current
    # Teams stand evenly among the tenants, exactly as many as wanted.
    is_team = not gone and at * want.teams // want.current != (at + 1) * want.teams // want.current
    start = date(YEAR, 1, 1)
    if not gone and at >= want.current - want.new:
        entered = start + timedelta(days=rng.randrange(365))
    elif not gone and rng.random() < 0.012:
        entered = start - timedelta(days=FOUR_YEARS + rng.randrange(300))  # stays too long
    else:
        entered = start - timedelta(days=1 + rng.randrange(1000))
    entered = max(entered, plan.opened_on)
    ended = None
    if gone:
        ended = max(entered, date(rng.choice((YEAR - 1, YEAR)), rng.randint(1, 12), rng.randint(1, 28)))
    tech = plan.field if rng.random() < 0.8 else rng.choices(_FIELDS, _FIELD_WEIGHTS)[0]
    return Body(
        number=0,
        is_team=is_team,
        key="",
        name="",
        field=tech,
        founded=entered - timedelta(days=rng.randrange(30, 700)),
        entered=entered,
        ended=ended,
        graduated_by=rng.choice(("high_tech", "venture", "revenue", "listed")) if ended else "",
        high_tech=not is_team and rng.random() < 0.19,
    )


def _name(rng: random.Random, bodies: list[Body]) -> None:
    companies = [body for body in bodies if not body.is_team]
    called = names.company_names(rng, [body.field for body in companies])
    for number, (body, name) in enumerate(zip(companies, called, strict=True), start=1):
        body.number, body.name = number, name
        body.key = names.credit_code(f"99{rng.randint(1, 13):02d}{rng.randint(1, 9):02d}", number)
    teams = [body for body in bodies if body.is_team]
    pool = list(names.brands(rng))
    for number, body in enumerate(teams, start=1):
        body.number, body.key = number, f"T{number:07d}"
        body.name = f"{rng.choice(pool)}{names.TRADES[body.field][0]}创业团队"


def _give_people(rng: random.Random, bodies: list[Body], sizes: Sizes) -> None:
    """People employed add up over those that are there at the end of the year."""
    there = [body for body in bodies if body.ended is None]
    weights = [rng.lognormvariate(0, 0.6) * (0.35 if body.is_team else 1.0) for body in there]
    for body, people in zip(there, shared(sizes.employed, weights, least=1), strict=True):
        body.people = people
        body.revenue = 0 if body.is_team else int(people * rng.uniform(60, 620))
    teams = [body for body in there if body.is_team]
    for body in rng.sample(teams, min(len(teams), sizes.student_teams)):
        body.student = True
