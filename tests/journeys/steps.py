"""What persons do on the way through the year, each in a browser of their own."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from evaluation.models import Assignment
from office.models import Job
from office.services import jobs
from tests.journeys.cast import YEAR, Cast, credit_code

ROSTER = "在孵企业名单"
# A good year: by the title in the workbook. One more tenant is reported than the list has.
GOOD: Mapping[str, int] = {
    "孵化场地总面积": 5000, "在孵企业使用面积": 4000, "管理人员总数": 20, "专业服务人员": 6,
    "签约创业导师": 12, "运营总收入": 6000, "综合服务收入": 3500, "运营成本": 5000, "举办创业活动": 24,
    "在孵企业数": 21,
    "累计毕业企业数": 30, "当年毕业企业数": 9, "当年获得投融资的企业": 4,
    "当年获得投融资总额": 9000, "拥有有效知识产权": 80, "吸纳应届大学毕业生": 75,
}  # fmt: skip
GRADUATED, STAYING = 9, 20


@dataclass
class Desk:
    """The cast, and how a browser is opened for one of them."""

    cast: Cast
    open_as: Callable[..., Page]

    def of(self, name: str) -> Page:
        return self.open_as(self.cast.user(name))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def said(page: Page, words: str) -> None:
    """The page shows these words somewhere."""
    expect(page.get_by_text(words).first).to_be_visible()


def the_worker_runs(page: Page) -> None:
    """What a worker would do with every job that waits, while the person is away: on SQLite in memory a
    page that asks how a job stands would ask on the job's own connection."""
    away = page.url
    page.goto("about:blank")
    for key in Job.objects.filter(state="waiting").values_list("pk", flat=True):
        jobs.run(job_id=str(key))
    page.goto(away)


# The workbook.


def tenants() -> list[dict[str, Any]]:
    """Nine that graduated in the year and twenty that stay; six of these came in it, five are high-tech."""
    found = []
    for number in range(GRADUATED + STAYING):
        stays = number >= GRADUATED
        new = number >= GRADUATED + STAYING - 6
        found.append(
            {
                "企业名称": f"示例科技{number}公司",
                "统一社会信用代码": credit_code(100 + number),
                "成立日期": dt.date(2023, 9, 1),
                "入驻日期": dt.date(2025, 3, 1) if new else dt.date(2024, 3, 1),
                "毕业日期": None if stays else dt.date(2025, 11, 1),
                "技术领域": "电子信息",
                "高新技术企业": "是" if GRADUATED <= number < GRADUATED + 5 else "否",
                "从业人员": 12,
                "使用面积": 100,
            }
        )
    return found


def filled(content: bytes, rows: list[dict[str, Any]]) -> bytes:
    """The downloaded workbook with the year's figures and this list, as a person's program saves it."""
    book = load_workbook(io.BytesIO(content))
    left = set(GOOD)
    for sheet in book:
        for line in sheet.iter_rows(min_row=2, max_col=3):
            title = str(line[0].value or "").strip(" *")
            if sheet.title != ROSTER and title in GOOD:
                line[2].value = GOOD[title]
                left.discard(title)
    assert left == set()
    _put_rows(book, rows)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put_rows(book: Workbook, rows: list[dict[str, Any]]) -> None:
    sheet = book[ROSTER]
    heads = [str(cell.value).strip(" *").partition("（")[0] for cell in sheet[1]]
    for number, row in enumerate(rows, start=2):
        for title, value in row.items():
            sheet.cell(number, heads.index(title) + 1).value = value


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).first.click()
    return Path(coming.value.path()).read_bytes()


def uploaded(page: Page, content: bytes, name: str, comes_to: str = "**/workbooks/*/") -> None:
    """Chooses the file, sends it, and waits for the job that checks it."""
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("input[name=file]", {"name": name, "mimeType": xlsx, "buffer": content})
    press(page, "上传并检查")
    page.wait_for_url(comes_to)
    the_worker_runs(page)


# The chain.


def fill_and_submit(desk: Desk) -> None:
    """A wrong date is found at its place, the mended file goes in, what is in question is explained."""
    found = desk.cast.mine
    page = desk.of("填报0")
    page.goto("/returns/")
    page.get_by_role("link", name=f"{YEAR} 年度孵化器年报").first.click()
    blank = downloaded(page, "下载工作簿")
    page.get_by_role("link", name="上传工作簿").click()
    wrong = tenants()
    wrong[3]["入驻日期"] = dt.date(2023, 6, 1)
    uploaded(page, filled(blank, wrong), "年报.xlsx")
    said(page, "入驻日期早于成立日期")
    said(page, f"{ROSTER}!")
    press(page, "不用这份文件")
    uploaded(page, filled(blank, tenants()), "年报 改.xlsx")
    said(page, "全部可以导入")
    with page.expect_navigation():
        page.get_by_role("button", name="确认导入").click()
    the_worker_runs(page)
    page.get_by_role("link", name="看报表还差什么").click()
    explain(page, found.pk)
    submit(page, found.pk)


