"""A carrier changes its name and address, another goes into a third: to the public page, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from registry.models import ChangeRequest
from tests.journeys.cast import make_cast
from tests.journeys.steps import Desk, press, said

PDF = {"name": "变更通知书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 notice"}
NEW = "青禾科技孵化器"


@pytest.fixture
def desk(open_as: Callable[..., Page], at: Callable[..., datetime]) -> Desk:
    at(2026, 3, 18, 9, 0)
    return Desk(make_cast(), open_as)


def ask(desk: Desk) -> str:
    """Answers the address of the request."""
    page = desk.of("填报0")
    page.goto("/registry/changes/")
    page.get_by_role("link", name="申请变更").click()
    said(page, "青禾孵化器")
    page.fill("input[name=name]", f"青禾孵化器更名为{NEW}")
    page.fill("input[name=address]", "新城路 8 号")
    page.fill("input[name=happened_on]", "2025-11-30")
    page.fill("textarea[name=reason]", "登记机关核准更名，同时迁入新楼")
    page.fill("input[name=basis]", "变更登记通知书")
    press(page, "下一步：核对")
    said(page, "只填新名称")
    page.fill("input[name=name]", NEW)
    press(page, "下一步：核对")
    said(page, "先由县区签署意见，再由省级决定。")
    said(page, "逾期申请")
    press(page, "提交申请")
    said(page, "请上传：登记机关的变更通知书")
    page.set_input_files("input[name=registration]", PDF)
    page.set_input_files("input[name=premises]", {**PDF, "name": "租约.pdf"})
    press(page, "提交申请")
    said(page, "待县区办理")
    return page.url


def open_from_home(desk: Desk, name: str, link: str) -> Page:
    page = desk.of(name)
    page.goto("/home/")
    page.locator("main").get_by_role("link", name=link).first.click()
    return page


def test_a_late_change_of_name_and_address(desk: Desk) -> None:
    address = ask(desk)
    carrier = desk.cast.carriers[0]

    county = open_from_home(desk, "县区甲", "去办理")
    county.get_by_role("link", name="BG-2026-").click()
    said(county, "已超过三个月")
    county.fill("textarea[name=comment]", "地址请写到楼层")
    county.fill("input[name=reason_address]", "写明楼号和楼层")
    press(county, "退回补正")
    said(county, "退回补正")

    staff = open_from_home(desk, "填报0", "去补正")
    said(staff, "退回意见：写明楼号和楼层")
    staff.get_by_role("link", name="修改申请").click()
    staff.fill("input[name=address]", "新城路 8 号 2 号楼 3 层")
    press(staff, "下一步：核对")
    press(staff, "提交申请")
    said(staff, "待县区办理")

    county.goto(address)
    county.fill("textarea[name=comment]", "已现场核实")
    press(county, "签署意见并上报")
    said(county, "待省级办理")

    visitor = desk.open_as()
    visitor.goto(f"/carriers/{carrier.code}/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("青禾孵化器")

    province = desk.of("省级甲")
    province.goto(address)
    said(province, "已现场核实")
    press(province, "同意变更")
    said(province, "已同意")
    assert ChangeRequest.objects.get().state == "approved"

    visitor.goto(f"/carriers/{carrier.code}/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text(NEW)
    said(visitor, "青禾孵化器")
    said(visitor, "新城路 8 号 2 号楼 3 层")

    other = desk.of("县区乙")
    answer = other.goto(address)
    assert answer is not None and answer.status == 404


def test_one_carrier_goes_into_another(desk: Desk) -> None:
    ending, into = desk.cast.carriers[1], desk.cast.carriers[3]
    page = desk.of("省级甲")
    page.goto(f"/registry/manage/{ending.code}/")
    page.get_by_role("link", name="合并或分立").click()
    expect(page.locator("textarea[name=codes]")).to_have_value(ending.code)
    page.fill("input[name=happened_on]", "2026-03-01")
    page.fill("input[name=basis]", "合并批复")
    page.fill("input[name=to_1]", "SL-999999-0001")
    press(page, "下一步：核对")
    said(page, "没有找到编号为 SL-999999-0001 的载体")
    page.fill("input[name=to_1]", into.code)
    press(page, "下一步：核对")
    said(page, "1 家载体自 2026-03-01 起注销")
    press(page, "确认办理")
    said(page, "原载体已注销")
    expect(page.get_by_role("heading", level=1)).to_have_text(into.name)

    visitor = desk.open_as()
    visitor.goto(f"/carriers/{into.code}/")
    said(visitor, f"{ending.name}并入{into.name}")
    gone = visitor.goto(f"/carriers/{ending.code}/")
    assert gone is not None and gone.status == 404
