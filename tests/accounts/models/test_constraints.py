"""What the database refuses, whoever writes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Appointment, Region, SignIn, User
from accounts.rules.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, tzinfo=UTC)


@pytest.fixture
def region() -> Region:
    return Region.objects.create(code="990000", name="示例省", level="province", path="/990000/")


@pytest.fixture
def user() -> User:
    return User.objects.create_user("liu", "long-and-odd-9", name="柳青")


def refused(model: Any, **fields: Any) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        model.objects.create(**fields)
    return str(error.value)


def test_a_region_ends_not_before_it_begins() -> None:
    days = {"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)}
    told = refused(Region, code="1", name="甲", level="city", path="/1/", **days)
    assert "region_dates_in_order" in told


def test_a_tile_has_both_column_and_row() -> None:
    assert "region_tile_whole" in refused(Region, code="1", name="甲", level="city", path="/1/", tile_row=1)


@pytest.mark.parametrize(
    "fields",
    [
        {"role": Role.CARRIER_STAFF},
        {"role": Role.EXPERT, "carrier_code": "SL-990100-0001"},
        {"role": Role.EXPERT},
    ],
)
def test_the_scope_of_an_appointment_fits_its_role(user: User, fields: dict[str, Any]) -> None:
    told = refused(Appointment, user=user, valid_from=date(2026, 1, 1), **fields)
    assert "appointment_scope_fits_role" in told


def test_staff_have_no_region(user: User, region: Region) -> None:
    fields = {"role": Role.CARRIER_STAFF, "region": region, "carrier_code": "SL-990100-0001"}
    assert "appointment_scope_fits_role" in refused(
        Appointment, user=user, valid_from=date(2026, 1, 1), **fields
    )


def test_a_term_ends_not_before_it_begins(user: User, region: Region) -> None:
    days = {"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)}
    told = refused(Appointment, user=user, role=Role.EXPERT, region=region, **days)
    assert "appointment_dates_in_order" in told


def test_a_session_ends_not_before_it_begins(user: User) -> None:
    told = refused(SignIn, user=user, session_key="k", started_at=NOW, ended_at=NOW - timedelta(seconds=1))
    assert "sign_in_times_in_order" in told


def test_only_appointments_in_their_term_of_active_people_hold(user: User, region: Region) -> None:
    def make(**fields: Any) -> Appointment:
        return Appointment.objects.create(
            user=user, role=Role.EXPERT, region=region, **{"valid_from": date(2026, 1, 1), **fields}
        )

    holds = make()
    last_day = make(valid_from=date(2026, 1, 2), valid_to=date(2026, 3, 18))
    make(valid_from=date(2026, 3, 19))
    make(valid_from=date(2026, 1, 3), valid_to=date(2026, 3, 17))
    make(valid_from=date(2026, 1, 4), revoked_at=NOW)
    assert list(Appointment.objects.valid_on(date(2026, 3, 18))) == [holds, last_day]
    user.is_active = False
    user.save()
    assert not Appointment.objects.valid_on(date(2026, 3, 18)).exists()
