"""The stages of a year, read from rows: when, how many, how far. What the data cannot tell is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q

from core.clock import SHANGHAI
from core.text import T, Text
from evaluation.models import Assignment, Run
from evaluation.models.runs import OPEN_STATES, OVERSEEING
from evaluation.rules.publicity import final_day
from evaluation.rules.standing import percent_of
from portal.progress.counting import Amount, Counted
from portal.progress.scope import Scope

FULL = Decimal(100)
SCORED = ("scored", *OPEN_STATES)
Words = Text | str


@dataclass(frozen=True, slots=True)
class Stage:
    """`state`: done; current, the first that is not; begun, while an earlier one still runs; todo.
    `share` is how far it is, in percent."""

    title: Text
    is_done: bool
    share: Decimal
    when: Words = ""
    note: Words = ""
    left: Words = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Marking:
    """Assignments of one run, those given back left out; `late` are open past their own limit."""

    all: int
    submitted: int
    late: int


def day_words(at: datetime | None, now: datetime) -> str:
    """`03-18`, with its year when that is another one."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{local:%m-%d}" if local.year == now.astimezone(SHANGHAI).year else f"{local:%Y-%m-%d}"


def _span(first: datetime | None, last: datetime | None, now: datetime) -> Words:
    """`11-05 至 12-08`, with years where one is not this one, said once where both are the same."""
    begins, ends = day_words(first, now), day_words(last, now)
    if not first or not last or begins == ends:
        return ends or begins
    if begins[:5] == ends[:5] and len(begins) > 5:
        ends = ends[5:]
    elif len(begins) != len(ends):
        # A date is not broken over two lines where both have their years.
        begins, ends = (f"{one.astimezone(SHANGHAI):%Y-\u2060%m-\u2060%d}" for one in (first, last))
    return T("{first} 至 {last}", first=begins, last=ends)


def _of(part: Amount, whole: Amount, unit: Text) -> Text:
    return T("{part} / {whole} {unit}", part=f"{part:,}", whole=f"{whole:,}", unit=unit)


def _share(part: Amount, whole: Amount) -> Decimal:
    return percent_of(int(part), int(whole))


def stages_of(scope: Scope, found: Counted, marking: dict[int, Marking]) -> list[Stage]:
    """In their order; the first that is not done is the current one."""
    answer: list[Stage] = []
    is_current_found = False
    for stage in [*_filing(scope, found), *_judging(scope, marking), _money(scope, found)]:
        if stage.is_done:
            state = "done"
        elif not is_current_found:
            state, is_current_found = "current", True
        else:
            state = "begun" if stage.share else "todo"
        answer.append(replace(stage, state=state))
    return answer


def _filing(scope: Scope, found: Counted) -> Iterator[Stage]:
    """From the call to the acceptance; an office that is in nobody's chain has no stage."""
    opens = min(one.opens_at for one in scope.campaigns)
    due, total = found.due_until(scope), found.total
    n, pieces = len(scope.campaigns), T("份")
    is_open = opens <= scope.at
    note = T("{n} 项填报", n=n)
    yield Stage(T("通知与开表"), is_open, FULL if is_open else Decimal(0), day_words(opens, scope.at), note)
    is_over = found.is_filling_over(scope) or (bool(total["due"]) and total["filed"] == total["due"])
    yield Stage(
        T("载体填报"),
        is_open and is_over,
        _share(total["filed"], total["due"]),
        _span(opens, due, scope.at),
        _of(total["filed"], total["due"], pieces),
        "" if is_over or not is_open else days_left(due, scope.at),
    )
    for key, waiting, title in _offices(found):
        is_over = is_over and not total[waiting]
        yield Stage(
            title,
            is_open and is_over,
            _share(total[key], total["filed"]),
            _span(found.day(f"{key}_first"), found.day(f"{key}_last"), scope.at),
            _of(total[key], total["filed"], pieces),
        )


def _offices(found: Counted) -> list[tuple[str, str, Text]]:
    all_offices = (
        ("county", "at_county", T("县级审核")),
        ("city", "at_city", T("设区市审核")),
        ("accepted", "at_province", T("省级受理")),
    )
    return [one for one in all_offices if found.stamps.get(f"with_{one[0]}", 1)]


