"""Exact texts in and out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.columns import Column, ColumnType
from core.problems import Problem
from reporting.rules.form_reading import load_form
from reporting.rules.prefill import prefilled, unconfirmed
from reporting.rules.roster import stored
from reporting.rules.values import exact, kept, read, shown

NUMBER = Column(code="n", title="数", type=ColumnType.DECIMAL)
SOURCE = Path(__file__).parents[1].joinpath("form.yaml").read_text(encoding="utf-8")
COLUMNS = {
    kind: Column(code="c", title="项", type=kind, unit="千元" if kind is ColumnType.MONEY else "",
                 choices={"ict": "电子信息"} if kind is ColumnType.CHOICE else {})
    for kind in ColumnType
}  # fmt: skip


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False))
def test_a_number_comes_back_as_it_went_in(number: Decimal) -> None:
    text = exact(number)
    assert read(text, NUMBER) == number and kept(text, NUMBER) == text


@pytest.mark.parametrize(
    ("kind", "typed", "text", "words"),
    [
        (ColumnType.DECIMAL, "1,234.50", "1234.5", "1,234.5"),
        (ColumnType.INTEGER, "１２００", "1200", "1,200"),
        (ColumnType.MONEY, "0.500", "0.5", "0.5"),
        (ColumnType.PERCENT, "35%", "35", "35"),
        (ColumnType.DATE, "2023年5月6日", "2023-05-06", "2023-05-06"),
        (ColumnType.BOOL, "√", "true", "是"),
        (ColumnType.BOOL, "否", "false", "否"),
        (ColumnType.CHOICE, "电子信息", "ict", "电子信息"),
        (ColumnType.TEXT, " 迁址 ", "迁址", "迁址"),
        (ColumnType.INTEGER, "无", "", ""),
        (ColumnType.INTEGER, "三", "三", "三"),
    ],
)
def test_what_is_typed_is_kept_exactly_and_shown_for_people(
    kind: ColumnType, typed: str, text: str, words: str
) -> None:
    column = COLUMNS[kind]
    assert kept(typed, column) == text
    assert kept(text, column) == text and str(shown(text, column)) == words


def test_a_row_goes_to_typed_columns_and_what_does_not_fit_stands_apart() -> None:
    table = load_form(SOURCE).table("roster")
    row = stored(table, {"name": "甲", "founded": "2023-05-06", "entered": "昨天", "revenue": "9" * 19})
    assert (row["name"], row["founded"], row["entered"]) == ("甲", date(2023, 5, 6), None)
    assert row["extra"] == {"entered": "昨天", "revenue": "9" * 19}


def test_prefilled_values_are_marked_until_they_are_confirmed() -> None:
    text = SOURCE.replace("title: 孵化场地总面积,", "title: 孵化场地总面积, prefill: previous,")
    text = text.replace("title: 情况说明,", "title: 情况说明, prefill: registry.address,")
    form = load_form(text)
    values, sources = prefilled(
        form, {"area_total": "100.0", "area_tenants": "5"}, {"address": "河湾路 1 号"}
    )
    assert values == {"area_total": "100", "operator_note": "河湾路 1 号"}
    assert sources["area_total"] == {"kind": "previous", "confirmed": False}
    assert unconfirmed(sources) == ["area_total", "operator_note"]
    assert prefilled(form, {"area_total": "-1"}, {}) == ({}, {})  # what does not fit any more is left out


def test_reading_says_what_is_wrong() -> None:
    answer = read("35万元", COLUMNS[ColumnType.MONEY])
    assert isinstance(answer, Problem) and "350" in str(answer.fix)
