from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.portal.progress.world import NOW, World


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """The place of collected static files, which a server has and the suite does not fill."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def world(db: None, at: Callable[..., datetime]) -> World:
    made = World()
    at(NOW.year, NOW.month, NOW.day, NOW.hour)
    return made
