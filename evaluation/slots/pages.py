"""What evaluation offers to the pages above it."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.slots import Hit, Panel, Task
from core.text import T
from evaluation import queries
from evaluation.models import Objection, Run, RunEntry, Scheme
from evaluation.models.runs import OPEN_STATES
from evaluation.permissions import may_see_explanation
from evaluation.rules.entered import is_plain
from evaluation.rules.publicity import final_day
from evaluation.slots.expert import tasks_of_expert
from registry.models import Carrier

SHOWN = 5
_NEXT = {
    "draft": (T("数据尚未冻结。"), T("去冻结")),
    "frozen": (T("已冻结，等待计分。"), T("去计分")),
    "scored": (T("已计分，等待公示。"), T("去公示")),
    "publicised": (T("公示期满，须由第二人公布。"), T("去公布")),
}


def tasks_for(actor: Actor) -> list[Task]:
    """To an expert what is to be marked, to the province runs and objections that wait for it, to a carrier
    a result that is open to objections."""
    if actor.role == Role.EXPERT:
        return tasks_of_expert(actor)
    if actor.role == Role.PROVINCE_OFFICER:
        return [*_to_move(actor), *_to_decide(actor)]
    if actor.role == Role.CARRIER_STAFF:
        return _to_look_at(actor)
    return []


def _to_move(actor: Actor) -> list[Task]:
    """Runs that wait: those in publicity once the period is over, and not for who publicised them."""
    over = Q(state="publicised", publicity_ends_at__lte=clock.now()) & ~Q(publicised_by_id=actor.user_id)
    waiting = queries.runs_of(actor).filter(region__path__startswith=actor.region_path)
    tasks = []
    for run in waiting.filter(Q(state__in=("draft", "frozen", "scored")) | over)[:SHOWN]:
        why, verb = _NEXT[run.state]
        url = reverse("evaluation:run", args=[run.pk])
        tasks.append(Task(title=run.title, why=why, verb=verb, url=url, state=T("待办理"), icon="scale"))
    return tasks


def _to_decide(actor: Actor) -> list[Task]:
    number = Objection.objects.visible_to(actor).filter(state="filed").count()
    if not number:
        return []
    return [
        Task(
            title=T("{n} 件异议待处理", n=number),
            why=T("全部处理后才能公布结果。"),
            verb=T("去处理"),
            url=reverse("evaluation:objections"),
            state=T("待处理"),
            tone="warn",
            icon="flag",
            urgency=15,
        )
    ]


def _to_look_at(actor: Actor) -> list[Task]:
    open_now = RunEntry.objects.visible_to(actor).filter(
        run__state="publicised",
        run__publicity_ends_at__gt=clock.now(),
        carrier__code=actor.carrier_code,
    )
    return [
        Task(
            title=entry.run.title,
            why=T("本单位结果已公示，公示期内可提出异议。"),
            verb=T("看依据"),
            url=reverse("evaluation:explanation", args=[entry.run_id, entry.carrier.code]),
            state=T("公示中"),
            tone="info",
            icon="scale",
            due=entry.run.publicity_ends_at,
        )
        for entry in open_now.exclude(grade="").select_related("run", "carrier")[:SHOWN]
    ]


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """To those who may see how a grade was made: the results since they were publicised, the newest first.
    The published grades are on the page for everybody."""
    seen = RunEntry.objects.visible_to(actor).filter(carrier=carrier, run__state__in=OPEN_STATES)
    entries = seen.exclude(grade="").select_related("run__scheme", "run__region", "carrier__region")
    rows = [
        (entry, queries.definition(entry.run.scheme).grading.label_of(entry.grade))
        for entry in entries.defer("frozen", "result").order_by("-run__year", "-run_id")[:10]
        if may_see_explanation(actor, entry)
    ]
    return [Panel(T("评价得分"), "evaluation/_carrier_panel.html", {"rows": rows}, order=40)] if rows else []


def search(actor: Actor, query: str) -> list[Hit]:
    """Runs and schemes whose name holds the words, as far as this actor may know of them."""
    words = query.strip()
    if not words or not is_plain(words):
        return []
    runs = Run.objects.visible_to(actor).filter(title__icontains=words, state__in=OPEN_STATES)
    schemes = Scheme.objects.visible_to(actor).filter(title__icontains=words)
    hits = [_hit(run) for run in runs[:SHOWN]]
    return hits + [
        Hit(T("指标体系"), str(row), reverse("evaluation:scheme", args=[row.pk])) for row in schemes[:SHOWN]
    ]


def _hit(run: Run) -> Hit:
    note = T("已公布")
    if run.state == "publicised" and run.publicity_ends_at:
        note = T("公示至 {day}", day=final_day(run.publicity_ends_at))
    return Hit(T("评价结果"), run.title, reverse("evaluation:results", args=[run.pk]), note)
