"""What people paste into a cell, turned into the value of its column, or into a sentence.

Exact or refused: no number is rounded, no digit guessed. Every problem says what was found, what is
allowed and, where it can be told, what was probably meant. A message never holds what was found, so
that equal faults of a column are equal and can be said once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from core import amounts, identifiers
from core.columns import NUMERIC, Column, ColumnType, Value
from core.problems import Problem
from core.text import T, Text
from core.workbook.book import SAFE_DIGITS, Cell, Kind, folded
from core.workbook.values import date_text

Answer = Value | Problem | None

_NONE = frozenset({"", "-", "--", "—", "——", "–", "―", "/", "無", "无"})
_DASHES = _NONE - {"无", "無"}
_TRUE = frozenset({"是", "√", "✓", "✔", "☑", "true", "yes", "y", "1", "对"})
_FALSE = frozenset({"否", "×", "✗", "✘", "☒", "x", "false", "no", "n", "0", "错"})
# C0 and C1 controls but tab and line feed, lone surrogates, what is no character at all.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?"
    r"|([0-9]{2})([0-9]{2}))(?:[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)
_MONTH = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*月?")
_SHOWN = 80
_MOST_DIGITS = 15


def read_cell(cell: Cell, column: Column) -> Answer:
    """The value of a cell that the reader handed on; None when it is empty; else the problem.

    Numbers come as int (integer) or Decimal in the column's unit, percentages as 35 for 35 %, days
    as date, a choice and a region as its code.
    """
    if cell.kind is Kind.ERROR:
        return problem(
            cell,
            column,
            "cell.error",
            T("单元格是错误值，不是数据。"),
            T("请改正公式，或直接填写数值。"),
        )
    if cell.kind is Kind.FORMULA:
        return problem(
            cell,
            column,
            "cell.formula",
            T("公式没有保存计算结果，读不到数值。"),
            T("请用 Excel 或 WPS 打开并重新保存，或把公式改为数值。"),
        )
    answer = _checked_text(cell, column) or _read(cell, column)
    if answer is None and column.required:
        return problem(
            cell,
            column,
            "cell.required",
            T("“{title}”必须填写。", title=column.title),
            T("请填写此项。"),
        )
    return answer


def read_text(text: str, column: Column, *, place: str = "") -> Answer:
    """The same for a text from a form or an API; `place` is said in the problem."""
    sheet, _, _ = place.partition("!")
    answer = read_cell(Cell(sheet, 1, 1, Kind.TEXT, text), column)
    if isinstance(answer, Problem):
        return replace(answer, place=place)
    return answer


def problem(cell: Cell, column: Column, code: str, message: Text, fix: Text | str = "") -> Problem:
    """A finding at this cell, with what was found and what the column allows."""
    return Problem(
        code,
        message,
        place=cell.place,
        field=column.code,
        title=column.title,
        found=_visible(cell.text),
        allowed=allowed(column),
        fix=fix,
    )


def allowed(column: Column) -> Text | str:
    """What a column takes, in one phrase."""
    if column.type in NUMERIC:
        return _allowed_number(column)
    if column.type is ColumnType.CHOICE:
        names = list(column.choices.values())
        listed = "、".join(names[:20])
        return T("{names} 等 {n} 项之一", names=listed, n=len(names)) if names[20:] else listed
    plain: dict[ColumnType, Text] = {
        ColumnType.TEXT: T("不超过 {n} 字的文字", n=column.length),
        ColumnType.DATE: T("日期，如 2023-05-06"),
        ColumnType.BOOL: T("是 或 否"),
        ColumnType.CREDIT_CODE: T("18 位统一社会信用代码"),
        ColumnType.REGION: T("行政区划代码或名称"),
        ColumnType.PHONE: T("手机号码，或带区号的固定电话"),
        ColumnType.EMAIL: T("电子邮箱地址"),
    }
    return plain[column.type]


def _allowed_number(column: Column) -> Text:
    unit = column.shown_unit
    kind = T("整数") if column.most_places == 0 else T("数值")
    if column.type is ColumnType.MONEY or column.places:
        kind = T("数值，最多 {n} 位小数", n=column.most_places)
    base = T("{kind}，单位 {unit}", kind=kind, unit=unit) if unit else kind
    if column.min is not None and column.max is not None:
        return T("{base}，{low} 至 {high}", base=base, low=column.min, high=column.max)
    if column.min is not None:
        return T("{base}，不小于 {low}", base=base, low=column.min)
    if column.max is not None:
        return T("{base}，不大于 {high}", base=base, high=column.max)
    return base


def _visible(text: str) -> str:
    """What was found, as it may stand in a page: controls shown, cut."""
    return _CONTROL.sub("�", text[:_SHOWN]) + ("…" if len(text) > _SHOWN else "")


def _checked_text(cell: Cell, column: Column) -> Problem | None:
    text = cell.text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        return problem(
            cell,
            column,
            "cell.control",
            T("内容含有看不见的控制字符。"),
            T("请删除该单元格后重新录入，不要从其他系统直接粘贴。"),
        )
    return None


def _read(cell: Cell, column: Column) -> Answer:
    if cell.kind is Kind.EMPTY:
        return None
    nothing = _DASHES if column.type is ColumnType.TEXT else _NONE
    if cell.kind is Kind.TEXT and amounts.narrow(cell.text) in nothing:
        return None
    return _READERS[column.type](cell, column)


def _text(cell: Cell, column: Column) -> Answer:
    if cell.lost_digits:
        return _lost(cell, column)
    text = cell.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if cell.kind is Kind.PERCENT:
        text = f"{text}%"
    elif cell.kind is Kind.BOOL:
        text = "TRUE" if text == "1" else "FALSE"
    elif cell.kind is Kind.DATETIME:
        text = text.replace("T", " ")
    if len(text) > column.length:
        return problem(
            cell,
            column,
            "cell.length",
            T("文字太长，最多 {most} 字。", most=column.length),
            T("现有 {n} 字，请精简到 {most} 字以内。", n=len(text), most=column.length),
        )
    return text


def _lost(cell: Cell, column: Column) -> Problem:
    return problem(
        cell,
        column,
        "cell.digits",
        T("这一格按数字保存，超过 {n} 位的部分已经丢失。", n=SAFE_DIGITS),
        T("请先把整列的单元格格式设为“文本”，再重新录入。"),
    )


def _number(cell: Cell, column: Column) -> Answer:
    wants_share = column.shown_unit == "%"
    if cell.kind is Kind.PERCENT and not wants_share:
        message = T("单元格设成了百分比格式。")
        fix = T("请把单元格格式改为“常规”后重新录入。")
        return problem(cell, column, "cell.percent", message, fix)
    if cell.kind in (Kind.DATE, Kind.DATETIME, Kind.TIME):
        message = T("应填数值，单元格却是日期或时间格式。")
        fix = T("请把单元格格式改为“常规”后重新录入。")
        return problem(cell, column, "cell.type", message, fix)
    if cell.kind is Kind.BOOL:
        message = T("应填数值，单元格却是逻辑值 TRUE/FALSE。")
        return problem(cell, column, "cell.type", message, T("请填写数值。"))
    text = amounts.narrow(cell.text)
    if wants_share and cell.kind is Kind.TEXT and text.endswith("%"):
        text = text[:-1].rstrip()
    value = amounts.plain_number(text)
    if value is None:
        return _no_number(cell, column)
    return _fitting(value, cell, column)


def _no_number(cell: Cell, column: Column) -> Problem:
    measured = amounts.measured(cell.text)
    if measured:
        meant = amounts.in_unit(measured, column.shown_unit)
        message = T("数值里带有单位。")
        if meant is None:
            fix = T("请换算成{unit}后只填数字。", unit=column.shown_unit)
        else:
            fix = T("请只填数字；若按所写单位，应填 {number}。", number=amounts.shown(meant))
        return problem(cell, column, "cell.unit", message, fix)
    message = T("不是数值。")
    return problem(cell, column, "cell.number", message, T("请只填数字，可带千分位逗号和小数点。"))


def _fitting(value: Decimal, cell: Cell, column: Column) -> Answer:
    if value and value.adjusted() >= _MOST_DIGITS:
        message = T("数值太大：整数部分超过 {n} 位。", n=_MOST_DIGITS)
        return problem(cell, column, "cell.large", message, T("请核对数值和单位。"))
    places = amounts.places_of(value)
    if places > column.most_places:
        if column.most_places == 0:
            message = T("应为整数。")
        else:
            message = T("小数太多，最多 {most} 位。", most=column.most_places)
        fix = T("系统不代为舍入，请自行确认后填写 {most} 位以内的小数。", most=column.most_places)
        return problem(cell, column, "cell.places", message, fix)
    out = _out_of_range(value, cell, column)
    if out:
        return out
    exact = Decimal(amounts.shown(value))
    return int(exact) if column.type is ColumnType.INTEGER else exact


def _out_of_range(value: Decimal | dt.date, cell: Cell, column: Column) -> Problem | None:
    low, high = column.min, column.max
    if type(low) is type(value) and value < low:  # type: ignore[operator]
        message = T("不能小于 {low}。", low=low)
        return problem(cell, column, "cell.min", message, T("请核对数值和单位。"))
    if type(high) is type(value) and value > high:  # type: ignore[operator]
        message = T("不能大于 {high}。", high=high)
        return problem(cell, column, "cell.max", message, T("请核对数值和单位。"))
    return None


def _date(cell: Cell, column: Column) -> Answer:
    if cell.date is not None:
        return _day(cell.date, cell, column)
    text = amounts.narrow(cell.text)
    match = _DATE.fullmatch(text) if cell.kind in (Kind.TEXT, Kind.NUMBER) else None
    if match:
        year, month, day = (int(part) for part in match.groups() if part and part not in "-/.")
        try:
            return _day(dt.date(year, month, day), cell, column)
        except ValueError:
            message = T("没有这一天。")
            return problem(cell, column, "cell.date", message, T("请核对年、月、日。"))
    return problem(
        cell,
        column,
        "cell.date",
        T("不是完整的日期。"),
        _date_fix(cell, text),
    )


def _date_fix(cell: Cell, text: str) -> Text:
    if _MONTH.fullmatch(text):
        return T("缺少“日”，请按 2023-05-06 的样子填写年、月、日。")
    serial = date_text(text, False) if cell.kind is Kind.NUMBER else None
    if serial and serial[0] == "d":
        day = serial[1]
        return T("若指 {day}，请把单元格格式设为日期，或直接填写 {day}。", day=day)
    return T("请按 2023-05-06 的样子填写年、月、日。")


def _day(day: dt.date, cell: Cell, column: Column) -> Answer:
    if not 1900 <= day.year <= 2100:
        message = T("年份不合情理。")
        return problem(cell, column, "cell.date", message, T("请核对年份。"))
    return _out_of_range(day, cell, column) or day


def _bool(cell: Cell, column: Column) -> Answer:
    if cell.kind is Kind.BOOL:
        return cell.text == "1"
    word = amounts.narrow(cell.text).casefold()
    if cell.kind in (Kind.TEXT, Kind.NUMBER) and word in _TRUE | _FALSE:
        return word in _TRUE
    message = T("看不出是还是否。")
    return problem(cell, column, "cell.bool", message, T("请填 是 或 否。"))


def _choice(cell: Cell, column: Column) -> Answer:
    wanted = folded(cell.text)
    for code, name in column.choices.items():
        if wanted in (folded(code), folded(name)):
            return code
    message = T("不在可选项中。")
    return problem(cell, column, "cell.choice", message, T("请从下拉列表中选择。"))


def _region(cell: Cell, column: Column) -> Answer:
    if column.choices:
        return _choice(cell, column)
    code = amounts.narrow(cell.text)
    if re.fullmatch(r"[1-9][0-9]{5}", code):
        return code
    message = T("不是 6 位行政区划代码。")
    return problem(cell, column, "cell.region", message, T("请填写 6 位行政区划代码，如 320100。"))


def _credit_code(cell: Cell, column: Column) -> Answer:
    if cell.lost_digits:
        return _lost(cell, column)
    code = identifiers.credit_code(cell.text)
    fault = identifiers.credit_code_fault(code)
    if fault:
        rule, message, fix = fault
        return problem(cell, column, rule, message, fix)
    return code


def _phone(cell: Cell, column: Column) -> Answer:
    if cell.lost_digits:
        return _lost(cell, column)
    kept = identifiers.phone(cell.text) if cell.kind in (Kind.TEXT, Kind.NUMBER) else None
    if kept is not None:
        return kept
    message = T("不是电话号码。")
    fix = T("请填 11 位手机号码，或 025-12345678 这样带区号的固定电话。")
    if cell.kind is Kind.NUMBER:
        fix = T("按数字保存会丢掉开头的 0；请把单元格格式设为“文本”后重填带区号的号码。")
    return problem(cell, column, "cell.phone", message, fix)


def _email(cell: Cell, column: Column) -> Answer:
    kept = identifiers.email(cell.text) if cell.kind is Kind.TEXT else None
    if kept is not None:
        return kept
    message = T("不是电子邮箱地址。")
    return problem(cell, column, "cell.email", message, T("请按 name@example.cn 的样子填写。"))


_READERS: dict[ColumnType, Callable[[Cell, Column], Answer]] = {
    ColumnType.TEXT: _text,
    ColumnType.INTEGER: _number,
    ColumnType.DECIMAL: _number,
    ColumnType.MONEY: _number,
    ColumnType.PERCENT: _number,
    ColumnType.DATE: _date,
    ColumnType.BOOL: _bool,
    ColumnType.CHOICE: _choice,
    ColumnType.CREDIT_CODE: _credit_code,
    ColumnType.REGION: _region,
    ColumnType.PHONE: _phone,
    ColumnType.EMAIL: _email,
}
