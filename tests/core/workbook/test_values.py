"""Stored numbers give back what was typed, days follow the workbook's own calendar."""

import pytest

from core.workbook.values import date_text, format_kind, number_text


def test_dates_before_march_1900_follow_the_workbooks_own_calendar():
    assert date_text("1", False) == ("d", "1900-01-01")
    assert date_text("59", False) == ("d", "1900-02-28")
    assert date_text("60", False) is None
    assert date_text("61", False) == ("d", "1900-03-01")
    assert date_text("2958466", False) is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("0.00%", "p"),
        ("0.0\\%", "n"),
        ('0"%"', "n"),
        ("yyyy-mm-dd", "d"),
        ("[$-804]yyyy年m月d日", "d"),
        ("[h]:mm", "d"),
        ("mm:ss.0", "d"),
        ("#,##0.00", "n"),
        ("General", "n"),
        ('#,##0"m2"', "n"),
        ("[Red]-0.0", "n"),
        ("_ * #,##0.00_ ", "n"),
        ("@", "n"),
    ],
)
def test_formats_tell_dates_and_percentages(code, kind):
    assert format_kind(200, code) == kind


def test_number_text_takes_only_plain_numbers():
    for bad in ("1_000", "٣٤", "NaN", "inf", "0x10", "1e99999", "", "1 0", "1,0"):
        assert number_text(bad) is None
    assert "E" in (number_text("1e308") or "")
    assert number_text("1e-5") == "0.00001"
