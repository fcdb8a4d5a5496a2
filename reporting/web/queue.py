"""An officer's desk: what waits for them, who has not filed, where it is stuck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.pages import paged
from core.text import T, Text
from core.ui import Status
from office.queries import workdays
from office.rules.workdays import Workdays
from office.web.requests import DeskRequest
from reporting import queries
from reporting.models import Campaign, CampaignState, Return
from reporting.rules.lifecycle import OPEN_STATES, REVIEWING, TITLES, State
from reporting.rules.limits import LIMIT
from reporting.web.forms import QueueFilter
from reporting.web.standing import status_of

STAGES: tuple[tuple[str, Text, str], ...] = (
    ("not_started", T("未开始"), "grey"),
    ("filling", T("填报中"), "light"),
    *((stop.value, dict(TITLES)[stop], "blue") for stop in REVIEWING),
    ("returned", T("退回修改"), "amber"),
    ("accepted", T("已受理"), "green"),
)
_OPEN = [state.value for state in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Limit:
    """How long an office still has: in words, with the tone of its urgency."""

    words: Text
    tone: str
    days: int


@dataclass(frozen=True, slots=True)
class Waiting:
    found: Return
    status: Status
    limit: Limit | None
    arrived: datetime | None
    explained: int
    round: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Counter:
    code: str
    title: Text
    number: int
    share: str
    url: str
    current: bool
    key: str


def limit_of(arrived: datetime, at: datetime, calendar: Workdays) -> Limit:
    """By working days; the day of arrival does not count."""
    last = calendar.add_working_days(clock.day_of(arrived), LIMIT)
    today: date = clock.day_of(at)
    left = calendar.working_days_between(today, last)
    if left < 0:
        return Limit(T("已超时限 {n} 个工作日", n=-left), "bad", left)
    if left == 0:
        return Limit(T("今天到期"), "warn", left)
    return Limit(T("剩 {n} 个工作日", n=left), "muted", left)


def arrived() -> Coalesce:
    """When a return came to the office where it lies."""
    return Coalesce(F("city_passed_at"), F("county_passed_at"), F("submitted_at"))


def in_scope(actor: Actor) -> QuerySet[Return]:
    """What this officer's desk is about: the campaigns that are not closed."""
    return Return.objects.visible_to(actor).filter(campaign__state=CampaignState.OPEN)


def narrowed(actor: Actor, rows: QuerySet[Return], asked: Mapping[str, Any]) -> QuerySet[Return]:
    """Campaign, region, kind and words; the state apart, so that the counters stay whole."""
    if asked.get("campaign"):
        rows = rows.filter(campaign_id=asked["campaign"])
    if asked.get("region"):
        rows = rows.filter(carrier__region__path__contains=f"/{asked['region']}/")
    if asked.get("kind"):
        rows = rows.filter(carrier__kind=asked["kind"])
    if asked.get("q"):
        words = asked["q"]
        rows = rows.filter(Q(carrier__name__icontains=words) | Q(carrier__code__icontains=words))
    return rows


def of_state(actor: Actor, rows: QuerySet[Return], state: str) -> QuerySet[Return]:
    if state == "mine":
        return rows.filter(pk__in=queries.waiting_for(actor).values("pk"))
    if state == "not_started":
        return rows.filter(state=State.FILLING.value, started_at=None)
    if state == State.FILLING:
        return rows.filter(state=state, started_at__isnull=False)
    return rows.filter(state=state) if state else rows


def by_stage(rows: QuerySet[Return], *groups: str) -> QuerySet[Return, Any]:
    """(…groups, stage, how many), `not_started` apart from `filling`: one query."""
    stage = Case(
        When(state=State.FILLING.value, started_at=None, then=Value("not_started")),
        default=F("state"),
        output_field=CharField(),
    )
    return rows.order_by().annotate(stage=stage).values_list(*groups, "stage").annotate(number=Count("pk"))


def counted(rows: QuerySet[Return]) -> dict[str, int]:
    """How many stand where, `not_started` apart from `filling`: one query."""
    counts = dict.fromkeys((code for code, _, _ in STAGES), 0)
    for stage, number in by_stage(rows):
        counts[stage] += number
    return counts


