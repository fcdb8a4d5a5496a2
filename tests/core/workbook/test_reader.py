"""What stands in a workbook comes out exactly, with its place; what cannot be told apart is named."""

import datetime as dt
import io
import time
from decimal import Decimal

import pytest
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from core.problems import Refused
from core.workbook import reader
from core.workbook.book import Kind, find_name, letters, split
from core.workbook.gate import MB, Limits, examine
from core.workbook.reader import open_rows, read_book, sheet_names
from tests.core.workbook.packages import (
    HEAD,
    MAIN,
    packed,
    refusal,
    sheet_xml,
    small,
    styles,
    workbook,
)


def one(cell_xml, **options):
    """The first cell of a workbook with this one cell."""
    book = read_book(workbook({"名单": f'<row r="17">{cell_xml}</row>'}, **options))
    rows = book.sheets[0].rows
    return rows[0][4] if rows else None


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ('<c r="D17"><v>0.1</v></c>', Kind.NUMBER, "0.1"),
        ('<c r="D17"><v>35.200000000000003</v></c>', Kind.NUMBER, "35.2"),
        ('<c r="D17"><v>0.30000000000000004</v></c>', Kind.NUMBER, "0.3"),
        ('<c r="D17"><v>1.5E+3</v></c>', Kind.NUMBER, "1500"),
        ('<c r="D17"><v>-0</v></c>', Kind.NUMBER, "0"),
        ('<c r="D17" t="n"><v>007.50</v></c>', Kind.NUMBER, "7.5"),
        ('<c r="D17"><v>1.23456789012345E+17</v></c>', Kind.NUMBER, "123456789012345000"),
        ('<c r="D17" t="s"><v>1</v></c>', Kind.TEXT, "富文本"),
        ('<c r="D17" t="s"><v>2</v></c>', Kind.TEXT, "一\r行_x000D_"),
        ('<c r="D17" t="inlineStr"><is><t> 空 格 </t></is></c>', Kind.TEXT, " 空 格 "),
        (
            '<c r="D17" t="inlineStr"><is><r><t>甲</t></r><rPh sb="0" eb="1"><t>jia</t></rPh>'
            "<r><t>乙&amp;</t></r></is></c>",
            Kind.TEXT,
            "甲乙&",
        ),
        ('<c r="D17" t="str"><f>A1</f><v>结果</v></c>', Kind.TEXT, "结果"),
        ('<c r="D17"><f>1+1</f><v>2</v></c>', Kind.NUMBER, "2"),
        ('<c r="D17"><f>1+1</f></c>', Kind.FORMULA, ""),
        ('<c r="D17"><f>1+1</f><v></v></c>', Kind.FORMULA, ""),
        ('<c r="D17" t="e"><f>1/0</f><v>#DIV/0!</v></c>', Kind.ERROR, "#DIV/0!"),
        ('<c r="D17"><v>NaN</v></c>', Kind.ERROR, "NaN"),
        ('<c r="D17" t="b"><v>1</v></c>', Kind.BOOL, "1"),
        ('<c r="D17" t="d"><v>2023-05-06T00:00:00</v></c>', Kind.DATE, "2023-05-06"),
        ('<c r="D17" s="1"><v>0.35</v></c>', Kind.PERCENT, "35"),
        ('<c r="D17" s="1"><v>0.35499999999999998</v></c>', Kind.PERCENT, "35.5"),
        ('<c r="D17" s="2"><v>45052</v></c>', Kind.DATE, "2023-05-06"),
        ('<c r="D17" s="2"><v>45052.4375</v></c>', Kind.DATETIME, "2023-05-06T10:30:00"),
        ('<c r="D17" s="3"><v>45052</v></c>', Kind.DATE, "2023-05-06"),
        ('<c r="D17" s="3"><v>0.5</v></c>', Kind.TIME, "12:00:00"),
        ('<c r="D17" s="3"><v>-1</v></c>', Kind.ERROR, "-1"),
        ('<c r="D17"><v>35</v>\n  </c>', Kind.NUMBER, "35"),
    ],
)
def test_cell_keeps_type_and_exact_text(cell, kind, text):
    strings = (
        "<si><t>甲</t></si><si><r><t>富</t></r><r><t>文本</t></r></si>"
        "<si><t>一_x000D_行_x005F_x000D_</t></si>"
    )
    found = one(cell, strings=strings, formats=styles(0, 10, 14, "yyyy&quot;年&quot;m月d日"))
    assert (found.kind, found.text, found.place) == (kind, text, "名单!D17")


