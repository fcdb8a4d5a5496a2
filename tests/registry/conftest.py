"""What tests of the register share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.registry.world import World, make_world


@pytest.fixture
def world(db: None, at: Callable[..., datetime]) -> World:
    at(2026, 3, 18, 14, 32)
    return make_world()


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> Path:
    """An own file storage."""
    folder = tmp_path / "files"
    options = {"location": str(folder), "file_permissions_mode": 0o600}
    default = {**settings.STORAGES["default"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder
