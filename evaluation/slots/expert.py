"""The home of an expert: the queue of marking, with the time left. Carriers by their code alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse

from accounts.actors import Actor
from core import clock
from core.slots import HomePart, Task
from core.text import T, Text
from evaluation import queries
from evaluation.models import Run
from evaluation.rules.expert_marks import HIGH, LOW, MOST_WORDS, expert_leaves
from registry.rules.vocabulary import CLASSES, FIELDS, KINDS, CarrierClass, Kind

SHOWN = 10
DAY = timedelta(days=1)
SOON = 3 * DAY


@dataclass(frozen=True, slots=True)
class Row:
    """One assignment. `what` is the carrier's class and field, which the expert's sheet tells too."""

    code: str
    what: tuple[Text, ...]
    filled: int
    whole: bool
    due_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    recused_at: datetime | None

    @property
    def when(self) -> datetime | None:
        """What ended it: given back, handed in, or the deadline."""
        return self.recused_at or self.submitted_at or self.due_at


@dataclass(frozen=True, slots=True)
class Queue:
    """An expert's assignments in one run as they stand at an instant, by how far they are; the nearest
    deadline first in each."""

    run: Run
    leaves: int
    rows: Sequence[Row]
    at: datetime

    @property
    def drafts(self) -> list[Row]:
        return [row for row in self._open if row.saved_at]

    @property
    def fresh(self) -> list[Row]:
        return [row for row in self._open if not row.saved_at]

    @property
    def submitted(self) -> list[Row]:
        """The last handed in first."""
        done = [row for row in self.rows if row.submitted_at]
        return sorted(done, key=lambda row: (row.submitted_at, row.code), reverse=True)

    @property
    def recused(self) -> list[Row]:
        return [row for row in self.rows if row.recused_at]

    @property
    def missed(self) -> list[Row]:
        """Not handed in before their deadline: nothing can be entered any more."""
        return [row for row in self._unfinished if row.due_at and row.due_at <= self.at]

    @property
    def _open(self) -> list[Row]:
        return [row for row in self._unfinished if not row.due_at or row.due_at > self.at]

    @property
    def _unfinished(self) -> list[Row]:
        return [row for row in self.rows if not row.submitted_at and not row.recused_at]

    @property
    def left(self) -> int:
        """How many can still be marked."""
        return len(self._open)

    @property
    def mine(self) -> int:
        """How many are mine to hand in: those given back do not count."""
        return len(self.rows) - len(self.recused)

    @property
    def share(self) -> Decimal:
        """Handed in, in percent."""
        return Decimal(100 * len(self.submitted)) / self.mine if self.mine else Decimal(0)

    @property
    def dues(self) -> list[datetime]:
        """The deadlines of what is open, each once, the nearest first."""
        return sorted({row.due_at for row in self._open if row.due_at})

    @property
    def stages(self) -> list[tuple[int, int]]:
        """For each deadline of what is open: how many are due by then, and the days left."""
        ends = [row.due_at for row in self._open if row.due_at]
        return [(sum(end <= due for end in ends), days_left(due, self.at)) for due in self.dues]


def queues_of(actor: Actor, at: datetime) -> list[Queue]:
    """The runs in which this expert marks, the nearest deadline first: two queries, whatever the size."""
    found = _assignments(actor)
    keys = {one["entry__run_id"] for one in found}
    if not keys:
        return []
    runs = Run.objects.visible_to(actor).filter(pk__in=keys).select_related("scheme")
    queues = []
    for run in runs:
        leaves = len(expert_leaves(queries.definition(run.scheme)))
        rows = [_row(one, leaves) for one in found if one["entry__run_id"] == run.pk]
        queues.append(Queue(run, leaves, rows, at))
    return sorted(queues, key=lambda queue: (not queue.dues, queue.dues[:1], queue.run.pk))


def _assignments(actor: Actor) -> list[dict[str, Any]]:
    """Of what was frozen three words are read, and nothing that names a carrier."""
    given = Q(marks__mark__isnull=False) | Q(marks__abstained=True)
    frozen = {name: KeyTextTransform(name, "entry__frozen__this") for name in ("kind", "class", "field")}
    shown = ("code", "entry__run_id", "due_at", "submitted_at", "recused_at")
    rows = queries.queue_of(actor).select_related(None).prefetch_related(None)
    counted = rows.annotate(**frozen).annotate(
        filled=Count("marks", filter=given), saved=Max("marks__saved_at")
    )
    return list(counted.values(*shown, *frozen, "filled", "saved").order_by("due_at", "code"))


def _row(one: Mapping[str, Any], leaves: int) -> Row:
    return Row(
        code=one["code"],
        what=_words(one),
        filled=one["filled"],
        whole=one["filled"] >= leaves,
        due_at=one["due_at"],
        saved_at=one["saved"],
        submitted_at=one["submitted_at"],
        recused_at=one["recused_at"],
    )


def _words(one: Mapping[str, Any]) -> tuple[Text, ...]:
    """The class parts incubators, the field specialised ones; of others, and where the scheme reads no
    class, the kind is told."""
    kind, which, field = (one[name] or "" for name in ("kind", "class", "field"))
    kinds: Mapping[str, Text] = {str(code): words for code, words in KINDS.items()}
    classes: Mapping[str, Text] = {str(code): words for code, words in CLASSES.items()}
    found = [classes.get(which) if kind == Kind.INCUBATOR else None]
    found = found if found[0] else [kinds.get(kind)]
    if which == CarrierClass.SPECIALISED:
        found.append(FIELDS.get(field))
    return tuple(words for words in found if words is not None)


# One's own pace.


def days_left(due_at: datetime, at: datetime) -> int:
    """Days until then, a day that has begun counting whole; 0 once it is over."""
    return max(0, -((at - due_at) // DAY))


def needed_a_day(left: int, days: int) -> int:
    """How many a day bring `left` home in time; more than are left is never needed."""
    return -(-left // days)


def pace_of(queue: Queue) -> Decimal | None:
    """Handed in on a day on which any was, one place; None while nothing is."""
    days = Counter(clock.day_of(row.submitted_at) for row in queue.submitted if row.submitted_at)
    if not days:
        return None
    return (Decimal(len(queue.submitted)) / len(days)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def pace_in_words(queue: Queue) -> tuple[Text, ...]:
    """What is still needed a day, and what this expert managed so far; empty where neither can be told."""
    if not queue.dues:
        return ()
    needed = max(needed_a_day(number, days) for number, days in queue.stages)
    words = [T("按现在的进度还需每天 {n} 份", n=needed)]
    pace = pace_of(queue)
    if pace:
        shown = str(pace).removesuffix(".0")
        days = (queue.left / pace).to_integral_value(ROUND_CEILING)
        words.append(T("您评分的日子平均每天 {n} 份，照此约需 {days} 天", n=shown, days=int(days)))
    return tuple(words)


def is_behind(queue: Queue) -> bool:
    """Whether one's own pace does not reach the end in time."""
    pace = pace_of(queue)
    return pace is not None and any(number > pace * days for number, days in queue.stages)