def days_left(until: datetime, at: datetime) -> Text:
    """Whole days still to go, the started one too."""
    return T("剩 {n} 天", n=max(0, -((at - until) // timedelta(days=1))))


def _judging(scope: Scope, marking: dict[int, Marking]) -> Iterator[Stage]:
    """Marking and scoring for those who oversee runs; publicity and publication for all."""
    runs, n = scope.runs, len(scope.runs)
    pieces = T("批")
    if scope.actor.role in OVERSEEING:
        yield from _marking(scope, [marking[run.pk] for run in runs if run.pk in marking])
        scored = [run for run in runs if run.state in SCORED]
        yield Stage(
            T("计分定级"),
            bool(runs) and len(scored) == n,
            _share(len(scored), n),
            _last([run.scored_at for run in scored], scope.at),
            _of(len(scored), n, pieces) if runs else "",
        )
    shown = [run for run in runs if run.state in OPEN_STATES]
    ended = [run for run in shown if run.publicity_ends_at and run.publicity_ends_at <= scope.at]
    yield Stage(
        T("公示"),
        bool(runs) and len(ended) == n,
        _share(len(ended), n) or (Decimal(1) if shown else Decimal(0)),
        _publicity(shown, scope.at),
        _of(len(shown), n, pieces) if runs else "",
    )
    out = [run for run in runs if run.state == "published"]
    yield Stage(
        T("公布等级"),
        bool(runs) and len(out) == n,
        _share(len(out), n),
        _last([run.published_at for run in out], scope.at),
        _of(len(out), n, pieces) if runs else "",
    )


def _marking(scope: Scope, sets: Sequence[Marking]) -> Iterator[Stage]:
    """A year whose runs are all scored without any expert has no such stage."""
    runs = scope.runs
    number, done = sum(one.all for one in sets), sum(one.submitted for one in sets)
    is_scored = bool(runs) and all(run.state in SCORED for run in runs)
    if is_scored and not number:
        return
    note: Words = _of(done, number, T("份")) if number else ""
    if not runs:
        note = T("还没有评价批次")
    frozen = [run.frozen_at for run in runs if run.frozen_at]
    when = T("{day} 起", day=day_words(min(frozen), scope.at)) if frozen else ""
    is_done = is_scored or (bool(number) and done == number)
    yield Stage(T("专家评审"), is_done, FULL if is_done else _share(done, number), when, note)


def _last(days: Sequence[datetime | None], now: datetime) -> str:
    known = [day for day in days if day is not None]
    return day_words(max(known), now) if known else ""


def _publicity(shown: Sequence[Run], at: datetime) -> Words:
    """From the first beginning to the last day for objections, of those that are open now, else of all."""
    shown = [run for run in shown if run.publicity_ends_at and run.publicity_ends_at > at] or shown
    begins = [run.publicised_at for run in shown if run.publicised_at]
    ends = [run.publicity_ends_at for run in shown if run.publicity_ends_at]
    if not begins or not ends:
        return ""
    last = datetime.combine(final_day(max(ends)), datetime.min.time(), SHANGHAI)
    return _span(min(begins), last, at)


def _money(scope: Scope, found: Counted) -> Stage:
    """Done once every run of the year is published and nothing worked out waits for its confirmation."""
    mine = [one for one in scope.allocations if one.run.year == scope.year]
    confirmed = [one for one in mine if one.state == "confirmed"]
    is_out = bool(scope.runs) and all(run.state == "published" for run in scope.runs)
    note: Words = ""
    if mine:
        note = T("{part} 万元", part=f"{found.total['decided'] / 10_000:,.0f}")
    elif scope.money_year:
        note = T("上次为 {year} 年度", year=scope.money_year)
    return Stage(
        T("核定奖补"),
        is_out and bool(mine) and len(confirmed) == len(mine),
        _share(len(confirmed), max(len(scope.runs), len(mine))),
        _last([one.confirmed_at for one in confirmed], scope.at),
        note,
    )


def marking_of(scope: Scope) -> dict[int, Marking]:
    """Run → its assignments, of the year's runs and of earlier ones that are still open: one query."""
    runs = {run.pk for run in (*scope.runs, *scope.open_runs)}
    late = Q(submitted_at=None, due_at__lt=scope.at)
    rows: Any = (
        Assignment.objects.visible_to(scope.actor)
        .filter(
            entry__run__in=runs,
            entry__carrier__region__path__startswith=scope.region.path,
            recused_at=None,
        )
        .order_by()
        .values_list(F("entry__run_id"))
        .annotate(all=Count("pk"), submitted=Count("submitted_at"), late=Count("pk", filter=late))
    )
    return {run: Marking(all_, submitted, late_) for run, all_, submitted, late_ in rows}
