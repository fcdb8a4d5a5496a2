"""Reminds carriers by a ladder of days, and lets officers remind those who owe something; nobody twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.actors import Actor
from accounts.models import Appointment, User
from accounts.rules.roles import Role
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.services import audit, notices
from office.services.notices import Message
from office.services.retrying import retried
from reporting import links, queries
from reporting.models import Campaign, CampaignState, Reminder, ReminderKind, Return, RosterRow
from reporting.permissions import OWNERS, owns, refuse
from reporting.rules.lifecycle import OPEN_STATES, State
from reporting.rules.reminding import NUDGE_GAP, Lacking, Step, lacking, read_ladder, sentence_of, step_of
from reporting.rules.terms import said
from reporting.rules.values import words

BATCH = 500
MOST_WORDS = 200
SHOWN = 20
STATES = [state.value for state in OPEN_STATES]
People = Mapping[str, Sequence[User]]


def remind(*, at: datetime) -> int:
    """Each return that has reached a rung, once: its staff are told what is missing and where. One mail a
    person. How many returns. In the caller's transaction; the same queries for a hundred as for one."""
    running = Campaign.objects.filter(state=CampaignState.OPEN, opens_at__lte=at).order_by("pk")
    campaigns = {one.pk: one for one in running.select_for_update().select_related(None)}
    messages: list[Message] = []
    count = 0
    owing = queries.with_all(Return.objects.filter(campaign__in=list(campaigns), state__in=STATES))
    found = list(owing.order_by("pk"))
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        told = list(_due_now(part, at))
        messages += _to_staff(told, ReminderKind.LADDER, at=at)
        count += len(told)
    notices.tell(messages, at=at, short=True)
    return count


def _due_now(part: Sequence[Return], at: datetime) -> Iterator[tuple[Return, Step]]:
    """Those of a part that have reached a rung of which they were not told."""
    steps = [(one, step) for one in part if (step := _step_of(one, at, one.campaign.ladder)) is not None]
    known = set(
        Reminder.objects.filter(
            return_of__in=[one.pk for one, _ in steps],
            kind=ReminderKind.LADDER,
            step__in={step.name for _, step in steps},
        ).values_list("return_of_id", "step")
    )
    return ((one, step) for one, step in steps if (one.pk, step.name) not in known)


def _step_of(found: Return, at: datetime, ladder: Sequence[int]) -> Step | None:
    started = found.started_at is not None
    return step_of(found.dates, state=found.state, started=started, at=at, ladder=ladder)


def _to_staff(
    steps: Sequence[tuple[Return, Step]],
    kind: ReminderKind,
    *,
    at: datetime,
    by: User | None = None,
    own_words: str = "",
) -> list[Message]:
    """What the staff of these carriers are told, with the record that they were: four queries a part."""
    staff = staff_of({one.carrier.code for one, _ in steps}, at)
    rows = _row_counts([one for one, _ in steps])
    messages, records = [], []
    for one, step in steps:
        people = staff.get(one.carrier.code, ())
        name = step.name if kind is ReminderKind.LADDER else str(clock.day_of(at))
        records.append(Reminder(return_of=one, kind=kind, step=name, at=at, by=by, people=len(people)))
        missing = _lacking(one, rows)
        sentence = sentence_of(one.campaign.title, step, missing, said(step.when))
        if own_words:
            sentence = T("{sentence} {words}", sentence=sentence, words=own_words)
        link = links.return_page(one.pk) + missing.place
        messages += [Message(person, sentence, link) for person in people]
    Reminder.objects.bulk_create(records, batch_size=BATCH)
    return messages


def _lacking(found: Return, rows: Mapping[int, Mapping[str, int]]) -> Lacking:
    version = found.current
    if version is None or version.answer or found.state == State.RETURNED or found.started_at is None:
        return Lacking(0)
    form = queries.definition(found.campaign.form)
    return lacking(form, version.values, rows.get(version.pk, {}))


def _row_counts(returns: Iterable[Return]) -> dict[int, dict[str, int]]:
    """Rows by version and table: one query."""
    versions = [one.current_id for one in returns if one.current_id is not None]
    counted = RosterRow.objects.filter(version__in=versions).order_by()
    answer: dict[int, dict[str, int]] = {}
    for version, table, number in counted.values_list("version_id", "table").annotate(n=Count("pk")):
        answer.setdefault(version, {})[table] = number
    return answer


