"""A carrier comes into the register, once, in a real browser: from an unknown visitor to a checked sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from office.models import OutboxMessage
from registry.models import Application, Carrier
from tests.journeys.applying import KINDS, PDF, facts_of
from tests.journeys.cast import make_cast
from tests.journeys.steps import Desk, press, said

PASSWORD = "corre-horse-88-battery"
NAME = "珊瑚孵化器"


@pytest.fixture
def desk(open_as: Callable[..., Page], at: Callable[..., datetime]) -> Desk:
    at(2026, 3, 18, 9, 0)
    cache.clear()
    return Desk(make_cast(), open_as)


def test_from_an_unknown_visitor_to_a_registered_carrier(desk: Desk) -> None:
    facts = facts_of(desk.cast, 0, NAME)
    page = join(desk, facts)
    fill(page, facts)
    mend_the_code(page, facts["credit_code"])
    hand_in(page)
    send_back(desk)
    mend(page)
    for who, button in (("县区甲", "审核通过并上报"), ("市级甲", "审核通过并上报"), ("省级甲", "准予登记")):
        decide(desk, who, button)
    carrier = Carrier.objects.get(name=NAME)
    page.goto("/home/")
    said(page, NAME)  # the applicant acts for it now
    page.goto("/registry/applications/")
    page.get_by_role("link", name=NAME).click()
    said(page, f"已登记，载体编号 {carrier.code}")
    check_sheet(desk, page, carrier.code)


def join(desk: Desk, facts: dict[str, str]) -> Page:
    """Asks for an account, opens the link of the mail, sets a password, signs in."""
    page = desk.open_as()
    page.goto("/registry/")
    page.get_by_role("link", name="登记载体").click()
    for name, value in (
        ("name", "申请丙"), ("email", "new@example.com"), ("operator_name", facts["operator_name"]),
        ("credit_code", facts["credit_code"]),
    ):  # fmt: skip
        page.fill(f"input[name={name}]", value)
    press(page, "发送链接")
    said(page, "请查收邮件")
    link = OutboxMessage.objects.get(address="new@example.com").body.split()[-1]
    page.goto(link[link.index("/accounts/") :])
    page.fill("input[name=new]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    press(page, "设置密码")
    page.fill("input[name=username]", "new@example.com")
    page.fill("input[name=password]", PASSWORD)
    press(page, "登录")
    said(page, "我的登记申请")
    return page


def fill(page: Page, facts: dict[str, str]) -> None:
    """Section by section; the code has a wrong last character."""
    page.get_by_role("link", name="未命名的申请").first.click()
    page.get_by_role("link", name="运营机构", exact=True).click()
    right = facts["credit_code"]
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    for values in ({**facts, "credit_code": wrong}, facts, facts):
        for field in page.locator("main form [name]:not([type=hidden]):not(button)").all():
            name = field.get_attribute("name") or ""
            if name not in values:
                continue
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(values[name])
            else:
                field.fill(values[name])
        press(page, "保存并继续")
        said(page, "已保存")
    for kind in KINDS:
        page.select_option("select[name=kind]", kind)
        file: Any = {"name": f"{kind}.pdf", "mimeType": "application/pdf", "buffer": PDF}
        page.set_input_files("input[name=file]", file)
        press(page, "上传")
        expect(page.get_by_role("link", name=f"{kind}.pdf")).to_be_visible()


def mend_the_code(page: Page, right: str) -> None:
    """The check page says what is wrong and where; its link leads there."""
    page.get_by_role("link", name="去核对并提交").click()
    said(page, "统一社会信用代码的校验位（末位）不符")
    expect(page.get_by_role("button", name="提交申请")).to_be_disabled()
    page.get_by_role("link", name="去填").click()
    expect(page.locator("#id_credit_code_error")).to_contain_text(right)
    page.fill("input[name=credit_code]", right)
    press(page, "保存")
    expect(page.locator("#id_credit_code_error")).to_have_count(0)


def hand_in(page: Page) -> None:
    page.get_by_role("link", name="核对并提交").click()
    press(page, "提交申请")
    said(page, "待县区审核")


def send_back(desk: Desk) -> None:
    """The county names two items."""
    page = opened(desk, "县区甲")
    page.fill("#remark-address", "请写到门牌号")
    page.fill("#remark-rules", "制度没有盖章")
    press(page, "退回补正")
    said(page, "已退回，申请人正在补正")


def mend(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name=re.compile("去补正")).click()
    said(page, "以下 2 项要补正")
    said(page, "制度没有盖章")
    page.get_by_role("link", name="载体情况", exact=True).click()
    page.fill("input[name=address]", "示例路 12 号")
    press(page, "保存并继续")
    page.get_by_role("link", name="证明材料", exact=True).click()
    page.get_by_role("button", name="移除 rules.pdf").click()
    page.select_option("select[name=kind]", "rules")
    file: Any = {"name": "盖章.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.set_input_files("input[name=file]", file)
    press(page, "上传")
    expect(page.get_by_role("link", name="盖章.pdf")).to_be_visible()
    page.get_by_role("link", name="去核对并提交").click()
    press(page, "改正后再次提交")
    said(page, "待县区审核")


def opened(desk: Desk, who: str) -> Page:
    """The task on the officer's home leads to the application."""
    page = desk.of(who)
    page.goto("/home/")
    page.get_by_role("link", name=re.compile("1 件载体登记申请")).click()
    page.get_by_role("link", name=NAME).click()
    return page


def decide(desk: Desk, who: str, button: str) -> None:
    page = opened(desk, who)
    if who == "县区甲":
        said(page, "原为 示例路一号")
    with page.expect_navigation():
        press(page, button)
    said(page, "已办理，并已告知申请人")


def check_sheet(desk: Desk, page: Page, code: str) -> None:
    """The sheet says number and code; a visitor opens the address of its QR code."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载登记表").click()
    words = "".join(
        one.extract_text() for one in PdfReader(io.BytesIO(Path(coming.value.path()).read_bytes())).pages
    )
    assert code in words and NAME in words and "SL-DJ-2026-00001" in words
    path = f"/registry/check/{Application.objects.get().check_token}/"
    assert path in words.replace("\n", "")
    visitor = desk.open_as()
    visitor.goto(path)
    said(visitor, "登记有效")
    said(visitor, code)
