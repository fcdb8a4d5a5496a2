"""A province's file: many carriers' tables at once, under the same checks."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from reporting import queries
from reporting.excel.rosters import read_rosters
from reporting.models import RosterRow
from reporting.services import returns, rosters
from tests.reporting.conftest import DAY, World, credit_code, fill
from tests.reporting.workbooks import ROSTER, put_rows, whole_database

HEADS = ["carrier", "企业名称", "统一社会信用代码", "成立日期", "入驻日期", "技术领域", "营业收入（千元）"]


def line(carrier: str, number: int, **more: Any) -> list[Any]:
    row = {
        "name": f"企业{number}",
        "code": credit_code(number),
        "founded": dt.date(2024, 1, 1),
        "entered": dt.date(2024, 5, 1),
        "field": "电子信息",
        "revenue": 10,
        **more,
    }
    return [carrier, *row.values()]


def book(tmp_path: Path, lines: list[list[Any]], heads: list[str] | None = None) -> Path:
    found = Workbook()
    sheet = found.worksheets[0]
    sheet.title = ROSTER
    sheet.append(heads or HEADS)
    for one in lines:
        sheet.append(one)
    path = tmp_path / "rosters.xlsx"
    found.save(path)
    return path


def imported(path: Path, *options: str) -> dict[str, Any]:
    report = path.with_suffix(".json")
    try:
        call_command("import_roster", str(path), "--year", "2025", "--json", str(report), *options)
    except CommandError as error:
        assert str(error) == "rejected"
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def lines(world: World) -> list[list[Any]]:
    mine, theirs = world.carrier.code, world.other.code
    return [line(mine, 1), line(theirs, 2), line(mine, 3)]


def test_rows_go_to_their_carriers_and_a_second_time_nothing_changes(world: World, tmp_path: Path) -> None:
    path = book(tmp_path, lines(world))
    report = imported(path)
    assert (report["outcome"], report["applied"]) == ("accepted", True)
    assert report["tables"] == {ROSTER: {"new": 3, "changed": 0, "same": 0, "left": 0, "bad": 0}}
    assert report["carriers"][world.carrier.code][ROSTER]["new"] == 2
    assert sorted(RosterRow.objects.values_list("version__return_of__carrier__code", "key")) == [
        (world.carrier.code, credit_code(1)),
        (world.carrier.code, credit_code(3)),
        (world.other.code, credit_code(2)),
    ]
    before = whole_database()
    assert imported(path)["tables"][ROSTER]["same"] == 3
    assert whole_database() == before


def test_a_dry_run_writes_nothing_and_agrees_with_the_import(world: World, tmp_path: Path) -> None:
    path, before = book(tmp_path, lines(world)), whole_database()
    dry = imported(path, "--dry-run")
    assert whole_database() == before
    assert {**dry, "applied": True} == imported(path)


def test_wrong_rows_are_named_and_stay_out_alone(world: World, tmp_path: Path) -> None:
    rows = [
        *lines(world),
        line("SL-000000-9999", 4),
        line(world.carrier.code, 5, entered=dt.date(2019, 1, 1)),
        line(world.other.code, 2),
        line(world.other.code, 6, revenue="35万元"),
    ]
    report = imported(book(tmp_path, rows))
    assert report["outcome"] == "partly"
    assert sorted((p["code"], p["place"]) for p in report["problems"]) == [
        ("R1", f"{ROSTER}!E6"),
        ("cell.unit", f"{ROSTER}!G8"),
        ("roster.carrier", f"{ROSTER}!A5"),
        ("row.twice", f"{ROSTER}!C7"),
    ]
    assert RosterRow.objects.count() == 3


def test_a_submitted_return_is_named_and_left_alone(world: World, tmp_path: Path) -> None:
    fill(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺属实", at=DAY)
    report = imported(book(tmp_path, lines(world)))
    assert [p["code"] for p in report["problems"]] == ["return.locked"]
    assert RosterRow.objects.filter(version=world.mine.current).count() == 2


def test_rows_leave_only_when_that_is_asked(world: World, tmp_path: Path) -> None:
    imported(book(tmp_path, lines(world)))
    path = book(tmp_path, lines(world)[:2])
    assert imported(path)["tables"][ROSTER]["left"] == 1 and RosterRow.objects.count() == 3
    imported(path, "--leave")
    assert RosterRow.objects.count() == 2


def test_an_officer_reaches_the_carriers_of_the_own_region_only(world: World, tmp_path: Path) -> None:
    forms, owners = rosters.asked(actor=world.county_officer, year=2025)
    assert [form.code for form in forms] == ["incubator-annual"] and len(owners["incubator-annual"]) == 2
    world.other.region = world.city
    world.other.save()
    forms, owners = rosters.asked(actor=world.county_officer, year=2025)
    assert owners == {"incubator-annual": {world.carrier.code}}
    found = read_rosters(book(tmp_path, lines(world)), forms, owners)
    assert [problem.found for problem in found.problems] == [world.other.code]


@pytest.mark.parametrize(
    ("heads", "code"), [(HEADS[1:], "roster.no_carrier"), (["carrier", "企业名称"], "header.missing")]
)
def test_a_heading_that_cannot_be_read_is_named(
    world: World, tmp_path: Path, heads: list[str], code: str
) -> None:
    report = imported(book(tmp_path, [["x"]], heads))
    assert report["outcome"] == "rejected" and code in {p["code"] for p in report["problems"]}


def test_what_is_no_workbook_or_has_no_such_sheet_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "rosters.xlsx"
    path.write_bytes(b"PK nonsense")
    assert imported(path)["outcome"] == "rejected"
    other = Workbook()
    other.save(path)
    assert [p["code"] for p in imported(path)["problems"]] == ["roster.no_sheet"]


def test_the_template_has_the_tables_with_the_leading_column(world: World, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    call_command("make_roster_workbook", "--year", "2025", "--out", str(path))
    template = load_workbook(path)
    assert template.sheetnames == ["填写说明", ROSTER]
    assert str(template[ROSTER]["A1"].value).startswith("carrier")
    template[ROSTER]["A2"] = world.carrier.code
    put_rows(
        template,
        [{"name": "甲", "credit_code": credit_code(1), "founded": "2024-1-1", "entered": "2024-2-1"}],
    )
    template.save(path)
    assert imported(path)["tables"][ROSTER]["new"] == 1
    assert queries.forms_of(None)[0].code == "incubator-annual"
