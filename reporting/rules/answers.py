"""Answers to a campaign that are no figures: nothing to report, or no longer running."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from core.problems import Problem
from core.text import T, Text


class Answer(StrEnum):
    NIL = "nil"
    CLOSED = "closed"


ANSWERS: Mapping[Answer, Text] = {Answer.NIL: T("零申报"), Answer.CLOSED: T("已停止运营")}


def faults_of(
    answer: str, reason: str, closed_on: date | None, *, has_evidence: bool, today: date
) -> list[Problem]:
    """All that is missing or wrong in an answer without figures."""
    problems = []
    if answer not in set(Answer):
        problems.append(Problem("answer.unknown", T("请选择零申报或已停止运营。"), field="answer"))
    if not reason:
        problems.append(Problem("answer.reason", T("请写明理由。"), field="reason"))
    if not has_evidence:
        message = T("请附上证明材料（PDF、PNG 或 JPEG）。")
        problems.append(Problem("answer.evidence", message, field="evidence"))
    if answer == Answer.CLOSED and closed_on is None:
        problems.append(Problem("answer.day", T("请填写停止运营的日期。"), field="closed_on"))
    if answer == Answer.CLOSED and closed_on is not None and closed_on > today:
        message = T("停止运营的日期不能在将来。")
        problems.append(Problem("answer.day", message, field="closed_on", found=closed_on.isoformat()))
    if answer == Answer.NIL and closed_on is not None:
        problems.append(Problem("answer.day", T("零申报不填停止运营的日期。"), field="closed_on"))
    return problems
