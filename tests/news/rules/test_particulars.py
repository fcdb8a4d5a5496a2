"""What is told about an article beside its text."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.clock import SHANGHAI
from news.rules.particulars import call_of, issue_name, kind_of_file, lines_of, size_words, standing
from office.rules.workdays import Workdays

DAY = date(2026, 5, 21)  # a Thursday
AT = datetime(2026, 5, 21, 9, 0, tzinfo=SHANGHAI)


def instant(day: int, hour: int = 17, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("effective", "repealed", "words"),
    [
        (None, None, "现行"),
        (date(2026, 5, 21), None, "现行"),
        (date(2026, 5, 22), None, "自 2026-05-22 起施行"),
        (date(2020, 1, 1), date(2026, 5, 22), "现行"),
        (date(2020, 1, 1), date(2026, 5, 21), "已废止"),
        (None, date(2020, 1, 1), "已废止"),
    ],
)
def test_a_document_holds_from_its_day_until_the_day_of_its_repeal(
    effective: date | None, repealed: date | None, words: str
) -> None:
    assert str(standing(effective, repealed, DAY).word) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 KB"),
        (1, "1 KB"),
        (1536, "2 KB"),
        (240_640, "235 KB"),
        (1_048_576, "1.0 MB"),
        (1_300_000, "1.2 MB"),
    ],
)
def test_sizes_are_said_in_kilobytes_and_megabytes(size: int, words: str) -> None:
    assert size_words(size) == words


def test_the_kind_of_a_file_is_its_ending() -> None:
    assert [kind_of_file(name) for name in ("附表.xlsx", "a.b.PDF", "没有")] == ["XLSX", "PDF", ""]


def test_lines_hold_something() -> None:
    assert lines_of(" 合同 \n\n名单\n") == ["合同", "名单"]


@pytest.mark.parametrize(
    ("end", "word", "words", "urgent"),
    [
        (instant(22), "办理中", "截止 05-22 17:00，还有 1 天 8 小时", ""),
        (instant(21), "办理中", "截止 05-21 17:00，还有 8 小时 0 分", "今日截止"),
        (instant(21, 9), "已截止", "至 05-21 09:00", ""),
        (instant(22, 0), "办理中", "截止 05-21，还有 15 小时 0 分", "今日截止"),
    ],
)
def test_a_call_says_until_when(end: datetime, word: str, words: str, urgent: str) -> None:
    call = call_of(end, AT)
    assert (str(call.status.word), str(call.words), str(call.urgent)) == (word, words, urgent)


@pytest.mark.parametrize(
    ("end", "word", "words", "urgent"),
    [
        (instant(26, 0), "公示中", "至 05-25，还剩 2 个工作日", ""),  # Friday and Monday
        (instant(22, 0), "公示中", "至 05-21", "今日截止"),
        (instant(20, 0), "公示期满", "至 05-19", ""),
    ],
)
def test_publicity_counts_working_days(end: datetime, word: str, words: str, urgent: str) -> None:
    call = call_of(end, AT, Workdays())
    assert (str(call.status.word), str(call.words), str(call.urgent)) == (word, words, urgent)
    shut = Workdays({date(2026, 5, 25): False})
    assert "还剩 1 个工作日" in str(call_of(instant(26, 0), AT, shut).words)


def test_an_issue_is_named_by_what_it_has() -> None:
    assert str(issue_name("孵化动态", 11, DAY)) == "《孵化动态》2026 年第 11 期"
    assert str(issue_name("孵化动态", None, DAY)) == "孵化动态 2026-05-21"
    assert str(issue_name("孵化动态", None, None)) == "孵化动态"
