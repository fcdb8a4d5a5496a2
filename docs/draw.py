"""Takes the pictures of the manual, from a demo province of its own in a real browser.

    python -m docs.draw [NAME …]

Signs in as each role on a portal of its own and keeps `docs/pictures/NAME.jpg`.
Needs Chromium and a CJK face (README).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, sync_playwright

from bench.measure import ROOT
from bench.site import QUIET, chromium, portal

PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT, QUALITY = 1280, 860, 68


@dataclass(frozen=True)
class Picture:
    """What is taken: whose page, where, and what is done there first."""

    name: str
    who: str
    path: str
    first: Callable[[Page], None] | None = None
    width: int = WIDTH
    height: int = HEIGHT
    dark: bool = False


def follow(*selectors: str) -> Callable[[Page], None]:
    """Follows the first link of each, one after the other."""

    def go(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).first.click()
            page.wait_for_load_state()

    return go


def bad_workbook(page: Page) -> None:
    """Takes the carrier's own workbook, spoils some cells as people do, and sends it in."""
    with page.expect_download() as found:
        page.locator("a[href$='/workbook/']").first.click()
    book = load_workbook(BytesIO(Path(found.value.path()).read_bytes()))
    sheet = next(one for one in book.worksheets if one.title == "在孵企业名单")
    rows = range(sheet.max_row - 12, sheet.max_row - 2)
    for row in rows:
        for cell in sheet[row]:
            if cell.is_date:
                cell.value = "2031年13月" if row % 2 else "二〇二〇"
            elif isinstance(cell.value, (int, float)) and row % 3 == 0:
                cell.value = "约三十人"
    with BytesIO() as kept:
        book.save(kept)
        content = kept.getvalue()
    page.locator("a[href$='/workbooks/']").first.click()
    page.set_input_files(
        "input[type=file]",
        {"name": "年度报表.xlsx", "mimeType": "application/octet-stream", "buffer": content},
    )
    page.locator("main button.ui-primary").click()
    page.wait_for_url("**/workbooks/*/", timeout=60_000)
    page.locator(".ui-problem-table").first.wait_for(timeout=120_000)


ALL = (
    Picture("public-home", "", "/", height=1080),
    Picture("public-home-phone", "", "/", width=390, height=844),
    Picture("public-home-dark", "", "/", dark=True),
    Picture("directory", "", "/registry/"),
    Picture("carrier", "", "/registry/", follow("main table a, main .rg-list a"), height=1080),
    Picture("results", "", "/evaluation/runs/1/results/"),
    Picture("home-carrier", "carrier", "/home/"),
    Picture("fill", "carrier", "/home/", follow("main a[href*='/sections/']")),
    Picture("workbook-problems", "carrier", "/home/", bad_workbook, height=980),
    Picture("home-county", "county", "/home/"),
    Picture("home-city", "city", "/home/"),
    Picture("review", "city", "/returns/queue/", follow("main table a[href*='/returns/']")),
    Picture("home-province", "province", "/home/"),
    Picture("progress", "province", "/progress/", height=1000),
    Picture("run", "province", "/evaluation/runs/1/"),
    Picture("score", "province", "/evaluation/runs/1/results/", follow("main table a"), height=1000),
    Picture("home-expert", "expert", "/home/"),
    Picture("marking", "expert", "/evaluation/marking/", follow("main a[href*='/marking/']")),
    Picture("home-finance", "finance", "/home/"),
    Picture("home-editor", "editor", "/home/"),
    Picture("home-auditor", "auditor", "/home/"),
    Picture("home-system", "system", "/home/"),
    Picture("home-security", "security", "/home/"),
    Picture("styleguide", "province", "/styleguide/"),
)


def take(browser: Browser, one: Picture, address: str, password: str) -> None:
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if one.dark else "light",
        viewport={"width": one.width, "height": one.height},
    )
    page = context.new_page()
    if one.who:
        page.goto("/accounts/sign-in/")
        page.fill("input[name=username]", one.who)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/home/")
    if not one.who or one.path != "/home/":
        page.goto(one.path)
    if one.first:
        one.first(page)
    page.wait_for_load_state("networkidle")
    kept = PICTURES / f"{one.name}.jpg"
    page.screenshot(path=kept, type="jpeg", quality=QUALITY)
    context.close()
    print(f"{kept.name}: {kept.stat().st_size // 1024} KB")


def main(names: list[str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    with portal() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        for one in ALL:
            if not names or one.name in names:
                take(browser, one, address, password)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
