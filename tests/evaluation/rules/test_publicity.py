"""How long results are open to objections."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from evaluation.rules.publicity import Period, ends_at, final_day, last_day
from office.rules.workdays import Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("begins", "period", "last"),
    [
        (date(2025, 6, 9), Period.WORKING_5, date(2025, 6, 16)),  # 周一开始，次周一届满
        (date(2025, 9, 29), Period.WORKING_5, date(2025, 10, 13)),  # 国庆、中秋放假，11 日上班
        (date(2025, 6, 9), Period.CALENDAR_7, date(2025, 6, 16)),
        (date(2025, 6, 7), Period.CALENDAR_7, date(2025, 6, 16)),  # 届满日为周六，顺延至周一
        (date(2025, 9, 25), Period.CALENDAR_7, date(2025, 10, 9)),  # 届满日在国庆假期
    ],
)
def test_the_day_of_beginning_is_not_counted(begins: date, period: Period, last: date) -> None:
    assert last_day(begins, period, Workdays()) == last


def test_a_day_that_staff_set_counts_as_they_set_it() -> None:
    shut = Workdays({date(2025, 6, 16): False})
    assert last_day(date(2025, 6, 9), Period.WORKING_5, shut) == date(2025, 6, 17)


def test_the_period_takes_all_of_its_last_day_in_shanghai() -> None:
    late = datetime(2025, 6, 8, 16, 30, tzinfo=ZoneInfo("UTC"))  # already the 9th in Shanghai
    end = ends_at(late, Period.WORKING_5, Workdays())
    assert end == datetime(2025, 6, 17, 0, 0, tzinfo=SHANGHAI)
    assert final_day(end) == date(2025, 6, 16)
