"""What one city keeps to itself never shows in the other: no name, no file, no count, no suggestion.

Two ways: private data carry a mark that no other city's reader meets anywhere; and whatever one city does
in private changes not one character of what the other reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import zip_longest

import pytest

from portal.navigation import PUBLIC, desk_places
from tests.access.cities import City, Two, live, make_two
from tests.access.crawling import api_lists, crawl

# Parts of the marks, names, codes and phones: what a curious reader would try.
WORDS = ("机密", "甲城", "乙城", "企业", "0990", "91990000MA000")
SEARCHES = (
    "/search/?q=",
    "/registry/?q=",
    "/registry/manage/?q=",
    "/api/v1/carriers/?q=",
    "/registry/tenants/?q=",
    "/registry/tenants/suggest/?q=",
    "/registry/tenancy/?q=",
    "/api/v1/tenants/?q=",
)
FIXED = ("/home/", "/accounts/me/", "/office/jobs/", "/office/notices/", "/registry/list.csv")


@pytest.fixture
def two(db: None, at: Callable[..., datetime]) -> Two:
    at(2026, 3, 18, 9, 0)
    made = make_two()
    for city in made.cities:
        live(made, city, 1)
    at(2026, 3, 19, 9, 0)
    return made


def seen_by(two: Two, name: str) -> dict[str, str]:
    """Everything that this person comes to."""
    begin = [place.url for place in PUBLIC] + api_lists()
    begin += [f"{search}{word}" for search in SEARCHES for word in WORDS]
    if name:
        begin += [*FIXED, *(place.url for place, _ in desk_places(two.cast.people[name], "/home/"))]
    return crawl(two.cast.user(name) if name else None, begin)


def other(two: Two, city: City) -> City:
    return two.cities[1] if city is two.cities[0] else two.cities[0]


def test_no_page_answer_file_or_suggestion_of_one_city_shows_the_other(two: Two) -> None:
    faults = []
    for city in two.cities:
        met = 0
        for name in city.readers:
            pages = seen_by(two, name)
            met += sum(city.mark in text for text in pages.values())
            faults += [f"{name}: {path}" for path, text in pages.items() if other(two, city).mark in text]
        assert met > 20, f"{city.readers} meet their own mark on {met} pages only: the crawl is too short"
    faults += [f"visitor: {path}" for path, text in seen_by(two, "").items() if "城机密" in text]
    assert not faults, "\n".join(faults)


def test_what_one_city_does_in_private_changes_nothing_that_the_other_reads(two: Two) -> None:
    near, far = two.cities
    readers = [near.staff[0], near.county, near.city]
    before = {name: seen_by(two, name) for name in readers}
    live(two, far, 2)
    faults = []
    for name in readers:
        after = seen_by(two, name)
        assert after.keys() == before[name].keys()
        faults += [
            f"{name}: {path}: {_difference(_read(before[name][path]), _read(text))}"
            for path, text in after.items()
            if _read(text) != _read(before[name][path])
        ]
    assert not faults, "\n".join(faults)


def _read(text: str) -> str:
    """Without how many tenants a carrier has, which its public page tells everybody."""
    return re.sub(r'<dl class="carrier-facts">.*?</dl>|入驻企业和团队 \d+ 家', "", text, flags=re.DOTALL)


def _difference(before: str, after: str) -> str:
    """Where the first line differs."""
    pairs = zip_longest(before.splitlines(), after.splitlines(), fillvalue="")
    return next((f"{old.strip()[:200]} -> {new.strip()[:200]}" for old, new in pairs if old != new), "")
