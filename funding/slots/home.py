"""What finance officers see of the money: by programme and year, by city, the last allocations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.slots import HomePart
from core.text import T, Text
from funding import queries
from funding.models import Allocation, Award, Policy
from funding.rules.lifecycle import ALLOCATION
from funding.rules.policy_shape import Budget

SHOWN = 5
YEARS = 8
MOST = 200
ZERO = Decimal(0)
_TONES = {"draft": ("warn", "hourglass"), "confirmed": ("ok", ""), "dropped": ("muted", "circle-slash")}
_SHORT: Mapping[str, Text] = {
    "prorate": T("同比例折算"),
    "by_rank": T("按名次拨付，用完为止"),
    "refuse": T("不予测算"),
}


@dataclass(slots=True)
class Sum:
    """Money of a programme and year, or of a city, in yuan. `waiting` was worked out and is not decided;
    `budget` None is without limit, and then nothing is known to be free."""

    name: str
    year: int = 0
    budget: Decimal | None = None
    claimed: Decimal = ZERO
    decided: Decimal = ZERO
    waiting: Decimal = ZERO
    carriers: set[int] = field(default_factory=set)

    @property
    def reduced(self) -> Decimal:
        return self.claimed - self.decided - self.waiting

    @property
    def free(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.decided - self.waiting

    def add(self, state: str, claimed: Decimal, amount: Decimal) -> None:
        self.claimed += claimed
        if state == "confirmed":
            self.decided += amount
        else:
            self.waiting += amount


def home_for(actor: Actor) -> list[HomePart]:
    """To a finance officer the money of their region and of those above it."""
    if actor.role != Role.FINANCE_OFFICER or not actor.region_path:
        return []
    live = list(_concerning(actor).exclude(state="dropped").order_by("-run__year", "-pk")[:MOST])
    more = (T("全部"), reverse("funding:home"))
    if not live:
        return [HomePart(T("奖补资金"), "funding/_home_money.html", more=more), *_how(actor, live)]
    years = sums_of(live)
    newest = [one for one in live if one.run.year == years[0].year]
    note = _note(years)
    return [
        HomePart(T("奖补资金"), "funding/_home_money.html", _money(years), note=note, more=more),
        HomePart(
            T("按设区市"),
            "funding/_home_cities.html",
            _cities(actor, newest),
            note=note,
            order=60,
        ),
        HomePart(T("最近的资金分配"), "funding/_home_last.html", _last(actor), more=more, order=70),
        *_how(actor, live),
    ]


def _note(years: Sequence[Sum]) -> Text:
    """The year, and how many policies the sums are of where it is not one."""
    year = years[0].year
    number = sum(one.year == year for one in years)
    if number > 1:
        return T("{year} 年度，{n} 项政策合计，单位：万元", year=year, n=number)
    return T("{year} 年度，单位：万元", year=year)


def _concerning(actor: Actor) -> QuerySet[Allocation]:
    """Those by policies of the actor's region, of regions in it, and of those above it."""
    path = actor.region_path
    above = [code for code in path.strip("/").split("/") if code]
    of = Q(policy__region__path__startswith=path) | Q(policy__region__code__in=above)
    return queries.allocations_of(actor).filter(of).defer("policy__source", "result")


def sums_of(live: Sequence[Allocation]) -> list[Sum]:
    """By programme and year, the newest year first. The budget is that of the policy's newest version: it
    holds for all runs of the year together."""
    found: dict[tuple[int, str], Sum] = {}
    versions: dict[tuple[int, str], int] = {}
    for one in live:
        key = one.run.year, one.policy.code
        sums = found.setdefault(key, Sum(one.policy.title, one.run.year))
        sums.add(one.state, one.claimed, one.allocated)
        if one.policy.version > versions.get(key, 0):
            versions[key] = one.policy.version
            sums.name, sums.budget = one.policy.title, one.budget
    return list(found.values())


def total_of(sums: Sequence[Sum], name: str = "") -> Sum:
    """All of them as one; without a limit when one of them has none."""
    total = Sum(name, budget=ZERO)
    for one in sums:
        total.claimed += one.claimed
        total.decided += one.decided
        total.waiting += one.waiting
        total.carriers |= one.carriers
        total.budget = None if total.budget is None or one.budget is None else total.budget + one.budget
    return total


def in_wan(amounts: Sequence[Decimal | None]) -> list[str]:
    """Yuan as 万元, exactly: all with as many places as one of them needs, nothing as 0; missing stays
    empty."""
    scaled = [None if one is None else one.scaleb(-4).normalize() for one in amounts]
    places = max((-int(one.as_tuple().exponent) for one in scaled if one is not None), default=0)
    return ["" if one is None else format(one, f".{max(places, 0)}f") if one else "0" for one in scaled]


