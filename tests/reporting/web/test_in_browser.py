"""A section in a real browser: what is typed is saved by itself, and the page tells how that went."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from core import clock
from reporting.models import Return
from reporting.services import returns, terms
from tests.journeys.conftest import browser, open_as, watch
from tests.reporting.conftest import DAY, World, fill, make_world

__all__ = ["browser", "open_as", "watch"]
pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: DAY)
    return make_world()


def stored(world: World) -> dict[str, str]:
    found: dict[str, str] = Return.objects.get(pk=world.mine.pk).current.values
    return found


def test_each_field_is_saved_when_it_is_left_and_the_computed_ones_follow(world: World, open_as: Any) -> None:
    page = open_as(world.staff.user)
    page.goto(f"/returns/{world.mine.pk}/sections/site/")
    page.fill("#value-area_total", "1,000")
    page.press("#value-area_total", "Tab")
    expect(page.locator("#field-area_total")).to_contain_text("已保存")
    page.fill("#value-area_tenants", "三百")
    page.press("#value-area_tenants", "Tab")
    expect(page.locator("#under-area_tenants")).to_be_visible()
    expect(page.locator("#value-area_tenants")).to_have_value("三百")
    page.fill("#value-area_tenants", "300")
    page.press("#value-area_tenants", "Tab")
    expect(page.locator("#field-use_rate")).to_contain_text("30")
    expect(page.locator("#under-area_tenants")).to_be_hidden()
    assert stored(world) == {"area_total": "1000", "area_tenants": "300"}


def test_of_two_people_the_later_one_sees_both_values_and_chooses(world: World, open_as: Any) -> None:
    first, second = open_as(world.staff.user), open_as(world.staff.user)
    for page in (first, second):
        page.goto(f"/returns/{world.mine.pk}/sections/site/")
    first.fill("#value-area_total", "1000")
    first.press("#value-area_total", "Tab")
    expect(first.locator("#field-area_total")).to_contain_text("已保存")
    second.fill("#value-area_total", "2000")
    second.press("#value-area_total", "Tab")
    under = second.locator("#under-area_total")
    expect(under).to_contain_text("填报甲")
    expect(under).to_contain_text("改为“1000”")
    expect(second.locator("#value-area_total")).to_have_value("2000")
    expect(second.locator("[data-saved-line]")).to_contain_text("1 项没有存上")
    assert stored(world) == {"area_total": "1000"}
    under.get_by_role("button", name="改为我填的").click()
    expect(second.locator("#field-area_total")).to_contain_text("已保存")
    expect(second.locator("[data-saved-line]")).to_contain_text("已保存")
    assert stored(world) == {"area_total": "2000"}


def test_without_a_line_what_was_typed_stays_and_goes_out_when_it_is_back(
    world: World, open_as: Any, watch: Any
) -> None:
    page = open_as(world.staff.user)
    page.goto(f"/returns/{world.mine.pk}/sections/site/")
    page.context.set_offline(True)
    for code, text in (("area_total", "1000"), ("area_tenants", "300")):
        page.fill(f"#value-{code}", text)
        page.press(f"#value-{code}", "Tab")
    expect(page.locator("#field-area_total")).to_contain_text("没有存上")
    expect(page.locator("[data-saved-line]")).to_contain_text("2 项没有存上")
    watch.faults = [fault for fault in watch.faults if "htmx:" not in fault]  # it names what was lost
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.reload()")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.locator("#value-area_total")).to_have_value("1000")
    assert stored(world) == {}
    page.context.set_offline(False)
    expect(page.locator("[data-saved-line]")).to_contain_text("已保存")
    expect(page.locator("#field-use_rate")).to_contain_text("30")
    assert stored(world) == {"area_total": "1000", "area_tenants": "300"}


def test_a_question_is_explained_in_its_line(world: World, open_as: Any) -> None:
    page = open_as(world.staff.user)
    page.goto(f"/returns/{world.mine.pk}/sections/site/")
    page.fill("#value-tenants_reported", "9")
    page.press("#value-tenants_reported", "Tab")
    under = page.locator("#under-tenants_reported")
    under.locator("select").select_option("real")
    under.locator("textarea").fill("年末迁入九家")
    under.get_by_role("button", name="保存说明").click()
    expect(under).to_contain_text("已说明")
    assert world.mine.current.explanations["K2:tenants_reported"]["text"] == "年末迁入九家"


def test_opening_the_page_of_checking_tells_the_carrier_so(world: World, open_as: Any) -> None:
    fill(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=DAY)
    page = open_as(world.county_officer.user)
    with page.expect_response(lambda answer: answer.url.endswith("/open/")) as told:
        page.goto(f"/returns/{world.mine.pk}/")
    assert told.value.status == 204
    assert world.mine.opened_by_officer_at == DAY
    page.fill("#comment", "已核对")
    page.get_by_role("button", name="审核通过并上报").click()
    expect(page.get_by_text("待市级审核").first).to_be_visible()
    assert world.mine.state == "at_city"


def test_a_deadline_that_passes_while_the_page_is_open_keeps_what_was_typed(
    world: World, open_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = world.campaign.due_at
    monkeypatch.setattr(clock, "now", lambda: due - timedelta(seconds=1))
    fill(world)
    page = open_as(world.staff.user)
    page.goto(f"/returns/{world.mine.pk}/sections/site/")
    page.fill("#value-area_total", "5100")
    with page.expect_response("**/fields/area_total/"):
        page.press("#value-area_total", "Tab")
    expect(page.locator("#field-area_total")).to_contain_text("已保存")
    page.fill("#value-area_service", "1234")
    monkeypatch.setattr(clock, "now", lambda: due)
    page.press("#value-area_service", "Tab")
    under = page.locator("#under-area_service")
    expect(under).to_contain_text("已过填报截止时间（2026-03-31 17:00）。")
    expect(under).to_contain_text("“示例省”作为本次填报的主管部门，可批准延期")
    expect(page.locator("#field-area_service")).to_contain_text("没有保存，您填的是 1234")
    assert (stored(world)["area_total"], stored(world)["area_service"]) == ("5100", "1000")
    page.goto(f"/returns/{world.mine.pk}/")
    expect(page.locator("main")).to_contain_text("已过填报截止时间")
    terms.extend(
        actor=world.officer,
        campaign_id=world.campaign.pk,
        carrier=world.carrier.code,
        until=due + timedelta(days=3),
        clause="第九条",
        at=due,
    )
    page.goto(f"/returns/{world.mine.pk}/sections/site/")
    page.fill("#value-area_service", "1234")
    with page.expect_response("**/fields/area_service/"):
        page.press("#value-area_service", "Tab")
    expect(page.locator("#field-area_service")).to_contain_text("已保存")
    assert stored(world)["area_service"] == "1234"
