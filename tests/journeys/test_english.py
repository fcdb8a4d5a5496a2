"""Each page as each who comes to it, in English, in the dark and in large type: every word but data in
English, colours can be told apart, and larger letters push nothing off the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.journeys.cast import Cast, make_cast
from tests.journeys.conftest import Watch
from tests.journeys.places import paths_of
from tests.journeys.tour import DESK, PHONE, Known, Tour


@pytest.fixture
def cast(transactional_db: None, at: Callable[..., datetime]) -> Cast:
    at(2026, 3, 18, 9, 0)
    return make_cast()


def test_each_page_is_english_and_sound_in_the_dark_and_in_large_type(
    cast: Cast, open_as: Callable[..., Page], watch: Watch, at: Callable[..., datetime], live_server: object
) -> None:
    faults: list[str] = []
    paths = paths_of(cast)
    known = Known()
    User.objects.update(language="en")
    at(2026, 3, 19, 9, 0)
    for name, own in paths.items():
        page = open_as(cast.user(name) if name else None)
        page.context.add_cookies(
            [
                {"name": key, "value": value, "url": str(live_server)}
                for key, value in (("django_language", "en"), ("large_type", "1"))
            ]
        )
        page.emulate_media(color_scheme="dark")
        tour = Tour(page, name or "visitor", watch)
        for path in own:
            tour.open(path, DESK)
            tour.speaks(path, known, chinese=False)
            tour.is_accessible(path)
            tour.fits(path, PHONE)
        page.close()
        faults += tour.faults
    assert not faults, "\n".join(faults)
