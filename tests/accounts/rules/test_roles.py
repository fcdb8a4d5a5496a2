"""Nobody both does and oversees, or makes and pays."""

from __future__ import annotations

import itertools

import pytest

from accounts.rules.roles import CHECKING, TITLES, Role, conflict

ALONE = {Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}
TOGETHER = [
    (Role.COUNTY_OFFICER, Role.CITY_OFFICER),
    (Role.CITY_OFFICER, Role.PROVINCE_OFFICER),
    (Role.EXPERT, Role.EDITOR),
    (Role.CARRIER_STAFF, Role.EXPERT),
    (Role.PROVINCE_OFFICER, Role.EDITOR),
    (Role.FINANCE_OFFICER, Role.EDITOR),
]


def test_conflict_knows_no_order() -> None:
    for one, other in itertools.product(Role, Role):
        assert conflict(one, other) == conflict(other, one)


@pytest.mark.parametrize("role", sorted(ALONE))
def test_auditors_and_administrators_are_nothing_else(role: Role) -> None:
    assert {other for other in Role if conflict(role, other)} == set(Role) - {role}


@pytest.mark.parametrize("role", sorted(CHECKING | {Role.CARRIER_STAFF, Role.EXPERT}))
def test_who_pays_neither_files_nor_checks_nor_marks(role: Role) -> None:
    assert conflict(Role.FINANCE_OFFICER, role)


@pytest.mark.parametrize("role", sorted(CHECKING))
def test_who_files_does_not_check(role: Role) -> None:
    assert conflict(Role.CARRIER_STAFF, role)


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_these_go_together(one: Role, other: Role) -> None:
    assert not conflict(one, other)


def test_every_role_has_a_name_for_people() -> None:
    assert set(TITLES) == set(Role)
