"""What is written is read back the same, whoever wrote it; nothing that leaves is live."""

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.amounts import narrow
from core.cells import read_cell
from core.columns import Column, ColumnType, match_headers
from core.problems import Problem
from core.workbook import exports
from core.workbook.exports import write_table
from core.workbook.gate import examine
from core.workbook.reader import read_book
from core.workbook.text import clean, looks_like_formula, sheet_name
from core.workbook.writer import (
    Line,
    add_cover,
    add_meta,
    add_section,
    add_table,
    new_workbook,
    to_bytes,
)

FIELDS = {"ict": "电子信息", "bio": "生物医药"}
COLUMNS = (
    Column(code="name", title="企业名称", type=ColumnType.TEXT, required=True, help="全称"),
    Column(code="code", title="信用代码", type=ColumnType.CREDIT_CODE),
    Column(code="founded", title="成立日期", type=ColumnType.DATE),
    Column(code="field", title="领域", type=ColumnType.CHOICE, choices=FIELDS),
    Column(code="revenue", title="营业收入", type=ColumnType.MONEY, unit="千元"),
    Column(code="staff", title="人数", type=ColumnType.INTEGER, unit="人"),
    Column(code="rate", title="使用率", type=ColumnType.PERCENT),
    Column(code="share", title="比值", type=ColumnType.DECIMAL, locked=True),
    Column(code="high", title="高新", type=ColumnType.BOOL),
)
ROW = {
    "name": "=HYPERLINK(1)",
    "code": "913201001234567890",
    "founded": dt.date(2020, 2, 29),
    "field": "ict",
    "revenue": Decimal("1234567.125"),
    "staff": 12,
    "rate": Decimal("35.5"),
    "share": Decimal("0.1"),
    "high": False,
}
PAYLOADS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    "{=1}",
    '=HYPERLINK("http://x","y")',
    "=",
    "==",
    " =1",
    "\n=1",
    "'=1",
    "%0A=1",
    "|x",
    "-5",
]


def read_back(data, columns=COLUMNS):
    assert examine(data) == []
    sheet = next(sheet for sheet in read_book(data).sheets if sheet.state == "visible")
    heads = match_headers(columns, sheet.rows[0])
    assert heads.problems == []
    return [
        {column.code: read_cell(row[heads.found[column.code]], column) for column in columns}
        for row in sheet.rows[1:]
    ]


def exported(rows, columns=COLUMNS, small=None):
    stream = io.BytesIO()
    write_table(stream, columns, rows, title="名单")
    return stream.getvalue()


@pytest.fixture(params=["small", "large"])
def size(request, monkeypatch):
    """The same rows through both writers."""
    monkeypatch.setattr(exports, "SMALL", 2000 if request.param == "small" else 0)
    return request.param


def test_a_row_is_read_back_as_it_was_written(size):
    columns = tuple(c for c in COLUMNS if c.code != "code")
    assert read_back(exported([ROW], columns), columns) == [
        {column.code: ROW[column.code] for column in columns}
    ]


def test_long_codes_keep_every_digit(size):
    data = exported([ROW])
    sheet = read_book(data).sheets[0]
    assert sheet.cell("B2").text == ROW["code"]


def test_both_writers_give_the_same_cells(monkeypatch):
    rows = [ROW, {"name": "x"}, ROW | {"founded": None, "high": True, "name": "a_x000D_b\x0bc\r\nd"}]
    small = [[c for c in row] for row in read_book(exported(rows)).sheets[0].rows]
    monkeypatch.setattr(exports, "SMALL", 0)
    large = [[c for c in row] for row in read_book(exported(rows)).sheets[0].rows]
    assert small == large


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_that_begins_like_a_formula_leaves_as_text(size, payload):
    columns = (COLUMNS[0],)
    data = exported([{"name": payload}], columns)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            assert b"<f>" not in package.read(name)
            assert b"<f " not in package.read(name)
    assert read_book(data).sheets[0].cell("A2").text == payload
    cell = load_workbook(io.BytesIO(data)).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", payload)
    if looks_like_formula(payload):
        assert cell.quotePrefix


def test_numbers_stay_numbers(size):
    data = exported([{"name": "x", "staff": -5}])
    cell = load_workbook(io.BytesIO(data)).worksheets[0]["F2"]
    assert (cell.data_type, cell.value) == ("n", -5)


def test_no_stored_character_breaks_an_export(size):
    bad = [chr(n) for n in (*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF)]
    columns = (COLUMNS[0],)
    data = exported([{"name": f"甲{char}乙"} for char in bad], columns)
    texts = [row[1].text for row in read_book(data).sheets[0].rows[1:]]
    assert len(texts) == len(bad)
    for char, text in zip(bad, texts, strict=True):
        assert text == {"\t": "甲\t乙", "\n": "甲\n乙", "\r": "甲\n乙"}.get(char, "甲\ufffd乙")