def _money(years: Sequence[Sum]) -> dict[str, object]:
    """The newest year as a bar; programme by programme as its table."""
    total = total_of([one for one in years if one.year == years[0].year])
    rows = list(years[:YEARS])
    columns = ("budget", "claimed", "reduced", "decided", "waiting", "free")
    shown = [in_wan([getattr(one, name) for one in rows]) for name in columns]
    return {
        "budget": in_wan([total.budget])[0],
        "parts": _parts(total),
        "over": total.free is not None and total.free < 0,
        "rows": [
            (one, dict(zip(columns, values, strict=True)))
            for one, values in zip(rows, zip(*shown, strict=True), strict=True)
        ],
    }


def _parts(total: Sum) -> list[dict[str, object]]:
    """What the budget is made of, with where each part lies on a line of 0 to 100."""
    named = [("ok", T("已核定"), total.decided), ("warn", T("待核定"), total.waiting)]
    if total.free is not None:
        named.append(("rest", T("余额"), total.free))
    whole = total.decided + total.waiting + max(total.free or ZERO, ZERO)
    parts: list[dict[str, object]] = []
    begin = ZERO
    for tone, name, amount in named:
        wide = max(amount, ZERO) * 100 / whole if whole else ZERO
        share = _rounded(amount * 100 / total.budget, "0.1") if total.budget else ""
        place = {"x": _rounded(begin, "0.01"), "wide": _rounded(wide, "0.01"), "share": share}
        parts.append({"tone": tone, "name": name, "amount": in_wan([amount])[0], **place})
        begin += wide
    return parts


def _rounded(value: Decimal, places: str) -> str:
    return format(value.quantize(Decimal(places), ROUND_HALF_UP), "f")


def _cities(actor: Actor, newest: Sequence[Allocation]) -> dict[str, object]:
    """What the carriers of each city in the actor's region get: one query, summed exactly."""
    path = actor.region_path
    inside = Q(city__path__startswith=path)
    inside |= Q(city=None, allocation__policy__region__path__startswith=path)
    awards = Award.objects.visible_to(actor).filter(inside, allocation__in=[one.pk for one in newest])
    rows = awards.order_by("city__code").values_list(
        "city__name", "carrier_id", "allocation__state", "claimed", "amount"
    )
    found: dict[str, Sum] = {}
    for city, carrier, state, claimed, amount in rows.iterator(chunk_size=2000):
        sums = found.setdefault(city or "—", Sum(city or "—"))
        sums.add(state, claimed, amount)
        if amount:
            sums.carriers.add(carrier)
    cities = list(found.values())
    every = [*cities, total_of(cities)]
    columns = ("claimed", "reduced", "decided", "waiting")
    shown = [in_wan([getattr(one, name) for one in every]) for name in columns]
    rows_shown = [
        (one, dict(zip(columns, values, strict=True)), _of_most(one, cities))
        for one, values in zip(every, zip(*shown, strict=True), strict=True)
    ]
    return {"rows": rows_shown[:-1], "total": rows_shown[-1], "waits": bool(every[-1].waiting)}


def _of_most(one: Sum, cities: Sequence[Sum]) -> Decimal:
    """The length of a city's bar, in percent of the city that gets most."""
    most = max((city.decided + city.waiting for city in cities), default=ZERO)
    return (one.decided + one.waiting) * 100 / most if most else ZERO


def _last(actor: Actor) -> dict[str, object]:
    """The last allocations that this officer may know of, those given up too, with who did what when."""
    found = list(_concerning(actor).order_by("-prepared_at", "-pk")[:SHOWN])
    words = in_wan([one.allocated for one in found])
    return {
        "rows": [
            (one, amount, ALLOCATION.title_of(one.state), *_TONES[one.state])
            for one, amount in zip(found, words, strict=True)
        ]
    }


def _how(actor: Actor, live: Sequence[Allocation]) -> list[HomePart]:
    """By which rules carriers are paid, as the newest policy says them; nothing where there is none."""
    own = queries.policies_of(actor)
    first = (
        own.filter(pk=live[0].policy_id) if live else own.filter(region__path__startswith=actor.region_path)
    )
    policy: Policy | None = first.first()
    if policy is None:
        return []
    rules = queries.definition(policy).policy
    budgets: list[Budget] = [*(rules.budgets or []), *([rules.budget] if rules.budget else [])]
    context = {
        "policy": policy,
        "payers": list(dict.fromkeys(award.payer for award in rules.awards if award.payer)),
        "awards": [(award.label, award.clause or "") for award in rules.awards],
        "caps": [cap.clause for cap in rules.caps if cap.clause],
        "short": [_SHORT[one] for one in dict.fromkeys(one.when_short for one in budgets)],
        "step": rules.rounding.to,
    }
    return [HomePart(T("奖补怎样到载体"), "funding/_home_how.html", context, place="aside")]
