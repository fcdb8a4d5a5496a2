"""An office that is silent past its limit: it is told, and the office above it.

The carrier loses nothing: its time for correcting is kept (`services.terms.grace_after`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from accounts.models import Appointment, User
from accounts.rules.roles import Role
from core import clock
from core.text import T, Text
from office.queries import workdays
from office.services import notices
from office.services.notices import Message
from reporting import links, queries
from reporting.models import CampaignState, Reminder, ReminderKind, Return
from reporting.queries.carriers import arrived_at
from reporting.rules.lifecycle import CHECKERS, REVIEWING, Chain, State, stops_of
from reporting.rules.limits import LIMIT

BATCH = 500
OFFICERS = (Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER)
Offices = Mapping[tuple[str, str], Sequence[User]]  # role and region code


def escalate(*, at: datetime) -> int:
    """Each return that an office has kept longer than its limit, once at each office: one notice a person,
    with how many. How many returns. In the caller's transaction, with the same queries for any number."""
    late = _late(at)
    if not late:
        return 0
    officers = _officers(at)
    own: Counter[int] = Counter()
    below: Counter[int] = Counter()
    people: dict[int, User] = {}
    records = []
    for one in late:
        here, above = _stops(one)
        mine = _at(officers, one, here)
        over = _at(officers, one, above) if above else []
        people |= {person.pk: person for person in (*mine, *over)}
        own.update(person.pk for person in mine)
        below.update(person.pk for person in over)
        step, told = _step(one), len({person.pk for person in (*mine, *over)})
        records.append(Reminder(return_of=one, kind=ReminderKind.OVERDUE, step=step, at=at, people=told))
    Reminder.objects.bulk_create(records, batch_size=BATCH)
    notices.tell([*_messages(own, people, _own), *_messages(below, people, _below)], at=at)
    return len(late)


def _own(number: int) -> Text:
    return T("{n} 份报表在您处超过 {limit} 个工作日未审核，请尽快办理。", n=number, limit=LIMIT)


def _below(number: int) -> Text:
    return T("下级有 {n} 份报表超过 {limit} 个工作日未审核，请督办。", n=number, limit=LIMIT)


def _messages(
    counts: Mapping[int, int], people: Mapping[int, User], sentence: Callable[[int], Text]
) -> list[Message]:
    return [Message(people[pk], sentence(number), links.QUEUE) for pk, number in counts.items()]


def _late(at: datetime) -> list[Return]:
    """Kept longer than the limit, and not yet told at this office: two queries and the calendar."""
    states = [state.value for state in REVIEWING]
    rows = Return.objects.filter(state__in=states, campaign__state=CampaignState.OPEN)
    rows = rows.filter(submitted_at__lt=at - timedelta(days=LIMIT))
    calendar, today = workdays(), clock.day_of(at)
    late = [
        one
        for one in rows.select_related("campaign__region", "carrier__region").order_by("pk")
        if (came := arrived_at(one)) is not None
        and calendar.working_days_between(clock.day_of(came), today) > LIMIT
    ]
    told = Reminder.objects.filter(kind=ReminderKind.OVERDUE, return_of__in=rows.order_by())
    known = set(told.values_list("return_of_id", "step"))
    return [one for one in late if (one.pk, _step(one)) not in known]


def _step(found: Return) -> str:
    came = arrived_at(found)
    return f"{found.state}:{int(came.timestamp()) if came else 0}"


def _stops(found: Return) -> tuple[Role, Role | None]:
    """Who checks at the stop where it lies, and who at the next one: none beyond the owner."""
    stops = stops_of(Chain(found.chain))
    owner = queries.OWNER_ROLES[found.campaign.region.level]
    roles = [owner if stop is State.AT_PROVINCE else CHECKERS[stop] for stop in stops]
    place = stops.index(State(found.state))
    return roles[place], roles[place + 1] if place + 1 < len(roles) else None


def _at(officers: Offices, found: Return, role: Role) -> list[User]:
    codes = [code for code in found.carrier.region.path.strip("/").split("/") if code]
    return [person for code in codes for person in officers.get((role.value, code), ())]


def _officers(at: datetime) -> Offices:
    """Everybody who checks today, by role and region: one query."""
    held: Iterable[Appointment] = (
        Appointment.objects.filter(role__in=[role.value for role in OFFICERS], region__isnull=False)
        .valid_on(clock.day_of(at))
        .select_related("user", "region")
        .order_by("pk")
    )
    answer: dict[tuple[str, str], dict[int, User]] = {}
    for one in held:
        if one.region is not None:
            answer.setdefault((one.role, one.region.code), {})[one.user_id] = one.user
    return {key: list(people.values()) for key, people in answer.items()}
