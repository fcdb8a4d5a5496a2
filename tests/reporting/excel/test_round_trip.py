"""A carrier's workbook out and in: what people paste, what is wrong, what a second upload does."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from core.problems import Refused
from office.models import ImportState
from reporting import queries
from reporting.excel.making import make
from reporting.excel.marking import marked_file
from reporting.models import Return, RosterRow, WorkbookImport
from reporting.services import filling, returns, workbooks
from tests.reporting.conftest import DAY, World, credit_code, fill, open_campaign
from tests.reporting.workbooks import (
    ROSTER,
    SITE,
    blank,
    by_command,
    check,
    confirm,
    put_fields,
    put_rows,
    saved,
    whole_database,
)

pytestmark = pytest.mark.usefixtures("storage")
FIELDS = {"area_total": 5000, "area_tenants": 3000, "area_service": 1000, "tenants_reported": 2}
ROWS: list[dict[str, Any]] = [
    {"name": "甲科技公司", "credit_code": credit_code(101), "founded": dt.date(2024, 1, 10),
     "entered": dt.date(2024, 6, 1), "field": "电子信息", "revenue": 120.5, "high_tech": "是"},
    {"name": "乙生物公司", "credit_code": credit_code(102), "founded": dt.date(2023, 5, 6),
     "entered": dt.date(2025, 2, 1), "field": "生物医药", "revenue": 80},
]  # fmt: skip


def filled(world: World, rows: list[dict[str, Any]] | None = None, **fields: Any) -> bytes:
    book = blank(world.mine)
    put_fields(book, {**FIELDS, **fields})
    put_rows(book, ROWS if rows is None else rows)
    return saved(book)


def values(world: World) -> dict[str, str]:
    return dict(world.mine.current.values)


def test_the_workbook_has_cover_sections_tables_and_sealed_facts(world: World) -> None:
    book = blank(world.mine)
    assert book.sheetnames == ["填报说明", SITE, ROSTER, "_meta"]
    assert book["_meta"].sheet_state == "veryHidden" and book[ROSTER].freeze_panes == "A2"
    facts = json.loads(book["_meta"]["A1"].value)
    assert {key: facts[key] for key in ("form", "version", "year", "carrier")} == {
        "form": "incubator-annual",
        "version": 1,
        "year": 2025,
        "carrier": "SL-990500-0001",
    }
    assert facts["fields"]["area_total"] == "场地!C2"
    assert facts["tables"]["roster"]["columns"]["credit_code"] == "B"
    assert [cell.value for cell in book[SITE][3]][:3] == ["在孵企业使用面积", "m²", None]


def test_a_filled_workbook_is_read_shown_and_applied(world: World) -> None:
    found = check(world, filled(world))
    assert found.state == ImportState.CHECKED and found.job.awaits_owner
    assert found.report == {
        "carrier": "SL-990500-0001",
        "year": 2025,
        "outcome": "accepted",
        "applied": False,
        "tables": {"roster": {"new": 2, "changed": 0, "same": 0, "left": 0, "bad": 0}},
        "problems": [],
    }
    assert [one["code"] for one in found.changes["fields"]] == list(FIELDS)
    assert values(world) == {} and not RosterRow.objects.exists()
    applied = confirm(world, found)
    assert applied.state == ImportState.APPLIED and applied.report["applied"] is True
    assert values(world) == {code: str(value) for code, value in FIELDS.items()}
    source = world.mine.current.sources["area_total"]
    assert source == {
        "kind": "file",
        "sha256": found.file.sha256,
        "cell": "场地!C2",
        "by": "填报甲",
        "at": "2026-03-18T14:32:00+08:00",
    }
    assert list(RosterRow.objects.values_list("key", "field", "high_tech")) == [
        (credit_code(101), "ict", True),
        (credit_code(102), "bio", None),
    ]


def test_the_same_file_twice_changes_nothing_the_second_time(world: World, tmp_path: Path) -> None:
    content = filled(world)
    assert by_command(content, tmp_path)["applied"] is True
    before = list(RosterRow.objects.values()), values(world), world.mine.current.saved_at
    report = by_command(content, tmp_path)
    assert report["tables"]["roster"] == {"new": 0, "changed": 0, "same": 2, "left": 0, "bad": 0}
    assert (list(RosterRow.objects.values()), values(world), world.mine.current.saved_at) == before


def test_a_dry_run_writes_nothing_and_says_what_an_import_would(world: World, tmp_path: Path) -> None:
    content, before = filled(world, tenants_reported=9), whole_database()
    dry = by_command(content, tmp_path, "--dry-run")
    assert whole_database() == before
    real = by_command(content, tmp_path)
    assert dry == {**real, "applied": False} and real["outcome"] == "accepted_with_questions"


def test_what_was_made_comes_back_without_a_difference(world: World, tmp_path: Path) -> None:
    fill(world)
    report = by_command(make(queries.opened(world.mine, at=DAY)), tmp_path)
    assert report["outcome"] == "accepted"
    assert report["tables"]["roster"] == {"new": 0, "changed": 0, "same": 2, "left": 0, "bad": 0}


def test_cells_hold_what_people_paste(world: World, tmp_path: Path) -> None:
    rows = [
        {"name": "甲", "credit_code": f" {credit_code(1).lower()} ", "founded": "2023.5.6",
         "entered": "2023年6月1日", "field": "ict", "revenue": "１，２３４．５", "high_tech": "√"},
        {"name": "乙", "credit_code": credit_code(2), "founded": "2023/5/6", "entered": "20230601",
         "field": " 生物医药 ", "revenue": "-", "high_tech": "×"},
        {"name": "丙", "credit_code": credit_code(3), "founded": dt.datetime(2023, 5, 6),
         "entered": "2023-6-1", "revenue": "无", "high_tech": "否"},
    ]  # fmt: skip
    report = by_command(filled(world, rows, area_total="5,000.00", tenants_reported="3"), tmp_path)
    assert report["problems"] == [] and report["outcome"] == "accepted"
    found = RosterRow.objects.order_by("position")
    assert [(r.founded, r.entered) for r in found] == [(dt.date(2023, 5, 6), dt.date(2023, 6, 1))] * 3
    assert [None if r.revenue is None else str(r.revenue.normalize()) for r in found] == [
        "1234.5",
        None,
        None,
    ]
    assert [r.high_tech for r in found] == [True, False, False]
    assert values(world)["area_total"] == "5000"


WRONG: list[tuple[str, Any, str]] = [
    ("revenue", "35万元", "cell.unit"),
    ("revenue", "约三十", "cell.number"),
    ("revenue", "1.23456", "cell.places"),
    ("revenue", 10**16, "cell.large"),
    ("revenue", "=A1", "cell.formula"),
    ("revenue", dt.date(2024, 1, 1), "cell.type"),
    ("founded", "2023年5月", "cell.date"),
    ("founded", "2023-02-30", "cell.date"),
    ("founded", None, "cell.required"),
    ("field", "养殖", "cell.choice"),
    ("high_tech", "可能", "cell.bool"),
    ("credit_code", credit_code(101)[:17], "credit_code.length"),
    ("credit_code", credit_code(101)[:17] + "A", "credit_code.check"),
    ("credit_code", 911320000000000000, "cell.digits"),
    ("entered", dt.date(2019, 1, 1), "R1"),
    ("name", "长" * 101, "cell.length"),
]


@pytest.mark.parametrize(
    ("column", "value", "code"), WRONG, ids=[f"{c}-{e}-{n}" for n, (c, _, e) in enumerate(WRONG)]
)
def test_a_wrong_cell_is_named_and_only_its_row_stays_out(
    world: World, tmp_path: Path, column: str, value: Any, code: str
) -> None:
    report = by_command(filled(world, [{**ROWS[0], column: value}, ROWS[1]]), tmp_path)
    assert report["outcome"] == "partly" and report["applied"] is True
    assert report["tables"]["roster"] == {"new": 1, "changed": 0, "same": 0, "left": 0, "bad": 1}
    errors = [problem for problem in report["problems"] if problem["severity"] == "error"]
    assert [(p["code"], p["field"]) for p in errors] == [(code, column)]
    letter = {"name": "A", "credit_code": "B", "founded": "C", "entered": "D", "field": "E", "revenue": "F"}
    assert errors[0]["place"] == f"{ROSTER}!{letter.get(column, 'G')}2"
    assert errors[0]["message"] and errors[0]["allowed"]
    assert list(RosterRow.objects.values_list("key", flat=True)) == [credit_code(102)]


def test_a_value_with_a_unit_is_refused_with_the_number_it_would_have_meant(
    world: World, tmp_path: Path
) -> None:
    report = by_command(filled(world, [{**ROWS[0], "revenue": "35万元"}, ROWS[1]]), tmp_path)
    assert "350" in report["problems"][0]["fix"]


def test_a_wrong_field_keeps_what_is_stored_and_the_rest_goes_in(world: World, tmp_path: Path) -> None:
    fill(world)
    report = by_command(filled(world, area_total="五千", area_tenants=2900), tmp_path)
    assert [(p["code"], p["place"]) for p in report["problems"]] == [("cell.number", "场地!C2")]
    assert report["outcome"] == "partly"
    assert values(world)["area_total"] == "5000" and values(world)["area_tenants"] == "2900"


def test_equal_problems_are_said_once_with_their_number(world: World, tmp_path: Path) -> None:
    rows = [{**ROWS[0], "credit_code": credit_code(n), "entered": dt.date(2019, 1, 1)} for n in range(1, 8)]
    report = by_command(filled(world, rows, tenants_reported=0), tmp_path)
    (problem,) = [p for p in report["problems"] if p["code"] == "R1"]
    assert (problem["place"], problem["count"], problem["found"]) == (f"{ROSTER}!D2", 7, "2019-01-01")
    assert problem["allowed"] == "入驻日期 ≥ 成立日期"


def test_the_same_code_twice_in_a_file_is_named(world: World, tmp_path: Path) -> None:
    report = by_command(filled(world, [ROWS[0], {**ROWS[1], "credit_code": credit_code(101)}]), tmp_path)
    assert [(p["code"], p["place"]) for p in report["problems"] if p["severity"] == "error"] == [
        ("row.twice", f"{ROSTER}!B3")
    ]


def test_moved_and_extra_columns_and_renamed_sheets_are_no_error(world: World, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(filled(world)))
    book[ROSTER].move_range("B1:B3", cols=8)  # the credit code goes to column J
    book[ROSTER]["B1"], book[ROSTER]["B2"] = "备注", "新搬来"
    book[ROSTER].title, book[SITE].title = " 在孵 企业名单", "场 地"
    report = by_command(saved(book), tmp_path)
    assert [(p["code"], p["severity"], p["found"]) for p in report["problems"]] == [
        ("header.extra", "note", "备注")
    ]
    assert report["outcome"] == "accepted" and report["tables"]["roster"]["new"] == 2


def test_a_moved_line_is_found_by_its_title_and_a_lost_one_is_named(world: World, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(filled(world)))
    book[SITE].insert_rows(2)
    assert by_command(saved(book), tmp_path)["outcome"] == "accepted"
    assert values(world)["area_total"] == "5000"
    book[SITE].delete_rows(3)
    assert [p["code"] for p in by_command(saved(book), tmp_path)["problems"]] == ["field.line"]


def test_another_unit_in_the_heading_keeps_the_table_out(world: World, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(filled(world)))
    book[ROSTER]["F1"] = "营业收入（万元）"
    report = by_command(saved(book), tmp_path)
    assert "header.unit" in {p["code"] for p in report["problems"]}
    assert report["tables"]["roster"]["bad"] == 2 and not RosterRow.objects.exists()


def test_a_missing_sheet_or_required_column_is_named_and_nothing_leaves(world: World, tmp_path: Path) -> None:
    fill(world)
    book = load_workbook(io.BytesIO(filled(world)))
    book[ROSTER].delete_cols(2)
    report = by_command(saved(book), tmp_path, "--leave")
    assert "header.missing" in {p["code"] for p in report["problems"]} and RosterRow.objects.count() == 2
    book.remove(book[ROSTER])
    report = by_command(saved(book), tmp_path, "--leave")
    assert "sheet.missing" in {p["code"] for p in report["problems"]} and RosterRow.objects.count() == 2


def test_a_column_that_the_file_has_not_keeps_what_is_stored(world: World, tmp_path: Path) -> None:
    fill(world)
    book = blank(world.mine)
    book[ROSTER].delete_cols(6)
    report = by_command(saved(book), tmp_path)
    assert report["tables"]["roster"]["same"] == 2
    assert RosterRow.objects.filter(revenue=None).count() == 0


def test_a_row_no_longer_in_the_file_is_a_proposed_leaving(world: World, tmp_path: Path) -> None:
    fill(world)
    book = blank(world.mine)
    book[ROSTER].delete_rows(3)
    content = saved(book)
    found = check(world, content)
    assert found.report["tables"]["roster"]["left"] == 1
    assert [one["name"] for one in found.changes["tables"]["roster"]["left"]] == ["乙生物公司"]
    confirm(world, found)
    assert RosterRow.objects.count() == 2  # not confirmed: it stays
    confirm(world, check(world, content), roster=True)
    assert [row.name for row in RosterRow.objects.all()] == ["甲科技公司"]


def test_a_bad_row_of_a_known_key_keeps_its_stored_values(world: World, tmp_path: Path) -> None:
    fill(world)
    report = by_command(filled(world, [{**ROWS[0], "founded": "去年"}, ROWS[1]]), tmp_path, "--leave")
    assert report["tables"]["roster"] == {"new": 0, "changed": 0, "same": 1, "left": 0, "bad": 1}
    assert RosterRow.objects.get(key=credit_code(101)).founded == dt.date(2024, 1, 10)


def refused_with(world: World, tmp_path: Path, content: bytes) -> list[str]:
    before = whole_database()
    report = by_command(content, tmp_path)
    assert report["outcome"] == "rejected" and report["applied"] is False and report["tables"] == {}
    assert whole_database() == before
    assert all(problem["message"] for problem in report["problems"])
    return [problem["code"] for problem in report["problems"]]


def test_a_forged_a_broken_and_a_foreign_file_are_refused_with_the_reason(
    world: World, tmp_path: Path
) -> None:
    book = load_workbook(io.BytesIO(filled(world)))
    facts = json.loads(book["_meta"]["A1"].value)
    for key, value in (("carrier", world.other.code), ("year", 2024), ("version", 2), ("token", "0" * 64)):
        book["_meta"]["A1"] = json.dumps({**facts, key: value})
        assert refused_with(world, tmp_path, saved(book)) == ["workbook.forged"]
    book["_meta"]["A1"] = "{}"
    assert refused_with(world, tmp_path, saved(book)) == ["workbook.bad_meta"]
    del book["_meta"]
    assert refused_with(world, tmp_path, saved(book)) == ["workbook.no_meta"]
    assert refused_with(world, tmp_path, b"not a workbook")[0].startswith("file.")


def test_another_carriers_file_is_refused_on_the_page(world: World) -> None:
    theirs = saved(blank(world.theirs))
    found = check(world, theirs)
    assert found.state == ImportState.DROPPED and found.report["outcome"] == "rejected"
    assert [p["code"] for p in found.report["problems"]] == ["workbook.carrier"]
    with pytest.raises(Refused):
        workbooks.confirm(actor=world.staff, import_id=found.pk, at=DAY)


def test_a_key_that_was_replaced_still_verifies(world: World, tmp_path: Path, settings: Any) -> None:
    content = filled(world)
    settings.SIGNING_KEYS = ["new-key", *settings.SIGNING_KEYS]
    assert by_command(content, tmp_path)["outcome"] == "accepted"
    settings.SIGNING_KEYS = ["new-key"]
    assert by_command(content, tmp_path)["outcome"] == "rejected"


def test_the_own_file_comes_back_marked_and_mended_it_reads_as_one_change(
    world: World, tmp_path: Path
) -> None:
    found = check(world, filled(world, [{**ROWS[0], "entered": dt.date(2019, 1, 1)}, ROWS[1]]))
    confirm(world, found)
    marked = load_workbook(io.BytesIO(marked_file(found, at=DAY)))
    assert "入驻日期早于成立日期" in marked[ROSTER]["D2"].comment.text
    assert marked.sheetnames[0] == "填报问题"
    marked[ROSTER]["D2"] = dt.date(2024, 6, 1)
    again = check(world, saved(marked))
    assert again.report["outcome"] == "accepted"
    assert again.report["tables"]["roster"] == {"new": 1, "changed": 0, "same": 1, "left": 0, "bad": 0}
    confirm(world, again)
    assert RosterRow.objects.count() == 2


def test_reasons_given_survive_a_new_upload_as_long_as_the_value_stays(world: World, tmp_path: Path) -> None:
    by_command(filled(world, tenants_reported=9), tmp_path)
    key = "K2:tenants_reported"
    filling.explain(
        actor=world.staff, return_id=world.mine.pk, key=key, reason="scope", text="含名单外企业", at=DAY
    )
    report = by_command(filled(world, tenants_reported=9, area_total=5100), tmp_path)
    assert report["outcome"] == "accepted" and key in world.mine.current.explanations
    report = by_command(filled(world, tenants_reported=8), tmp_path)
    assert [p["code"] for p in report["problems"]] == ["K2"]


def test_a_file_received_before_the_deadline_counts_however_late_it_is_read(world: World) -> None:
    fill(world)
    due = world.campaign.due_at
    with pytest.raises(Refused):
        workbooks.upload(
            actor=world.staff, return_id=world.mine.pk, content=filled(world), name="a.xlsx", at=due
        )


def test_a_submitted_return_takes_no_file(world: World, tmp_path: Path) -> None:
    fill(world)
    content = filled(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺属实", at=DAY)
    assert refused_with(world, tmp_path, content) == ["return.locked"]


def test_a_draft_changed_since_the_preview_is_shown_anew_and_nothing_is_written(world: World) -> None:
    found = check(world, filled(world))
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="area_total", value="7000", seen="", at=DAY
    )
    held = confirm(world, found)
    assert held.state == ImportState.CHECKED and held.job.outcome == {"outcome": "preview_changed"}
    assert values(world) == {"area_total": "7000"}
    assert confirm(world, held).state == ImportState.APPLIED and values(world)["area_total"] == "5000"


def test_confirming_twice_writes_once(world: World) -> None:
    found = check(world, filled(world))
    workbooks.confirm(actor=world.staff, import_id=found.pk, at=DAY)
    with pytest.raises(Refused) as refused:
        workbooks.confirm(actor=world.staff, import_id=found.pk, at=DAY)
    assert refused.value.problems[0].code == "import.running"


def test_a_second_upload_takes_the_place_of_the_first(world: World) -> None:
    first = check(world, filled(world))
    second = check(world, filled(world, area_total=5200))
    assert WorkbookImport.objects.get(pk=first.pk).state == ImportState.DROPPED
    assert second.state == ImportState.CHECKED
    workbooks.drop(actor=world.staff, import_id=second.pk, at=DAY)
    assert values(world) == {}


def test_nobody_else_sees_an_upload(world: World) -> None:
    check(world, filled(world))
    seen = {
        actor.name: WorkbookImport.objects.visible_to(actor).count()
        for actor in (world.staff, world.other_staff, world.county_officer, world.officer, world.auditor)
    }
    assert seen == {"填报甲": 1, "填报乙": 0, "县区甲": 0, "省级甲": 0, "审计甲": 1}


def test_last_year_stands_beside_is_not_read_back_and_a_leap_is_asked_about(
    world: World, tmp_path: Path
) -> None:
    before = open_campaign(world.officer, world.form, world.province, year=2024)
    then = before.opens_at + dt.timedelta(days=3)
    last = fill(world, Return.objects.get(campaign=before, carrier=world.carrier), at=then)
    returns.submit(actor=world.staff, return_id=last.pk, expected=0, commitment="承诺属实", at=then)
    book = blank(world.mine)
    assert [book[SITE][f"D{row}"].value for row in (2, 3, 5)] == [5000, 3000, 60]
    put_fields(book, {**FIELDS, "area_total": 50000, "area_service": 2000})
    put_rows(book, ROWS)
    report = by_command(saved(book), tmp_path)
    assert [(p["code"], p["place"]) for p in report["problems"]] == [("variance", "场地!C4")]
    assert report["outcome"] == "accepted_with_questions"


def test_one_import_of_a_carrier_runs_at_a_time(world: World) -> None:
    content = filled(world)
    workbooks.upload(actor=world.staff, return_id=world.mine.pk, content=content, name="a.xlsx", at=DAY)
    with pytest.raises(Refused) as refused:
        workbooks.upload(actor=world.staff, return_id=world.mine.pk, content=content, name="b.xlsx", at=DAY)
    assert [problem.code for problem in refused.value.problems] == ["job.lane"]
    assert WorkbookImport.objects.get().state == ImportState.WAITING


def test_a_file_that_is_wrong_as_a_whole_comes_back_as_a_list_of_reasons(world: World) -> None:
    for content in (saved(blank(world.theirs)), b"not a workbook"):
        found = check(world, content)
        book = load_workbook(io.BytesIO(marked_file(found, at=DAY)))
        assert book.sheetnames == ["填报问题"] and book.worksheets[0].max_row == 2


def test_hidden_rows_are_read_and_said(world: World, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(filled(world)))
    book[ROSTER].row_dimensions[3].hidden = True
    report = by_command(saved(book), tmp_path)
    assert [(p["code"], p["severity"]) for p in report["problems"]] == [("sheet.hidden", "note")]
    assert report["outcome"] == "accepted" and report["tables"]["roster"]["new"] == 2


def test_two_thousand_tenants_are_checked_within_five_seconds(world: World) -> None:
    rows = [{**ROWS[0], "name": f"企业{n}", "credit_code": credit_code(n)} for n in range(1, 2001)]
    content = filled(world, rows, tenants_reported=2000)
    begun = time.monotonic()
    found = check(world, content)
    assert time.monotonic() - begun < 5
    assert found.report["tables"]["roster"]["new"] == 2000
