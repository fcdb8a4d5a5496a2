"""Two real connections at one time: nobody is told twice, and what was used is not taken back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from core.problems import Refused
from office.models import Notice
from reporting.models import Extension, Reminder
from reporting.services import filling, reminding, terms
from tests.registry.services.test_races import at_once
from tests.reporting.conftest import DAY, World, fill, make_world
from tests.reporting.services.test_terms import extend, on

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None, at: Callable[..., Any]) -> World:
    at(2026, 3, 18, 14, 32)
    return make_world()


def test_two_schedulers_remind_once(world: World) -> None:
    def remind() -> None:
        with transaction.atomic():
            reminding.remind(at=DAY)

    at_once(*[remind] * 4)
    assert Reminder.objects.count() == 2
    assert Notice.objects.filter(recipient=world.staff.user).count() == 1


def test_two_officers_nudge_once(world: World) -> None:
    def nudge(actor: Any) -> None:
        with suppress(Refused):
            reminding.nudge(actor=actor, campaign_id=world.campaign.pk, at=DAY)

    at_once(*[lambda actor=one: nudge(actor) for one in (world.officer, world.city_officer)])
    assert Reminder.objects.count() == 2


def test_longer_time_is_either_used_or_taken_back(world: World) -> None:
    fill(world)
    found = extend(world, world.officer, on(4, 10))
    after = on(4, 1) + timedelta(hours=1)

    def save() -> None:
        with suppress(Refused):
            filling.save_field(
                actor=world.staff,
                return_id=world.mine.pk,
                code="area_total",
                value="9",
                seen="5000",
                at=after,
            )

    def revoke() -> None:
        with suppress(Refused):
            terms.revoke(actor=world.officer, extension_id=found.pk, reason="误批", at=after)

    at_once(save, revoke)
    kept = Extension.objects.get()
    was_saved = world.mine.current.values["area_total"] == "9"
    assert was_saved == (kept.used_at is not None) == (kept.revoked_at is None)
