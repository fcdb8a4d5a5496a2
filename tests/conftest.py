"""What all tests share: the clock, the cast, and what a machine may lack."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from core import clock

# How long an example takes says how busy the machine is, not whether the rule holds.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A machine without PostgreSQL or Redis skips what needs them, and says how to get it."""
    needs = {
        "postgresql": ("DATABASE_URL", "postgres"),
        "worker": ("REDIS_URL", "redis"),
    }
    for mark, (variable, start) in needs.items():
        if item.get_closest_marker(mark) and not os.environ.get(variable, "").startswith(start):
            pytest.skip(f"set {variable} to a {mark} server to run this")


@pytest.fixture(autouse=True)
def language() -> None:
    """Each test begins in the portal's own language: a request in another leaves it behind in the thread."""
    translation.deactivate()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., datetime]]:
    """Sets the clock: `at(2026, 3, 18, 14, 32)` in Shanghai's time."""

    def set_clock(*parts: int) -> datetime:
        moment = datetime(*parts, tzinfo=clock.SHANGHAI)  # type: ignore[misc, arg-type]
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    yield set_clock


@pytest.fixture
def today() -> date:
    return clock.day_of(clock.now())
