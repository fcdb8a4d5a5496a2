"""A carrier's page: what is public of it, put together from the rooms. Names of tenants never are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F, Max, Min, Q, Sum

from accounts.actors import Actor
from core import clock
from core.text import T, Text
from core.ui import Status
from funding.queries import decided_awards
from portal.chain import Chain, chain_of
from portal.columns import Columns, drawn
from portal.history import History, history_of
from registry import queries as registry
from registry.models import Carrier, Stay
from registry.models.carriers import CarrierState
from registry.queries.levels import designation_words, level_words
from registry.queries.lineage import Lineage, line_of
from registry.rules.vocabulary import (
    CLASSES,
    FIELDS,
    KINDS,
    LONG_FIELDS,
    LONG_STAY_MONTHS,
    STAY_MONTHS,
    CarrierClass,
    Kind,
)
from reporting.models import CampaignState, ReturnFigure
from reporting.rules.lifecycle import State

# The totals of an accepted return that the public may know; everything else of it stays with the offices.
PUBLIC_TOTALS = (
    "tenants", "teams", "graduates_total", "graduates_year", "high_tech_tenants",
    "area_total", "area_tenants", "area_service", "area_office",
)  # fmt: skip
Totals = Mapping[int, Mapping[str, Decimal]]
_TONES = {CarrierState.ACTIVE: "ok", CarrierState.SUSPENDED: "warn"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One number about a carrier; `value` None is not known. `note` says as of when and by which source."""

    label: Text
    value: Decimal | int | None
    unit: Text
    note: Text
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AreaPart:
    """A part of the area in m², its share in per cent, and where its bar begins."""

    label: Text
    value: Decimal
    share: Decimal
    begins: Decimal


@dataclass(frozen=True, slots=True)
class Area:
    year: int
    total: Decimal
    parts: Sequence[AreaPart]


@dataclass(frozen=True, slots=True)
class Years:
    """What the chart of the years shows: `rows` of year and the two values of `series`."""

    rows: Sequence[tuple[str, Sequence[Decimal | None]]]
    series: Sequence[Text]
    picture: Columns
    title: Text


@dataclass(frozen=True, slots=True)
class CarrierPage:
    """All of the page that is public; parts that are not known are None or empty."""

    carrier: Carrier
    line: Lineage
    status: Status
    tags: Sequence[Text]
    designation: Text
    former: Sequence[tuple[str, date | None, date | None]]
    facts: Sequence[Fact]
    history: History
    chain: Chain | None
    area: Area | None
    years: Years | None
    limit: Text


def carrier_page(carrier: Carrier, actor: Actor, at: datetime) -> CarrierPage:
    """A bounded number of queries. `operator`, `region.parent` of the carrier are to be loaded. Of a
    carrier that bears the facts of a day, what was known on that day; its chain and its line are told as of
    today only."""
    day = carrier.as_of or clock.day_of(at)
    versions = [row for row in registry.history_of(carrier) if row.valid_from <= day]
    line = Lineage(carrier) if carrier.as_of else line_of(carrier)
    totals, mixed = totals_of(line)
    totals = {year: known for year, known in totals.items() if date(year, 12, 31) <= day}
    return CarrierPage(
        carrier=carrier,
        status=Status(carrier.get_state_display(), _TONES.get(CarrierState(carrier.state), "muted")),
        tags=tags_of(carrier, day),
        designation=designation_words(day).get(carrier.designation, Text(carrier.designation)),
        former=_former(carrier, registry.names_of(versions)),
        line=line,
        facts=facts_of(line, totals, mixed, actor, day),
        history=history_of(line, versions, actor, at, day),
        chain=None if carrier.as_of else chain_of(carrier, actor, day),
        area=area_of(totals),
        years=years_of(carrier, totals),
        limit=limit_of(carrier),
    )


