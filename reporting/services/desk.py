"""What the desk of one who checks is about: how many returns stand where, and which of them are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import Role
from core import clock
from core.text import T, Text
from office.queries import workdays
from registry.rules.vocabulary import KINDS
from reporting import links, queries
from reporting.models import CampaignState, Return
from reporting.rules.limits import LIMIT

TITLES: Mapping[str, Text] = {
    "not_started": T("未开始"),
    "filling": T("填报中"),
    "at_county": T("县区审核中"),
    "at_city": T("市级审核中"),
    "at_province": T("省级受理中"),
    "mine": T("在我处"),
    "returned": T("退回在改"),
    "passed": T("我已通过"),
    "accepted": T("已受理"),
}
FILTERS = ("q", "campaign", "region", "kind")  # beside the stage
SHADES = (10, 20, 35)  # percent of the row from which a cell is shaded one step darker


@dataclass(frozen=True, slots=True)
class Counter:
    """A stage with its number. `start` and `share` are percent: where its part of the bar lies."""

    code: str
    title: Text
    number: int
    url: str
    current: bool = False
    start: float = 0
    share: float = 100

    @property
    def share_words(self) -> str:
        return f"{self.share:.1f} %"

    @property
    def place(self) -> str:
        """Where its part of the bar begins, fine enough to leave no gap."""
        return f"{self.start:.3f}"

    @property
    def width(self) -> str:
        return f"{self.share:.3f}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table, the list that it opens, and its step of shading, 0 to 3."""

    number: int
    url: str
    step: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """`days`: the median of working days that the office below took; None without one that passed."""

    title: Text | str
    total: Cell
    cells: tuple[Cell, ...]
    days: float | None

    @property
    def is_slow(self) -> bool:
        return self.days is not None and self.days > LIMIT


@dataclass(frozen=True, slots=True)
class Table:
    """Regions below, or kinds of carrier where there are none below, by stage. `days_title` is empty when
    nobody has passed one yet."""

    head: Text
    stages: tuple[Text, ...]
    rows: tuple[Row, ...]
    sum: Row
    days_title: Text | str


def stages_of(actor: Actor) -> tuple[str, ...]:
    return queries.SEEN_STAGES.get(actor.role, queries.STAGES)


def title_of(code: str, actor: Actor) -> Text:
    """What the province has passed is accepted."""
    is_last = code == "passed" and actor.role == Role.PROVINCE_OFFICER
    return TITLES["accepted" if is_last else code]


def in_scope(actor: Actor) -> QuerySet[Return]:
    """The returns of the campaigns that are not closed, in the actor's scope."""
    return Return.objects.visible_to(actor).filter(campaign__state=CampaignState.OPEN)


def narrowed(actor: Actor, rows: QuerySet[Return], asked: Mapping[str, Any]) -> QuerySet[Return]:
    """Campaign, region, kind and words; the stage apart, so that the counters stay whole. The actor's own
    region means the carriers that belong to it directly."""
    if asked.get("campaign"):
        rows = rows.filter(campaign_id=asked["campaign"])
    if asked.get("region"):
        is_own = actor.region is not None and actor.region.code == asked["region"]
        rows = (
            rows.filter(carrier__region=actor.region)
            if is_own
            else rows.filter(carrier__region__path__contains=f"/{asked['region']}/")
        )
    if asked.get("kind"):
        rows = rows.filter(carrier__kind=asked["kind"])
    if asked.get("q"):
        words = asked["q"]
        rows = rows.filter(Q(carrier__name__icontains=words) | Q(carrier__code__icontains=words))
    return rows


def address(asked: Mapping[str, Any], **changes: object) -> str:
    """The list with these filters, some of them changed; an empty stage stays, it means all."""
    query = {name: asked[name] for name in FILTERS if asked.get(name)}
    query.update({name: value for name, value in changes.items() if value or name == "state"})
    return f"{links.QUEUE}?{urlencode(query)}"


