"""The home of a carrier's staff: its last result, and the objections that wait for a decision."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.actors import Actor
from core import clock
from core.slots import HomePart
from core.text import T
from evaluation import queries
from evaluation.models import Objection
from office.queries import workdays
from reporting.slots.waiting import TEMPLATE, Waiting, days_since

SHOWN = 10


def parts_of_carrier(actor: Actor) -> list[HomePart]:
    """Of the acting appointment's carrier; both are left out where there is nothing to tell."""
    if not actor.carrier_code:
        return []
    return [*_objections(actor, clock.now()), *_result(actor)]


def _result(actor: Actor) -> list[HomePart]:
    """The newest grade that was published, with its place among those that were ranked."""
    mine = queries.published_results(actor).filter(carrier__code=actor.carrier_code)
    entry = mine.order_by("-run__year", "-run_id").first()
    if entry is None:
        return []
    scheme = queries.definition(entry.run.scheme)
    return [
        HomePart(
            title=T("最近评价结果"),
            template="evaluation/_home_carrier_result.html",
            context={
                "entry": entry,
                "label": scheme.grading.label_of(entry.grade),
                "places": scheme.decimals,
                "ranked": entry.run.entries.exclude(rank=None).count() if entry.rank else 0,
                "url": reverse("evaluation:explanation", args=[entry.run_id, entry.carrier.code]),
            },
            place="aside",
            note=T("{year} 年度", year=entry.run.year),
            order=20,
        )
    ]


def _objections(actor: Actor, at: datetime) -> list[HomePart]:
    """No office has a limit for these: the result waits for them."""
    open_now = Objection.objects.visible_to(actor).filter(state="filed")
    found = list(open_now.select_related("entry__run__region").order_by("filed_at")[:SHOWN])
    if not found:
        return []
    calendar = workdays()
    rows = [
        Waiting(
            what=T("异议：{title}", title=one.entry.run.title),
            url=reverse("evaluation:objection", args=[one.pk]),
            where=T("{office} · {region}", office=T("省级管理"), region=one.entry.run.region),
            since=one.filed_at,
            days=days_since(one.filed_at, at, calendar),
        )
        for one in found
    ]
    return [
        HomePart(
            title=T("在等异议处理"),
            template=TEMPLATE,
            context={"rows": rows},
            note=T("全部异议处理完毕后才公布结果"),
            order=31,
        )
    ]
