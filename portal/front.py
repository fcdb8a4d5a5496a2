"""The public's front page: what is open, the key figures, where and since when, what was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.actors import VISITOR
from accounts.models import Region
from core import clock
from core.formats import number
from core.text import T, Text
from evaluation.models import Run
from figures.models import Figure
from figures.rules.definitions import BY_CODE, Definition
from news.models import Article, Section
from registry.rules.vocabulary import KINDS, Kind

KEY_FIGURES = ("carriers", "tenants", "new_tenants", "employed", "grade_a_share")
MEASURES = ("carriers", "tenants", "employed")
TREND_YEARS = 8
TREND_PARTS = (Kind.INCUBATOR, Kind.MAKERSPACE)
NOTICES, RESULTS = "notices", "publicity"
PER_SECTION, PER_LIST, SECTIONS = 2, 5, 4


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure never stands without its as-of day, base and source."""

    name: Text
    unit: Text
    value: Decimal
    change: Text | str
    as_of: str
    base: str
    source: str


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
class FrontPage:
    """All of the front page, empty parts empty."""

    key_figures: Sequence[KeyFigure] = ()
    measures: Sequence[Measure] = ()
    tiles: Sequence[Mapping[str, Any]] = ()
    tile_unit: Text = field(default_factory=lambda: Text(""))
    tile_caption: Text = field(default_factory=lambda: Text(""))
    trend: Sequence[tuple[str, Sequence[Decimal | None]]] = ()
    trend_series: Sequence[Text] = ()
    trend_of: Figure | None = None
    notices: Sequence[Article] = ()
    results: Sequence[Article] = ()
    runs: Sequence[Run] = ()
    columns: Sequence[Column] = ()
    open_until: Article | None = None


def _rounded(value: Decimal, definition: Definition) -> Decimal:
    """As many places as the definition has; kept values have two."""
    return value.quantize(Decimal(1).scaleb(-definition.places), ROUND_HALF_UP)


def _change(now: Figure, before: Figure | None, definition: Definition) -> Text | str:
    """How it moved since the year before: in points for shares, else in number and per cent."""
    if before is None or not before.value:
        return ""
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
    )


def _trend(found: Sequence[Figure]) -> list[tuple[str, list[Decimal | None]]]:
    """Rows of year and one value a kind, oldest first."""
    parts = [part.value for part in TREND_PARTS]
    by_year: dict[int, dict[str, Decimal]] = {}
    for one in found:
        if one.definition == "carriers" and one.part in parts:
            by_year.setdefault(one.year, {}).setdefault(one.part, _rounded(one.value, BY_CODE["carriers"]))
    years = sorted(by_year)[-TREND_YEARS:]
    return [(str(year), [by_year[year].get(part) for part in parts]) for year in years]


def _tiles(code: str, year: int) -> list[dict[str, Any]]:
    """The cities of the map with their value of that year, newest as-of day first."""
    regions = Region.objects.exclude(tile_column=None).order_by("code")
    values: dict[int, Decimal] = {}
    rows = Figure.objects.visible_to(VISITOR).filter(definition=code, year=year, part="", region__in=regions)
    for region, value in rows.order_by("-as_of", "-pk").values_list("region_id", "value"):
        values.setdefault(region, value)
    return [
        {
            "code": region.code,
            "name": region.name.removesuffix("市"),
            "column": region.tile_column,
            "row": region.tile_row,
            "value": _rounded(values[region.pk], BY_CODE[code]) if region.pk in values else None,
            "url": f"/registry/?region={region.code}",
        }
        for region in regions
    ]


def _columns(at: Any) -> tuple[dict[str, list[Article]], list[Column]]:
    """The lists of notices and results, and the newest of the other sections; one query a list."""
    sections = [one for one in Section.objects.visible_to(VISITOR) if one.on_home]
    public = Article.objects.public(at).defer("blocks", "html", "doubts").order_by("-published_at", "-pk")
    lists = {
        one.code: list(public.filter(section=one)[:PER_LIST])
        for one in sections
        if one.code in (NOTICES, RESULTS)
    }
    others = [one for one in sections if one.code not in (NOTICES, RESULTS)][: SECTIONS * 2]
    columns = [Column(one, list(public.filter(section=one)[:PER_SECTION])) for one in others]
    return lists, [column for column in columns if column.articles][:SECTIONS]


def front_page(wanted: str) -> FrontPage:
    """What a visitor sees now; `wanted` is the measure of the map. A bounded number of queries."""
    at = clock.now()
    measure = wanted if wanted in MEASURES else MEASURES[0]
    found = list(
        Figure.objects.visible_to(VISITOR)
        .filter(definition__in=KEY_FIGURES, region__parent=None)
        .order_by("-year", "-as_of", "-pk")[:400]
    )
    figures = [one for one in (_key_figure(code, found) for code in KEY_FIGURES) if one]
    shown = next((one for one in found if one.definition == measure and not one.part), None)
    lists, columns = _columns(at)
    notices = lists.get(NOTICES, [])
    definition = BY_CODE[measure]
    return FrontPage(
        key_figures=figures,
        measures=[Measure(code, BY_CODE[code].title, code == measure) for code in MEASURES],
        tiles=_tiles(measure, shown.year) if shown else (),
        tile_unit=definition.unit,
        tile_caption=T("各市{title}，{day}。", title=definition.title, day=shown.as_of.isoformat())
        if shown
        else Text(""),
        trend=_trend(found),
        trend_series=[KINDS[part] for part in TREND_PARTS],
        trend_of=next((one for one in found if one.definition == "carriers" and one.part), None),
        notices=notices,
        results=lists.get(RESULTS, []),
        runs=list(Run.objects.visible_to(VISITOR).order_by("-publicised_at", "-pk")[:PER_LIST]),
        columns=columns,
        open_until=next((one for one in notices if one.valid_until and one.valid_until > at), None),
    )
