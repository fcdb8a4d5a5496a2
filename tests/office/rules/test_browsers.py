"""A browser in words that one knows one's device by."""

from __future__ import annotations

import pytest

from office.rules.browsers import browser_of

EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML) Chrome/129.0 Safari/537.36 Edg/129.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Edge 129 · Windows"),
        (EDGE.replace(" Edg/129.0", ""), "Chrome 129 · Windows"),
        (PHONE, "Safari 17 · iPhone"),
        ("Mozilla/5.0 (X11; Linux) Gecko Firefox/131.0", "Firefox 131 · Linux"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_name_and_system(agent: str, words: str) -> None:
    assert browser_of(agent) == words