def staff_of(codes: Iterable[str], at: datetime) -> dict[str, list[User]]:
    """Who fills for these carriers today, by code: one query."""
    held = Appointment.objects.filter(role=Role.CARRIER_STAFF.value, carrier_code__in=list(codes))
    answer: dict[str, dict[int, User]] = {}
    for one in held.valid_on(clock.day_of(at)).select_related("user").order_by("pk"):
        answer.setdefault(one.carrier_code, {})[one.user_id] = one.user
    return {code: list(people.values()) for code, people in answer.items()}


# An officer's word.


@dataclass(frozen=True, slots=True)
class Nudged:
    """`owing`: still to be done and open, in the officer's scope; of those `too_soon` were told lately
    and `nobody` have nobody to tell; `told` are the others, the first by `names`, `people` the persons."""

    owing: int
    too_soon: int
    nobody: int
    told: int
    people: int
    names: tuple[str, ...]


def looked(*, actor: Actor, campaign: Campaign, at: datetime, region: str = "") -> Nudged:
    """Whom a word would reach now; writes nothing."""
    return _plan(actor, campaign, region, at)[0]


@retried
def nudge(*, actor: Actor, campaign_id: int, at: datetime, region: str = "", text: str = "") -> Nudged:
    """Reminds those in the officer's scope who owe something and may still do it; who was told lately is left
    out. Two officers who do it at once tell nobody twice."""
    own_words = words(text, T("附言"), field="text", most=MOST_WORDS)
    with transaction.atomic():
        refuse(actor.role in OWNERS)
        campaign = locked(Campaign.objects.visible_to(actor), pk=campaign_id)
        answer, told = _plan(actor, campaign, region, at)
        if not told:
            raise Refused(Problem("nudge.nobody", T("现在没有需要催办的载体。")))
        messages = _to_staff(told, ReminderKind.NUDGE, at=at, by=actor.user, own_words=own_words)
        notices.tell(messages, at=at, short=True)
        detail = {"returns": answer.told, "people": answer.people, "region": region}
        audit.record(
            actor=actor, action="campaign.nudge", on=campaign, at=at, detail=detail, reason=own_words
        )
    return answer


def _plan(
    actor: Actor, campaign: Campaign, region: str, at: datetime
) -> tuple[Nudged, list[tuple[Return, Step]]]:
    owing, fresh = _owing(actor, campaign, region, at)
    staff = staff_of({one.carrier.code for one, _ in fresh}, at)
    told = [(one, step) for one, step in fresh if staff.get(one.carrier.code)]
    answer = Nudged(
        owing=len(owing),
        too_soon=len(owing) - len(fresh),
        nobody=len(fresh) - len(told),
        told=len(told),
        people=len({person.pk for one, _ in told for person in staff[one.carrier.code]}),
        names=tuple(one.carrier.name for one, _ in told[:SHOWN]),
    )
    return answer, told


def _owing(
    actor: Actor, campaign: Campaign, region: str, at: datetime
) -> tuple[list[tuple[Return, Step]], list[tuple[Return, Step]]]:
    """Those who owe something and may still do it; and of them those who were not told lately."""
    rows = Return.objects.visible_to(actor).filter(campaign=campaign, state__in=STATES)
    if region:
        rows = rows.filter(carrier__region__path__contains=f"/{region}/")
    lately = Reminder.objects.filter(return_of=OuterRef("pk"), kind=ReminderKind.NUDGE)
    found = _with(rows, lately.filter(at__gt=at - NUDGE_GAP))
    ever = (10_000,)  # any number of days before the date
    owing = [(one, step) for one in found if (step := _step_of(one, at, ever)) is not None]
    return owing, [(one, step) for one, step in owing if not one.lately]  # type: ignore[attr-defined]


def _with(rows: QuerySet[Return], lately: QuerySet[Reminder]) -> QuerySet[Return]:
    return queries.with_all(rows).annotate(lately=Exists(lately)).order_by("carrier__region__path", "pk")


@retried
def set_ladder(*, actor: Actor, campaign_id: int, text: str, at: datetime) -> Campaign:
    """On which days before a date carriers are reminded: `30, 14, 7`; empty for never."""
    days, problems = read_ladder(text)
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        campaign = locked(Campaign.objects.visible_to(actor).select_related("region"), pk=campaign_id)
        refuse(owns(actor, campaign))
        detail = {"before": campaign.ladder, "after": days}
        campaign.ladder = days
        campaign.save(update_fields=["ladder"])
        audit.record(actor=actor, action="campaign.ladder", on=campaign, at=at, detail=detail)
    return campaign
