"""What each carrier says in a year: the values of its return as exact texts, its rows, its numbers."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.demo.plan import Body, CarrierPlan

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Filing:
    """`rows` by table, each with its body; `numbers` are fields, computed values and totals."""

    values: dict[str, str]
    rows: dict[str, list[tuple[Body, Row]]]
    numbers: dict[str, Decimal]


def filing(plan: CarrierPlan, year: int, share: int) -> Filing:
    """The return of this carrier for this year; the same every time it is asked. `share` is its part of a
    total that the province adds up to: graduates employed in incubators, firms registered in makerspaces."""
    rng = random.Random(f"{plan.number}/{year}")
    bodies = [body for body in plan.bodies if body.there_in(year)]
    if plan.is_incubator:
        return _incubator(rng, plan, year, bodies, share)
    return _makerspace(rng, plan, year, bodies, share)


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole) * 100).quantize(Decimal("0.01")) if whole else Decimal(0)


def _incubator(rng: random.Random, plan: CarrierPlan, year: int, bodies: list[Body], employed: int) -> Filing:
    here = [body for body in bodies if body.ended is None or body.ended.year > year]
    count = len(here)
    steady = random.Random(plan.number)  # what changes little from year to year
    quality = steady.betavariate(3, 2)
    area = 1500 + count * steady.randint(120, 260)
    tenants_area = int(area * (0.66 + 0.2 * quality))
    staff = max(6, count // 4)
    income = count * int(40 + 160 * quality) + rng.randint(200, 900)
    financed = min(count, round(count * (0.06 + 0.14 * quality)))
    gone = sum(1 for body in bodies if body.ended is not None and body.ended.year == year)
    integers = {
        "area_total": area,
        "area_tenants": tenants_area,
        "area_service": tenants_area // 6,
        "area_office": area // 20,
        "staff_total": staff,
        "staff_professional": max(1, int(staff * (0.6 + 0.35 * quality))),
        "mentors": max(2, int(count * (0.05 + 0.12 * quality))),
        "income_total": income,
        "income_service": int(income * (0.2 + 0.35 * quality)),
        "income_property": int(income * 0.3),
        "income_investment": int(income * 0.08 * quality),
        "cost_total": int(income * rng.uniform(0.7, 0.95)),
        "fund_total": 2000 + int(9000 * quality),
        "fund_cases": int(6 * quality),
        "activities": 6 + int(30 * quality) + rng.randint(0, 4),
        "trained": 200 + int(900 * quality),
        "agreements": 3 + int(16 * quality),
        "tenants_reported": count,
        "graduates_total": 5 + 3 * (year - plan.listed_year) + gone,
        "graduates_year": gone,
        "financed": financed,
        "financing": financed * int(800 + 4200 * quality),
        "ip_valid": int(count * (1 + 6 * quality)),
        "graduates_employed": employed,
    }
    each = tenants_area // max(1, 2 * count)
    return _incubator_filing(bodies, here, year, integers, each)


def _incubator_filing(
    bodies: list[Body], here: list[Body], year: int, integers: dict[str, int], each: int
) -> Filing:
    """The fields with their rows, computed values and totals; `each` is a tenant's area in m²."""
    rows = [(body, _company(body, area_each=each, year=year)) for body in bodies]
    numbers = {code: Decimal(value) for code, value in integers.items()}
    numbers["use_rate"] = _percent(integers["area_tenants"], integers["area_total"])
    numbers["professional_rate"] = _percent(integers["staff_professional"], integers["staff_total"])
    numbers |= _totals(bodies, here, year, [row for _, row in rows])
    numbers["graduates_listed"] = numbers["graduates_year"]
    return Filing({code: str(value) for code, value in integers.items()}, {"roster": rows}, numbers)