# What the home shows.


def tasks_of_expert(actor: Actor) -> list[Task]:
    """A task a run: where to go on and until when, or, with nothing open, what was missed."""
    queues = queues_of(actor, clock.now())
    return [_task(one) if one.left else _missed(one) for one in queues if one.left or one.missed]


def _task(queue: Queue) -> Task:
    due = queue.dues[0] if queue.dues else None
    soon = due is not None and due - queue.at <= SOON
    following = [*queue.drafts, *queue.fresh][0]
    begun = queue.drafts or queue.submitted
    return Task(
        title=T("专家评分：{run}", run=queue.run.title),
        why=_why(queue),
        verb=T("继续评分") if begun else T("去评分"),
        url=reverse("evaluation:sheet", args=[following.code]),
        state=T("评分中") if begun else T("待评"),
        tone="warn" if soon or is_behind(queue) else "info",
        icon="pencil-ruler",
        due=due,
        urgency=20,
    )


def _missed(queue: Queue) -> Task:
    return Task(
        title=T("专家评分：{run}", run=queue.run.title),
        why=T("{n} 份没有在截止前提交，已不能再评；请与组织单位联系。", n=len(queue.missed)),
        verb=T("看队列"),
        url=reverse("evaluation:queue"),
        state=T("已截止"),
        tone="bad",
        icon="circle-alert",
        due=queue.missed[-1].due_at,
        urgency=20,
    )


def _why(queue: Queue) -> Text:
    whole = sum(row.whole for row in queue.drafts)
    if whole:
        return T("还有 {n} 份待提交，其中 {whole} 份各项已齐，可以提交。", n=queue.left, whole=whole)
    begun, fresh = len(queue.drafts), len(queue.fresh)
    return T("还有 {n} 份待提交：草稿 {begun} 份，待评 {fresh} 份。", n=queue.left, begun=begun, fresh=fresh)


def parts_of_expert(actor: Actor) -> list[HomePart]:
    """A queue a run, or what would come here; at the side the rules that the portal holds."""
    more = (T("全部队列"), reverse("evaluation:queue"))
    parts = [
        HomePart(
            T("评分队列"), "evaluation/_home_expert.html", _shown(queue), note=queue.run.title, more=more
        )
        for queue in queues_of(actor, clock.now())
    ]
    if not parts:
        parts = [HomePart(T("评分队列"), "evaluation/_home_expert.html")]
    rules = {"high": int(HIGH * 100), "low": int(LOW * 100), "words": MOST_WORDS}
    return [*parts, HomePart(T("评分须知"), "evaluation/_home_expert_rules.html", rules, place="aside")]


def _shown(queue: Queue) -> dict[str, object]:
    """The next rows, those begun before the rest; how many of each group are folded."""
    drafts = queue.drafts[:SHOWN]
    fresh = queue.fresh[: SHOWN - len(drafts)]
    begun, rest = len(queue.drafts), len(queue.fresh)
    return {
        "queue": queue,
        "groups": [
            (T("草稿 {n} 份", n=begun), drafts, begun - len(drafts)),
            (T("待评 {n} 份", n=rest), fresh, rest - len(fresh)),
        ],
        "folded": [
            (T("已截止未提交 {n} 份", n=len(queue.missed)), queue.missed[:SHOWN]),
            (T("已提交 {n} 份", n=len(queue.submitted)), queue.submitted[:SHOWN]),
            (T("已回避 {n} 份", n=len(queue.recused)), queue.recused[:SHOWN]),
        ],
        "due": queue.dues[0] if queue.dues else None,
        "pace": pace_in_words(queue),
        "behind": is_behind(queue),
    }
