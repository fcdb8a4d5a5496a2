"""What the tests of the returns' pages share: browsers, one a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.actors import Actor

ClientOf = Callable[[Actor], Client]


@pytest.fixture(autouse=True, scope="session")
def static_folder() -> None:
    """Where a server has its collected static files."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def static_as_it_lies(settings: Any) -> None:
    """The suite collects no static files; pages name them where they lie."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def client_of(db: None) -> ClientOf:
    """`client_of(world.staff)`: a client that is signed in as this person."""

    def opened(actor: Actor) -> Client:
        client = Client()
        assert actor.user is not None
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return opened
