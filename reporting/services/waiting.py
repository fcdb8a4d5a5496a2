"""The returns of a list as those who check see them: how urgent each is, and what asks for a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Func, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate

from accounts.actors import Actor
from accounts.rules.roles import TITLES, Role
from core import clock, formats
from core.text import T, Text
from core.ui import Status
from office.queries import workdays
from office.rules.workdays import Workdays
from registry.queries.levels import level_words
from reporting import links, queries
from reporting.models import Return, ReturnMove, ReturnVersion
from reporting.rules.answers import ANSWERS, Answer
from reporting.rules.lifecycle import REVIEWING, Action, State
from reporting.rules.limits import LIMIT

# The order of urgency, as names of what `by_urgency` adds: all offices have the same limit, so whoever came
# first is due first; of one day, those with more to read come first.
URGENCY = ("rank", "arrived_day", "calm", "arrived")
# First where nobody may fill, then where nobody ever signed in, then those that are longest away: names of
# what `queries.with_last_sign_in` adds.
AWAY = ("staffed", "signed_in", "last_seen")
ABOVE: Mapping[str, tuple[Role, ...]] = {
    Role.COUNTY_OFFICER: (Role.CITY_OFFICER, Role.PROVINCE_OFFICER),
    Role.CITY_OFFICER: (Role.PROVINCE_OFFICER,),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row. `left` is the time left in words, with the tone of its urgency; `when` says since when or until
    when; `explained` are the reasons given for odd figures, `changed` the figures that differ from the
    version handed in before (None: there is none), `level` that of the carrier in words."""

    found: Return
    url: str
    left: Text | str
    tone: str
    when: Text | str
    explained: int
    changed: Status | None
    year: int | None
    level: Text


class _Keys(Func):
    """How many keys a JSON object has; none for NULL."""

    output_field = IntegerField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="(SELECT COUNT(*) FROM json_each(%(expressions)s))", **extra
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler,
            connection,
            template="(SELECT COUNT(*) FROM jsonb_object_keys(%(expressions)s))",
            **extra,
        )


def by_urgency(rows: QuerySet[Return]) -> QuerySet[Return]:
    """With `arrived` (when each came to where it lies), `questions` and what `URGENCY` names."""
    at_an_office = When(state__in=[state.value for state in REVIEWING], then=Value(0))
    return (
        rows.annotate(
            arrived=Coalesce(F("city_passed_at"), F("county_passed_at"), F("submitted_at")),
            arrived_day=TruncDate("arrived", tzinfo=clock.SHANGHAI),
            rank=Case(
                at_an_office,
                When(state=State.RETURNED.value, then=Value(1)),
                When(state=State.FILLING.value, then=Value(2)),
                default=Value(3),
            ),
            questions=Case(
                When(rank=0, then=_Keys("current__explanations")),
                default=Value(0),
                output_field=IntegerField(),
            ),
            calm=Value(0) - F("questions"),
        )
        .select_related("campaign", "carrier__region", "current")
        .order_by(*URGENCY, "pk")
    )


def limit_of(arrived: datetime, at: datetime, calendar: Workdays) -> tuple[Text, str]:
    """How long the office still has, and its tone; by working days, the day of arrival does not count."""
    last = calendar.add_working_days(clock.day_of(arrived), LIMIT)
    left = calendar.working_days_between(clock.day_of(at), last)
    if left < 0:
        return T("已超时限 {n} 个工作日", n=-left), "bad"
    if left == 0:
        return T("今天到期"), "warn"
    return T("剩 {n} 个工作日", n=left), ""


def rows_of(items: Sequence[Return], at: datetime) -> list[Waiting]:
    """The rows of a page that `by_urgency` found: two queries, whatever its size."""
    earlier = _earlier(items)
    calendar, levels = workdays(), level_words(clock.day_of(at))
    years = {one.campaign.year for one in items}
    answer = []
    for one in items:
        left, tone, when = _clock_of(one, at, calendar)
        answer.append(
            Waiting(
                found=one,
                url=links.return_page(one.pk),
                left=left,
                tone=tone,
                when=when,
                explained=one.questions,  # type: ignore[attr-defined]
                changed=_changed(one, earlier.get(one.pk)),
                year=one.campaign.year if len(years) > 1 else None,
                level=levels.get(one.carrier.level, Text(one.carrier.level)),
            )
        )
    return answer


