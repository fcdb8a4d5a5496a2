"""Two at once, on two connections: a code is taken by one of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.problems import Refused
from office.services import factors

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
Cast = Callable[..., Actor]


def both(try_it: Callable[[], bool]) -> list[bool]:
    """Runs it twice at the same time."""
    start = Barrier(2)

    def run() -> bool:
        start.wait()
        try:
            return try_it()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(one.result() for one in (pool.submit(run), pool.submit(run)))


@pytest.mark.parametrize("recovery", [False, True])
def test_one_code_lets_one_in(cast: Cast, recovery: bool) -> None:
    person = cast("周远", Role.PROVINCE_OFFICER)
    user = person.user
    assert user
    factors.begin(actor=person)
    shown = factors.enrolment(person)
    assert shown
    maker, at = pyotp.TOTP(shown.key.replace(" ", "")), clock.now()
    before = at - timedelta(minutes=5)
    plain = factors.enrol(actor=person, code=maker.at(before), at=before)
    code = plain[0] if recovery else maker.at(at)

    def taken() -> bool:
        try:
            factors.check(user=user, code=code, at=at)
        except Refused:
            return False
        return True

    assert both(taken) == [False, True]


def test_wrong_codes_are_counted_whoever_sends_them(cast: Cast) -> None:
    person = cast("周远", Role.PROVINCE_OFFICER)
    user = person.user
    assert user
    factors.begin(actor=person)
    shown = factors.enrolment(person)
    assert shown
    maker, at = pyotp.TOTP(shown.key.replace(" ", "")), clock.now()
    factors.enrol(actor=person, code=maker.at(at), at=at)

    def wrong() -> bool:
        with pytest.raises(Refused):
            factors.check(user=user, code="x", at=at)
        return True

    assert both(wrong) == [True, True]
    found = factors.device_of(user)
    assert found and found.failures == 2
