"""People come, get their rights, lend them, leave; and show twice that it is they. In a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from accounts.models import Appointment, User
from core import clock
from news.models import Article
from news.services import articles
from office.models import AuditEntry, OutboxMessage
from tests.journeys import done
from tests.journeys.cast import Cast, make_cast
from tests.journeys.steps import press, said

Opened = Callable[..., Page]
PASSWORD = "Harbour-lamp-27"


@pytest.fixture
def cast(transactional_db: None, at: Callable[..., datetime]) -> Cast:
    at(2026, 3, 18, 9, 0)
    return make_cast()


def invite(page: Page, username: str, name: str, duty: str = "") -> None:
    page.fill("#id_name", name)
    page.fill("#id_username", username)
    page.fill("#id_email", f"{username}@example.org")
    if duty:
        page.select_option("#id_duty", label=duty)
    press(page, "邀请")
    said(page, f"已邀请 {name}")


def link_of(username: str) -> str:
    """The path in the mail that the invited person got."""
    mails = OutboxMessage.objects.filter(address=f"{username}@example.org")
    found = [re.search(r"(/accounts/set-password/\S+)", mail.body) for mail in mails]
    return next(one[1] for one in found if one)


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/sign-in/")
    page.fill("#id_username", username)
    page.fill("#id_password", password)
    press(page, "登录")


def comes(page: Page, username: str) -> None:
    """By the link of the mail: sets a password, signs in."""
    page.goto(link_of(username))
    page.fill("#id_new", PASSWORD)
    page.fill("#id_again", PASSWORD)
    press(page, "设置密码")
    said(page, "密码已设置，请登录。")
    sign_in(page, username)
    said(page, "我的任务")


def test_a_carriers_people_from_the_first_invitation_to_the_hand_over(cast: Cast, open_as: Opened) -> None:
    people = f"/registry/manage/{cast.carriers[0].code}/people/"
    officer = open_as(cast.user("县区甲"))
    officer.goto("/registry/manage/people/")
    officer.get_by_role("link", name=cast.carriers[0].name).click()
    invite(officer, "lin", "林清源", "责任人")

    lin = open_as()
    comes(lin, "lin")
    lin.get_by_role("link", name="邀请经办人").click()
    for username, name in (("shen", "沈知行"), ("xu", "许以宁")):
        invite(lin, username, name)
    said(lin, "人员齐全")

    shen = open_as()
    comes(shen, "shen")
    shen.goto(people)
    expect(shen.get_by_role("button", name="邀请", exact=True)).to_have_count(0)

    officer.goto(people)
    officer.locator("tr", has_text="填报0").get_by_role("link", name="交接").click()
    officer.fill("#id_reason", "离职")
    officer.fill("#id_name", "方亦舟")
    officer.fill("#id_username", "fang")
    officer.fill("#id_email", "fang@example.org")
    press(officer, "交接")
    said(officer, "填报0 已交接给 方亦舟，今日生效。")
    said(officer, "以前的人员")
    gone = open_as(cast.user("填报0"))
    gone.goto("/home/")
    said(gone, "没有有效任职")

    fang = open_as()
    comes(fang, "fang")
    fang.goto(f"/returns/{cast.mine.pk}/")
    said(fang, "还差什么")

    lends_to_a_handler(lin, shen, people)


def lends_to_a_handler(lin: Page, shen: Page, people: str) -> None:
    """Who answers for the carrier is away; a handler acts for them, and gives it back."""
    lin.goto("/accounts/delegations/")
    lin.fill("#id_username", "shen")
    lin.fill("#id_name", "沈知行")
    lin.fill("#id_valid_to", "2026-04-10")
    lin.fill("#id_reason", "出差")
    press(lin, "委托")
    said(lin, "已委托 沈知行")
    shen.goto("/home/")
    shen.locator(".desk-who summary").click()
    shen.locator(".desk-menu button", has_text="受 林清源 委托").click()
    said(shen, "受 林清源 委托")
    shen.goto(people)
    invite(shen, "tao", "陶然")
    entry = AuditEntry.objects.filter(action="appointment.invite").latest("pk")
    assert (entry.user_name, entry.detail["on_behalf_of"]["name"]) == ("沈知行", "林清源")
    shen.goto("/accounts/delegations/")
    press(shen, "退回")
    said(shen, "委托已终止，立即失效。")
    assert Appointment.objects.filter(delegated_from__isnull=False, revoked_at=None).count() == 0


def code_now(key: str) -> str:
    return str(pyotp.TOTP(key).at(clock.now()))


def test_a_device_is_set_up_asked_for_and_asked_for_again(
    cast: Cast, open_as: Opened, at: Callable[..., datetime], settings: Any
) -> None:
    made = done.written(cast, "评价结果公布", published=False)
    version = articles.version_of(made)
    articles.act(
        actor=cast.people["编辑甲"], article_id=made.pk, action="submit", version=version, at=clock.now()
    )
    settings.SECOND_FACTOR_ROLES, settings.CONFIRM_ACTS = frozenset({"editor"}), True
    User.objects.filter(username="编辑乙").update(email="yi@example.org")

    page = open_as()
    sign_in(page, "编辑乙", "long-and-odd-9")
    said(page, "您的身份须启用动态口令后才能办事")
    page.goto("/news/desk/")
    press(page, "开始启用")
    expect(page.locator(".office-qr svg")).to_be_visible()
    key = page.locator("#enrol p code").inner_text().replace(" ", "")
    page.fill("#id_code", "000000")
    press(page, "启用")
    said(page, "动态口令不对")
    page.fill("#id_code", code_now(key))
    press(page, "启用")
    recovery = page.locator(".office-codes code").all_inner_texts()
    assert len(recovery) == 10
    page.get_by_role("link", name="已保存，继续").click()
    page.wait_for_url("**/news/desk/")

    at(2026, 3, 18, 9, 5)
    page.locator(".desk-who summary").click()
    press(page, "退出登录")
    sign_in(page, "编辑乙", "long-and-odd-9")
    page.wait_for_url("**/accounts/sign-in/code/")
    page.fill("#id_code", code_now(key))
    press(page, "登录")
    said(page, "我的任务")

    at(2026, 3, 18, 9, 20)
    page.goto(f"/news/desk/{made.pk}/")
    press(page, "发布")
    said(page, "这一步不能轻易收回")
    assert Article.objects.get(pk=made.pk).state != "published"
    page.fill("#id_confirm_proof", code_now(key))
    press(page, "确认并继续")
    said(page, "已发布")
    assert Article.objects.get(pk=made.pk).state == "published"

    other = open_as()
    sign_in(other, "编辑乙", "long-and-odd-9")
    other.fill("#id_code", recovery[0])
    press(other, "登录")
    said(other, "我的任务")
    other.goto("/accounts/me/")
    press(other, "结束其他全部登录")
    said(other, "已结束其他 1 处登录。")
    page.goto("/home/")
    page.wait_for_url("**/accounts/sign-in/**")
