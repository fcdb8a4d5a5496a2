"""Who sees which rows of this room, before and after submitting: from the regulation, by hand."""

from __future__ import annotations

import pytest

from accounts.actors import PORTAL, VISITOR, Actor
from accounts.rules.roles import Role
from reporting.models import (
    Campaign,
    Form,
    Return,
    ReturnFigure,
    ReturnMove,
    ReturnVersion,
    RosterRow,
    WorkbookImport,
)
from reporting.services import returns, workbooks
from tests.reporting.conftest import DAY, World, fill, person, region
from tests.reporting.workbooks import blank, saved

TABLES = (Form, Campaign, Return, ReturnVersion, RosterRow, ReturnFigure, ReturnMove, WorkbookImport)
NOTHING = [0, 0, 0, 0, 0, 0, 0, 0]
# Forms, campaigns, returns, versions, rows, figures, moves, uploads. Two carriers; one has a draft.
DRAFT = {
    "staff": [1, 1, 1, 1, 2, 0, 0, 1],
    "other_staff": [1, 1, 1, 1, 0, 0, 0, 0],
    "county_officer": [1, 1, 2, 0, 0, 0, 0, 0],
    "city_officer": [1, 1, 2, 0, 0, 0, 0, 0],
    "officer": [1, 1, 2, 0, 0, 0, 0, 0],
    "auditor": [1, 1, 2, 2, 2, 0, 0, 1],
    "sibling": [1, 1, 0, 0, 0, 0, 0, 0],
    "expert": [1, 0, 0, 0, 0, 0, 0, 0],
    "finance": [1, 0, 0, 0, 0, 0, 0, 0],
    "administrator": [1, 0, 0, 0, 0, 0, 0, 0],
    "visitor": NOTHING,
    "portal": [1, 1, 2, 2, 2, 0, 0, 1],
}
SUBMITTED = {
    **DRAFT,
    "staff": [1, 1, 1, 1, 2, 8, 1, 1],
    "county_officer": [1, 1, 2, 1, 2, 8, 1, 0],
    "city_officer": [1, 1, 2, 1, 2, 8, 1, 0],
    "officer": [1, 1, 2, 1, 2, 8, 1, 0],
    "auditor": [1, 1, 2, 2, 2, 8, 1, 1],
    "portal": [1, 1, 2, 2, 2, 8, 1, 1],
}


def cast(world: World, who: str) -> Actor:
    if hasattr(world, who):
        found: Actor = getattr(world, who)
        return found
    if who == "sibling":
        return person("县区乙", Role.COUNTY_OFFICER, region=region("990503", "湖湾区", "county", world.city))
    roles = {
        "expert": Role.EXPERT,
        "finance": Role.FINANCE_OFFICER,
        "administrator": Role.SYSTEM_ADMINISTRATOR,
    }
    if who in roles:
        return person(who, roles[who], region=world.province)
    return PORTAL if who == "portal" else VISITOR


def seen(actor: Actor) -> list[int]:
    return [model.objects.visible_to(actor).count() for model in TABLES]


@pytest.fixture
def begun(world: World, storage: None) -> World:
    """One carrier has filled and uploaded, the other has done nothing."""
    fill(world)
    workbooks.upload(
        actor=world.staff, return_id=world.mine.pk, content=saved(blank(world.mine)), name="a.xlsx", at=DAY
    )
    return world


@pytest.mark.parametrize("who", DRAFT)
def test_a_draft_is_its_carriers_and_the_auditors(begun: World, who: str) -> None:
    assert seen(cast(begun, who)) == DRAFT[who]


@pytest.mark.parametrize("who", SUBMITTED)
def test_what_was_submitted_is_the_offices_of_the_region(begun: World, who: str) -> None:
    returns.submit(actor=begun.staff, return_id=begun.mine.pk, expected=0, commitment="承诺属实", at=DAY)
    assert seen(cast(begun, who)) == SUBMITTED[who]
