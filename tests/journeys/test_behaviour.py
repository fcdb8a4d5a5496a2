"""What the pages do under somebody's hands: by keyboard, twice, without a line, without script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from accounts.models import User
from tests.journeys.cast import Cast, make_cast
from tests.journeys.conftest import Watch
from tests.journeys.places import EVERYBODY

Opened = Callable[..., Page]


@pytest.fixture
def cast(transactional_db: None, at: Callable[..., datetime]) -> Cast:
    at(2026, 3, 18, 9, 0)
    return make_cast()


@pytest.fixture
def desk(cast: Cast, open_as: Opened) -> Page:
    page = open_as(cast.user("省级甲"))
    page.goto("/styleguide/")
    return page


def test_by_keyboard_alone_one_skips_to_the_text_and_opens_and_leaves_menus_and_dialogs(desk: Page) -> None:
    desk.goto("/home/")
    desk.keyboard.press("Tab")
    expect(desk.locator(".shell-skip")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_be_focused()
    who = desk.locator(".desk-who summary")
    who.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".desk-menu")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator(".desk-menu")).not_to_be_visible()
    expect(who).to_be_focused()
    desk.goto("/styleguide/")
    opener = desk.locator("a[data-dialog]")
    opener.focus()
    desk.keyboard.press("Space")
    expect(desk.locator("#sample-dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("#sample-dialog")).not_to_be_visible()
    expect(opener).to_be_focused()


def test_a_double_click_sends_once(cast: Cast, open_as: Opened) -> None:
    page = open_as(cast.user("省级甲"))
    page.goto("/registry/manage/")
    sent: list[Request] = []
    page.on("request", lambda asked: sent.append(asked) if asked.method == "POST" else None)
    with page.expect_download():
        page.get_by_role("button", name="导出").first.dblclick()
    assert len(sent) == 1


def test_a_lost_line_is_said_and_what_was_written_stays(cast: Cast, open_as: Opened, watch: Watch) -> None:
    page = open_as(cast.user("填报0"))
    page.goto(f"/returns/{cast.mine.pk}/sections/site/")
    field = page.locator("#value-area_total")
    page.context.set_offline(True)
    expect(page.locator("[data-lost]")).to_be_visible()
    field.fill("3000")
    field.press("Tab")
    expect(page.locator("#field-area_total .rt-saving")).not_to_be_empty()
    expect(field).to_have_value("3000")
    page.context.set_offline(False)
    expect(page.locator("[data-lost]")).not_to_be_visible()
    watch.faults.clear()  # a request that found no line is an error in the console too


def test_a_table_keeps_the_columns_and_the_density_that_one_chose(desk: Page) -> None:
    table = desk.locator(".ui-table-box", has=desk.locator("tfoot")).first
    desk.locator(".ui-columns summary").first.click()
    desk.get_by_label("设区市", exact=True).first.uncheck()
    desk.get_by_role("button", name="应用").first.click()
    desk.wait_for_load_state()
    kept = {one["name"]: one["value"] for one in desk.context.cookies()}
    assert kept["table-sample"] == "wide.area.share"
    expect(table).to_be_visible()


def test_the_language_goes_with_the_person_to_another_machine(cast: Cast, open_as: Opened) -> None:
    person = cast.user("市级甲")
    page = open_as(person)
    page.goto("/home/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert User.objects.get(pk=person.pk).language == "en"
    elsewhere = open_as(person)
    elsewhere.goto("/home/")
    expect(elsewhere.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize(
    "path", ["/", "/registry/?kind=incubator", "/publicity/", "/search/?q=青禾&scope=carriers"]
)
def test_the_public_site_works_without_script(
    cast: Cast, browser: Browser, live_server: Any, path: str
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    answer = page.goto(path)
    assert answer is not None and answer.status == 200
    expect(page.locator("main")).to_be_visible()
    page.locator(".public-nav a").nth(1).click()
    expect(page.locator("h1")).to_have_text("载体名录")
    context.close()


@pytest.mark.parametrize("path", ["/", *EVERYBODY[:1]])
def test_at_twice_the_size_everything_still_fits(cast: Cast, open_as: Opened, path: str) -> None:
    """WCAG 1.4.10: a screen of 1,280 at 400 % is one of 320; 200 % is one of 640."""
    page = open_as(None if path == "/" else cast.user("市级甲"))
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 512})
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
