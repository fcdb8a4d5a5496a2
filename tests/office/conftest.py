"""The cast of the back office's tests; all names invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as given

from accounts.actors import Actor, actor_of
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock

Cast = Callable[..., Actor]


@pytest.fixture(autouse=True, scope="session")
def static_root() -> None:
    """The place of collected static files, which a server has and the suite does not fill."""
    Path(given.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def cast(db: None) -> Cast:
    """`cast("柳青", Role.AUDITOR)`: a person with one appointment over the province, or over a carrier."""

    def make(name: str, role: Role = Role.CARRIER_STAFF, **fields: Any) -> Actor:
        region, _made = Region.objects.get_or_create(
            code="990000", defaults={"name": "示例省", "level": "province", "path": "/990000/"}
        )
        user = User.objects.create_user(name, "long-and-odd-9", name=name, **fields)
        carrier = role is Role.CARRIER_STAFF
        held = Appointment.objects.create(
            user=user,
            role=role,
            region=None if carrier else region,
            carrier_code="FH-0001" if carrier else "",
            valid_from=date(2020, 1, 1),
        )
        return actor_of(held)

    return make


@pytest.fixture
def staff(cast: Cast) -> Actor:
    return cast("柳青")


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return cast("管维", Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def auditor(cast: Cast) -> Actor:
    return cast("申明", Role.AUDITOR)


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    """An own folder for what lies outside the database."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> Path:
    """An own file storage of the kind that a server has."""
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "office.storage.DurableStorage",
            "OPTIONS": {"location": str(folder), "file_permissions_mode": 0o600},
        },
    }
    return folder
