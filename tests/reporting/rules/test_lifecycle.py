"""Which offices lie between a carrier and the one that accepts."""

from __future__ import annotations

import pytest

from accounts.rules.roles import Role
from reporting.rules.lifecycle import Action, Chain, State, chain_of, lifecycle, stops_of


@pytest.mark.parametrize(
    ("carrier", "owner", "chain"),
    [
        ("county", "province", Chain.COUNTY_CITY),
        ("county", "nation", Chain.COUNTY_CITY),
        ("city", "province", Chain.CITY),
        ("county", "city", Chain.COUNTY),
        ("province", "province", Chain.NONE),
        ("city", "city", Chain.NONE),
        ("county", "county", Chain.NONE),
    ],
)
def test_the_chain_follows_from_the_two_levels(carrier: str, owner: str, chain: Chain) -> None:
    assert chain_of(carrier, owner) is chain


@pytest.mark.parametrize("chain", Chain)
def test_every_chain_leads_from_filling_to_accepted_by_one_way(chain: Chain) -> None:
    table, state, way = lifecycle(chain), State.FILLING.value, []
    while state != State.ACCEPTED:
        forward = [
            move
            for move in table.moves
            if state in move.sources and move.action in (Action.SUBMIT, Action.PASS, Action.ACCEPT)
        ]
        assert len(forward) == 1
        state = forward[0].target
        way.append(state)
    assert tuple(way[:-1]) == stops_of(chain)


def test_a_citys_campaign_is_accepted_by_the_city() -> None:
    table = lifecycle(Chain.COUNTY, Role.CITY_OFFICER)
    assert table.move(Action.ACCEPT, state=State.AT_PROVINCE, role=Role.CITY_OFFICER).target == State.ACCEPTED


def test_nothing_leads_out_of_accepted() -> None:
    assert all(State.ACCEPTED not in move.sources for move in lifecycle().moves)
