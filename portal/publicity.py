"""What is open to objections and what was decided: runs, money, lists told by editors, in one order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count
from django.urls import reverse

from accounts.actors import VISITOR
from core import clock
from core.formats import number
from core.text import T, Text
from core.ui import Status
from evaluation import queries as evaluation
from evaluation.models import Run, RunEntry
from funding.models import Allocation, Award
from news import queries as news
from news.models import Article
from news.rules.particulars import Call, call_of
from office.queries import workdays
from office.rules.workdays import Workdays

MOST = 200  # of each kind; who looks further back asks for a year
TEN_THOUSAND = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what it is, its state in words, what is urgent of it ("" if nothing)."""

    title: str
    url: str
    day: date
    status: Status | None = None
    words: Text | str = ""
    urgent: Text | str = ""
    is_open: bool = False


def _open_row(title: str, url: str, day: date, call: Call, at_end: datetime, at: datetime) -> Row:
    return Row(title, url, day, call.status, call.words, call.urgent, is_open=at_end > at)


def _runs(at: datetime, calendar: Workdays) -> list[Row]:
    """Runs from publicity on, with how many carriers got which grade: two queries."""
    runs = list(
        evaluation.runs_of(VISITOR).exclude(publicised_at=None).order_by("-publicised_at", "-pk")[:MOST]
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    if runs:
        graded = RunEntry.objects.visible_to(VISITOR).filter(run__in=runs).exclude(grade="").order_by()
        for run_id, grade, n in graded.values_list("run_id", "grade").annotate(n=Count("pk")):
            counts[run_id][grade] = n
    return [_run(run, counts[run.pk], at, calendar) for run in runs]


def _run(run: Run, counts: dict[str, int], at: datetime, calendar: Workdays) -> Row:
    url = reverse("evaluation:results", args=[run.pk])
    begun = clock.day_of(run.publicised_at or at)
    if run.published_at is None and run.publicity_ends_at is not None:
        call = call_of(run.publicity_ends_at, at, calendar)
        return _open_row(run.title, url, begun, call, run.publicity_ends_at, at)
    order = evaluation.definition(run.scheme).grading.order
    parts = [T("{n} 家", n=number(sum(counts.values())))]
    parts += [T("{grade} 级 {n}", grade=one, n=number(counts[one])) for one in order if counts.get(one)]
    day = clock.day_of(run.published_at or at)
    return Row(run.title, url, day, Status(T("已公告"), "ok"), _joined(parts))


def _joined(parts: Sequence[Text]) -> Text:
    """Several facts in one line."""
    names = {f"p{index}": part for index, part in enumerate(parts)}
    return Text(" · ".join(f"{{{name}}}" for name in names), names)


def _money() -> list[Row]:
    """Allocations that were decided, with how many carriers get how much: two queries."""
    rows = Allocation.objects.visible_to(VISITOR).select_related("policy", "run")
    found = list(rows.order_by("-confirmed_at", "-pk")[:MOST])
    paid = Award.objects.visible_to(VISITOR).filter(allocation__in=found).order_by()
    counts = (
        dict(paid.values_list("allocation_id").annotate(n=Count("carrier", distinct=True))) if found else {}
    )
    return [
        Row(
            f"{one.policy.title}（{one.run.year}）",
            reverse("funding:allocation", args=[one.pk]),
            clock.day_of(one.confirmed_at or one.prepared_at),
            Status(T("已公告"), "ok"),
            T(
                "{n} 家，共 {sum} 万元",
                n=number(counts.get(one.pk, 0)),
                sum=number((one.allocated / TEN_THOUSAND).normalize()),
            ),
        )
        for one in found
    ]


def _told(at: datetime, calendar: Workdays) -> list[Row]:
    """Lists that editors told: one query."""
    return [
        _article(one, at, calendar)
        for one in news.published_articles(at=at, section=news.PUBLICITY, limit=MOST)
    ]


def _article(one: Article, at: datetime, calendar: Workdays) -> Row:
    url, day = reverse("news:article", args=[one.pk]), clock.day_of(one.published_at or at)
    call = news.call_of(one, at, calendar)
    if call is None or one.valid_until is None:
        return Row(one.title, url, day, Status(T("已公告"), "ok"), one.document_number)
    return _open_row(one.title, url, day, call, one.valid_until, at)


def publicity_rows(at: datetime, words: str = "") -> list[Row]:
    """What is open to objections first, then the newest. Six queries at any length."""
    calendar = workdays()
    rows = [*_runs(at, calendar), *_money(), *_told(at, calendar)]
    if words:
        rows = [row for row in rows if words.casefold() in f"{row.title} {row.words}".casefold()]
    return sorted(rows, key=lambda row: (row.is_open, row.day), reverse=True)


def by_year(rows: Sequence[Row]) -> list[tuple[int, list[Row]]]:
    """Rows under the year of their day, the newest year first."""
    years: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        years[row.day.year].append(row)
    return sorted(years.items(), reverse=True)
