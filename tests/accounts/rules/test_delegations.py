"""What stands against lending an appointment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.delegations import LONGEST, PERSONAL, Lent, faults
from accounts.rules.roles import Role

TODAY = date(2026, 3, 18)
GOOD = Lent(Role.COUNTY_OFFICER, False, False, TODAY, TODAY + timedelta(days=10), None, "休假")


def codes(lent: Lent) -> list[str]:
    return [problem.code for problem in faults(lent, TODAY)]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"is_lent_already": True}, ["delegation.again"]),
        ({"to_self": True}, ["delegation.self"]),
        ({"reason": " "}, ["delegation.reason"]),
        ({"valid_from": TODAY - timedelta(days=1)}, ["delegation.past"]),
        ({"valid_to": TODAY - timedelta(days=1)}, ["appointment.dates"]),
        ({"own_end": TODAY + timedelta(days=9)}, ["delegation.beyond"]),
        ({"own_end": TODAY + timedelta(days=10)}, []),
        ({"valid_to": TODAY + timedelta(days=89)}, []),
        ({"valid_to": TODAY + timedelta(days=90)}, ["delegation.long"]),
    ],
)
def test_each_fault(change: dict[str, object], found: list[str]) -> None:
    assert codes(replace(GOOD, **change)) == found  # type: ignore[arg-type]


@pytest.mark.parametrize("role", list(Role))
def test_what_is_personal_is_not_lent(role: Role) -> None:
    assert ("delegation.personal" in codes(replace(GOOD, role=role))) == (role in PERSONAL)


@given(st.integers(0, 400), st.integers(0, 400))
def test_none_is_longer_than_ninety_days_nor_than_ones_own(length: int, own: int) -> None:
    end = TODAY + timedelta(days=length)
    lent = replace(GOOD, valid_to=end, own_end=TODAY + timedelta(days=own))
    days = (end - TODAY).days + 1
    assert (codes(lent) == []) == (days <= LONGEST.days and length <= own)
