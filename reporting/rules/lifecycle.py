"""The life of a return: who moves it from where to where.

Which offices lie between a carrier and the one that accepts depends on where the carrier stands and
who owns the campaign: `lifecycle(chain)` is the table for each chain, and nothing else knows.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from accounts.rules.roles import Role
from core.moves import Comment, Lifecycle, Move, states
from core.text import T, Text


class State(StrEnum):
    """Where a return is. `AT_PROVINCE` is at the office that owns the campaign, whatever its level."""

    FILLING = "filling"
    AT_COUNTY = "at_county"
    AT_CITY = "at_city"
    AT_PROVINCE = "at_province"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Action(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PASS = "pass"  # noqa: S105 - passing on, no password
    SEND_BACK = "return"
    ACCEPT = "accept"


class Chain(StrEnum):
    """The offices that pass a return on before it is accepted."""

    COUNTY_CITY = "county_city"
    CITY = "city"
    COUNTY = "county"
    NONE = "none"


TITLES: tuple[tuple[str, Text], ...] = (
    (State.FILLING, T("填报中")),
    (State.AT_COUNTY, T("待县区审核")),
    (State.AT_CITY, T("待市级审核")),
    (State.AT_PROVINCE, T("待省级受理")),
    (State.ACCEPTED, T("已受理")),
    (State.RETURNED, T("退回修改")),
)
OPEN_STATES = frozenset({State.FILLING, State.RETURNED})
REVIEWING = (State.AT_COUNTY, State.AT_CITY, State.AT_PROVINCE)
CHECKERS: dict[State, Role] = {
    State.AT_COUNTY: Role.COUNTY_OFFICER,
    State.AT_CITY: Role.CITY_OFFICER,
    State.AT_PROVINCE: Role.PROVINCE_OFFICER,
}
_STOPS: dict[Chain, tuple[State, ...]] = {
    Chain.COUNTY_CITY: REVIEWING,
    Chain.CITY: (State.AT_CITY, State.AT_PROVINCE),
    Chain.COUNTY: (State.AT_COUNTY, State.AT_PROVINCE),
    Chain.NONE: (State.AT_PROVINCE,),
}
_RANKS = {"county": 0, "city": 1, "province": 2, "nation": 3}


def chain_of(carrier_level: str, owner_level: str) -> Chain:
    """The offices between a carrier in a region of this level and the owner of the campaign."""
    low, high = _RANKS[carrier_level], _RANKS[owner_level]
    county, city = low == 0 and high > 0, low <= 1 and high > 1
    if county and city:
        return Chain.COUNTY_CITY
    if city:
        return Chain.CITY
    return Chain.COUNTY if county else Chain.NONE


def stops_of(chain: Chain) -> tuple[State, ...]:
    """Where a return lies for checking, in order; at the last it is accepted."""
    return _STOPS[chain]


@lru_cache
def lifecycle(chain: Chain = Chain.COUNTY_CITY, owner: Role = Role.PROVINCE_OFFICER) -> Lifecycle:
    """The table of moves for one chain; `owner` is the role that accepts."""
    stops = stops_of(chain)
    checkers = {**CHECKERS, State.AT_PROVINCE: owner}
    moves = [
        Move(
            Action.SUBMIT,
            T("提交"),
            states(State.FILLING, State.RETURNED),
            stops[0],
            states(Role.CARRIER_STAFF),
        ),
        Move(Action.WITHDRAW, T("撤回"), states(stops[0]), State.FILLING, states(Role.CARRIER_STAFF)),
    ]
    for stop, following in pairwise(stops):
        role = states(checkers[stop])
        moves.append(Move(Action.PASS, T("审核通过并上报"), states(stop), following, role, Comment.OPTIONAL))
    last = states(checkers[stops[-1]])
    moves.append(Move(Action.ACCEPT, T("受理"), states(stops[-1]), State.ACCEPTED, last, Comment.OPTIONAL))
    for stop in stops:
        role = states(checkers[stop])
        moves.append(
            Move(Action.SEND_BACK, T("退回修改"), states(stop), State.RETURNED, role, Comment.REQUIRED)
        )
    return Lifecycle("return", T("年度报表"), TITLES, tuple(moves))


RETURN = lifecycle()