def explain(page: Page, return_id: int) -> None:
    """One tenant more than the list has: why."""
    page.goto(f"/returns/{return_id}/sections/results/")
    under = page.locator("#under-tenants_reported")
    under.locator("select").select_option("real")
    under.locator("textarea").fill("年末新入驻一家，执照正在办理")
    under.get_by_role("button", name="保存说明").click()
    expect(under).to_contain_text("已说明")


def submit(page: Page, return_id: int) -> None:
    page.goto(f"/returns/{return_id}/submit/")
    page.check("input[name=agreed]")
    press(page, "提交报表")
    said(page, "待县区审核")


def check(desk: Desk, name: str, button: str, then: str) -> None:
    """An office opens the return from its queue and decides."""
    page = desk.of(name)
    page.goto("/returns/")
    page.get_by_role("link", name=desk.cast.carriers[0].name).first.click()
    page.wait_for_load_state("networkidle")
    with page.expect_navigation():
        press(page, button)
    assert desk.cast.mine.state == then


# The evaluation.


def create_and_freeze(desk: Desk) -> str:
    """Answers the address of the run's console."""
    page = desk.of("省级甲")
    page.goto("/evaluation/")
    page.get_by_role("link", name="新建批次").click()
    page.select_option("select[name=scheme]", index=1)
    page.fill("input[name=year]", str(YEAR))
    page.fill("input[name=title]", f"{YEAR} 年度孵化器绩效评价")
    press(page, "建立")
    page.wait_for_url("**/evaluation/runs/*/")
    press(page, "冻结数据")
    said(page, "登记信息截至")
    for expert in ("专家甲", "专家乙"):
        page.select_option("select[name=expert]", label=expert)
        page.fill("textarea[name=carriers]", desk.cast.carriers[0].code)
        press(page, "分派专家")
        expect(page.locator("#marking td").get_by_text(expert)).to_be_visible()
    return page.url


def mark(desk: Desk, name: str, points: str) -> None:
    """An expert gives every leaf a mark, without a word of whose carrier it is, and hands in."""
    page = desk.of(name)
    page.goto("/evaluation/marking/")
    code = Assignment.objects.get(expert=desk.cast.user(name)).code
    page.get_by_role("link", name=code).click()
    expect(page.get_by_text(desk.cast.carriers[0].name)).to_have_count(0)
    leaves = page.locator("input[name=mark]")
    for number in range(leaves.count()):
        with page.expect_response(lambda answer: answer.url.endswith("/save/")):
            leaves.nth(number).fill(points)
            leaves.nth(number).press("Tab")
    said(page, "已评 2 / 2 项")
    press(page, "提交评分")
    said(page, "已评 1 / 1")


def score_and_publicise(desk: Desk, console: str) -> None:
    page = desk.of("省级甲")
    page.goto(console)
    press(page, "计分定级")
    page.select_option("select[name=period]", "working_5")
    press(page, "开始公示")
    said(page, "公示中")


def publish(desk: Desk, console: str) -> None:
    page = desk.of("省级乙")
    page.goto(console)
    press(page, "公布结果")
    said(page, "已公布")


# The money and the news.


def prepare_money(desk: Desk) -> str:
    """Answers the address of the allocation."""
    page = desk.of("财务甲")
    page.goto("/funding/")
    page.get_by_role("link", name="测算资金").first.click()
    page.select_option("select[name=policy]", index=1)
    page.select_option("select[name=run]", index=1)
    press(page, "测算")
    said(page, "测算结果，尚未核定")
    return page.url


def confirm_money(desk: Desk, address: str) -> None:
    page = desk.of("财务乙")
    page.goto(address)
    said(page, "核定之后")
    press(page, "核定")
    said(page, "已核定")


def write_article(desk: Desk, title: str) -> str:
    """Answers the address of the article on the editors' desk."""
    page = desk.of("编辑甲")
    page.goto("/news/desk/new/")
    page.fill("input[name=title]", title)
    page.select_option("select[name=section]", "notice")
    page.fill("textarea[name=text]", "本年度评价结果已经公布，请各单位查阅。")
    press(page, "保存草稿")
    press(page, "送审")
    said(page, "待审")
    return page.url


def publish_article(desk: Desk, address: str) -> None:
    page = desk.of("编辑乙")
    page.goto(address)
    press(page, "发布")
    said(page, "已发布")
