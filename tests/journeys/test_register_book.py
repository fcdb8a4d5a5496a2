"""A county registers by workbook: faults in the file, the marked file back, mended, applied; in a browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page

from registry.models import Carrier, CarrierVersion
from tests.journeys.cast import make_cast
from tests.journeys.importing import lines_of
from tests.journeys.steps import Desk, downloaded, press, said, the_worker_runs, uploaded
from tests.registry.books import book, saved


@pytest.fixture
def desk(open_as: Callable[..., Page], at: Callable[..., datetime]) -> Desk:
    at(2026, 3, 18, 9, 0)
    return Desk(make_cast(), open_as)


def hand_in(page: Page, content: bytes, name: str) -> None:
    page.get_by_label("载体", exact=True).check()
    uploaded(page, content, name, comes_to="**/registry/imports/*/")


def mended(content: bytes) -> bytes:
    """The marked file with the day put right, as the officer does it in their own program."""
    marked = load_workbook(io.BytesIO(content))
    sheet = marked["载体"]
    heads = [str(cell.value).strip(" *") for cell in sheet[1]]
    wrong = sheet.cell(3, heads.index("生效日期") + 1)
    assert wrong.comment is not None
    assert "日期不能晚于今天" in wrong.comment.text
    wrong.value = date(2026, 3, 2)
    return saved(marked)


def test_a_county_mends_its_marked_workbook_and_applies_it(desk: Desk) -> None:
    page = desk.of("县区甲")
    page.goto("/registry/manage/")
    page.get_by_role("link", name="成批登记").click()
    heads = load_workbook(io.BytesIO(downloaded(page, "空白模板")))["载体"]
    assert heads["B1"].value == "名称 *"

    hand_in(page, book("carriers", lines_of(desk.cast)), "登记.xlsx")
    said(page, "部分可以导入")
    said(page, "日期不能晚于今天")
    said(page, "生物医药")
    assert not Carrier.objects.filter(field="bio").exists()
    marked = downloaded(page, "下载标注文件")

    page.get_by_role("link", name="成批登记").click()
    hand_in(page, mended(marked), "登记_改.xlsx")
    said(page, "全部可以导入")
    with page.expect_navigation():
        press(page, "确认写入")
    the_worker_runs(page)
    said(page, "已写入登记")
    both: list[Any] = [desk.cast.carriers[0].pk, desk.cast.carriers[2].pk]
    assert set(Carrier.objects.filter(field="bio").values_list("pk", flat=True)) == set(both)
    assert CarrierVersion.objects.filter(named=["field"], basis="县科〔2026〕2 号").count() == 2

    page.get_by_role("link", name="再传一份").click()
    hand_in(page, mended(marked), "又一次.xlsx")
    said(page, "与登记相同")
