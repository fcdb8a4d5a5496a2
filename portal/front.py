"""The public's front page: what is open, the key figures, where and since when, what was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from accounts.actors import VISITOR
from accounts.models import Region
from core import clock
from core.formats import number, until
from core.text import T, Text
from core.ui import Status
from figures.models import Figure
from figures.rules.definitions import BY_CODE, Definition
from news import queries as news
from news.models import Article, Bulletin, Section
from news.rules.particulars import Call
from portal.publicity import Row, publicity_rows
from registry.rules.vocabulary import KINDS, Kind

KEY_FIGURES = ("carriers", "tenants", "employed", "grade_a_share")
MEASURES = ("carriers", "tenants", "employed")
TREND_YEARS = 8
TREND_PARTS = (Kind.INCUBATOR, Kind.MAKERSPACE)
PER_SECTION, PER_LIST, SECTIONS = 2, 4, 4
CALLS = 10


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure never stands without its as-of day, base and source."""

    name: Text
    unit: Text
    value: Decimal
    change: Text
    as_of: str
    base: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """A section of the news with its newest articles."""

    section: Section
    articles: Sequence[Article]


@dataclass(frozen=True, slots=True)
class Measure:
    """One choice of what the map shows."""

    code: str
    title: Text
    current: bool


@dataclass(frozen=True, slots=True)
class TileMap:
    """The cities' tiles of one measure, the measures to choose from, and what the values are."""

    measures: Sequence[Measure]
    tiles: Sequence[Mapping[str, Any]]
    unit: Text
    caption: Text


@dataclass(frozen=True, slots=True)
class Trend:
    """Rows of year and one value a series, and the newest figure that they end with; what they are."""

    rows: Sequence[tuple[str, Sequence[Decimal | None]]]
    series: Sequence[Text]
    newest: Figure
    caption: Text


@dataclass(frozen=True, slots=True)
class Open:
    """What can be applied for now: the call with the nearest deadline, and how many others there are."""

    call: Call
    left: Text
    article: Article
    guide: Article | None
    others: int


@dataclass(frozen=True, slots=True)
class FrontPage:
    """All of the front page; parts without data are empty or None."""

    open: Open | None
    key_figures: Sequence[KeyFigure]
    map: TileMap | None
    trend: Trend | None
    notices: Sequence[Row]
    notices_total: int
    publicity: Sequence[Row]
    publicity_total: int
    columns: Sequence[Column]
    bulletin: Bulletin | None


def _rounded(value: Decimal, definition: Definition) -> Decimal:
    """As many places as the definition has; kept values have two."""
    return value.quantize(Decimal(1).scaleb(-definition.places), ROUND_HALF_UP)


def _change(now: Figure, before: Figure | None, definition: Definition) -> Text:
    """How it moved since the year before: in points for shares, else in number and per cent."""
    if before is None or not before.value:
        return T("上年没有可比的数")
    delta = now.value - before.value
    sign = "+" if delta >= 0 else ""
    if definition.unit.msgid == "%":
        return T("较上年 {delta} 个百分点", delta=sign + number(delta, 1))
    share = delta / before.value * 100
    return T("较上年 {delta}（{share} %）", delta=sign + number(delta, 0), share=sign + number(share, 1))


def _key_figure(code: str, found: Sequence[Figure]) -> KeyFigure | None:
    """Of the whole root region, newest year; the year before for comparison."""
    mine = [one for one in found if one.definition == code and not one.part]
    if not mine:
        return None
    newest = mine[0]
    before = next((one for one in mine if one.year == newest.year - 1), None)
    definition = BY_CODE[code]
    return KeyFigure(
        name=definition.title,
        unit=definition.unit,
        value=_rounded(newest.value, definition),
        change=_change(newest, before, definition),
        as_of=newest.as_of.isoformat(),
        base=newest.base,
        source=newest.source,
        url=reverse("figures:detail", args=[code]),
    )


def _trend(found: Sequence[Figure]) -> Trend | None:
    """One value a kind and year, oldest first; a year counts once, by its latest as-of day."""
    parts = [part.value for part in TREND_PARTS]
    by_year: dict[int, dict[str, Decimal]] = {}
    mine = [one for one in found if one.definition == "carriers" and one.part in parts]
    for one in mine:
        by_year.setdefault(one.year, {}).setdefault(one.part, _rounded(one.value, BY_CODE["carriers"]))
    if not mine:
        return None
    years = sorted(by_year)[-TREND_YEARS:]
    rows = [(str(year), [by_year[year].get(part) for part in parts]) for year in years]
    return Trend(rows, [KINDS[part] for part in TREND_PARTS], mine[0], _caption(mine))


