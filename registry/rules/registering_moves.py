"""The life of an application to register a carrier.

Which offices it passes depends on where the carrier lies: `registration(stops, back)` is the table for
each way, and nothing else knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from accounts.rules.roles import Role
from core.moves import Comment, Lifecycle, Move, states
from core.text import T, Text

APPLICANT = "applicant"  # in the table: the person whose application it is, whatever else they are


class State(StrEnum):
    """Where an application is."""

    DRAFT = "draft"
    AT_COUNTY = "at_county"
    AT_CITY = "at_city"
    AT_PROVINCE = "at_province"
    RETURNED = "returned"
    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class Action(StrEnum):
    SUBMIT = "submit"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    PASS = "pass"  # noqa: S105 - passing on, no password
    SEND_BACK = "return"
    REGISTER = "register"
    REFUSE = "refuse"


TITLES: tuple[tuple[str, Text], ...] = (
    (State.DRAFT, T("填写中")),
    (State.AT_COUNTY, T("待县区审核")),
    (State.AT_CITY, T("待市级审核")),
    (State.AT_PROVINCE, T("待省级登记")),
    (State.RETURNED, T("待补正")),
    (State.REGISTERED, T("已登记")),
    (State.WITHDRAWN, T("已撤回")),
    (State.REFUSED, T("不予登记")),
)
AT_OFFICES = (State.AT_COUNTY, State.AT_CITY, State.AT_PROVINCE)
OPEN_TO_APPLICANT = frozenset({State.DRAFT, State.RETURNED})
ENDED = frozenset({State.REGISTERED, State.WITHDRAWN, State.REFUSED})
OFFICERS: dict[str, Role] = {
    State.AT_COUNTY: Role.COUNTY_OFFICER,
    State.AT_CITY: Role.CITY_OFFICER,
    State.AT_PROVINCE: Role.PROVINCE_OFFICER,
}
LEVELS: dict[str, str] = {
    "county": State.AT_COUNTY,
    "city": State.AT_CITY,
    "province": State.AT_PROVINCE,
}


def stops_of(levels: Sequence[str]) -> tuple[str, ...]:
    """The offices on the way of a carrier in a region whose chain, from below, has these levels.

    What the tree lacks is skipped; at the last it is registered.
    """
    return tuple(state for level, state in LEVELS.items() if level in levels)


@lru_cache
def registration(stops: tuple[str, ...] = AT_OFFICES, back: str = "") -> Lifecycle:
    """The table for one way. `back` is the office that returned it and gets it again; else the first."""
    mine = states(APPLICANT)
    moves = [
        Move(Action.SUBMIT, T("提交申请"), states(State.DRAFT), stops[0], mine),
        Move(
            Action.RESUBMIT,
            T("改正后再次提交"),
            states(State.RETURNED),
            back if back in stops else stops[0],
            mine,
        ),
        Move(
            Action.WITHDRAW,
            T("撤回申请"),
            states(State.DRAFT, State.RETURNED, *stops),
            State.WITHDRAWN,
            mine,
        ),
    ]
    for stop, following in pairwise(stops):
        moves.append(
            Move(Action.PASS, T("审核通过并上报"), states(stop), following, _office(stop), Comment.OPTIONAL)
        )
    last = stops[-1]
    moves.append(
        Move(Action.REGISTER, T("准予登记"), states(last), State.REGISTERED, _office(last), Comment.OPTIONAL)
    )
    for stop in stops:
        moves += [
            Move(
                Action.SEND_BACK, T("退回补正"), states(stop), State.RETURNED, _office(stop), Comment.OPTIONAL
            ),
            Move(Action.REFUSE, T("不予登记"), states(stop), State.REFUSED, _office(stop), Comment.REQUIRED),
        ]
    return Lifecycle("registration", T("载体登记申请"), TITLES, tuple(moves))


def _office(stop: str) -> frozenset[str]:
    return states(OFFICERS[stop])


REGISTRATION = registration()