def tags_of(carrier: Carrier, day: date) -> list[Text]:
    """What a carrier is, in words: its level by its word of the day, then kind with class and field."""
    kind: Text = KINDS[Kind(carrier.kind)]
    known = [CLASSES[CarrierClass(carrier.carrier_class)]]
    known += [FIELDS[carrier.field]] if carrier.field else []
    level = level_words(day).get(carrier.level, Text(carrier.level))
    return [level, kind, *known]


def _former(
    carrier: Carrier, dated: Sequence[tuple[str, date, date]]
) -> list[tuple[str, date | None, date | None]]:
    """Those with their days, and those of which only the name is known."""
    known = {name for name, _, _ in dated} | {carrier.name}
    return [*((name, None, None) for name in carrier.former_names if name not in known), *dated]


def totals_of(line: Lineage) -> tuple[dict[int, dict[str, Decimal]], set[int]]:
    """By year the public totals of accepted returns whose campaign is closed: what stands, and stands for
    good; with what those before it in its line reported, by its share. And the years to which they add. One
    query."""
    rows = ReturnFigure.objects.filter(
        version__return_of__carrier__in=line.past,
        version__return_of__state=State.ACCEPTED,
        version__return_of__current=F("version"),
        version__return_of__campaign__state=CampaignState.CLOSED,
        code__in=PUBLIC_TOTALS,
    )
    found: dict[tuple[int, str], dict[int, Decimal]] = {}
    year, carrier = "version__return_of__campaign__year", "version__return_of__carrier_id"
    for of, by, code, value in rows.values_list(year, carrier, "code", "number"):
        known = found.setdefault((of, code), {})
        known[by] = known.get(by, Decimal(0)) + value
    answer: dict[int, dict[str, Decimal]] = {}
    mixed = {of for (of, _code), figures in found.items() if set(figures) - {line.carrier.pk}}
    for (of, code), figures in found.items():
        plain = {by: _plain(value) for by, value in figures.items()}
        total = line.carried(plain, places=2 if code.startswith("area") else 0)
        if total is not None:
            answer.setdefault(of, {})[code] = _plain(total)
    return answer, mixed


def _plain(value: Decimal) -> Decimal:
    """Without idle zeros, and without an exponent."""
    whole = value.quantize(Decimal(1))
    return whole if whole == value else value.normalize()


def facts_of(line: Lineage, totals: Totals, mixed: Collection[int], actor: Actor, day: date) -> list[Fact]:
    """The numbers that head the page: of the newest accepted return, else as registered; what was paid is
    told as of today only. `mixed` are the years to which others of the line add."""
    carrier = line.carrier
    year = max(totals, default=None)
    if year is not None:
        known: Mapping[str, Decimal | int | None] = totals[year]
        note = T("{year} 年末 · 年度报表", year=year)
        note = T("{note}（含前身）", note=note) if year in mixed else note
    else:
        known = _registered(carrier, day)
        note = T("截至 {day} · 入驻登记", day=day.isoformat()) if known else T("没有登记")
    tenants, high_tech = known.get("tenants"), known.get("high_tech_tenants")
    share = Decimal(high_tech) / Decimal(tenants) * 100 if tenants and high_tech is not None else None
    area = known.get("area_total")
    if carrier.kind == Kind.MAKERSPACE:
        second = Fact(T("创业团队数"), known.get("teams"), T("个"), note)
    else:
        second = Fact(T("累计毕业企业"), known.get("graduates_total"), T("家"), note)
    return [
        Fact(T("在孵企业数"), tenants, T("家"), note),
        second,
        Fact(T("使用面积"), _whole(area), T("m²"), note)
        if area is not None
        else Fact(
            T("使用面积"),
            _whole(carrier.area_total),
            T("m²"),
            T("没有登记") if carrier.area_total is None else T("登记事实"),
        ),
        Fact(T("在孵高新技术企业"), high_tech, T("家"), note, share),
        *([] if carrier.as_of else [_paid(line, actor)]),
    ]


def _whole(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)


