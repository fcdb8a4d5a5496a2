"""Section 2 of the scheme contract: what an expression answers."""

from __future__ import annotations

import datetime
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.expressions import Cause, MappingRow, Value, compile_expression

D = Decimal
ROW = MappingRow(
    {
        "a": D(3),
        "b": D(0),
        "half": D("0.5"),
        "gone": None,
        "flag": True,
        "off": False,
        "code": D(2),
        "level": "national",
        "class": "专业",
        "prev.class": "综合",
        "prev.a": D(2),
        "prev2.a": D(-4),
        "day": datetime.date(2024, 1, 31),
        "year": D(7),
        "is": D(8),
        "lambda": D(9),
        "long": D("1234567890123456789012345678901234.5"),
    },
    {"code": "02", "flag": "是"},
)


def value(source: str, year: int = 2025) -> Value:
    return compile_expression(source).evaluate(ROW, year=year)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("0.1 + 0.2", D("0.3")),
        ("2 - 3 - 4", D(-5)),
        ("2 + 3 * 4", D(14)),
        ("100 / 10 / 2 * 3", D(15)),
        ("-(a) + +2", D(-1)),
        ("- - a", D(3)),
        ("1 / 3", D("0.3333333333333333333333333333")),
        ("2 / 3", D("0.6666666666666666666666666667")),
        ("(1 / 3) * 3", D("0.9999999999999999999999999999")),
        ("flag + flag", D(2)),
        ("off * 5", D(0)),
        ("prev.a + prev2.a", D(-2)),
        ("prev\n .\n a", D(2)),
        ("a\n+\t\r\n1", D(4)),
        ("is + lambda + year", D(24)),
        ("min(a, 2, half)", D("0.5")),
        ("max(a, 2, half)", D(3)),
        ("sum(a, 2, half, flag)", D("6.5")),
        ("abs(prev2.a)", D(4)),
        ("min(a)", D(3)),
        ("floor(-0.5)", D(-1)),
        ("ceil(-0.5)", D(0)),
        ("floor(2.9)", D(2)),
        ("ceil(2.1)", D(3)),
        ("ratio(a, 4)", D("0.75")),
        ("growth(a, prev.a)", D("0.5")),
        ("coalesce(gone, a / b, 4)", D(4)),
        ("coalesce(gone, level)", "national"),
        ("a if flag else gone", D(3)),
        ("a if gone else half", D("0.5")),
        ("1 if b else 2 if half else 3", D(2)),
        ("year(day)", D(2024)),
        ("year(year_end)", D(2025)),
        ("year_end", datetime.date(2025, 12, 31)),
        ("add_months(day, 1)", datetime.date(2024, 2, 29)),
        ("add_months(day, 13)", datetime.date(2025, 2, 28)),
        ("add_months(day, -2)", datetime.date(2023, 11, 30)),
        ("add_months(day, 11)", datetime.date(2024, 12, 31)),
        ("min(day, date('2023-05-06'))", datetime.date(2023, 5, 6)),
        ("'是'", "是"),
        ("true", True),
        ("long", D("1234567890123456789012345678901234.5")),
    ],
)
def test_results(source: str, expected: Value) -> None:
    found = value(source)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("round(2.5, 0)", "3"),
        ("round(-2.5, 0)", "-3"),
        ("round(2.345, 2)", "2.35"),
        ("round(2.3449, 2)", "2.34"),
        ("round(1250, -2)", "1300"),
        ("round(49, -2)", "0"),
        ("round(50, -2)", "100"),
        ("round(999.95, 1)", "1000.0"),
        ("round(7, 2)", "7"),
        ("round(long, 0)", "1234567890123456789012345678901235"),
    ],
)
def test_round_is_half_away_from_zero(source: str, expected: str) -> None:
    found = value(source)
    assert isinstance(found, Decimal)
    assert format(found, "f") == expected


@pytest.mark.parametrize(
    "source",
    [
        "1 < a < 4",
        "a == 3 == 3",
        "3 >= a > 2 != 1",
        "flag == 1",
        "flag > off",
        "flag == true",
        "day < year_end",
        "date('2024-02-29') == add_months(day, 1)",
        "level == 'national'",
        "level != 'city'",
        "level in ['city', \"national\"]",
        "level not in ['city']",
        "a in [1, 2, 3]",
        "a not in [1, 2]",
        "a in [half, prev.a, 3]",
        "not gone",
        "not b",
        "a and half",
        "gone or a",
        "not (gone and a)",
        "at_least(2, a, b, half)",
        "at_least(0, b)",
        "at_least(2.5, a, a, a)",
        "class == '专业' and prev.class != '专业'",
    ],
)
def test_true_conditions(source: str) -> None:
    assert value(source) is True


