"""When a person may be given a role."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.rules.appointments import Held, faults
from accounts.rules.roles import Role

NEW_YEAR, SUMMER, AUTUMN = date(2026, 1, 1), date(2026, 7, 1), date(2026, 10, 1)


def held(role: Role, scope: str = "990100", start: date = NEW_YEAR, end: date | None = None) -> Held:
    return Held(role, scope, start, end)


def codes(wanted: Held, *others: Held, level: str = "city") -> list[str]:
    return [problem.code for problem in faults(wanted, others, region_level=level)]


@pytest.mark.parametrize(
    ("role", "level"),
    [
        (Role.COUNTY_OFFICER, "county"),
        (Role.CITY_OFFICER, "city"),
        (Role.PROVINCE_OFFICER, "province"),
        (Role.PROVINCE_OFFICER, "nation"),
        (Role.EXPERT, "province"),
        (Role.AUDITOR, "city"),
    ],
)
def test_a_role_over_a_region_of_its_level(role: Role, level: str) -> None:
    assert codes(held(role), level=level) == []


@pytest.mark.parametrize(
    ("role", "level"),
    [(Role.COUNTY_OFFICER, "city"), (Role.CITY_OFFICER, "province"), (Role.PROVINCE_OFFICER, "county")],
)
def test_no_officer_over_another_level(role: Role, level: str) -> None:
    assert codes(held(role), level=level) == ["appointment.level"]


def test_staff_stand_over_a_carrier_and_others_over_a_region() -> None:
    assert codes(held(Role.CARRIER_STAFF, "SL-990100-0001"), level="") == []
    assert codes(held(Role.CARRIER_STAFF)) == ["appointment.scope"]
    assert codes(held(Role.EXPERT, ""), level="") == ["appointment.scope"]


def test_a_term_does_not_end_before_it_begins() -> None:
    assert codes(held(Role.EXPERT, start=SUMMER, end=NEW_YEAR)) == ["appointment.dates"]


def test_incompatible_powers_at_one_time_are_refused_and_one_after_the_other_are_not() -> None:
    files = held(Role.CARRIER_STAFF, "SL-990100-0001", end=SUMMER)
    assert codes(held(Role.CITY_OFFICER), files) == ["appointment.conflict"]
    assert codes(held(Role.CITY_OFFICER, start=SUMMER), files) == ["appointment.conflict"]
    assert codes(held(Role.CITY_OFFICER, start=AUTUMN), files) == []


def test_the_same_appointment_twice_is_refused_and_over_another_region_is_not() -> None:
    assert codes(held(Role.CITY_OFFICER), held(Role.CITY_OFFICER)) == ["appointment.twice"]
    assert codes(held(Role.CITY_OFFICER), held(Role.CITY_OFFICER, "990200")) == []


def test_all_reasons_at_once() -> None:
    wanted = held(Role.CITY_OFFICER, start=SUMMER, end=NEW_YEAR)
    other = held(Role.AUDITOR)
    assert codes(wanted, other, level="county") == [
        "appointment.dates",
        "appointment.level",
        "appointment.conflict",
    ]
