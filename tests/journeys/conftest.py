"""Real browser journeys: Debian's Chromium against the live site, on whatever database the suite runs on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

from accounts.models import User

# Playwright's loop makes Django believe that it runs in async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail("no browser: apt-get install chromium fonts-noto-cjk")
        pytest.skip("no browser: apt-get install chromium fonts-noto-cjk")
    running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield running
    running.close()


class Watch:
    """What a page must never do: errors in the console, violations of the content policy, failed requests."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def on(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _console(self, message: ConsoleMessage) -> None:
        # A refused act answers with 4xx, which Chromium logs as an error of its own.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)


Opened = Callable[..., Page]


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert watching.faults == []


@pytest.fixture
def open_as(browser: Browser, live_server: Any, watch: Watch, transactional_db: None) -> Iterator[Opened]:
    """`open_as(user)`: a page of a browser of its own, signed in as this person, or as a visitor."""
    contexts: list[BrowserContext] = []
    asked: set[Request] = set()

    def opened(user: User | None = None, *, width: int = 1360, height: int = 900) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
        )
        contexts.append(context)
        context.on("request", lambda one: asked.add(one))
        context.on("requestfinished", lambda one: asked.discard(one))
        context.on("requestfailed", lambda one: asked.discard(one))
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            cookie = client.cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        watch.on(page)
        return page

    yield opened
    _let_finish(asked, [page for context in contexts for page in context.pages])
    for context in contexts:
        context.close()


def _let_finish(asked: set[Request], pages: list[Page]) -> None:
    """What a page still asks for is answered before the tables are emptied: that would wait for it, and it
    for that."""
    for _ in range(150):
        if not asked or not pages:
            return
        pages[0].wait_for_timeout(20)
