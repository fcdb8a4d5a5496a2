"""The rows of a table in a real browser: opened and saved in place, two people at once, without a line."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from core import clock
from reporting.models import RosterRow
from tests.journeys.conftest import browser, open_as, watch
from tests.reporting.conftest import DAY, TENANTS, World, fill, make_world

__all__ = ["browser", "open_as", "watch"]
pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: DAY)
    found = make_world()
    fill(found)
    return found


def revenue(at: int = 0) -> str:
    return f"{RosterRow.objects.get(key=TENANTS[at]['credit_code']).revenue:f}".rstrip("0").rstrip(".")


def open_row(page: Any, world: World) -> Any:
    """The first row's form, in the list."""
    page.goto(f"/returns/{world.mine.pk}/tables/roster/")
    page.get_by_role("link", name="甲科技公司").click()
    form = page.locator(".rt-editing")
    expect(form).to_be_visible()
    return form


def test_a_row_is_filled_added_and_taken_out_without_leaving_the_list(world: World, open_as: Any) -> None:
    page = open_as(world.staff.user)
    form = open_row(page, world)
    form.locator("[name=value-revenue]").fill("１,130.5")
    form.get_by_role("button", name="保存这一行").click()
    expect(form).to_have_count(0)
    expect(page.locator("#totals")).to_contain_text("1,210.5")
    assert revenue() == "1130.5"
    page.get_by_role("link", name="新增一行").click()
    page.locator("#row-new [name=value-name]").fill("丙公司")
    page.locator("#row-new").get_by_role("button", name="保存这一行").click()
    expect(page.locator("tbody", has_text="丙公司")).to_contain_text("必须填写")
    page.get_by_role("link", name="乙生物公司").click()
    page.get_by_text("从名单中去掉").click()
    page.get_by_role("button", name="确认去掉").click()
    expect(page.get_by_text("“乙生物公司”已从名单中去掉。")).to_be_visible()
    assert set(RosterRow.objects.values_list("name", flat=True)) == {"甲科技公司", "丙公司"}


def test_of_two_people_in_one_row_the_later_one_chooses(world: World, open_as: Any) -> None:
    first, second = open_as(world.staff.user), open_as(world.staff.user)
    forms = [open_row(page, world) for page in (first, second)]
    for form, text in zip(forms, ("200", "300"), strict=True):
        form.locator("[name=value-revenue]").fill(text)
        form.get_by_role("button", name="保存这一行").click()
    expect(forms[0]).to_have_count(0)
    expect(forms[1]).to_contain_text("保留已存的 200")
    assert revenue() == "200"
    forms[1].get_by_label("改为我填的 300").check()
    forms[1].get_by_role("button", name="保存这一行").click()
    expect(forms[1]).to_have_count(0)
    assert revenue() == "300"


def test_a_row_without_a_line_stays_open_and_goes_out_when_it_is_back(
    world: World, open_as: Any, watch: Any
) -> None:
    page = open_as(world.staff.user)
    form = open_row(page, world)
    page.context.set_offline(True)
    form.locator("[name=value-revenue]").fill("200")
    form.get_by_role("button", name="保存这一行").click()
    expect(form).to_contain_text("没有存上")
    expect(page.locator("[data-saved-line]")).to_contain_text("1 项没有存上")
    watch.faults = [fault for fault in watch.faults if "htmx:" not in fault]  # it names what was lost
    page.context.set_offline(False)
    expect(form).to_have_count(0)
    expect(page.locator("[data-saved-line]")).to_contain_text("已保存")
    assert revenue() == "200"
