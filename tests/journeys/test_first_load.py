"""The first visit to the public home is light, and asks nobody but the portal."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response

from tests.journeys.cast import make_cast

MOST_REQUESTS, MOST_BYTES = 12, 150_000


def test_the_public_home_is_light(open_as: Callable[..., Page], transactional_db: None) -> None:
    """Packed here as the server packs static files; what a visit takes over the wire is measured in bench."""
    make_cast()
    page = open_as()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/", wait_until="networkidle")
    hosts = {urlsplit(answer.url).netloc for answer in answers}
    sizes = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    assert hosts == {urlsplit(page.url).netloc}
    assert len(answers) <= MOST_REQUESTS, sorted(sizes)
    assert sum(sizes.values()) <= MOST_BYTES, sizes
