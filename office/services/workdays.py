"""The days that staff set when the State Council's notice appears."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.actors import Actor
from core.problems import Problem, Refused
from core.text import T
from office.models import WorkdayOverride
from office.permissions import may_set_workdays
from office.rules.workdays import read_days
from office.services import audit


def set_day(*, actor: Actor, day: date, is_working: bool, note: str, at: datetime) -> WorkdayOverride:
    """One day over the published calendar, with its basis. Provincial officers and system administrators."""
    _check(actor, note)
    with transaction.atomic():
        row, _made = WorkdayOverride.objects.update_or_create(
            day=day, defaults={"is_working": is_working, "note": note.strip()}
        )
        detail = {"is_working": is_working, "note": row.note}
        audit.record(actor=actor, action="workday.set", on=row, at=at, key=day.isoformat(), detail=detail)
    return row


def set_days(*, actor: Actor, text: str, note: str, at: datetime) -> int:
    """All days of a notice, one a line (`2027-02-20 上班`), with their basis: all or none. How many."""
    _check(actor, note)
    days, problems = read_days(text)
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        for day, is_working in days.items():
            set_day(actor=actor, day=day, is_working=is_working, note=note, at=at)
    return len(days)


def _check(actor: Actor, note: str) -> None:
    if not may_set_workdays(actor):
        raise Refused(Problem("workday.role", T("您的身份不能调整工作日。")))
    if not note.strip():
        raise Refused(Problem("workday.note", T("请填写依据（通知名称、文号）。"), field="note"))