class Standing:
    """How many returns stand where: counted once, shown as counters and as a table. `linked`: whether its
    numbers open the list, which knows open campaigns only."""

    def __init__(
        self, actor: Actor, rows: QuerySet[Return], asked: Mapping[str, Any], *, linked: bool = True
    ) -> None:
        self.actor, self.rows, self.asked, self.linked = actor, rows, asked, linked
        self.stages = stages_of(actor)
        self.by_kind = actor.role == Role.COUNTY_OFFICER
        self.key = "carrier__kind" if self.by_kind else "carrier__region__path"
        self.found = list(queries.by_stage(rows, self.key, stage=queries.stage_for(actor)))
        self.counts = dict.fromkeys(self.stages, 0)
        for _, stage, number in self.found:
            self.counts[stage] += number

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def number_of(self, state: str) -> int:
        return self.counts.get(state, self.total)

    def counters(self, state: str | None = None) -> list[Counter]:
        """All first, then each stage; an office of the chain that has none is left out."""
        answer = [Counter("", T("应报"), self.total, address(self.asked, state=""), state == "")]
        start = 0.0
        for code in self.stages:
            number = self.counts[code]
            if not number and code.startswith("at_"):
                continue
            share = number * 100 / self.total if self.total else 0.0
            url = address(self.asked, state=code)
            answer.append(Counter(code, title_of(code, self.actor), number, url, state == code, start, share))
            start += share
        return answer

    def table(self) -> Table | None:
        """Where it is stuck: at most three queries, whatever the size."""
        base = self.actor.region
        if base is None or not self.total:
            return None
        groups = self._kinds() if self.by_kind else self._regions(base)
        taken = self._days(base)
        days = [one for found in taken.values() for one in found]
        rows = [
            self._row(title, counts, changes, taken.get(key, [])) for key, title, counts, changes in groups
        ]
        return Table(
            head=T("类型") if self.by_kind else T("区域"),
            stages=tuple(title_of(code, self.actor) for code in self.stages),
            rows=tuple(rows),
            sum=self._row(T("合计"), self.counts, {}, days),
            days_title=_days_title(self.actor) if days else "",
        )

    def _row(
        self, title: Text | str, counts: Mapping[str, int], changes: Mapping[str, str], days: list[int]
    ) -> Row:
        total = sum(counts.values())

        def cell(code: str) -> Cell:
            number = counts.get(code, total)
            step = sum(number * 100 >= one * total for one in SHADES) if number and code else 0
            url = address(self.asked, **changes, state=code) if self.linked else ""
            return Cell(number, url, step)

        cells = tuple(cell(code) for code in self.stages)
        return Row(title, cell(""), cells, median(days) if days else None)

    def _kinds(self) -> Iterable[tuple[str, Text, Mapping[str, int], Mapping[str, str]]]:
        for kind, title in KINDS.items():
            counts = dict.fromkeys(self.stages, 0)
            counts.update({stage: number for one, stage, number in self.found if one == kind})
            if any(counts.values()):
                yield kind, title, counts, {"kind": str(kind)}

    def _regions(
        self, base: Region
    ) -> Iterable[tuple[str, Text | str, Mapping[str, int], Mapping[str, str]]]:
        for one in queries.rolled_up(self.found, base, self.stages):
            if one.total:
                title = T("{region}本级", region=one.region) if one.is_own else str(one.region)
                yield one.region.path, title, one.counts, {"region": one.region.code}

    def _days(self, base: Region) -> dict[str, list[int]]:
        """Working days that the office below took for each that it passed, by row: two queries."""
        arrived, passed = _office_below(self.actor)
        found = self.rows.filter(**{f"{passed}__isnull": False}).order_by()
        calendar = workdays()
        answer: dict[str, list[int]] = {}
        for key, came, went in found.annotate(came=arrived).values_list(self.key, "came", passed):
            if not self.by_kind:
                key = queries.child_path(key, base)
            days = calendar.working_days_between(clock.day_of(came), clock.day_of(went))
            answer.setdefault(key, []).append(days)
        return answer


def _office_below(actor: Actor) -> tuple[Any, str]:
    """When a return came to the office whose pace is shown, and the stamp of its passing."""
    if actor.role in (Role.COUNTY_OFFICER, Role.CITY_OFFICER):
        return F("submitted_at"), "county_passed_at"
    return Coalesce("county_passed_at", "submitted_at"), "city_passed_at"


def _days_title(actor: Actor) -> Text:
    if actor.role == Role.COUNTY_OFFICER:
        return T("审核用时中位数（工作日）")
    if actor.role == Role.CITY_OFFICER:
        return T("县区用时中位数（工作日）")
    return T("市级用时中位数（工作日）")
