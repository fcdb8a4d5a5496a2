"""A pasted table: its cells as the spreadsheet had them, its columns by heading or by order."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Refused
from reporting.excel.pasting import read_pasted
from reporting.rules.form_reading import load_form
from reporting.rules.pasting import Paste, check_paste, match, rows_of, sheet_of

FORM = load_form((Path(__file__).parents[1] / "form.yaml").read_text(encoding="utf-8"))
ROSTER = FORM.table("roster")
CODES = ("name", "credit_code", "founded", "entered", "field", "revenue", "high_tech")

cells = st.text(st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\t\n"), max_size=12)
tables = st.lists(st.lists(cells, min_size=2, max_size=5), min_size=1, max_size=8)


@given(tables)
def test_what_a_spreadsheet_copies_is_read_cell_by_cell(rows: list[list[str]]) -> None:
    rows = [[*row, "x"] for row in rows]  # blank rows at the end are no rows
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab").writerows(rows)
    assert rows_of(out.getvalue()) == rows


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        sheet = sheet_of(text)
    except Refused as refused:
        assert all(problem.message for problem in refused.problems)
    else:
        assert len(match(ROSTER, sheet).columns) == max(max(row.cells, default=0) for row in sheet.rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\t\nb\n\n\n", [["a", ""], ["b"]]),
        ('"甲\n公司"\tb', [["甲\n公司", "b"]]),
        ('"甲""乙"""\tb', [['甲"乙"', "b"]]),
        ('5" 管\tb\nc\td', [['5" 管', "b"], ["c", "d"]]),
    ],
)
def test_lines_and_quotation_marks(text: str, rows: list[list[str]]) -> None:
    assert rows_of(text) == rows


def test_columns_are_found_by_their_heading_in_any_order_and_strangers_are_not_read() -> None:
    found = match(ROSTER, sheet_of("统一社会信用代码*\t备注\t企业名称\t营业收入（千元）\n1\t2\t3\t4"))
    assert found.columns == ("credit_code", "", "name", "revenue") and found.has_heading
    assert found.problems == ()


def test_a_heading_with_another_unit_is_named_and_its_column_not_read() -> None:
    found = match(ROSTER, sheet_of("企业名称\t统一社会信用代码\t营业收入（万元）\n甲\t1\t2"))
    assert found.columns == ("name", "credit_code", "")
    assert [problem.code for problem in found.problems] == ["header.unit"]


def test_without_a_heading_the_columns_come_in_the_order_of_the_form() -> None:
    found = match(ROSTER, sheet_of("甲公司\t91\t2024-01-01"))
    assert (found.columns, found.has_heading) == (("name", "credit_code", "founded"), False)
    assert match(ROSTER, sheet_of("\t".join("123456789"))).columns == (*CODES, "", "")


@pytest.mark.parametrize(
    ("columns", "codes"),
    [
        (("name", "credit_code"), []),
        (("name", "founded"), ["paste.key"]),
        (("credit_code", "credit_code"), ["header.twice"]),
        (("credit_code", "nothing"), ["paste.unknown"]),
    ],
)
def test_rows_must_be_told_apart_and_each_column_is_one(columns: tuple[str, ...], codes: list[str]) -> None:
    problems = check_paste(ROSTER, Paste("roster", columns, has_heading=False, whole=False))
    assert [problem.code for problem in problems] == codes


def test_cells_are_read_as_those_of_a_workbook_are() -> None:
    paste = Paste("roster", CODES[:6], has_heading=True, whole=False)
    text = "名称\t代码\t成立\t入驻\t领域\t收入\n甲\t坏\t2024年1月2日\t2024.6.1\t电子信息\t１,234.5\n"
    reading = read_pasted(text, paste, FORM)
    (row,) = reading.tables["roster"].rows
    assert dict(row.values) == {
        "name": "甲", "credit_code": "坏", "founded": "2024-01-02", "entered": "2024-06-01",
        "field": "ict", "revenue": "1234.5",
    }  # fmt: skip
    (problem,) = reading.problems
    assert problem.place == "粘贴的内容!B2" and problem.field == "credit_code"
