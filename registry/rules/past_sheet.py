"""The workbook by which the past is taken over: its sheets, each with its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from core.columns import Column, ColumnType
from core.text import T, Text


class PastKind(StrEnum):
    GRADE = "grade"
    AWARD = "award"
    TOTAL = "total"


KINDS_OF_PAST: dict[PastKind, Text] = {
    PastKind.GRADE: T("等级"),
    PastKind.AWARD: T("奖补"),
    PastKind.TOTAL: T("汇总数"),
}
LEVELS = "级别"


def _text(code: str, title: str, most: int, help: str = "", *, required: bool = False) -> Column:
    return Column(code=code, title=title, type=ColumnType.TEXT, max_length=most, help=help, required=required)


_CODE = _text("code", "载体编号", 24, required=True)
_NAME = _text("name", "载体名称", 100, "可以不填；填写的须是它的现名或曾用名。")
_YEAR = _text("year", "年度", 4, "四位年份。", required=True)
_BASIS = _text("basis", "依据", 200, "公布或统计它的文件名称。", required=True)
_NUMBER = _text("document_number", "文号", 60)
_WHOSE, _SAID = (_CODE, _NAME, _YEAR), (_BASIS, _NUMBER)

LEVEL_COLUMNS = (
    _CODE,
    _NAME,
    _text("level", "级别", 20, "决定之日的用语，如 国家级（2025 年起为 标准级）。", required=True),
    Column(code="valid_from", title="决定日期", type=ColumnType.DATE, required=True),
    *_SAID,
    _text("batch", "批次", 60),
)
COLUMNS_OF_PAST: Mapping[PastKind, Sequence[Column]] = {
    PastKind.GRADE: (
        *_WHOSE,
        _text("item", "评价名称", 60, required=True),
        _text("value", "等级", 20, required=True),
        *_SAID,
    ),
    PastKind.AWARD: (
        *_WHOSE,
        _text("item", "奖补项目", 60, required=True),
        Column(code="value", title="金额", type=ColumnType.MONEY, unit="元", required=True, min=Decimal(0)),
        *_SAID,
    ),
    PastKind.TOTAL: (
        *_WHOSE,
        _text("item", "指标", 60, required=True),
        Column(code="value", title="数值", type=ColumnType.DECIMAL, places=4, required=True),
        _text("unit", "单位", 20),
        *_SAID,
    ),
}
# By the name of a sheet.
SHEETS_OF_PAST: Mapping[str, Sequence[Column]] = {
    LEVELS: LEVEL_COLUMNS,
    **{str(KINDS_OF_PAST[kind]): columns for kind, columns in COLUMNS_OF_PAST.items()},
}
HOW = (
    ("只接收过去的", "在本系统办理过的等级、奖补、年报不必填；两者都有的，页面以本系统办理的为准。"),
    ("每张工作表", "级别、等级、奖补、汇总数各一张，没有内容的可以删去。"),
    ("依据", "每一行写明公布或统计它的文件；页面注明“接收”和依据。"),
    ("级别", "按决定日期登记为有日期的事实，先后次序不限，后来文件写明的不受影响。"),
    ("先看后写", "上传后先列出全部问题和将要发生的改动，确认以后才写入；有误的行不写入。"),
)
EARLIEST = 1980