def test_texts_longer_than_a_cell_are_cut_with_a_sign():
    assert len(clean("字" * 40_000)) == 32_767
    assert clean("字" * 40_000).endswith("…")


def test_large_tables_are_written_from_a_stream_to_a_file(tmp_path):
    path = tmp_path / "导出.xlsx"
    write_table(path, COLUMNS, ({**ROW, "staff": n} for n in range(5000)), title="名单/一")
    sheet = read_book(path).sheets[0]
    assert (sheet.name, len(sheet.rows)) == ("名单_一", 5001)
    assert sheet.rows[5000][6].text == "4999"


def test_columns_with_one_header_are_refused():
    with pytest.raises(ValueError):
        write_table(io.BytesIO(), (COLUMNS[0], COLUMNS[0]), [])


PRINTABLE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": PRINTABLE.map(str.strip).filter(
                    lambda t: t not in ("", "-", "--", "/", "—", "–", "―", "——")
                ),
                "founded": st.dates(dt.date(1900, 3, 1), dt.date(2100, 12, 31)) | st.none(),
                "field": st.sampled_from([*FIELDS, None]),
                "revenue": st.decimals(-(10**11), 10**11, places=3) | st.none(),
                "staff": st.integers(-(10**14), 10**14) | st.none(),
                "rate": st.decimals(0, 100, places=6) | st.none(),
                "share": st.decimals(-(10**5), 10**5, places=9) | st.none(),
                "high": st.booleans() | st.none(),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_written_is_read_back(size, rows):
    rows = [row for row in rows if narrow(row["name"]) == row["name"]] or [{"name": "甲"}]
    columns = tuple(c for c in COLUMNS if c.code != "code")
    expected = [{column.code: row.get(column.code) for column in columns} for row in rows]
    assert read_back(exported(rows, columns), columns) == expected


def template():
    book = new_workbook()
    add_cover(book, "封面", "年度报表", [("单位", "某孵化器"), ("办法", "=填写")])
    long_list = {str(n): f"很长的选项名称{n}" for n in range(100)}
    columns = (*COLUMNS, Column(code="long", title="长表", type=ColumnType.CHOICE, choices=long_list))
    layout = add_table(book, "在孵企业名单", columns, [ROW], spare=10)
    places = add_section(
        book,
        "场地",
        [
            Line(COLUMNS[4], Decimal("35"), Decimal("30")),
            Line(COLUMNS[7], Decimal("0.5"), depth=1),
            Line(COLUMNS[0]),
        ],
        ("项目", "单位", "本年", "上年", "说明"),
    )
    facts = {"fields": places, "tables": {"roster": layout.as_json()}, "text": "=1"}
    add_meta(book, facts)
    return to_bytes(book), facts


def test_a_template_says_where_everything_stands():
    data, facts = template()
    book = read_book(data)
    assert json.loads(book.sheet("_META").cell("A1").text) == facts
    assert facts["fields"]["revenue"] == "场地!C2"
    assert book.sheet("场地").cell("C2").text == "35"
    assert facts["tables"]["roster"]["columns"]["founded"] == "C"
    assert book.sheet("在孵企业名单").cell("C2").date == ROW["founded"]


def test_a_template_is_frozen_filtered_and_helps():
    data, _ = template()
    book = load_workbook(io.BytesIO(data))
    sheet = book["在孵企业名单"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:J12")
    assert not sheet.protection.sheet
    assert sheet["A1"].comment.text == "全称"
    formats = [sheet.column_dimensions[letter].number_format for letter in "BCE"]
    assert formats == ["@", "yyyy-mm-dd", "#,##0.000"]
    assert [sheet[f"{letter}2"].number_format for letter in "BCE"] == formats
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists == {'"电子信息,生物医药"', '"是,否"', "_lists!$A$1:$A$100"}
    assert book["_lists"].sheet_state == book["_meta"].sheet_state == "veryHidden"
    assert sheet.page_setup.paperSize == 9
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == ["封面"]


def test_computed_cells_of_a_section_are_locked_and_the_others_are_open():
    data, _ = template()
    sheet = load_workbook(io.BytesIO(data))["场地"]
    assert sheet.protection.sheet
    assert [sheet[f"C{n}"].protection.locked for n in (2, 3, 4)] == [False, True, False]
    assert sheet["D2"].protection.locked


def test_facts_that_do_not_fit_are_an_error_not_a_cut():
    with pytest.raises(ValueError):
        add_meta(new_workbook(), {"x": "字" * 40_000})


def test_sheet_names_are_made_legal():
    assert sheet_name("a[b]:c*?/\\d") == "a_b__c____d"
    assert len(sheet_name("很长" * 40)) == 31
    assert sheet_name("'") == "Sheet"


def test_problem_is_not_a_value():
    assert isinstance(read_back(exported([ROW]))[0]["code"], Problem)