def _caption(found: Sequence[Figure]) -> Text:
    """One source is named below the chart; where years differ in theirs, it says so."""
    if len({one.source.replace(str(one.year), "") for one in found}) > 1:
        return T("各年末创业载体数。来源各年不同，逐年见数据页，以下为最近一年。")
    return T("各年末创业载体数。")


def _map(found: Sequence[Figure], wanted: str) -> TileMap | None:
    """The map of the measure asked for, the first where nobody offers that one."""
    measure = wanted if wanted in MEASURES else MEASURES[0]
    shown = next((one for one in found if one.definition == measure and not one.part), None)
    tiles = _tiles(measure, shown.year) if shown else []
    if shown is None or not tiles:
        return None
    definition = BY_CODE[measure]
    return TileMap(
        measures=[Measure(code, BY_CODE[code].title, code == measure) for code in MEASURES],
        tiles=tiles,
        unit=definition.unit,
        caption=T("各市{title}，{day}。", title=definition.title, day=shown.as_of.isoformat()),
    )


def _tiles(code: str, year: int) -> list[dict[str, Any]]:
    """The cities of the map with their value of that year, newest as-of day first."""
    regions = Region.objects.exclude(tile_column=None).order_by("code")
    values: dict[int, Decimal] = {}
    rows = Figure.objects.visible_to(VISITOR).filter(definition=code, year=year, part="", region__in=regions)
    for region, value in rows.order_by("-as_of", "-pk").values_list("region_id", "value"):
        values.setdefault(region, value)
    shown = {pk: _rounded(value, BY_CODE[code]) for pk, value in values.items()}
    return [region.tile(shown.get(region.pk), f"/registry/?region={region.code}") for region in regions]


def _notice(one: Article, at: datetime) -> Row:
    """A notice with whether it can still be applied for; else its number and since when it holds."""
    url, day = reverse("news:article", args=[one.pk]), clock.day_of(one.published_at or at)
    call = news.call_of(one, at)
    if call is not None:
        return Row(one.title, url, day, call.status, call.words, call.urgent)
    standing = news.standing_of(one, at)
    holds: Text | str = standing.word if isinstance(standing, Status) and standing.tone == "info" else ""
    return Row(
        one.title,
        url,
        day,
        None,
        T("{one} · {other}", one=one.document_number, other=holds)
        if one.document_number and holds
        else one.document_number or holds,
    )


def _columns(at: datetime) -> list[Column]:
    """The newest of each section that the front page shows, empty ones left out. Two queries."""
    apart = (news.NOTICES, news.PUBLICITY, news.GUIDES)
    sections = [
        one for one in Section.objects.visible_to(VISITOR).filter(on_home=True) if one.code not in apart
    ]
    place = Window(
        RowNumber(), partition_by=F("section_id"), order_by=[F("published_at").desc(), F("pk").desc()]
    )
    rows = news.published_articles(at=at).filter(section__in=sections).annotate(place=place)
    held: dict[int, list[Article]] = defaultdict(list)
    for row in rows.filter(place__lte=PER_SECTION):
        held[row.section_id].append(row)
    return [Column(one, held[one.pk]) for one in sections if held[one.pk]][:SECTIONS]


def _open(at: datetime) -> Open | None:
    calls = news.open_calls(at, CALLS)
    if not calls:
        return None
    first = calls[0]
    call, end = news.call_of(first, at), first.valid_until
    guide = first.guide if first.guide and news.is_out(first.guide, at) else None
    return Open(call, until(end, at), first, guide, len(calls) - 1) if call and end else None


def front_page(wanted: str) -> FrontPage:
    """What a visitor sees now; `wanted` is the measure of the map. A bounded number of queries."""
    at = clock.now()
    found = list(
        Figure.objects.visible_to(VISITOR)
        .filter(definition__in=KEY_FIGURES, region__parent=None)
        .order_by("-year", "-as_of", "-pk")[:400]
    )
    notices = news.published_articles(at=at, section=news.NOTICES)
    publicity = publicity_rows(at)
    return FrontPage(
        open=_open(at),
        key_figures=[one for one in (_key_figure(code, found) for code in KEY_FIGURES) if one],
        map=_map(found, wanted),
        trend=_trend(found),
        notices=[_notice(one, at) for one in news.calls_first(notices, at)[:PER_LIST]],
        notices_total=notices.order_by().count(),
        publicity=publicity[:PER_LIST],
        publicity_total=len(publicity),
        columns=_columns(at),
        bulletin=Bulletin.objects.public(at).order_by("-date", "-pk").first(),
    )
