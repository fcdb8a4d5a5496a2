"""A job runs with the rights that its owner has when it runs (A15)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from office.models import Job
from office.services.running import claim

AT = datetime(2026, 3, 18, 14, 32, tzinfo=clock.SHANGHAI)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "role"),
    [
        ({}, Role.CITY_OFFICER.value),
        ({"revoked_at": AT}, "public"),
        ({"valid_to": date(2026, 3, 17)}, "public"),
    ],
)
def test_a_right_taken_away_is_gone_when_the_job_runs(change: dict[str, object], role: str) -> None:
    region = Region.objects.create(code="990100", name="北澄市", level="city", path="/990100/")
    user = User.objects.create_user("officer", name="陈宁")
    held = Appointment.objects.create(
        user=user, role=Role.CITY_OFFICER, region=region, valid_from=date(2026, 1, 1)
    )
    job = Job.objects.create(handler="x", title="导出", owner=user, appointment=held, created_at=AT)
    Appointment.objects.filter(pk=held.pk).update(**change)
    run = claim(job_id=str(job.pk), at=AT)
    assert run is not None and run.actor.role == role