@pytest.mark.parametrize(
    "source",
    [
        "1 < a < 3",
        "gone == gone",
        "gone != 1",
        "gone < 1",
        "gone not in [1]",
        "gone in [1]",
        "a not in [1, gone]",
        "1 < a < gone",
        "gone != 'x'",
        "gone and a",
        "b or gone",
        "at_least(gone, a)",
        "at_least(2, a, b, gone)",
        "a / b == a / b",
    ],
)
def test_false_conditions(source: str) -> None:
    """A comparison with a missing value is false, also `!=` and `not in`."""
    assert value(source) is False


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("code == '02'", True),
        ("code == '2'", False),
        ("code == 2", True),
        ("code in ['2', '3']", False),
        ("code in ['02']", True),
        ("code in [2, '3']", True),
        ("'02' == code == 2", True),
        ("flag == '是'", True),
        ("flag == 'true'", False),
        ("coalesce(gone, code) == '02'", True),
        ("(code if flag else level) == '02'", True),
        ("code == ('02' if flag else level)", True),
        ("day == '2024-01-31'", True),
    ],
)
def test_a_string_meets_the_cell_as_written(source: str, expected: bool) -> None:
    """ "02" is not "2", whatever the type of the column."""
    assert value(source) is expected


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("gone + 1", Cause.NOT_REPORTED),
        ("nosuch", Cause.NOT_REPORTED),
        ("-gone", Cause.NOT_REPORTED),
        ("a / b", Cause.DIVISION_BY_ZERO),
        ("ratio(a, b)", Cause.DIVISION_BY_ZERO),
        ("gone / b", Cause.NOT_REPORTED),
        ("min(a, gone)", Cause.NOT_REPORTED),
        ("sum(a / b, gone)", Cause.DIVISION_BY_ZERO),
        ("growth(a, b)", Cause.BASE_NOT_ABOVE_ZERO),
        ("growth(a, prev2.a)", Cause.BASE_NOT_ABOVE_ZERO),
        ("growth(gone, a)", Cause.NOT_REPORTED),
        ("coalesce(gone, a / b)", Cause.DIVISION_BY_ZERO),
        ("coalesce(gone, 1) / b", Cause.DIVISION_BY_ZERO),
        ("(gone > 1) + a / b", Cause.DIVISION_BY_ZERO),
        ("gone if flag else a", Cause.NOT_REPORTED),
        ("add_months(day, half)", Cause.OUT_OF_RANGE),
        ("add_months(day, 120000)", Cause.OUT_OF_RANGE),
        ("add_months(gone, 1)", Cause.NOT_REPORTED),
        ("add_months(day, gone)", Cause.NOT_REPORTED),
        ("round(a, half)", Cause.OUT_OF_RANGE),
        ("year(gone)", Cause.NOT_REPORTED),
        ("*".join(["long"] * 320), Cause.OUT_OF_RANGE),
        ("level + 1", Cause.OUT_OF_RANGE),
    ],
)
def test_missing_says_why(source: str, cause: Cause) -> None:
    expression = compile_expression(source)
    assert expression.evaluate(ROW, year=2025) is None
    assert expression.why_missing(ROW, year=2025) is cause
    assert expression.holds(ROW, year=2025) is False


def test_what_is_there_has_no_cause() -> None:
    assert compile_expression("a").why_missing(ROW, year=2025) is None


def test_zero_has_no_sign() -> None:
    assert str(value("0 * -1")) == "0"
    assert str(value("-b")) == "0"


def test_a_long_sum_does_not_exhaust_the_stack() -> None:
    assert value("+".join(["a"] * 1000)) == 3000
    assert value(" or ".join(["b"] * 300 + ["a"])) is True
    assert value("a in [" + ",".join(["1"] * 900 + ["3"]) + "]") is True


def test_a_province_is_scored_within_a_moment() -> None:
    expression = compile_expression("ratio(a, prev.a + 1) * 100 if flag else coalesce(gone, 0)")
    start = time.perf_counter()
    for _ in range(2145 * 60):
        expression.evaluate(ROW, year=2025)
    assert time.perf_counter() - start < 5


NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2, allow_nan=False)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_sums_and_products_are_exact(x: Decimal, y: Decimal, z: Decimal) -> None:
    row = MappingRow({"x": x, "y": y, "z": z})
    assert compile_expression("x + y * z - x").evaluate(row, year=2025) == y * z


@given(NUMBERS, st.integers(-3, 3))
def test_rounding_is_never_off_by_more_than_a_half(x: Decimal, places: int) -> None:
    row = MappingRow({"x": x, "n": Decimal(places)})
    found = compile_expression("round(x, n)").evaluate(row, year=2025)
    assert isinstance(found, Decimal)
    unit = Decimal(10) ** -places
    assert abs(found - x) * 2 <= unit
    assert found == x or found % unit == 0
    if abs(found - x) * 2 == unit:
        assert abs(found) > abs(x)


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 12, 31)), st.integers(-500, 500))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: datetime.date, months: int) -> None:
    row = MappingRow({"d": day, "n": Decimal(months)})
    found = compile_expression("add_months(d, n)").evaluate(row, year=2025)
    assert isinstance(found, datetime.date)
    assert found.year * 12 + found.month == day.year * 12 + day.month + months
    if found.day != day.day:
        assert (found + datetime.timedelta(days=1)).day == 1
        assert found.day < day.day