def _registered(carrier: Carrier, day: date) -> dict[str, int | None]:
    """The same out of the register on a day: counts, no names; nothing where nobody ever stayed."""
    staying = Q(ended=None) | Q(ended__gt=day)
    counts = Stay.objects.filter(carrier=carrier, entered__lte=day).aggregate(
        any=Count("pk"),
        tenants=Count("pk", filter=staying & Q(team=None)),
        teams=Count("pk", filter=staying & Q(tenant=None)),
        graduates_total=Count("pk", filter=~staying & ~Q(graduated_by="")),
        high_tech_tenants=Count("pk", filter=staying & Q(tenant__high_tech_since__lte=day)),
    )
    return counts if counts["any"] else {}


def _paid(line: Lineage, actor: Actor) -> Fact:
    """The sum of the awards that were decided, in 万元; of those before it in its line by its share."""
    label, unit = T("累计获公共奖补"), T("万元")
    rows = decided_awards(actor).filter(carrier__in=line.past).order_by().values("carrier_id")
    found = list(rows.annotate(sum=Sum("amount"), first=Min("year"), last=Max("year")))
    total = line.carried({row["carrier_id"]: row["sum"] for row in found})
    if total is None:
        return Fact(label, None, unit, T("没有公开的奖补"))
    value = (total / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    first, last = min(row["first"] for row in found), max(row["last"] for row in found)
    if first == last:
        note = T("{year} 年 · 奖补台账", year=first)
    else:
        note = T("{first}–{last} 年 · 奖补台账", first=first, last=last)
    if any(row["carrier_id"] != line.carrier.pk for row in found):
        note = T("{note}（含前身）", note=note)
    return Fact(label, _whole(value) if value == value.to_integral_value() else value, unit, note)


def area_of(totals: Totals) -> Area | None:
    """What the area is used for, of the newest year that says it; what tenants use holds the public part."""
    year = max((year for year, known in totals.items() if "area_tenants" in known), default=None)
    if year is None or not (total := totals[year].get("area_total")):
        return None
    known = totals[year]
    service, office = known.get("area_service", Decimal(0)), known.get("area_office", Decimal(0))
    tenants = known["area_tenants"]
    values = [
        (T("管理办公"), office),
        (T("在孵企业使用"), tenants - service),
        (T("公共服务"), service),
        (T("其他"), total - tenants - office),
    ]
    parts: list[AreaPart] = []
    begins = Decimal(0)
    for label, value in values:
        share = value / total * 100
        parts.append(AreaPart(label, value, share, begins))
        begins += share
    return Area(year, total, parts)


def years_of(carrier: Carrier, totals: Totals) -> Years | None:
    """Those at a year's end and, in an incubator, those that graduated in it; in a makerspace its teams."""
    maker = carrier.kind == Kind.MAKERSPACE
    second = "teams" if maker else "graduates_year"
    rows = [(str(year), [totals[year].get("tenants"), totals[year].get(second)]) for year in sorted(totals)]
    if not rows:
        return None
    series = [T("年末在孵"), T("创业团队") if maker else T("当年毕业")]
    return Years(rows, series, drawn(rows), T("企业与团队") if maker else T("在孵与毕业"))


def limit_of(carrier: Carrier) -> Text:
    """How long a tenant may stay, by field; empty for what is no incubator."""
    if carrier.kind != Kind.INCUBATOR:
        return Text("")
    if carrier.carrier_class == CarrierClass.SPECIALISED:
        months = LONG_STAY_MONTHS if carrier.field in LONG_FIELDS else STAY_MONTHS
        return T("{field}领域 {months} 个月", field=FIELDS[carrier.field], months=months)
    long = [FIELDS[code] for code in LONG_FIELDS]
    return T(
        "{months} 个月；{first}、{second}领域 {more} 个月",
        months=STAY_MONTHS,
        first=long[0],
        second=long[1],
        more=LONG_STAY_MONTHS,
    )
