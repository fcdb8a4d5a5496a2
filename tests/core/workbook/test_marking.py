"""The owner's own file comes back with every bad cell marked, and can be marked again."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from core.columns import Column, ColumnType
from core.problems import Problem, Refused, Severity
from core.text import T
from core.workbook.gate import Limits, examine
from core.workbook.marking import listed, mark
from core.workbook.marks import SIGN
from core.workbook.reader import read_book
from core.workbook.writer import add_meta, add_table, new_workbook, to_bytes
from tests.core.workbook.packages import packed

COLUMNS = (
    Column(code="name", title="企业名称", type=ColumnType.TEXT, help="全称"),
    Column(code="entered", title="入驻日期", type=ColumnType.DATE),
    Column(code="revenue", title="营业收入", type=ColumnType.MONEY, unit="千元"),
)
BAD_DATE = Problem(
    "R1",
    T("入驻日期早于成立日期"),
    place="名单!B2",
    field="entered",
    title="入驻日期",
    found="2019-01-01",
    allowed=T("不早于成立日期"),
    fix=T("核对两个日期"),
)
MISSING = Problem("header.missing", T("缺少必填的列"), place="没有的表!A1")
UNIT = Problem("cell.unit", T("数值里带有单位"), place="名单!C2", severity=Severity.EXPLAIN)


def owners_file():
    book = new_workbook()
    rows = [
        {"name": "=1+1", "entered": dt.date(2019, 1, 1), "revenue": Decimal("0.1")},
        {"name": "乙", "entered": dt.date(2020, 1, 1), "revenue": Decimal(2)},
    ]
    add_table(book, "名单", COLUMNS, rows, spare=3)
    add_meta(book, {"form": "x"})
    sheet = book["名单"]
    sheet["C3"].comment = Comment("我自己的批注", "某人")
    sheet["C3"].fill = PatternFill("solid", fgColor="FF00FF00")
    return to_bytes(book)


def opened(data):
    assert examine(data) == []
    return load_workbook(io.BytesIO(data))


def values(data):
    book = read_book(data)
    return [
        [(c.place, c.kind, c.text) for r in s.rows for c in r]
        for s in book.sheets
        if s.name in ("名单", "_meta")
    ]


def test_every_bad_cell_is_filled_and_told():
    book = opened(mark(owners_file(), [BAD_DATE, MISSING, UNIT]))
    sheet = book["名单"]
    told = sheet["B2"].comment.text
    for part in (SIGN, "入驻日期早于成立日期", "R1", "2019-01-01", "不早于成立日期", "核对两个日期"):
        assert part in told
    assert sheet["B2"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["C2"].fill.fgColor.rgb == "FFFFEB9C"
    assert sheet["B3"].comment is None


def test_the_first_sheet_lists_all_with_links():
    book = opened(mark(owners_file(), [BAD_DATE, MISSING]))
    first = book.worksheets[0]
    assert (first.title, book.active.title) == ("填报问题", "填报问题")
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == ["填报问题"]
    assert first["B2"].hyperlink.location == "'名单'!B2"
    assert first["B3"].hyperlink is None
    assert [cell.value for cell in first[2]] == [
        1,
        "名单!B2",
        "入驻日期",
        "错误",
        "入驻日期早于成立日期",
        "2019-01-01",
        "不早于成立日期",
        "核对两个日期",
    ]


def test_the_owners_values_stay_and_nothing_is_live():
    before = owners_file()
    after = mark(before, [BAD_DATE, UNIT])
    assert values(after) == values(before)
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist())
    assert opened(after)["名单"].auto_filter.ref == "A1:C6"


def test_marking_again_takes_the_earlier_marks_away():
    own = Problem("K1", T("偏大"), place="名单!C3")
    twice = mark(mark(owners_file(), [BAD_DATE, own]), [UNIT])
    book = opened(twice)
    sheet = book["名单"]
    assert book.sheetnames.count("填报问题") == 1
    assert sheet["B2"].comment is None
    assert sheet["B2"].fill.fill_type is None
    assert sheet["C3"].comment.text == "我自己的批注"
    assert sheet["C3"].fill.fgColor.rgb == "FF00FF00"
    assert SIGN in sheet["C2"].comment.text
    clean = mark(twice, [])
    assert SIGN not in str([c.comment.text for r in opened(clean)["名单"] for c in r if c.comment])
    assert values(clean) == values(owners_file())


def test_the_help_on_a_heading_survives_a_mark_on_it():
    head = Problem("header.unit", T("单位应为千元"), place="名单!A1")
    once = mark(owners_file(), [head])
    assert opened(once)["名单"]["A1"].comment.text.endswith("全称")
    assert opened(mark(once, []))["名单"]["A1"].comment.text == "全称"
    assert opened(mark(once, []))["名单"]["A1"].fill.fgColor.rgb == "FFDCE6F1"


def test_formulas_leave_as_their_stored_values():
    parts = {}
    with zipfile.ZipFile(io.BytesIO(owners_file())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v>0.1</v>", b"<f>1/10</f><v>0.1</v>")
    assert parts["xl/worksheets/sheet1.xml"] != sheet
    assert values(mark(packed(parts), [])) == values(owners_file())


def test_sentences_are_said_in_the_language_of_the_reader():
    def say(text):
        return {"入驻日期早于成立日期": "entered before founded", "错误": "error"}.get(text, text)

    first = opened(mark(owners_file(), [BAD_DATE], say=say)).worksheets[0]
    assert (first["D2"].value, first["E2"].value) == ("error", "entered before founded")


def test_found_text_that_begins_like_a_formula_is_text():
    evil = Problem("x", T("不对"), place="名单!A2", found="=cmd|' /C calc'!A0")
    data = mark(owners_file(), [evil])
    assert opened(data).worksheets[0]["F2"].data_type == "s"


def test_a_file_that_cannot_be_rewritten_is_refused_and_the_list_stands_alone():
    with pytest.raises(Refused):
        mark(b"no workbook", [BAD_DATE])
    with pytest.raises(Refused):
        mark(owners_file(), [BAD_DATE], limits=Limits(memory=24 * 1024 * 1024))
    sheet = read_book(listed([BAD_DATE, MISSING])).sheets[0]
    assert [row[1].text for row in sheet.rows] == ["位置", "名单!B2", "没有的表!A1"]


def test_a_stray_cell_at_the_far_corner_does_not_stop_the_marking():
    book = load_workbook(io.BytesIO(owners_file()))
    book["名单"]["XFD1048576"].fill = PatternFill("solid", fgColor="FF00FF00")
    stream = io.BytesIO()
    book.save(stream)
    assert SIGN in opened_cell(mark(stream.getvalue(), [BAD_DATE]), "B2")


def opened_cell(data, ref):
    return load_workbook(io.BytesIO(data))["名单"][ref].comment.text
