"""A request to change facts of a carrier: its life, the offices that it passes, what comes late."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from functools import lru_cache

from accounts.rules.roles import Role
from core.moves import Comment, Lifecycle, Move, states
from core.text import T, Text
from registry.rules.asked_facts import FACTS

LATE_AFTER_MONTHS = 3
MOST_WORDS, LONGEST_BASIS, LONGEST_NUMBER = 2000, 120, 60


class State(StrEnum):
    """Where a request is: with an office, back with who asked, or at its end."""

    AT_COUNTY = "at_county"
    AT_CITY = "at_city"
    AT_PROVINCE = "at_province"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """`ASK` begins a request; the others are moves of the table."""

    ASK = "ask"
    RESUBMIT = "resubmit"
    PASS = "pass"  # noqa: S105 - passing on, no password
    APPROVE = "approve"
    SEND_BACK = "return"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


TITLES: tuple[tuple[str, Text], ...] = (
    (State.AT_COUNTY, T("待县区办理")),
    (State.AT_CITY, T("待市级办理")),
    (State.AT_PROVINCE, T("待省级办理")),
    (State.RETURNED, T("退回补正")),
    (State.APPROVED, T("已同意")),
    (State.REFUSED, T("不予变更")),
    (State.WITHDRAWN, T("已撤回")),
)
# The offices from the lowest up, with the state of what lies there.
STOPS = (State.AT_COUNTY, State.AT_CITY, State.AT_PROVINCE)
OFFICERS: dict[State, Role] = {
    State.AT_COUNTY: Role.COUNTY_OFFICER,
    State.AT_CITY: Role.CITY_OFFICER,
    State.AT_PROVINCE: Role.PROVINCE_OFFICER,
}
STOP_OF: dict[str, State] = {role: stop for stop, role in OFFICERS.items()}
OPEN = frozenset({*STOPS, State.RETURNED})
_OF_REGION = {
    "county": State.AT_COUNTY,
    "city": State.AT_CITY,
    "province": State.AT_PROVINCE,
    "nation": State.AT_PROVINCE,
}
# Codes of the vocabulary of levels; every other one is decided by the province or above.
_OF_LEVEL = {"none": State.AT_COUNTY, "county": State.AT_COUNTY, "city": State.AT_CITY}
Route = tuple[State, State]


def decider(*, level: str, facts: Iterable[str], over_both: str = "") -> State:
    """The office that is to decide: by the carrier's level, the county for plain facts alone. A carrier that
    moves to another region needs an office over both, whose region's level is `over_both`."""
    plain = all(FACTS[name].is_plain for name in facts)
    wanted = State.AT_COUNTY if plain else _OF_LEVEL.get(level, State.AT_PROVINCE)
    return max(wanted, _OF_REGION[over_both], key=STOPS.index) if over_both else wanted


def route(wanted: State, region_levels: Collection[str]) -> Route:
    """Where a request lies first, for an opinion, and where it is decided (often the same office). An office
    that the regions over the carrier (their levels) lack is stood for by the next above, at the end below."""
    there = [stop for stop in STOPS if stop in {_OF_REGION[level] for level in region_levels}]
    last = next((stop for stop in there if STOPS.index(stop) >= STOPS.index(wanted)), there[-1])
    return there[0], last


def route_of_officer(role: str, route: Route) -> Route:
    """The way of a correction that an office begins itself: its own reason stands for its opinion, and
    nothing comes down to be decided below it."""
    own = STOP_OF[role]
    last = max(own, route[1], key=STOPS.index)
    return last, last


@lru_cache
def lifecycle(
    first: State = State.AT_COUNTY, last: State = State.AT_PROVINCE, asker: str = Role.CARRIER_STAFF
) -> Lifecycle:
    """The table of moves on one way; `asker` is the role that asked, and answers for it."""
    stops = dict.fromkeys((first, last))
    mine, deciding = states(asker), states(OFFICERS[last])
    moves = [Move(Action.RESUBMIT, T("补正后重新提交"), states(State.RETURNED), first, mine)]
    if first != last:
        giving = states(OFFICERS[first])
        moves.append(Move(Action.PASS, T("签署意见并上报"), states(first), last, giving, Comment.OPTIONAL))
    moves.append(
        Move(Action.APPROVE, T("同意变更"), states(last), State.APPROVED, deciding, Comment.OPTIONAL)
    )
    for stop in stops:
        role = states(OFFICERS[stop])
        moves.append(
            Move(Action.SEND_BACK, T("退回补正"), states(stop), State.RETURNED, role, Comment.REQUIRED)
        )
    moves += [
        Move(Action.REFUSE, T("不予变更"), states(last), State.REFUSED, deciding, Comment.REQUIRED),
        Move(
            Action.WITHDRAW,
            T("撤回申请"),
            states(*stops, State.RETURNED),
            State.WITHDRAWN,
            mine,
            Comment.OPTIONAL,
        ),
    ]
    return Lifecycle("change", T("变更申请"), TITLES, tuple(moves))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_late(happened_on: date, asked_on: date) -> bool:
    """Whether more than three calendar months passed between the change and the request."""
    return asked_on > happened_on and asked_on > months_after(happened_on, LATE_AFTER_MONTHS)
