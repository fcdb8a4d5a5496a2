"""Invented data for the style guide: each part in each of its states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.moves import Comment, Move
from core.pages import Page
from core.problems import Problem, Severity
from core.slots import Task
from core.tables import Column, Layout
from core.text import T, Text
from core.ui import Action, Status
from office.services.standing import Standing

# Invented names and what an invented person wrote: data on a page, not texts of the portal.
MAKERSPACE, ACCELERATOR = "青禾众创空间", "衡石智造加速器"
CITIES = ("云州市", "青禾市", "澜江市", "明湖市", "锦川市")
CHECKER, FILLER, COMMENT, PLACES = "马思远", "方宁", "请补充证明。", ("在孵企业名单", "收入与成本")
LONG_NAME = "示例高新技术产业开发区生物医药与高端医疗器械专业科技企业孵化器（国际创新港二期园区）"


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("载体名称"), help_text=_("与认定文件一致。"), max_length=100)
    area = forms.DecimalField(label=_("场地面积"), required=False)
    opened = forms.DateField(
        label=_("成立日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(label=_("类型"), choices=[("a", _("孵化器")), ("b", _("众创空间"))])
    fate = forms.ChoiceField(
        label=_("去向"), choices=[("g", _("已毕业")), ("l", _("已离开"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label=_("已与原件核对"))


@dataclass(frozen=True, slots=True)
class SampleJob:
    """A job as the strip sees it."""

    pk: str
    title: Text
    state: str
    words: Text
    cancel_asked_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """A sample asks no server how far it is."""
        return True

    def get_state_display(self) -> Text:
        return self.words


def _tasks(now: datetime) -> list[Task]:
    return [
        Task(
            T("补充毕业企业证明材料"),
            T("3 家毕业企业缺营业收入证明。仍可提交，将记为迟交。"),
            T("去补充"),
            "#",
            T("已逾期"),
            "bad",
            "circle-alert",
            now - timedelta(hours=21, minutes=32),
        ),
        Task(
            T("退回修改：{name}", name=LONG_NAME),
            T("已改 2 项，还有 4 项；其中 1 项要求附证明。"),
            T("继续修改"),
            "#",
            T("退回 6 项"),
            "warn",
            "undo-2",
            now + timedelta(days=2, hours=2),
        ),
        Task(
            T("填报年度报表"),
            T("已填 61 / 68 项。"),
            T("继续填报"),
            "#",
            T("填报中"),
            "info",
            "file-pen-line",
        ),
    ]


def _problems() -> list[Problem]:
    return [
        Problem(
            "R1",
            T("入驻日期早于成立日期 {day}", day="2021-06-18"),
            "在孵企业名单!D17",
            title="入驻日期",
            found="2019-01-01",
            allowed=T("不早于成立日期，不晚于 {day}", day="2025-12-31"),
            fix=T("核对两个日期"),
            count=3,
        ),
        Problem(
            "V-02",
            T("比上年增加 {share} %", share="72.4"),
            "收入与成本!C2",
            title="综合服务收入",
            found="9806",
            fix=T("请说明原因"),
            severity=Severity.EXPLAIN,
        ),
        Problem("N-01", T("名称前后有空格，已去掉。"), "在孵企业名单!A9", severity=Severity.NOTE, count=21),
    ]


def _moves() -> list[Move]:
    anybody = frozenset({"county_officer"})
    return [
        Move("pass", T("通过"), frozenset({"submitted"}), "passed", anybody, Comment.OPTIONAL),
        Move("return", T("退回"), frozenset({"submitted"}), "returned", anybody, Comment.REQUIRED),
    ]


def _timeline(now: datetime) -> list[dict[str, object]]:
    return [
        {
            "at": now,
            "who": CHECKER,
            "what": T("退回"),
            "comment": COMMENT,
            "tone": "warn",
        },
        {"at": now - timedelta(days=400), "who": FILLER, "what": T("提交"), "tone": "ok"},
    ]


def _jobs() -> list[tuple[SampleJob, Standing]]:
    took, failure = T("用时 {n} 秒", n=4), T("文件不是 .xlsx 工作簿。")
    result, again = Action(T("查看结果"), "#", "eye", "primary"), Action(T("返回再试"), "#", "undo-2")
    return [
        (SampleJob("1", T("生成标注文件"), "done", T("已完成")), Standing("", None, took, step=result)),
        (
            SampleJob("2", T("读取工作簿"), "failed", T("未成功")),
            Standing("", None, took, note=failure, tone="bad", step=again),
        ),
        (SampleJob("3", T("读取工作簿"), "cancelled", T("已取消")), Standing("", None, took)),
        (
            SampleJob("4", T("生成标注文件"), "running", T("进行中")),
            Standing(T("已标 {done} / {total} 个单元格", done=26, total=41), 63, took),
        ),
    ]


INVENTED = (LONG_NAME, MAKERSPACE, ACCELERATOR, *CITIES, CHECKER, FILLER, COMMENT, *PLACES)


def _tiles() -> list[dict[str, object]]:
    cities = [("明湖", 0, 1, 134), ("云州", 1, 1, 214), ("澜江", 2, 1, 486), ("锦川", 1, 0, None)]
    return [
        {"code": name, "name": name, "column": column, "row": row, "value": value, "url": ""}
        for name, column, row, value in cities
    ]


def _figures() -> list[dict[str, object]]:
    base, source = T("全省列统的孵化器与众创空间"), T("年度统计")
    return [
        {
            "name": T("创业载体"),
            "value": 2145,
            "unit": T("家"),
            "change": T("较上年末 {delta} 家", delta="+255"),
            "as_of": "2025-12-31",
            "base": base,
            "source": source,
        },
        {
            "name": T("评价优良率"),
            "value": Decimal("50.0"),
            "unit": "%",
            "change": "",
            "as_of": "2025-12-31",
            "base": T("省级以上参评 {n} 家", n=364),
            "source": source,
        },
    ]


_TONES = [
    ("bad", T("未通过")),
    ("solid", T("已逾期")),
    ("warn", T("待说明")),
    ("info", T("审核中")),
    ("ok", T("已完成")),
    ("muted", T("未开始")),
]
_INDEX = [
    ("states", T("状态与任务")),
    ("feedback", T("告知与出错")),
    ("tables", T("表格")),
    ("forms", T("表单")),
    ("figures", T("数字与图")),
    ("paper", T("打印")),
]
_YEARS = [("2023", [Decimal(810), Decimal(980)]), ("2024", [Decimal(1_024), Decimal(1_075)])]
_COLUMNS = (
    Column("name", T("载体"), sort=("name",), fixed=True),
    Column("city", T("设区市")),
    Column("area", T("场地面积"), unit=T("m²"), number=True, sort=("area",)),
    Column("share", T("完成"), unit="%", number=True),
)
_ROWS = (
    (LONG_NAME, CITIES[0], Decimal("24860.00"), Decimal("63.0")),
    (MAKERSPACE, CITIES[1], Decimal("0"), Decimal("100.0")),
    (ACCELERATOR, CITIES[2], None, Decimal("7.5")),
)


def _table(*, dense: bool) -> dict[str, object]:
    layout = Layout("sample", _COLUMNS, _COLUMNS, "area", True, dense, QueryDict())
    return {"layout": layout, "rows": _ROWS, "total": Decimal("24860.00")}


def samples(now: datetime) -> dict[str, object]:
    """The context of the style guide at this moment."""
    wrong = SampleForm({"name": "", "area": "abc"})
    wrong.is_valid()
    return {
        "now": now,
        "long_name": LONG_NAME,
        "status": Status(T("填报中"), "info", "pencil"),
        "crumbs": [(T("我的任务"), "/home/"), (T("样式"), "")],
        "actions": [Action(T("下载"), "#", "download"), Action(T("提交"), "#", "check", "primary")],
        "tones": _TONES,
        "index": _INDEX,
        "stats": [(T("错误"), 14, "bad"), (T("待说明"), 6, "warn"), (T("提示"), 21, "")],
        "figures": _figures(),
        "source": T("年度统计"),
        "group": SampleForm(prefix="group"),
        "tasks": _tasks(now),
        "problems": _problems(),
        "moves": _moves(),
        "timeline": _timeline(now),
        "steps": [(T("上传"), "done", ""), (T("检查"), "current", T("约 2 秒")), (T("写入"), "todo", "")],
        "form": SampleForm(),
        "wrong": wrong,
        "jobs": _jobs(),
        "table": _table(dense=False),
        "dense": _table(dense=True),
        "tiles": _tiles(),
        "years": _YEARS,
        "counted": [
            (T("年度"), T("孵化器"), T("众创空间")),
            *((label, *values) for label, values in _YEARS),
        ],
        "series": [T("孵化器"), T("众创空间")],
        "page": Page(items=(), number=3, has_next=True, has_previous=True, total_words="10,000+"),
    }
