"""What the first visit to the public home costs: bytes over the wire, requests, time until it is read."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench.measure import Measured
from bench.site import QUIET, chromium, portal

LARGEST = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(Math.max(...list.getEntries().map((entry) => entry.startTime))))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""


def measured() -> Iterator[Measured]:
    """The first visit, once to warm the server, then measured with an empty cache."""
    with portal() as (address, _password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        _visit(browser, address)
        size, hosts, painted = _visit(browser, address)
        browser.close()
    yield Measured("first load of the public home, over the wire", size / 1000, 150, "kB")
    yield Measured("first load of the public home, requests", float(len(hosts)), 12, "requests")
    yield Measured("first load of the public home, hosts", float(len(set(hosts))), 1, "host")
    yield Measured("first load of the public home, largest paint", painted, 1500, "ms")


def _visit(browser: Browser, address: str) -> tuple[float, list[str], float]:
    """Bytes, the host of each request, milliseconds until the largest part was painted."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1360, "height": 900})
    page = context.new_page()
    sizes: list[float] = []
    hosts: list[str] = []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.on("Network.requestWillBeSent", lambda event: hosts.append(urlsplit(event["request"]["url"]).netloc))
    page.goto(address, wait_until="networkidle")
    painted = float(page.evaluate(LARGEST))
    context.close()
    return sum(sizes), hosts, painted
