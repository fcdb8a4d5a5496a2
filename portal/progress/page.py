"""The year's progress put together: one page, and the parts of a provincial officer's home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.formats import moment
from core.slots import HomePart
from core.text import T, Text
from core.ui import Status
from portal.progress.counting import Counted, counted
from portal.progress.decisions import Decision, decisions_of
from portal.progress.money import Money, money_of
from portal.progress.scope import Scope, scope_of
from portal.progress.stages import Stage, marking_of, stages_of
from portal.progress.table import RegionTable, TileMap, address, map_of, table_of

_COUNTED = {"nation": T("{n} 省"), "province": T("{n} 市"), "city": T("{n} 个县（市、区）")}


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the page shows; parts that the data cannot tell are None or empty."""

    scope: Scope
    stages: Sequence[Stage]
    table: RegionTable | None
    map: TileMap | None
    decisions: Sequence[Decision]
    money: Money | None
    title: Text
    status: Status
    subtitle: Text
    crumbs: Sequence[tuple[str, str]]
    years: Sequence[tuple[int, str, bool]]
    has_carriers: bool

    def home(self) -> list[HomePart]:
        """The same parts for somebody's home."""
        whole = (T("看全部"), address(self.scope))
        context = {"stages": self.stages, "table": self.table, "map": self.map, "decisions": self.decisions}
        head = T("{year} 年度进度", year=self.scope.year)
        parts = [HomePart(head, "portal/_progress_stages.html", context, note=self.status.word, more=whole)]
        if self.table:
            title = title_of_table(self.scope)
            parts.append(HomePart(title, "portal/_progress_table.html", context, note=UNITS, order=60))
        if self.map:
            title, note = T("{title}比例", title=self.map.title), self.map.base
            parts.append(HomePart(title, "portal/_progress_map.html", context, "aside", note, order=60))
        if self.decisions:
            parts.append(
                HomePart(
                    title_of_decisions(self.scope),
                    "portal/_progress_decisions.html",
                    context,
                    "aside",
                    T("{n} 件，按影响排列", n=len(self.decisions)),
                    order=40,
                )
            )
        return parts


UNITS = T("单位：份；点名称看下级")


def title_of_table(scope: Scope) -> Text:
    titles = {"nation": T("各省进度"), "province": T("各市进度"), "city": T("各县（市、区）进度")}
    return titles.get(scope.region.level, T("进度"))


def title_of_decisions(scope: Scope) -> Text:
    """The province decides; others look."""
    return T("要决定的事") if scope.actor.role == Role.PROVINCE_OFFICER else T("要留意的事")


def progress_of(scope: Scope, *, measure: str = "", sort: str = "") -> Progress:
    """All of the page; some twenty queries, whatever the size."""
    found = counted(scope)
    marking = marking_of(scope)
    stages = stages_of(scope, found, marking)
    below = [row for row in found.rows if not row.is_own]
    return Progress(
        scope=scope,
        stages=stages,
        table=table_of(scope, found, sort) if below else None,
        map=map_of(scope, found, measure, sort) if below else None,
        decisions=decisions_of(scope, found, marking),
        money=money_of(scope),
        title=_title(scope),
        status=_status(stages),
        subtitle=_subtitle(scope, found, len(below)),
        crumbs=_crumbs(scope),
        years=[(year, _of_year(scope, year), year == scope.year) for year in scope.years],
        has_carriers=any(row.is_own for row in found.rows),
    )


def _title(scope: Scope) -> Text:
    if scope.above:
        return T("{region} {year} 年度报表与绩效评价", region=scope.region.name, year=scope.year)
    return T("{year} 年度报表与绩效评价", year=scope.year)


def _status(stages: Sequence[Stage]) -> Status:
    current = next((one for one in stages if one.state == "current"), None)
    if current is None:
        return Status(T("全部办结"), "ok", "circle-check")
    return Status(T("进行中：{stage}", stage=current.title), "info", "circle-dot")


def _subtitle(scope: Scope, found: Counted, below: int) -> Text:
    """Where, how many, as of when, out of what."""
    where = Text("{name}", {"name": scope.region.name})
    if below and scope.region.level in _COUNTED:
        n = Text(_COUNTED[scope.region.level].msgid, {"n": below})
        where = T("{name} {n}", name=scope.region.name, n=n)
    sources = [T("年度报表")]
    if scope.runs:
        sources.append(T("{n} 个评价批次", n=len(scope.runs)))
    if scope.allocations:
        sources.append(T("{year} 年度奖补核定", year=scope.money_year))
    source = sources[0]
    for one in sources[1:]:
        source = T("{one}、{other}", one=source, other=one)
    return T(
        "{where} {carriers} 家载体 · 数据截至 {when} · 来源：{source}",
        where=where,
        carriers=f"{found.stamps['carriers']:,}",
        when=moment(scope.at, scope.at.astimezone(clock.SHANGHAI).year),
        source=source,
    )


def _of_year(scope: Scope, year: int) -> str:
    return address(scope, year=str(year))


def _crumbs(scope: Scope) -> list[tuple[str, str]]:
    """The way down; none at its beginning."""
    if not scope.above:
        return []
    way = [(one.name, address(scope, region=one.code)) for one in scope.above]
    return [*way, (scope.region.name, "")]


def home_parts_for(actor: Actor) -> list[HomePart]:
    """The year's progress on a provincial officer's home: stages and table below the tasks, map and what is
    to be decided at the side."""
    if actor.role != Role.PROVINCE_OFFICER or actor.region is None:
        return []
    scope = scope_of(actor, clock.now())
    return progress_of(scope).home() if scope else []