def test_empty_text_of_a_formula_is_an_empty_cell():
    assert one('<c r="D17" t="str"><f>IF(1,"")</f><v></v></c>') is None


def test_the_1904_calendar_is_kept():
    found = one('<c r="D17" s="1"><v>43590</v></c>', formats=styles(0, 14), date1904=True)
    assert found.date == dt.date(2023, 5, 6)


def test_long_numbers_say_that_they_lost_digits():
    assert one('<c r="D17"><v>9.1320100123456794E+17</v></c>').lost_digits
    assert not one('<c r="D17"><v>13812345678</v></c>').lost_digits
    assert not one('<c r="D17" t="inlineStr"><is><t>91320100MA1ABCDE12</t></is></c>').lost_digits


def test_sheets_are_found_with_other_case_and_spaces():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    book = read_book(workbook({"List A": rows, "名 单": rows}))
    assert book.names == ["List A", "名 单"]
    assert book.sheet("lista") is book.sheets[0]
    assert book.sheet("名单") is book.sheets[1]
    assert book.sheet("别的") is None
    assert find_name("a b", ["A B", "ab"]) is None


def test_hidden_and_merged_are_noted():
    xml = sheet_xml(
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        before='<dimension ref="A1"/><cols><col min="2" max="3" hidden="1"/></cols>',
        after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    )
    book = read_book(workbook({"a": xml, "_meta": ""}, states={"_meta": "veryHidden"}))
    sheet = book.sheets[0]
    assert [row.hidden for row in sheet.rows] == [True, False]
    assert (sheet.hidden_rows, list(sheet.hidden_columns), list(sheet.merged)) == (
        1,
        [2, 3],
        ["A1:B2"],
    )
    assert book.sheets[1].state == "veryHidden"


def test_the_files_own_dimension_is_not_believed():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 21))
    book = read_book(workbook({"a": sheet_xml(rows, before='<dimension ref="A1:A1"/>')}))
    assert [row[1].text for row in book.sheets[0].rows] == [str(n) for n in range(1, 21)]


def test_positions_may_be_left_out():
    book = read_book(workbook({"a": "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"}))
    assert [c.place for r in book.sheets[0].rows for c in r] == ["a!A1", "a!B1", "a!A2"]


def test_other_namespaces_and_prefixes_are_read():
    xml = (
        f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1">'
        '<x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert read_book(workbook({"a": xml})).sheets[0].cell("A1").text == "甲"


CELL = '<c r="A{0}"><v>1</v></c>'


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ('<row r="5"></row><row r="3"></row>', "sheet.order", "a!A3"),
        ('<row r="5"></row><row r="5"></row>', "sheet.order", "a!A5"),
        ('<row r="1"><c r="B1"/><c r="A1"/></row>', "sheet.twice", "a!A1"),
        ('<row r="1"><c r="A1"/><c r="A1"/></row>', "sheet.twice", "a!A1"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "sheet.reference", "a!A1"),
        ('<row r="1"><c r="11"><v>1</v></c></row>', "sheet.reference", "a!A1"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "sheet.reference", "a!A1"),
        ('<row r="1"><c r="ALN1"><v>1</v></c></row>', "sheet.columns", "a!ALN1"),
        ('<row r="1048577"><c><v>1</v></c></row>', "file.damaged", "a"),
        ('<row r="-1"><c><v>1</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1" t="s"><v>5</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1" s="9"><v>5</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1" t="zzz"><v>5</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1"><v>5</v></row>', "file.damaged", "a"),
    ],
)
def test_broken_geometry_is_refused_with_its_place(rows, code, place):
    problem = refusal(workbook({"a": rows}))
    assert (problem.code, problem.place) == (code, place)


