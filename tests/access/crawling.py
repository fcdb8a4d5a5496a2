"""Walks the portal as a reader: every link from where they begin, each list by API, files unpacked."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable
from io import BytesIO
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile, is_zipfile

from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from tests.access.asking import routes

LINK = re.compile(r'(?:href|hx-get|src)="([^"#]+)')
# What differs at each asking: tokens of forms, nonces, and what is stamped by the machine's own clock.
VARIES = re.compile(
    r"""\b[A-Za-z0-9]{64}\b|nonce="[^"]+"|\d\d-\d\d\ \d\d:\d\d(?=\ 登录过)|截至\ [\d-]+\ [\d:]+
    |<dcterms:(?:created|modified).*?</dcterms:(?:created|modified)>|<lastBuildDate>.*?</lastBuildDate>""",
    re.VERBOSE,
)
ELSEWHERE = ("/static/", "/admin/", "/accounts/sign-out/")
EACH = 6  # pages of one address and one set of parameters


def api_lists() -> list[str]:
    return [f"/{route}" for route in routes() if route.startswith("api/v1/") and "<" not in route]


def crawl(reader: User | None, begin: Iterable[str]) -> dict[str, str]:
    """By address what was answered there with 200, as text without what varies."""
    client = Client()
    if reader is not None:
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    seen: dict[str, str] = {}
    asked: dict[str, int] = {}
    waiting, known = deque(begin), set[str]()
    while waiting:
        path = waiting.popleft()
        if path in known or not _is_new_enough(path, asked):
            continue
        known.add(path)
        response = client.get(path)
        assert response.status_code < 500, f"{path} answered {response.status_code}"
        content = b"".join(response) if response.streaming else response.content
        if response.status_code == 200:
            text = _text(content)
            seen[path] = VARIES.sub("*", text)
            waiting.extend(_links(path, text, response.headers.get("Content-Type", "")))
    return seen


def _is_new_enough(path: str, asked: dict[str, int]) -> bool:
    """At most some pages of a kind: the kind is the address's pattern with the names of its parameters."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return False
    query = urlsplit(path).query
    kind = found.route + "?" + "&".join(sorted({part.partition("=")[0] for part in query.split("&")}))
    asked[kind] = asked.get(kind, 0) + 1
    return asked[kind] <= EACH


def _text(content: bytes) -> str:
    """A page as it is; of a workbook or a document every part."""
    if not is_zipfile(BytesIO(content)):
        return content.decode("utf-8", "replace")
    with ZipFile(BytesIO(content)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in sorted(packed.namelist()))


def _links(path: str, text: str, kind: str) -> list[str]:
    if kind.startswith("application/json"):
        found = json.loads(text)
        onward = [found["next"]] if isinstance(found, dict) and found.get("next") else []
        return [_local(one) for one in onward]
    if not kind.startswith("text/html"):
        return []
    links = [urljoin(path, link.replace("&amp;", "&")) for link in LINK.findall(text)]
    return [link for link in links if link.startswith("/") and not link.startswith(("//", *ELSEWHERE))]


def _local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