def _company(body: Body, *, area_each: int, year: int) -> Row:
    """A row of an incubator's roster; money in thousand yuan."""
    row = {
        "name": body.name,
        "credit_code": body.key,
        "founded": body.founded.isoformat(),
        "entered": body.entered.isoformat(),
        "field": body.field,
        "high_tech": "true" if body.high_tech else "false",
    }
    if body.ended is not None and body.ended <= date(year, 12, 31):
        row["graduated"] = body.ended.isoformat()
        return row
    revenue = body.revenue if body.ended is None else 4000
    return row | {
        "people": str(body.people or 12),
        "area": str(area_each),
        "revenue": str(revenue),
        "tax": str(revenue // 25),
        "research": str(revenue // 9),
    }


def _totals(bodies: list[Body], here: list[Body], year: int, rows: list[Row]) -> dict[str, Decimal]:
    def total(column: str) -> Decimal:
        return Decimal(sum(int(row.get(column, "0")) for row in rows))

    return {
        "tenants": Decimal(len(here)),
        "new_tenants": Decimal(sum(1 for body in bodies if body.entered.year == year)),
        "high_tech_tenants": Decimal(sum(body.high_tech for body in bodies)),
        "tenant_people": total("people"),
        "tenant_area": total("area"),
        "tenant_revenue": total("revenue"),
        "tenant_tax": total("tax"),
    }


def _makerspace(
    rng: random.Random, plan: CarrierPlan, year: int, bodies: list[Body], registered: int
) -> Filing:
    steady = random.Random(plan.number)
    quality = steady.betavariate(3, 2)
    here = [body for body in bodies if body.ended is None or body.ended.year > year]
    companies = [body for body in here if not body.is_team]
    teams = [body for body in here if body.is_team]
    stations = 30 + len(here) * 3
    new = sum(1 for body in here if body.entered.year == year)
    integers = {
        "area_total": stations * steady.randint(6, 12),
        "workstations": stations,
        "workstations_used": int(stations * (0.55 + 0.43 * quality)),
        "mentors": 1 + int(7 * quality),
        "partners": 1 + int(6 * quality),
        "events_hosted": 2 + int(9 * quality) + rng.randint(0, 2),
        "events_undertaken": int(4 * quality),
        "events_hosted_jointly": int(3 * quality),
        "events_undertaken_jointly": rng.randint(0, 2),
        "new_teams": new,
        "new_enterprises": registered,
        "new_sole_traders": rng.randint(0, 3),
        "commercialised": min(len(companies), int(5 * quality)),
        "financed": 1 + int(3 * quality),
        "funding": 30 + int(320 * quality),
        "tax": 3 + int(28 * quality),
        "junior_college": 2 + int(4 * quality),
        "bachelor": 2 + int(6 * quality),
        "master": int(3 * quality),
        "doctor": int(2 * quality),
    }
    integers["talents"] = sum(integers[code] for code in ("junior_college", "bachelor", "master", "doctor"))
    rows = {
        "roster": [(body, _firm(body)) for body in companies],
        "teams": [(body, _team(body)) for body in teams],
    }
    numbers = {code: Decimal(value) for code, value in integers.items()}
    numbers |= _computed(integers, companies, teams, year, rows)
    return Filing({code: str(value) for code, value in integers.items()}, rows, numbers)


def _firm(body: Body) -> Row:
    """A row of a makerspace's roster; money in ten thousand yuan."""
    return {
        "name": body.name,
        "credit_code": body.key,
        "founded": body.founded.isoformat(),
        "entered": body.entered.isoformat(),
        "field": body.field,
        "high_tech": "true" if body.high_tech else "false",
        "people": str(body.people or 6),
        "revenue": str(body.revenue // 10),
    }


def _team(body: Body) -> Row:
    return {
        "team_no": body.key,
        "name": body.name,
        "field": body.field,
        "founded": body.founded.isoformat(),
        "entered": body.entered.isoformat(),
        "people": str(body.people),
        "student": "true" if body.student else "false",
    }


def _computed(
    integers: Mapping[str, int],
    companies: list[Body],
    teams: list[Body],
    year: int,
    rows: Mapping[str, list[tuple[Body, Row]]],
) -> dict[str, Decimal]:
    def count(some: list[Body], wanted: Callable[[Body], bool]) -> Decimal:
        return Decimal(sum(1 for body in some if wanted(body)))

    def total(table: str, column: str) -> Decimal:
        return Decimal(sum(int(row[column]) for _, row in rows[table]))

    events = ("events_hosted", "events_undertaken", "events_hosted_jointly", "events_undertaken_jointly")
    return {
        "use_rate": _percent(integers["workstations_used"], integers["workstations"]),
        "events_total": Decimal(sum(integers[code] for code in events)),
        "tenants": Decimal(len(companies)),
        "new_tenants": count(companies, lambda body: body.entered.year == year),
        "high_tech_tenants": count(companies, lambda body: body.high_tech),
        "tenant_people": total("roster", "people"),
        "tenant_revenue": total("roster", "revenue"),
        "teams": Decimal(len(teams)),
        "teams_entered": count(teams, lambda body: body.entered.year == year),
        "student_teams": count(teams, lambda body: body.student),
        "team_people": total("teams", "people"),
    }