def test_rows_and_cells_are_counted_while_reading():
    rows = "".join(f'<row r="{n}">{CELL.format(n)}</row>' for n in range(1, 12))
    assert refusal(workbook({"a": rows}), Limits(rows=10)).place == "a!A11"
    assert refusal(workbook({"a": rows}), Limits(cells=10)).code == "sheet.cells"
    assert len(read_book(workbook({"a": rows}), limits=Limits(rows=11)).sheets[0].rows) == 11


def test_missing_parts_are_damage():
    for gone in ("xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"):
        parts = small()
        del parts[gone]
        assert refusal(packed(parts)).code == "file.damaged"


def test_one_sheet_streams_and_a_missing_one_is_named(tmp_path):
    path = tmp_path / "表.xlsx"
    path.write_bytes(workbook({"a": "", "名单": '<row r="2"><c r="A2"><v>1</v></c></row>'}))
    assert [row.number for row in open_rows(path, "名 单")] == [2]
    assert sheet_names(path) == ["a", "名单"]
    with pytest.raises(Refused) as caught:
        list(open_rows(path, "没有"))
    assert caught.value.problems[0].code == "sheet.missing"
    (tmp_path / "empty.xlsx").write_bytes(b"")
    assert examine(b"")[0].code == "file.empty"
    with pytest.raises(Refused):
        sheet_names(tmp_path / "empty.xlsx")


def test_only_the_wanted_sheets_are_read():
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    book = read_book(workbook({"a": row, "b": row}), only=["b"])
    assert [len(sheet.rows) for sheet in book.sheets] == [0, 1]


def test_reading_a_carriers_sheet_takes_little_memory_and_time():
    text = '<c r="{0}{1}" t="inlineStr"><is><t>文字{1}</t></is></c>'
    rows = "".join(
        f'<row r="{n}">{"".join(text.format(letters(c), n) for c in range(1, 26))}</row>'
        for n in range(1, 5001)
    )
    data = workbook({"名单": rows})
    started = time.monotonic()
    count = sum(len(row.cells) for row in open_rows(data, "名单", limits=Limits(memory=96 * MB)))
    assert count == 125_000
    assert time.monotonic() - started < 10


def test_references_are_split_and_made():
    assert [letters(n) for n in (1, 26, 27, 16384)] == ["A", "Z", "AA", "XFD"]
    assert split("$D$17") == (4, 17)
    for bad in ("", "D", "17", "XFE1", "A0", "A1048577", "A1:B2"):
        with pytest.raises(ValueError):
            split(bad)


def test_no_sheet_of_the_parent_parses_xml():
    assert "xml" not in {name.split(".")[0] for name in vars(reader)}


def test_an_independent_reader_sees_the_same_values():
    made = Workbook()
    sheet = made.active
    sheet.append(["名称", "日期", "数", "是"])
    for number in range(1, 50):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=number * 17)
        sheet.append([f"企业 {number}&<>", day, number * 1.1, number % 2 == 0])
    stream = io.BytesIO()
    made.save(stream)
    ours = [
        [cell.date or cell.number or cell.text for cell in row]
        for row in read_book(stream.getvalue()).sheets[0].rows
    ]
    stream.seek(0)
    theirs = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python()
    for our, their in zip(ours, theirs, strict=True):
        assert our[:2] == their[:2]
        assert our[3] == their[3] or our[3] == str(int(their[3]))
        assert our[2] == "数" or abs(our[2] - Decimal(str(their[2]))) < Decimal("1e-9")
