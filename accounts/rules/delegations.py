"""When a person may lend an appointment to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.roles import TITLES, Role
from core.problems import Problem
from core.text import T

LONGEST = timedelta(days=90)
# An expert's mark is the expert's own; those who oversee and keep the portal are appointed, never lent.
PERSONAL = frozenset(
    {Role.EXPERT, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR},
)


@dataclass(frozen=True, slots=True)
class Lent:
    """A delegation as the rules see it; `own_end` is the last day of the giver's own term, if it has one."""

    role: Role
    is_lent_already: bool
    to_self: bool
    valid_from: date
    valid_to: date
    own_end: date | None
    reason: str


def faults(lent: Lent, today: date) -> Iterator[Problem]:
    """Everything that stands against it; whether it goes with what the other holds is asked elsewhere."""
    if lent.is_lent_already:
        yield Problem("delegation.again", T("受托的身份不能再转托他人。"))
    if lent.role in PERSONAL:
        words = T("“{role}”须由本人办理，不能委托。", role=TITLES[lent.role])
        yield Problem("delegation.personal", words)
    if lent.to_self:
        yield Problem("delegation.self", T("不能委托给自己。"), field="username")
    if lent.valid_from < today:
        yield Problem("delegation.past", T("委托不能从过去的日子开始。"), field="valid_from")
    if lent.valid_to < lent.valid_from:
        yield Problem("appointment.dates", T("任期的止日早于起日。"), field="valid_to")
    if lent.valid_to - lent.valid_from >= LONGEST:
        words = T("一次委托最长 {n} 天。", n=LONGEST.days)
        yield Problem("delegation.long", words, field="valid_to")
    if lent.own_end and lent.valid_to > lent.own_end:
        words = T("您的任职到 {day} 止，委托不能超过。", day=lent.own_end.isoformat())
        yield Problem("delegation.beyond", words, field="valid_to")
    if not lent.reason.strip():
        yield Problem("delegation.reason", T("请填写理由。"), field="reason")