def _clock_of(found: Return, at: datetime, calendar: Workdays) -> tuple[Text | str, str, Text | str]:
    """At an office its limit, at the carrier the campaign's date, afterwards none."""
    this_year = clock.day_of(at).year
    if found.state in REVIEWING:
        arrived: datetime = found.arrived  # type: ignore[attr-defined]
        left, tone = limit_of(arrived, at, calendar)
        days = (clock.day_of(at) - clock.day_of(arrived)).days
        return left, tone, T("{when} 到 · 已 {n} 日", when=formats.moment(arrived, this_year), n=days)
    if found.state == State.ACCEPTED:
        return "—", "", T("{when} 受理", when=formats.moment(found.accepted_at, this_year))
    held = found.dates.held
    due = held.correct_by if found.state == State.RETURNED else held.due_at
    tone = "bad" if due < at else "warn" if clock.day_of(due) == clock.day_of(at) else ""
    return formats.until(due, at), tone, T("{when} 截止", when=formats.moment(due, this_year))


def _earlier(items: Sequence[Return]) -> dict[int, Mapping[str, str]]:
    """What was handed in before, for those at an office that were sent back once: one query."""
    again = [one.pk for one in items if one.state in REVIEWING and one.current and one.current.number > 1]
    versions = ReturnVersion.objects.filter(return_of__in=again, submitted_at__isnull=False)
    before = versions.filter(number__lt=F("return_of__current__number")).order_by("number")
    return dict(before.values_list("return_of_id", "values"))


def _changed(found: Return, earlier: Mapping[str, str] | None) -> Status | None:
    if found.current is not None and found.current.answer and found.state in REVIEWING:
        return Status(ANSWERS[Answer(found.current.answer)], "warn", "circle-off")
    if earlier is None or found.current is None:
        return None
    now = found.current.values
    number = sum(earlier.get(code, "") != now.get(code, "") for code in {*earlier, *now})
    if not number:
        return Status(T("退回后再交"), "muted", "undo-2")
    return Status(T("改动 {n} 处", n=number), "warn", "git-compare")


# Beside the list.


def questions_by_kind(rows: QuerySet[Return]) -> list[tuple[Text, int]]:
    """The reasons given in these returns, which were all handed in, by kind: one query."""
    counts: Counter[str] = Counter()
    for explanations in rows.values_list("current__explanations", flat=True):
        counts.update(_kind_of(key) for key in explanations or ())
    return [(title, counts[kind]) for kind, title in _KINDS if counts[kind]]


_KINDS: tuple[tuple[str, Text], ...] = (
    ("variance", T("与上年相差过大")),
    ("figures", T("指标之间对不上")),
    ("row", T("名单中的行不合要求")),
)


def _kind_of(key: str) -> str:
    """Keys are `check:field`, those of a table's row `check:table:row:column`."""
    if key.count(":") > 1:
        return "row"
    return "variance" if key.startswith(("variance:", "unit:", "peers:")) else "figures"


@dataclass(frozen=True, slots=True)
class SentBack:
    """A return that an office above sent back to its carrier."""

    found: Return
    url: str
    who: Text
    comment: str


def sent_back_from_above(actor: Actor, rows: QuerySet[Return], most: int = 100) -> list[SentBack]:
    """Of these, the last of them first: one query."""
    moves = (
        ReturnMove.objects.visible_to(actor)
        .filter(
            return_of__in=rows.filter(state=State.RETURNED.value),
            action=Action.SEND_BACK.value,
            role__in=[role.value for role in ABOVE.get(actor.role, ())],
            at=F("return_of__returned_at"),
        )
        .select_related("return_of__carrier__region", "return_of__campaign")
        .order_by("-at", "-pk")
    )
    return [
        SentBack(one.return_of, links.return_page(one.return_of_id), TITLES[Role(one.role)], one.comment)
        for one in moves[:most]
    ]


def not_begun(rows: QuerySet[Return], at: datetime) -> QuerySet[Return]:
    """Of these, what nobody has touched, in the order of `AWAY`."""
    untouched = rows.filter(state=State.FILLING.value, started_at=None)
    found = queries.with_last_sign_in(untouched, at=at).select_related("carrier__region", "campaign")
    return found.order_by(*AWAY, "carrier__region__path", "pk")
