"""What each carrier says in a year: the values of its return as exact texts, its rows, its numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portal.demo import rosters
from portal.demo.plan import Body, CarrierPlan
from portal.demo.rosters import Keyed, Row, Shares, whole

# What the second version of a form asks beside the first.
SECOND = frozenset({"area_pilot", "tenants_future", "financing_early", "ip_pct",
                    "mentored_online", "funding_early", "teams_registered_reported"})  # fmt: skip
_EVENTS = ("events_hosted", "events_undertaken", "events_hosted_jointly", "events_undertaken_jointly")
_AGENCY_TOTALS = {"partners_served": "org_served"}


@dataclass(frozen=True, slots=True)
class Filing:
    """`rows` by table, each under its key; `numbers` are fields, computed values and totals."""

    values: dict[str, str]
    rows: dict[str, Keyed]
    numbers: dict[str, Decimal]


@dataclass(slots=True)
class _Year:
    """One carrier's year: who was there, and the chance that its figures hang on."""

    plan: CarrierPlan
    year: int
    bodies: list[Body]
    rng: random.Random
    steady: random.Random  # what changes little from year to year
    quality: float
    integers: dict[str, int] = field(default_factory=dict)

    @property
    def here(self) -> list[Body]:
        return [body for body in self.bodies if body.ended is None or body.ended.year > self.year]

    @property
    def gone(self) -> int:
        return len(self.bodies) - len(self.here)


def filing(plan: CarrierPlan, year: int, share: int, *, version: int = 1) -> Filing:
    """The return of this carrier for this year under this version of its form; the same every time it is
    asked. `share` is its part of a total that the province adds up to: graduates employed in incubators,
    firms registered in makerspaces."""
    steady = random.Random(plan.number)
    bodies = [body for body in plan.bodies if body.there_in(year)]
    rng = random.Random(f"{plan.number}/{year}")
    about = _Year(plan, year, bodies, rng, steady, steady.betavariate(3, 2))
    made = _incubator(about, share) if plan.is_incubator else _makerspace(about, share)
    if version > 1:
        return made
    values = {code: text for code, text in made.values.items() if code not in SECOND}
    numbers = {code: number for code, number in made.numbers.items() if code not in SECOND}
    return Filing(values, made.rows, numbers)


def _percent(part: int, of: int) -> Decimal:
    return (Decimal(part) / Decimal(of) * 100).quantize(Decimal("0.01")) if of else Decimal(0)


# Incubators.


