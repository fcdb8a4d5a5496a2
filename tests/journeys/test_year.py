"""The year of the portal, once, in a real browser: from a workbook to a grade, an award and the news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from evaluation.models import Run, RunEntry
from funding.models import Award
from reporting.models import Return
from tests.journeys import steps
from tests.journeys.cast import YEAR, make_cast
from tests.journeys.steps import Desk

Clock = Callable[..., datetime]


@pytest.fixture
def desk(open_as: Callable[..., Page], at: Clock) -> Desk:
    at(2026, 3, 18, 9, 0)
    return Desk(make_cast(), open_as)


def test_a_year_from_the_workbook_to_the_award(desk: Desk, at: Clock) -> None:
    name = desk.cast.carriers[0].name
    steps.fill_and_submit(desk)
    at(2026, 3, 20, 9, 0)
    steps.check(desk, "县区甲", "审核通过并上报", "at_city")
    steps.check(desk, "市级甲", "审核通过并上报", "at_province")
    steps.check(desk, "省级甲", "受理", "accepted")
    assert Return.objects.filter(state="accepted").count() == len(desk.cast.carriers)

    at(2026, 5, 12, 9, 0)
    console = steps.create_and_freeze(desk)
    steps.mark(desk, "专家甲", "88")
    steps.mark(desk, "专家乙", "84")
    steps.score_and_publicise(desk, console)
    assert Run.objects.get().state == "publicised"

    at(2026, 5, 25, 9, 0)
    steps.publish(desk, console)
    entry = RunEntry.objects.get(carrier=desk.cast.carriers[0])
    assert (entry.rank, entry.grade) == (1, "A")

    allocation = steps.prepare_money(desk)
    steps.confirm_money(desk, allocation)
    assert list(Award.objects.values_list("carrier__name", "amount")) == [(name, Decimal(800_000))]

    staff = desk.of("填报0")
    staff.goto("/funding/")
    steps.said(staff, "本单位的奖补")
    staff.goto(f"/evaluation/runs/{entry.run_id}/carriers/{desk.cast.carriers[0].code}/")
    steps.said(staff, "服务体系与服务质量（专家）")

    article = steps.write_article(desk, "年度评价结果公布")
    steps.publish_article(desk, article)

    visitor = desk.open_as()
    visitor.goto("/evaluation/")
    visitor.get_by_role("link", name=f"{YEAR} 年度孵化器绩效评价").first.click()
    row = visitor.locator("tr", has_text=name)
    expect(row).to_contain_text("A")
    visitor.goto(allocation)
    expect(visitor.locator("#awards tr", has_text=name)).to_contain_text("800,000")
    visitor.goto("/news/")
    visitor.get_by_role("link", name="年度评价结果公布").click()
    steps.said(visitor, "请各单位查阅")
