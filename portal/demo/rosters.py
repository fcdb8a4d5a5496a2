"""The rows of each return: companies, teams, platforms and agencies, each under its key, and their totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.demo.names import credit_code
from portal.demo.plan import Body
from portal.demo.sizes import shared

Row = dict[str, str]
Keyed = list[tuple[str, Row]]
_OWNERSHIP = ("private", "private", "private", "mixed", "state", "foreign")
_FOUNDERS = ("graduate", "serial", "executive", "scientist", "returnee", "other", "graduate")
_PLATFORMS = (("公共检测平台", "testing"), ("算力与数据平台", "computing"), ("中试熟化平台", "pilot"))
_AGENCIES = (("律师事务所", "law"), ("会计师事务所", "finance"), ("知识产权代理机构", "ip"))
AGENCY_NUMBERS = 5_000_000  # tenants and operators have lower ones


@dataclass(frozen=True, slots=True)
class Shares:
    """What the companies of a carrier share: people hired, how many are financed with how many thousand yuan
    each, valid intellectual property rights."""

    hired: int
    financed: int
    each: int
    rights: int


def companies(bodies: Sequence[Body], year: int, shares: Shares, extra: Callable[[Body], Row]) -> Keyed:
    """A row a company; those that are gone say when, the others everything. `extra` is what one kind of
    carrier asks beside."""
    here = [body for body in bodies if _is_here(body, year)]
    people = [body.people or 12 for body in here]
    hired = shared(min(shares.hired, sum(people) // 2), people) if here else []
    rights = shared(shares.rights, people) if here else []
    full = {
        body.key: _company(body, hired=new, raised=shares.each if at < shares.financed else 0, rights=held)
        for at, (body, new, held) in enumerate(zip(here, hired, rights, strict=True))
    }
    return [(body.key, {**_known(body), **full.get(body.key, {}), **extra(body)}) for body in bodies]


def _is_here(body: Body, year: int) -> bool:
    return body.ended is None or body.ended.year > year


def _known(body: Body) -> Row:
    return {
        "name": body.name,
        "credit_code": body.key,
        "founded": body.founded.isoformat(),
        "entered": body.entered.isoformat(),
        "field": body.field,
        "ownership": _OWNERSHIP[body.number % len(_OWNERSHIP)],
        "founder": _FOUNDERS[body.number % len(_FOUNDERS)],
    }


def _company(body: Body, *, hired: int, raised: int, rights: int) -> Row:
    """What a company that is there says of its year; money in thousand yuan."""
    people, revenue = body.people or 12, body.revenue if body.ended is None else 4000
    row = {
        "high_tech": "true" if body.high_tech else "false",
        "people": str(people),
        "revenue": str(revenue),
        "tax": str(revenue // 25),
        "research": str(revenue // 9),
        "sme": "true" if body.number % 3 == 0 else "false",
        "college": str(people * 7 // 10),
        "hired": str(min(hired, people)),
        "profit": str(revenue // 12 - 150),
        "raised": str(raised),
        "granted": str(rights // 4),
        "valid": str(rights),
        "inventions": str(rights // 3),
    }
    if body.high_tech:
        row["high_tech_since"] = min(date(body.founded.year + 1, 11, 15), body.entered).isoformat()
    return row


def teams(bodies: Iterable[Body]) -> Keyed:
    return [
        (
            body.key,
            {
                "team_no": body.key,
                "name": body.name,
                "field": body.field,
                "founded": body.founded.isoformat(),
                "entered": body.entered.isoformat(),
                "people": str(body.people),
                "student": "true" if body.student else "false",
                "team_raised": "0",
            },
        )
        for body in bodies
    ]


def platforms(count: int, value: int, year: int) -> Keyed:
    """So many platforms with equipment of `value` thousand yuan each."""
    return [
        (
            name,
            {
                "platform_name": name,
                "platform_kind": kind,
                "platform_opened": f"{year - 2 - at}-05-20",
                "platform_area": str(120 + 60 * at),
                "platform_equipment": str(value),
                "platform_served": str(6 + 5 * at),
                "platform_owner": ("own", "joint", "contract")[at],
            },
        )
        for at, (name, kind) in enumerate(_PLATFORMS[:count])
    ]


def agencies(carrier: int, count: int, year: int) -> Keyed:
    """So many agencies with which this carrier has an agreement of three years."""
    rows = []
    for at, (name, kind) in enumerate(_AGENCIES[:count]):
        code = credit_code("990101", AGENCY_NUMBERS + carrier * len(_AGENCIES) + at)
        row = {
            "org_name": f"示例{name}",
            "org_code": code,
            "org_kind": kind,
            "org_signed": f"{year - 1}-03-01",
            "org_until": f"{year + 2}-02-28",
            "org_served": str(4 + 3 * at),
        }
        rows.append((code, row))
    return rows


def whole(rows: Keyed, column: str) -> int:
    """The sum of a column; what is missing is not counted."""
    return sum(int(row.get(column, "0")) for _, row in rows)


def sums(rows: Keyed, columns: Mapping[str, str]) -> dict[str, Decimal]:
    """Totals by code of these columns; that of rows which all miss the value is missing."""
    return {
        code: Decimal(whole(rows, column))
        for code, column in columns.items()
        if not rows or any(column in row for _, row in rows)
    }


def counts(rows: Keyed, year: int, *, gone: str) -> dict[str, Decimal]:
    """The counts of a roster; `gone` is the column that says when one left it."""
    here = [row for _, row in rows if gone not in row or int(row[gone][:4]) > year]

    def count(some: Iterable[Row], column: str, wanted: Callable[[str], bool]) -> Decimal:
        return Decimal(sum(1 for row in some if column in row and wanted(row[column])))

    everybody = [row for _, row in rows]
    return {
        "tenants": Decimal(len(here)),
        "new_tenants": count(everybody, "entered", lambda day: day[:4] == str(year)),
        "left_listed": count(everybody, "left", lambda day: day[:4] == str(year)),
        "high_tech_tenants": count(here, "high_tech", lambda text: text == "true"),
        "sme_listed": count(here, "sme", lambda text: text == "true"),
        "financed_listed": count(everybody, "raised", lambda text: text != "0"),
    }


SUMS = {
    "tenant_people": "people",
    "tenant_revenue": "revenue",
    "tenant_tax": "tax",
    "tenant_profit": "profit",
    "tenant_research": "research",
    "tenant_raised": "raised",
    "tenant_hired": "hired",
    "tenant_valid": "valid",
    "tenant_inventions": "inventions",
}
