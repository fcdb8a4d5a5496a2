"""Two real connections at one time: an application is registered once, numbers are given once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Appointment
from core.problems import Refused
from registry.models import Application, ApplicationMove, Carrier
from registry.services import applications, registering
from tests.registry.applying import act, begun, handed_in, newcomer
from tests.registry.services.test_races import at_once
from tests.registry.world import AT, credit_code, make_world

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_one_application_is_registered_once(at: Callable[..., Any], storage: Path) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    found = handed_in(newcomer())
    for who in ("county", "city"):
        found = act(world, who, "pass_on", found)
    refused: list[str] = []

    def register() -> None:
        try:
            registering.register(actor=world.people["province"], application_id=found.pk, expected=1, at=AT)
        except Refused as refusal:
            refused.append(str(refusal.problems[0].message))

    at_once(*[register] * 4)
    assert Carrier.objects.filter(name=found.name).count() == 1
    assert Appointment.objects.filter(user=found.applicant).count() == 1
    assert ApplicationMove.objects.filter(action="register").count() == 1
    assert len(refused) == 3
    assert all("可能已由他人办理" in words for words in refused)


def test_applications_handed_in_at_one_time_get_numbers_of_their_own(
    at: Callable[..., Any], storage: Path
) -> None:
    at(2026, 3, 18, 14, 32)
    make_world()
    people = [newcomer(f"申请{number}") for number in range(4)]
    drafts = [begun(one, credit_code=credit_code(80 + number)) for number, one in enumerate(people)]

    def submit(number: int) -> Callable[[], Any]:
        return lambda: applications.submit(actor=people[number], application_id=drafts[number].pk, at=AT)

    at_once(*[submit(number) for number in range(4)])
    numbers = Application.objects.values_list("number", flat=True)
    assert sorted(numbers) == [f"SL-DJ-2026-{number:05d}" for number in range(1, 5)]


def test_a_withdrawal_and_a_pass_at_one_time_leave_one_of_them(at: Callable[..., Any], storage: Path) -> None:
    at(2026, 3, 18, 14, 32)
    world, applicant = make_world(), newcomer()
    found = handed_in(applicant)
    done: list[str] = []

    def withdraw() -> None:
        applications.withdraw(actor=applicant, application_id=found.pk, at=AT)
        done.append("withdraw")

    def pass_on() -> None:
        try:
            registering.pass_on(actor=world.people["county"], application_id=found.pk, expected=1, at=AT)
            done.append("pass")
        except Refused:
            pass

    at_once(withdraw, pass_on)
    found.refresh_from_db()
    assert found.state == "withdrawn"
    assert ApplicationMove.objects.exclude(action="submit").count() == len(done)
