"""Teams have no credit code: the portal numbers them, once and for good."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.problems import Refused
from registry.models import Team
from reporting import queries
from reporting.excel.making import make
from reporting.models import Return, RosterRow
from reporting.services import forms, rows
from tests.reporting.conftest import DAY, World, carrier, open_campaign, person
from tests.reporting.workbooks import by_command, saved

pytestmark = pytest.mark.usefixtures("storage")
SOURCE = Path(__file__).parents[3] / "reporting" / "forms" / "makerspace-annual.yaml"
TEAMS = "创业团队名单"
NO, NAME, ENTERED, PEOPLE = 1, 2, 6, 7


@pytest.fixture
def maker(world: World) -> tuple[Actor, Return]:
    """A makerspace with its return."""
    home = carrier(9, "木棉众创空间", world.county, kind="makerspace")
    form = forms.import_form(actor=world.officer, source=SOURCE.read_bytes(), at=DAY)
    campaign = open_campaign(world.officer, form, world.province)
    staff = person("填报丙", Role.CARRIER_STAFF, carrier_code=home.code)
    return staff, Return.objects.get(campaign=campaign)


def blank(found: Return) -> Workbook:
    return load_workbook(io.BytesIO(make(queries.opened(found, at=DAY))))


def put_team(book: Workbook, line: int, *values: Any) -> None:
    for column, value in zip((NAME, ENTERED, PEOPLE), values, strict=True):
        book[TEAMS].cell(line, column).value = value


def numbers() -> list[tuple[str, str]]:
    return list(RosterRow.objects.order_by("key").values_list("key", "name"))


def test_new_teams_are_numbered_and_the_same_file_again_changes_nothing(
    maker: tuple[Actor, Return], tmp_path: Path
) -> None:
    book = blank(maker[1])
    put_team(book, 2, "晨光队", "2025-03-01", 3)
    put_team(book, 3, "远航队", "2025-04-01", 5)
    assert by_command(saved(book), tmp_path)["tables"]["teams"]["new"] == 2
    known = [("SL-990500-0009-T0001", "晨光队"), ("SL-990500-0009-T0002", "远航队")]
    assert numbers() == known
    assert by_command(saved(book), tmp_path)["tables"]["teams"]["same"] == 2
    put_team(book, 4, "新队", "2025-05-01", 2)
    assert by_command(saved(book), tmp_path)["tables"]["teams"] == {
        "new": 1, "changed": 0, "same": 2, "left": 0, "bad": 0,
    }  # fmt: skip
    assert numbers() == [*known, ("SL-990500-0009-T0003", "新队")]


def test_a_renamed_team_is_known_by_its_number(maker: tuple[Actor, Return], tmp_path: Path) -> None:
    book = blank(maker[1])
    put_team(book, 2, "晨光队", "2025-03-01", 3)
    by_command(saved(book), tmp_path)
    book = blank(maker[1])
    assert book[TEAMS].cell(2, NO).value == "SL-990500-0009-T0001"
    book[TEAMS].cell(2, NAME).value = "晨曦队"
    assert by_command(saved(book), tmp_path)["tables"]["teams"]["changed"] == 1
    assert numbers() == [("SL-990500-0009-T0001", "晨曦队")]


def test_a_number_that_the_portal_never_gave_is_refused(maker: tuple[Actor, Return], tmp_path: Path) -> None:
    book = blank(maker[1])
    put_team(book, 2, "晨光队", "2025-03-01", 3)
    book[TEAMS].cell(2, NO).value = "T-1"
    put_team(book, 3, "去年的队", "2025-03-01", 3)
    book[TEAMS].cell(3, NO).value = "SL-990500-0009-T0099"
    report = by_command(saved(book), tmp_path)
    strange = [problem for problem in report["problems"] if problem["code"] == "row.number"]
    assert [(problem["place"], problem["found"]) for problem in strange] == [(f"{TEAMS}!A2", "T-1")]
    assert numbers() == [("SL-990500-0009-T0099", "去年的队")]


def test_numbers_are_given_on_line_too_and_never_again(maker: tuple[Actor, Return]) -> None:
    staff, found = maker
    Team.objects.create(team_no="SL-990500-0009-T0007", name="去年的队")
    values = {"name": "晨光队", "entered": "2025-03-01", "people": "3"}
    key, answer = rows.add_row(actor=staff, return_id=found.pk, table="teams", values=values, at=DAY)
    assert key == "SL-990500-0009-T0008" and not answer.problems
    with pytest.raises(Refused):
        rows.save_row(
            actor=staff,
            return_id=found.pk,
            table="teams",
            key=key,
            values={"team_no": "X1"},
            seen={"team_no": key},
            at=DAY,
        )


def test_a_question_about_a_row_is_about_just_that_row(maker: tuple[Actor, Return]) -> None:
    staff, found = maker
    for people in ("60", "70"):
        rows.add_row(
            actor=staff,
            return_id=found.pk,
            table="teams",
            values={"name": f"队{people}", "entered": "2025-03-01", "people": people},
            at=DAY,
        )
    opened = queries.opened(found, at=DAY)
    asked = [finding.key for finding, _ in queries.questions(opened, opened.checked())]
    assert asked == [
        "T2:teams:SL-990500-0009-T0001:people",
        "T2:teams:SL-990500-0009-T0002:people",
    ]
