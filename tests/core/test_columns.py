"""Columns are found by their heading, however it was moved or typed again."""

from decimal import Decimal

import pytest

from core.columns import Column, ColumnType, match_headers, same_unit
from core.problems import Severity
from core.workbook.book import Cell, Kind

COLUMNS = (
    Column(code="name", title="企业名称", type=ColumnType.TEXT, required=True),
    Column(code="revenue", title="营业收入", type=ColumnType.MONEY, unit="千元"),
    Column(code="rate", title="使用率", type=ColumnType.PERCENT),
    Column(code="area", title="面积(不含公共)", type=ColumnType.DECIMAL, unit="m²"),
)


def match(*titles):
    heads = [Cell("名单", 1, at, Kind.TEXT, title) for at, title in enumerate(titles, start=1)]
    return match_headers(COLUMNS, heads, place="名单!A1")


def test_headings_as_written_are_found():
    found = match(*(column.header for column in COLUMNS))
    assert found.found == {"name": 1, "revenue": 2, "rate": 3, "area": 4}
    assert found.problems == []


@pytest.mark.parametrize(
    ("title", "code"),
    [
        (" 企业 名称\n", "name"),
        ("企业名称 *", "name"),
        ("营业收入", "revenue"),
        ("营业收入(千元)", "revenue"),
        ("营业收入 （ 千元 ）", "revenue"),
        ("使用率（%）", "rate"),
        ("面积（不含公共）", "area"),
        ("面积（不含公共）(㎡)", "area"),
        ("面积(不含公共)（平方米）", "area"),
    ],
)
def test_width_spaces_marks_and_units_may_differ(title, code):
    found = match("企业名称", title) if code != "name" else match(title)
    assert code in found.found
    assert found.problems == []


def test_moved_columns_are_no_fault_and_strangers_are_named():
    found = match("备注", "营业收入", "", "企业名称")
    assert found.found == {"revenue": 2, "name": 4}
    (note,) = found.problems
    assert (note.code, note.severity, note.place) == ("header.extra", Severity.NOTE, "名单!A1")
    assert "备注" in str(note.message)


def test_missing_required_column_is_an_error():
    (problem,) = match("营业收入").problems
    assert (problem.code, problem.field, problem.place) == ("header.missing", "name", "名单!A1")
    assert "企业名称" in str(problem.message)


def test_doubled_column_is_an_error_at_the_second():
    (problem,) = match("企业名称", "营业收入", "企业 名称").problems
    assert (problem.code, problem.place, problem.field) == ("header.twice", "名单!C1", "name")
    assert "A1" in str(problem.allowed)


def test_another_unit_of_the_same_kind_is_an_error():
    (problem,) = match("企业名称", "营业收入（万元）").problems
    assert (problem.code, problem.field) == ("header.unit", "revenue")
    assert "千元" in str(problem.fix)


def test_units_written_in_several_ways_are_one():
    assert same_unit("m²", "平方米") and same_unit("㎡", "m2") and not same_unit("元", "千元")


def test_a_column_knows_its_heading_places_and_width():
    money = COLUMNS[1]
    assert (money.header, money.most_places) == ("营业收入（千元）", 3)
    assert COLUMNS[0].header == "企业名称"
    assert COLUMNS[0].characters == 24
    wide = Column(code="w", title="很长" * 40, type=ColumnType.TEXT, width=12, min=Decimal(0))
    assert wide.characters == 12


def test_a_choice_needs_choices():
    with pytest.raises(ValueError, match="choice"):
        Column(code="x", title="x", type=ColumnType.CHOICE)
