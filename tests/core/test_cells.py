"""What people paste becomes the exact value of its column, or a sentence with what was meant."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from core.amounts import narrow, plain_number, shown
from core.cells import allowed, read_cell, read_text
from core.columns import Column, ColumnType
from core.identifiers import CREDIT_ALPHABET, credit_check_character, credit_code_fault
from core.problems import Problem, grouped
from core.workbook.book import Cell, Kind


def column(kind, **more):
    if kind == "choice":
        more = {"choices": {"ict": "电子信息"}} | more
    return Column(code="x", title="项目", type=ColumnType(kind), **more)


def text(value, kind, **more):
    return read_cell(Cell("名单", 17, 4, Kind.TEXT, value), column(kind, **more))


def typed(cell_kind, value, kind, **more):
    return read_cell(Cell("名单", 17, 4, cell_kind, value), column(kind, **more))


def code(answer):
    assert isinstance(answer, Problem), answer
    assert answer.place == "名单!D17"
    assert (answer.field, answer.title) == ("x", "项目")
    assert str(answer.message) and str(answer.fix) and str(answer.allowed)
    return answer.code


@pytest.mark.parametrize(
    ("found", "value"),
    [
        ("35", "35"),
        (" 35.50 ", "35.50"),
        ("1,234,567.8", "1234567.8"),
        ("１，２３４．５", "1234.5"),
        ("－５", "-5"),
        ("+3", "3"),
        ("0", "0"),
        ("-0", "0"),
        ("\u00a035\u3000", "35"),
        ("\u200b35\ufeff", "35"),
    ],
)
def test_numbers_as_people_write_them(found, value):
    assert text(found, "decimal") == Decimal(value)
    assert isinstance(text(found, "decimal"), Decimal)


@pytest.mark.parametrize("found", ["", "  ", "-", "－", "—", "——", "无", "/", "／"])
def test_nothing_is_none_and_missed_where_it_is_required(found):
    for kind in ("integer", "decimal", "money", "percent", "date", "bool", "phone", "email"):
        assert text(found, kind) is None
    assert code(text(found, "decimal", required=True)) == "cell.required"
    assert read_cell(Cell("名单", 17, 4), column("text")) is None


def test_none_in_words_is_an_answer_in_a_text():
    assert text("无", "text") == "无"
    assert text("-", "text") is None


@pytest.mark.parametrize(
    "found",
    [
        "1_000",
        "٣٤",
        "NaN",
        "Infinity",
        "1e5",
        "1e308",
        "0x10",
        "1,00",
        "1,2345",
        "3 5",
        "35²",
        "½",
        "一百",
        "12.5.3",
        "--5",
        "(35)",
        "35..",
        "①",
        "=1+1",
    ],
)
def test_what_python_or_a_guess_would_take_is_refused(found):
    assert code(text(found, "decimal")) in ("cell.number", "cell.unit")
    assert code(text(found, "integer")) in ("cell.number", "cell.unit")


@pytest.mark.parametrize(
    ("found", "unit", "meant"),
    [
        ("35万元", "千元", "350"),
        ("35 万", "千元", "350"),
        ("3500元", "千元", "3.5"),
        ("1.2亿元", "万元", "12000"),
        ("¥35", "元", "35"),
        ("￥1,200.50", "元", "1200.5"),
        ("350千元", "千元", "350"),
        ("0.07万元", "元", "700"),
        ("1/3元", "元", None),
    ],
)
def test_amount_with_a_unit_is_refused_with_the_number_it_would_have_meant(found, unit, meant):
    answer = text(found, "money", unit=unit)
    if meant is None:
        assert code(answer) == "cell.number"
    else:
        assert code(answer) == "cell.unit"
        assert f"应填 {meant}。" in str(answer.fix)


@pytest.mark.parametrize(
    ("found", "unit", "said"),
    [
        ("120人", "人", "应填 120。"),
        ("1.5万人", "人", "应填 15000。"),
        ("300 m²", "m²", "应填 300。"),
        ("300 m2", "m2", "应填 300。"),
        ("35万元", "人", "换算成人"),
        ("12家", "", "应填 12。"),
    ],
)
def test_other_units_are_refused_too(found, unit, said):
    answer = text(found, "decimal", unit=unit)
    assert code(answer) == "cell.unit"
    assert said in str(answer.fix)


def test_decimals_are_refused_never_rounded():
    assert text("1.25", "money", unit="元") == Decimal("1.25")
    assert code(text("1.255", "money", unit="元")) == "cell.places"
    assert text("1.2345", "money", unit="万元") == Decimal("1.2345")
    assert code(text("1.23456", "money", unit="万元")) == "cell.places"
    assert code(text("1.2345", "money", unit="千元")) == "cell.places"
    assert text("1.500", "decimal", places=1) == Decimal("1.5")
    assert code(text("1.25", "decimal", places=1)) == "cell.places"
    assert text("35.0", "integer") == 35
    assert code(text("35.5", "integer")) == "cell.places"
    assert code(text("1" * 16, "decimal")) == "cell.large"


def test_bounds_hold():
    assert code(text("-1", "integer", min=Decimal(0))) == "cell.min"
    assert text("0", "integer", min=Decimal(0)) == 0
    assert code(text("101", "percent", max=Decimal(100))) == "cell.max"
    assert text("2020-01-01", "date", min=dt.date(2020, 1, 1)) == dt.date(2020, 1, 1)
    assert code(text("2019-12-31", "date", min=dt.date(2020, 1, 1))) == "cell.min"


def test_percentages_are_kept_as_35_for_35_percent():
    assert typed(Kind.PERCENT, "35", "percent") == 35
    assert text("35%", "percent") == 35
    assert text("35％", "percent") == 35
    assert text("35", "percent") == 35
    assert typed(Kind.PERCENT, "35", "decimal", unit="%") == 35
    assert code(typed(Kind.PERCENT, "3500", "money", unit="元")) == "cell.percent"
    assert code(text("35%", "money", unit="元")) == "cell.unit"


@pytest.mark.parametrize(
    "found",
    [
        "2023-05-06",
        "2023/5/6",
        "2023.5.6",
        "2023年5月6日",
        "2023 年 5 月 6 日",
        "２０２３．５．６",
        "20230506",
        "2023年5月6号",
        "2023-5-6 00:00:00",
        "2023-05-06T10:30:00",
    ],
)
def test_dates_as_people_write_them(found):
    assert text(found, "date") == dt.date(2023, 5, 6)


def test_date_cells_are_dates():
    assert typed(Kind.DATE, "2023-05-06", "date") == dt.date(2023, 5, 6)
    assert typed(Kind.DATETIME, "2023-05-06T10:30:00", "date") == dt.date(2023, 5, 6)
    assert typed(Kind.NUMBER, "20230506", "date") == dt.date(2023, 5, 6)


@pytest.mark.parametrize(
    "found", ["2023-02-29", "2023-13-01", "23.5.6", "5/6/2023", "2023", "2023-5/6", "昨天", "0000-01-01"]
)
def test_no_day_is_guessed(found):
    assert code(text(found, "date")) == "cell.date"


def test_a_month_and_a_serial_number_say_what_to_do():
    assert "缺少“日”" in str(text("2023年5月", "date").fix)
    assert "2023-05-06" in str(typed(Kind.NUMBER, "45052", "date").fix)
    assert code(typed(Kind.NUMBER, "45052", "date")) == "cell.date"


@pytest.mark.parametrize(
    ("found", "value"),
    [
        ("是", True),
        ("√", True),
        ("TRUE", True),
        ("1", True),
        ("Y", True),
        ("１", True),
        ("否", False),
        ("×", False),
        ("0", False),
        ("x", False),
        ("No", False),
    ],
)
def test_yes_and_no(found, value):
    assert text(found, "bool") is value


def test_other_words_are_not_yes_or_no():
    assert typed(Kind.BOOL, "1", "bool") is True
    assert typed(Kind.NUMBER, "0", "bool") is False
    assert code(text("也许", "bool")) == "cell.bool"
    assert code(typed(Kind.NUMBER, "2", "bool")) == "cell.bool"


def test_choices_by_name_or_code():
    choices = {"ict": "电子信息", "bio": "生物 医药"}
    assert text("电子信息", "choice", choices=choices) == "ict"
    assert text(" 生物医药 ", "choice", choices=choices) == "bio"
    assert text("ICT", "choice", choices=choices) == "ict"
    answer = text("农业", "choice", choices=choices)
    assert code(answer) == "cell.choice"
    assert str(answer.allowed) == "电子信息、生物 医药"
    many = {str(n): f"第{n}项" for n in range(30)}
    assert "30" in str(allowed(column("choice", choices=many)))


VALID = "91320100MA1ABCDE1" + credit_check_character("91320100MA1ABCDE1")


def test_credit_codes_are_normalised():
    wide = "".join(chr(ord(char) + 0xFEE0) for char in VALID)
    for found in (VALID, VALID.lower(), wide, f" {VALID[:8]} {VALID[8:]} ", f"{VALID[:9]}-{VALID[9:]}"):
        assert text(found, "credit_code") == VALID


def test_wrong_check_character_offers_the_right_code():
    wrong = VALID[:17] + ("0" if VALID[17] != "0" else "1")
    answer = text(wrong, "credit_code")
    assert code(answer) == "credit_code.check"
    assert VALID in str(answer.fix)


def test_letters_that_do_not_exist_are_explained():
    first = "9132010012345678X"
    valid = first + credit_check_character(first)
    answer = text(valid.replace("0", "O"), "credit_code")
    assert code(answer) == "credit_code.character"
    assert "I、O、S、V、Z" in str(answer.message)
    assert valid in str(answer.fix)
    assert code(text("甲" * 18, "credit_code")) == "credit_code.character"
    assert code(text("12345", "credit_code")) == "credit_code.length"


def test_check_character_agrees_with_an_independent_library():
    for first in ("91320100MA1ABCDE1", "52320000500000000", "9132010012345678X"):
        assert credit_check_character(first) == uscc.calc_check_digit(first)


@given(
    st.text(CREDIT_ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(CREDIT_ALPHABET)
)
def test_one_wrong_character_is_always_found(first, at, other):
    right = first + credit_check_character(first)
    assert credit_code_fault(right) is None
    if right[at] != other:
        assert credit_code_fault(right[:at] + other + right[at + 1 :]) is not None


def test_long_codes_saved_as_numbers_are_lost():
    for kind in ("credit_code", "text", "phone"):
        assert code(typed(Kind.NUMBER, "913201001234567940", kind)) == "cell.digits"
    assert "文本" in str(typed(Kind.NUMBER, "913201001234567940", "credit_code").fix)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("025-12345678".replace("1", "8"), "025-82345678"),
        ("(025)82345678", "025-82345678"),
        ("0510 82345678", "0510-82345678"),
        ("025-82345678-802", "025-82345678-802"),
        ("025-82345678转802", "025-82345678-802"),
        ("4001234567", "400-123-4567"),
        ("400-123-4567", "400-123-4567"),
    ],
)
def test_telephone_numbers(found, kept):
    assert text(found, "phone") == kept


def test_wrong_telephone_numbers_are_refused():
    for found in ("12345", "138123456789", "23812345678", "82345678", "一三八"):
        assert code(text(found, "phone")) == "cell.phone"
    assert typed(Kind.NUMBER, "13812345678", "phone") == "13812345678"
    assert "文本" in str(typed(Kind.NUMBER, "2582345678", "phone").fix)


def test_mail_addresses():
    assert text(" Li.Lei＠Example.CN ", "email") == "Li.Lei@example.cn"
    for found in ("a@b", "a b@c.cn", "@c.cn", "a..b@c.cn", "a@c..cn", "甲@乙.cn", "a@b.cn\nBcc: c@d.cn"):
        assert code(text(found, "email")) == "cell.email"


def test_regions_by_code_or_by_name():
    assert text("320100", "region") == "320100"
    assert code(text("某市", "region")) == "cell.region"
    assert text("某市", "region", choices={"320100": "某市"}) == "320100"


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\ud800", "\ufffe"])
def test_control_characters_are_refused_in_every_type(bad):
    for kind in ColumnType:
        answer = text(f"甲{bad}乙", kind)
        assert code(answer) == "cell.control"
        answer.found.encode("utf-8")


def test_texts_are_trimmed_and_limited():
    assert text("  甲\r\n乙 ", "text") == "甲\n乙"
    assert code(text("字" * 101, "text", max_length=100)) == "cell.length"
    assert text("字" * 100, "text", max_length=100) == "字" * 100
    assert typed(Kind.NUMBER, "2023", "text") == "2023"
    assert typed(Kind.PERCENT, "35", "text") == "35%"
    assert typed(Kind.DATE, "2023-05-06", "text") == "2023-05-06"
    assert len(text("字" * 3000, "text").found) == 81


def test_error_cells_and_formulas_without_a_value_are_named():
    for kind in ColumnType:
        assert code(typed(Kind.ERROR, "#REF!", kind)) == "cell.error"
        assert code(typed(Kind.FORMULA, "", kind)) == "cell.formula"


def test_the_wrong_type_of_cell_is_named():
    assert code(typed(Kind.DATE, "2023-05-06", "money", unit="元")) == "cell.type"
    assert code(typed(Kind.BOOL, "1", "integer")) == "cell.type"
    assert code(typed(Kind.BOOL, "1", "date")) == "cell.date"


def test_a_text_of_a_form_is_read_by_the_same_rules():
    assert read_text("1,200", column("integer")) == 1200
    answer = read_text("35万元", column("money", unit="千元"), place="area_total")
    assert isinstance(answer, Problem)
    assert (answer.code, answer.place) == ("cell.unit", "area_total")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_every_number_comes_back_exactly_from_its_written_forms(value):
    for written in (format(value, "f"), format(value, ",f"), shown(value)):
        assert text(written, "decimal") == value


@given(st.text(max_size=20), st.sampled_from(list(ColumnType)))
def test_whatever_is_pasted_gets_a_value_or_a_problem(found, kind):
    answer = text(found, kind)
    if isinstance(answer, Problem):
        assert code(answer)
        str(answer.message).encode("utf-8")
    elif answer is not None and kind is ColumnType.DECIMAL:
        assert plain_number(narrow(found)) is not None


def test_equal_faults_of_a_column_are_said_once():
    found = [text(value, "integer") for value in ("一", "二", "1.5", "2.5", "3万", "4万")]
    kinds = grouped(found)
    assert [(problem.code, problem.count) for problem in kinds] == [
        ("cell.number", 2),
        ("cell.places", 2),
        ("cell.unit", 2),
    ]
    assert "30000" in str(kinds[2].fix)
