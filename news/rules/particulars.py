"""What is told about an article beside its text: whether a document holds, how large a file is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from core.formats import moment, until
from core.shanghai import SHANGHAI, day_of
from core.text import T, Text
from core.ui import Status
from office.rules.workdays import Workdays

_KILO = 1024
_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Call:
    """Until when something is open: its state, the words beside it, and what is urgent of it ("" if not)."""

    status: Status
    words: Text
    urgent: Text | str = ""


def last_moment(end: datetime, at: datetime) -> str:
    """When a term ends; a term that ends at midnight ends with the day before."""
    local = end.astimezone(SHANGHAI)
    if local.hour or local.minute:
        return moment(end, at.astimezone(SHANGHAI).year)
    last = day_of(end - _INSTANT)
    return f"{last:%m-%d}" if last.year == at.astimezone(SHANGHAI).year else last.isoformat()


def call_of(end: datetime, at: datetime, publicity_days: Workdays | None = None) -> Call:
    """A call for applications; with a calendar a list in publicity, whose working days left are counted."""
    publicity = publicity_days is not None
    when, last = last_moment(end, at), day_of(end - _INSTANT)
    if end <= at:
        word = T("公示期满") if publicity else T("已截止")
        return Call(Status(word, "muted"), T("至 {when}", when=when))
    urgent = T("今日截止") if last == day_of(at) else ""
    if publicity_days is None:
        words = T("截止 {when}，{left}", when=when, left=until(end, at))
        return Call(Status(T("办理中"), "info"), words, urgent)
    if urgent:
        words = T("至 {when}", when=when)
    else:
        left = publicity_days.working_days_between(day_of(at), last)
        words = T("至 {when}，还剩 {n} 个工作日", when=when, n=left)
    return Call(Status(T("公示中"), "warn"), words, urgent)


def standing(effective_on: date | None, repealed_on: date | None, day: date) -> Status:
    """Whether a document holds on that day; without dates it holds since it is out."""
    if repealed_on is not None and repealed_on <= day:
        return Status(T("已废止"), "muted", "archive")
    if effective_on is not None and effective_on > day:
        return Status(T("自 {day} 起施行", day=effective_on.isoformat()), "info")
    return Status(T("现行"), "ok")


def size_words(size: int) -> str:
    """`235 KB`, `1.2 MB`: bytes as people read them, never 0 for what holds something."""
    if size < _KILO * _KILO:
        kilo = max(1, (size + _KILO // 2) // _KILO) if size else 0
        return f"{kilo} KB"
    mega = Decimal(size) / (_KILO * _KILO)
    return f"{mega.quantize(Decimal('0.1'), ROUND_HALF_UP)} MB"


def kind_of_file(name: str) -> str:
    """`PDF`, `XLSX`: the ending of a file's name."""
    _stem, dot, ending = name.rpartition(".")
    return ending.upper() if dot else ""


def lines_of(text: str) -> list[str]:
    """What is written one a line, empty lines left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def issue_name(title: str, number: int | None, day: date | None) -> Text | str:
    """`《孵化动态》2026 年第 11 期`; what is missing of it is left out."""
    if number and day:
        return T("《{title}》{year} 年第 {number} 期", title=title, year=day.year, number=number)
    return f"{title} {day or ''}".strip()