def counters(request: DeskRequest, counts: Mapping[str, int], mine: int, state: str) -> list[Counter]:
    total = sum(counts.values())

    def url(code: str) -> str:
        query = {k: v for k, v in request.GET.items() if k in ("q", "campaign", "region", "kind") and v}
        return "?" + urlencode({**query, "state": code})

    answer = [Counter("", T("应报"), total, "", url(""), state == "", "all")]
    if default_state(request.actor):
        answer.append(Counter("mine", T("待我办理"), mine, "", url("mine"), state == "mine", "mine"))
    for code, title, key in STAGES:
        if code in ("at_county", "at_city", "at_province") and not counts[code]:
            continue
        share = f"{counts[code] * 100 / total:.1f}" if total else "0.0"
        answer.append(Counter(code, title, counts[code], share, url(code), state == code, key))
    return answer


def stuck(actor: Actor, rows: QuerySet[Return]) -> list[dict[str, Any]]:
    """Regions just below the officer's × stages: two queries, whatever the size."""
    base = actor.region
    if base is None:
        return []
    below = list(Region.objects.filter(parent=base).order_by("code")) or [base]
    table: dict[str, dict[str, Any]] = {
        one.path: {"region": one, "total": 0, "counts": dict.fromkeys(dict(_codes()), 0)} for one in below
    }
    for path, stage, number in by_stage(rows, "carrier__region__path"):
        home = next((one for one in table if path.startswith(one)), None)
        if home is not None:
            table[home]["counts"][stage] += number
            table[home]["total"] += number
    return [_shaded(row) for row in table.values()]


def _codes() -> list[tuple[str, Text]]:
    return [(code, title) for code, title, _ in STAGES]


def _shaded(row: dict[str, Any]) -> dict[str, Any]:
    """Each number with its step of shading, 0 to 3, by its share of the row."""
    total = row["total"] or 1
    cells = [
        (code, number, min(3, -(-number * 4 // total) - 1) if number else 0)
        for code, number in row["counts"].items()
    ]
    return {**row, "cells": cells}


def waiting(actor: Actor, items: Sequence[Return], at: datetime) -> list[Waiting]:
    """The rows of a page, each with its limit."""
    mine = set(
        queries.waiting_for(actor).filter(pk__in=[one.pk for one in items]).values_list("pk", flat=True)
    )
    calendar = workdays()
    return [
        Waiting(
            found=one,
            status=status_of(one),
            limit=limit_of(one.arrived, at, calendar) if one.state in REVIEWING else None,  # type: ignore[attr-defined]
            arrived=one.arrived,  # type: ignore[attr-defined]
            explained=len(one.current.explanations) if one.current and one.state in REVIEWING else 0,
            round=one.current.number if one.current else 1,
            is_mine=one.pk in mine,
        )
        for one in items
    ]


def _form(request: DeskRequest) -> QueueFilter:
    actor = request.actor
    campaigns = Campaign.objects.visible_to(actor).filter(state=CampaignState.OPEN)
    regions = (
        Region.objects.filter(path__startswith=actor.region_path).order_by("code") if actor.region else ()
    )
    return QueueFilter(
        request.GET if "state" in request.GET else {**request.GET.dict(), "state": default_state(actor)},
        campaigns=[(str(one.pk), one.title) for one in campaigns[:20]],
        regions=[(one.code, one.name) for one in regions[:200]],
    )


def default_state(actor: Actor) -> str:
    """Officers begin with what waits for them; who only looks begins with everything."""
    return "mine" if actor.role in queries.OWNER_ROLES.values() else ""


def listing(request: DeskRequest, at: datetime) -> HttpResponse:
    """The longest arrived first: all offices have the same limit, so that is the order of urgency."""
    actor, form = request.actor, _form(request)
    form.is_valid()
    asked = form.cleaned_data
    state = asked.get("state", "")
    scope = narrowed(actor, in_scope(actor), asked)
    rows = of_state(actor, scope, state).annotate(arrived=arrived())
    rows = rows.select_related("campaign", "carrier__region", "current")
    found = paged(rows.order_by(F("arrived").asc(nulls_last=True), "pk"), request)
    late = scope.filter(state__in=_OPEN).select_related("carrier__region", "campaign")
    counts = counted(scope)
    context = {
        "page": found,
        "rows": waiting(actor, found.items, at),
        "form": form,
        "counters": counters(request, counts, of_state(actor, scope, "mine").count(), state),
        "stages": _codes(),
        "stuck": stuck(actor, scope),
        "not_filed": [(one, status_of(one)) for one in late.order_by("started_at", "pk")[:8]],
        "not_filed_count": counts["not_started"] + counts["filling"] + counts["returned"],
        "now": at,
        "limit": LIMIT,
        "mine": state == "mine",
    }
    return render(request, "reporting/queue.html", context)