def _incubator(about: _Year, employed: int) -> Filing:
    count, quality = len(about.here), about.quality
    area = 1500 + count * about.steady.randint(120, 260)
    tenants_area = int(area * (0.66 + 0.2 * quality))
    financed = min(count, round(count * (0.06 + 0.14 * quality)))
    shares = Shares(employed, financed, int(800 + 4200 * quality), int(count * (1 + 6 * quality)))
    each = tenants_area // max(1, 2 * count)

    def extra(body: Body) -> Row:
        if body.ended is not None and body.ended.year <= about.year:
            return {"graduated": body.ended.isoformat()}
        return {"area": str(each)}

    roster = rosters.companies(about.bodies, about.year, shares, extra)
    rows = {
        "roster": roster,
        "platforms": rosters.platforms(int(3 * quality), int(600 + 3000 * quality), about.year),
        "partners_list": rosters.agencies(about.plan.number, int(1 + 2.5 * quality), about.year),
    }
    totals = rosters.counts(roster, about.year, gone="graduated")
    totals["graduates_listed"] = Decimal(about.gone)
    _site(about, area, tenants_area)
    _staff(about, max(6, count // 4), max(2, int(count * (0.05 + 0.12 * quality))))
    _money(about, count * int(40 + 160 * quality) + about.rng.randint(200, 900))
    _service(about, rows["platforms"])
    _results(about, totals)
    _economy(about, roster)
    totals |= rosters.sums(roster, {**rosters.SUMS, "tenant_area": "area"})
    totals |= _beside(rows)
    totals |= rosters.sums(
        rows["platforms"],
        {"platform_listed_value": "platform_equipment", "platform_served_total": "platform_served"},
    )
    totals["platforms"] = Decimal(len(rows["platforms"]))
    return _filed(about, rows, totals | _incubator_rates(about.integers))


def _site(about: _Year, area: int, tenants_area: int) -> None:
    service = tenants_area // 6
    about.integers |= {
        "area_total": area,
        "area_leased": 0 if about.plan.number % 3 else area,
        "area_tenants": tenants_area,
        "area_service": service,
        "area_pilot": service // 5,
        "area_office": area // 20,
        "area_other": (area - tenants_area - area // 20) // 2,
    }


def _staff(about: _Year, staff: int, mentors: int) -> None:
    about.integers |= {
        "staff_total": staff,
        "staff_professional": max(1, int(staff * (0.6 + 0.35 * about.quality))),
        "staff_college": staff * 9 // 10,
        "staff_master": staff // 4,
        "mentors": mentors,
        "mentors_entrepreneur": mentors // 2,
        "mentors_investor": mentors // 4,
        "mentor_sessions": mentors * 6,
    }


def _money(about: _Year, income: int) -> None:
    quality = about.quality
    parts = {
        "income_service": int(income * (0.2 + 0.35 * quality)),
        "income_property": int(income * 0.3),
        "income_investment": int(income * 0.08 * quality),
    }
    other = income - sum(parts.values())
    cost = int(income * about.rng.uniform(0.7, 0.95))
    fund = 2000 + int(9000 * quality)
    cases = int(6 * quality)
    about.integers |= {
        "income_total": income,
        **parts,
        "income_other": other,
        "income_subsidy": other * 3 // 5,
        "cost_total": cost,
        "cost_staff": cost // 2,
        "cost_site": cost * 3 // 10,
        "tax_paid": income // 18,
        "fund_total": fund,
        "fund_own": fund * 3 // 5,
        "fund_cases": cases,
        "fund_amount": cases * fund // 20,
    }


def _service(about: _Year, platforms: Keyed) -> None:
    quality = about.quality
    activities = 6 + int(30 * quality) + about.rng.randint(0, 4)
    about.integers |= {
        "activities": activities,
        "roadshows": activities // 4,
        "trained": 200 + int(900 * quality),
        "agreements": 3 + int(16 * quality),
        "universities": int(4 * quality),
        "platforms_reported": len(platforms),
        "platform_value": whole(platforms, "platform_equipment") * 11 // 10,
    }


def _results(about: _Year, totals: Mapping[str, Decimal]) -> None:
    count = len(about.here)
    founders = [about.year - body.founded.year for body in about.here]
    before = sum(1 for body in about.plan.bodies if body.ended is not None and body.ended.year < about.year)
    about.integers |= {
        "tenants_reported": count,
        "tenants_new": int(totals["new_tenants"]),
        "tenants_high_tech": int(totals["high_tech_tenants"]),
        "tenants_sme": int(totals["sme_listed"]),
        "tenants_future": int(totals["sme_listed"]) // 4,
        "tenants_student": sum(1 for years in founders if years % 4 == 0),
        "tenants_returnee": count // 12,
        "tenants_serial": count // 9,
        "graduates_total": 5 + about.plan.number % 9 + before + about.gone,
        "graduates_year": about.gone,
        "tenants_left": 0,
    }


def _economy(about: _Year, roster: Keyed) -> None:
    people, granted = whole(roster, "people"), whole(roster, "granted")
    financed = sum(1 for _, row in roster if row.get("raised", "0") != "0")
    financing = whole(roster, "raised")
    about.integers |= {
        "people_total": people,
        "people_college": people * 7 // 10,
        "people_doctor": people // 60,
        "graduates_employed": whole(roster, "hired"),
        "returnees": people // 45,
        "revenue_reported": whole(roster, "revenue"),
        "profit_reported": whole(roster, "profit"),
        "tax_reported": whole(roster, "tax"),
        "research_reported": whole(roster, "research"),
        "financed": financed,
        "financing_cases": financed + financed // 3,
        "financing": financing,
        "financing_early": financing // 3,
        "ip_applied": granted * 2,
        "ip_pct": granted // 9,
        "ip_granted": granted,
        "ip_valid": whole(roster, "valid"),
        "ip_invention": whole(roster, "inventions"),
    }


def _incubator_rates(known: Mapping[str, int]) -> dict[str, Decimal]:
    served = known["income_service"] + known["income_investment"]
    return {
        "use_rate": _percent(known["area_tenants"], known["area_total"]),
        "professional_rate": _percent(known["staff_professional"], known["staff_total"]),
        "profit": Decimal(known["income_total"] - known["cost_total"]),
        "service_rate": _percent(served, known["income_total"]),
    }


# Makerspaces.


def _makerspace(about: _Year, registered: int) -> Filing:
    quality = about.quality
    companies = [body for body in about.bodies if not body.is_team]
    teams = [body for body in about.here if body.is_team]
    firms = sum(1 for body in about.here if not body.is_team)
    financed = min(firms, 1 + int(3 * quality))
    each = (300 + int(3200 * quality)) // max(1, financed)
    shares = Shares(2 + int(6 * quality), financed, each, int(firms * (1 + 3 * quality)))

    def extra(body: Body) -> Row:
        if body.ended is not None and body.ended.year <= about.year:
            return {"left": body.ended.isoformat()}
        return {"stations": str(2 + (body.people or 6) // 3), "capital": str(500 * (1 + body.number % 6))}

    roster = rosters.companies(companies, about.year, shares, extra)
    rows = {
        "roster": roster,
        "teams": rosters.teams(teams),
        "partners_list": rosters.agencies(about.plan.number, int(1 + 2.5 * quality), about.year),
    }
    totals = rosters.counts(roster, about.year, gone="left") | rosters.sums(roster, rosters.SUMS)
    totals |= _of_teams(teams, rows["teams"], about.year) | _beside(rows)
    _stations(about, 30 + len(about.here) * 3)
    _makers_money(about)
    _makers_events(about)
    _makers_results(about, totals, registered)
    _makers_economy(about, roster, rows["teams"])
    known = about.integers
    rates = {
        "use_rate": _percent(known["workstations_used"], known["workstations"]),
        "events_total": Decimal(sum(known[code] for code in _EVENTS)),
        "profit": Decimal(known["income_total"] - known["cost_total"]),
    }
    return _filed(about, rows, totals | rates)


def _of_teams(bodies: Iterable[Body], rows: Keyed, year: int) -> dict[str, Decimal]:
    known = list(bodies)
    return {
        "teams": Decimal(len(known)),
        "teams_entered": Decimal(sum(body.entered.year == year for body in known)),
        "student_teams": Decimal(sum(body.student for body in known)),
        "teams_registered": Decimal(0),
        **rosters.sums(rows, {"team_people": "people", "team_raised_total": "team_raised"}),
    }


def _stations(about: _Year, stations: int) -> None:
    area, quality = stations * about.steady.randint(6, 12), about.quality
    staff, mentors = 4 + int(8 * quality), 1 + int(7 * quality)
    about.integers |= {
        "area_total": area,
        "area_leased": 0 if about.plan.number % 3 else area,
        "area_service": area // 5,
        "workstations": stations,
        "workstations_used": int(stations * (0.55 + 0.43 * quality)),
        "workstations_free": stations // 6,
        "equipment_value": 200 + int(900 * quality),
        "staff_total": staff,
        "staff_professional": staff * 2 // 3,
        "staff_college": staff * 9 // 10,
        "mentors": mentors,
        "mentors_entrepreneur": mentors // 2,
        "mentors_investor": mentors // 4,
        "mentored": min(len(about.here), mentors * 4),
        "mentored_online": min(len(about.here), mentors * 4) // 3,
        "partners": 1 + int(6 * quality),
    }


def _makers_money(about: _Year) -> None:
    """As an incubator's, smaller; what a makerspace is not asked is left out."""
    _money(about, len(about.here) * int(12 + 40 * about.quality) + about.rng.randint(100, 300))
    for code in ("tax_paid", "fund_own"):
        del about.integers[code]


def _makers_events(about: _Year) -> None:
    quality = about.quality
    hosted = 2 + int(9 * quality) + about.rng.randint(0, 2)
    about.integers |= {
        "events_hosted": hosted,
        "events_undertaken": int(4 * quality),
        "events_hosted_jointly": int(3 * quality),
        "events_undertaken_jointly": about.rng.randint(0, 2),
        "roadshows": 1 + hosted // 3,
        "trained": 60 + int(300 * quality),
    }


def _makers_results(about: _Year, totals: Mapping[str, Decimal], registered: int) -> None:
    firms = int(totals["tenants"])
    about.integers |= {
        "teams_reported": int(totals["teams"]),
        "tenants_reported": firms,
        "tenants_high_tech": int(totals["high_tech_tenants"]),
        "tenants_sme": int(totals["sme_listed"]),
        "new_teams": int(totals["new_tenants"] + totals["teams_entered"]),
        "new_enterprises": registered,
        "new_sole_traders": about.rng.randint(0, 3),
        "teams_registered_reported": 0,
        "commercialised": min(firms, int(5 * about.quality)),
        "tenants_left": int(totals["left_listed"]),
    }


def _makers_economy(about: _Year, roster: Keyed, teams: Keyed) -> None:
    quality = about.quality
    people = whole(roster, "people") + whole(teams, "people")
    talents = {
        "junior_college": 2 + int(4 * quality),
        "bachelor": 2 + int(6 * quality),
        "master": int(3 * quality),
        "doctor": int(2 * quality),
    }
    funding = whole(roster, "raised")
    about.integers |= {
        "people_total": people,
        "people_college": people * 7 // 10,
        "people_doctor": people // 80,
        "graduates_employed": whole(roster, "hired"),
        "returnees": people // 60,
        "revenue_reported": whole(roster, "revenue"),
        "research_reported": whole(roster, "research"),
        "financed": sum(1 for _, row in roster if row.get("raised", "0") != "0"),
        "funding": funding,
        "funding_early": funding // 2,
        "tax": whole(roster, "tax"),
        "ip_granted": whole(roster, "granted"),
        "ip_valid": whole(roster, "valid"),
        "ip_invention": whole(roster, "inventions"),
        "talents": sum(talents.values()),
        **talents,
    }


# Both.


def _beside(rows: Mapping[str, Keyed]) -> dict[str, Decimal]:
    listed = rows["partners_list"]
    return {"partners_listed": Decimal(len(listed)), **rosters.sums(listed, _AGENCY_TOTALS)}


def _filed(about: _Year, rows: dict[str, Keyed], derived: Mapping[str, Decimal]) -> Filing:
    values = {code: str(value) for code, value in about.integers.items()}
    numbers = {code: Decimal(value) for code, value in about.integers.items()}
    return Filing(values, rows, {**numbers, **derived})
