"""Answers without figures: what each needs."""

from __future__ import annotations

from datetime import date

import pytest

from reporting.rules.answers import faults_of

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("answer", "reason", "closed_on", "has_evidence", "fields"),
    [
        ("nil", "年内无业务", None, True, []),
        ("closed", "已停业", TODAY, True, []),
        ("closed", "已停业", date(2026, 3, 19), True, ["closed_on"]),
        ("closed", "已停业", None, True, ["closed_on"]),
        ("nil", "年内无业务", TODAY, True, ["closed_on"]),
        ("nil", "", None, False, ["reason", "evidence"]),
        ("", "", None, False, ["answer", "reason", "evidence"]),
        ("figures", "有", None, True, ["answer"]),
    ],
)
def test_everything_that_is_missing_is_named(
    answer: str, reason: str, closed_on: date | None, has_evidence: bool, fields: list[str]
) -> None:
    found = faults_of(answer, reason, closed_on, has_evidence=has_evidence, today=TODAY)
    assert [one.field for one in found] == fields
