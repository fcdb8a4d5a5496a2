"""Each page as each who comes to it, in Chinese, on a desk and on a telephone: no error, no violation of the
content policy, nothing wider than the screen, nothing a screen reader stumbles over, nothing in English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page

from tests.journeys.cast import Cast, make_cast
from tests.journeys.conftest import Watch
from tests.journeys.places import paths_of
from tests.journeys.tour import DESK, PHONE, Known, Tour, page_templates, rendered_templates

# Pages that no tour comes to, each with why.
UNSEEN: dict[str, str] = {
    "portal/errors/500.html": "nothing on the portal fails on purpose",
    "accounts/locked.html": "comes after many failed sign-ins: tests/office/web/test_people.py",
    "accounts/code.html": "comes between a password and a code: tests/journeys/test_people.py",
    "accounts/oidc.html": "is there with a provider alone: tests/office/web/test_oidc.py",
    "registry/change_check.html": "answers a form that is sent: tests/journeys/test_changes.py",
    "registry/lineage_check.html": "answers a form that is sent: tests/journeys/test_changes.py",
    "reporting/explain.html": "answers a form that is sent without script: tests/reporting/web",
}


@pytest.fixture
def cast(transactional_db: None, at: Callable[..., datetime]) -> Cast:
    at(2026, 3, 18, 9, 0)
    return make_cast()


def test_each_page_is_sound_for_each_who_comes_to_it(
    cast: Cast, open_as: Callable[..., Page], watch: Watch, at: Callable[..., datetime]
) -> None:
    faults: list[str] = []
    paths = paths_of(cast)
    known = Known()
    at(2026, 3, 19, 9, 0)
    with rendered_templates() as seen:
        for name, own in paths.items():
            tour = Tour(open_as(cast.user(name) if name else None), name or "访客", watch)
            for path in own:
                tour.open(path, DESK)
                tour.fits(path, DESK)
                tour.is_accessible(path)
                tour.speaks(path, known, chinese=True)
                tour.fits(path, PHONE)
                tour.is_accessible(path)
            tour.open("/nothing/", PHONE, status=404)
            tour.is_accessible("/nothing/")
            if name == "填报0":
                tour.open("/styleguide/", PHONE, status=403)
                tour.is_accessible("/styleguide/")
            tour.page.close()  # what polls in it would poll on
            faults += tour.faults
    faults += [f"no tour comes to {name}" for name in sorted(page_templates() - seen - set(UNSEEN))]
    assert not faults, "\n".join(faults)
