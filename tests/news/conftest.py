from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.news.world import World


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """The place of collected static files, which a server has and the suite does not fill."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def world(db: None) -> World:
    return World()
