"""A form in words for people: what each line asks, and every check as a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.columns import Column, ColumnType
from core.expressions.words import in_words
from core.problems import Severity
from core.text import T, Text
from reporting.rules.form import Check, Field, Form, Table, Variance
from reporting.rules.values import exact

TYPES: Mapping[ColumnType, Text] = {
    ColumnType.TEXT: T("文字"),
    ColumnType.INTEGER: T("整数"),
    ColumnType.DECIMAL: T("小数"),
    ColumnType.MONEY: T("金额"),
    ColumnType.PERCENT: T("百分数"),
    ColumnType.DATE: T("日期"),
    ColumnType.BOOL: T("是或否"),
    ColumnType.CHOICE: T("选择"),
    ColumnType.CREDIT_CODE: T("统一社会信用代码"),
    ColumnType.REGION: T("区划"),
    ColumnType.PHONE: T("电话"),
    ColumnType.EMAIL: T("邮箱"),
}
SEVERITIES: Mapping[Severity, tuple[Text, str]] = {
    Severity.ERROR: (T("须改正"), "bad"),
    Severity.EXPLAIN: (T("须说明"), "warn"),
    Severity.NOTE: (T("提示"), "info"),
}


@dataclass(frozen=True, slots=True)
class SaidCheck:
    """A check as people read it. `table` is the title of the table whose rows it is about, empty for the
    whole return; `shown_at` the titles of the fields at which it is told."""

    code: str
    rule: str
    message: Text | str
    fix: Text | str
    severity: Severity
    table: str
    shown_at: tuple[str, ...]

    @property
    def word(self) -> Text:
        return SEVERITIES[self.severity][0]

    @property
    def tone(self) -> str:
        return SEVERITIES[self.severity][1]


def titles_of(form: Form, table: Table | None = None) -> dict[str, str]:
    """What expressions name, by code: fields and totals, and a table's own columns before them."""
    titles = {one.code: one.title for one in form.fields}
    titles |= {total.code: total.title for total in form.totals}
    return titles | ({column.code: column.title for column in table.columns} if table else {})


def said_checks(form: Form) -> list[SaidCheck]:
    """Every check: those of the return, of parts and wholes, of rows by table, of the change on last year."""
    answer = _said(form.checks, titles_of(form), "")
    answer += [_part(form, one) for one in form.fields if one.of]
    for table in form.tables:
        answer += _said(table.row_checks, titles_of(form, table), table.title)
    if form.variance is not None:
        answer.append(_change(form.variance, [form.title_of(code) for code in sorted(form.variance.without)]))
    own = [(one, one.variance) for one in form.fields if one.variance is not None]
    return answer + [_change(rule, [], one) for one, rule in own if rule is not None]


def computed_words(form: Form, one: Field) -> str:
    """How a computed field comes about; empty for one that is entered."""
    return in_words(one.computed.source, titles_of(form)) if one.computed is not None else ""


def limits_of(column: Column) -> list[Text | str]:
    """What a value of this line must keep to, beside its type."""
    said: list[Text | str] = []
    if column.min is not None and column.max is not None:
        said.append(T("{least} 至 {most}", least=exact(column.min), most=exact(column.max)))
    elif column.min is not None:
        said.append(T("不小于 {n}", n=exact(column.min)))
    elif column.max is not None:
        said.append(T("不大于 {n}", n=exact(column.max)))
    if column.places is not None:
        said.append(T("最多 {n} 位小数", n=column.places))
    if column.max_length is not None:
        said.append(T("最多 {n} 字", n=column.max_length))
    return [*said, "、".join(column.choices.values())] if column.choices else said


def _said(checks: Iterable[Check], titles: Mapping[str, str], table: str) -> list[SaidCheck]:
    return [
        SaidCheck(
            code=one.code,
            rule=one.allowed or in_words(one.check.source, titles),
            message=one.message,
            fix=one.fix,
            severity=one.severity,
            table=table,
            shown_at=tuple(titles.get(code, code) for code in one.fields),
        )
        for one in checks
    ]


def _part(form: Form, one: Field) -> SaidCheck:
    whole = form.title_of(one.of)
    message = T("“{part}”是“{whole}”的其中项，不能大于它。", part=one.title, whole=whole)
    rule = f"{one.title} ≤ {whole}"
    return SaidCheck("of", rule, message, T("请核对这两项。"), Severity.ERROR, "", ())


def _change(rule: Variance, without: Sequence[str], one: Field | None = None) -> SaidCheck:
    share = exact((rule.share * 100).normalize() if rule.share else Decimal(0))
    message: Text | str = T("比上年变动超过 {share}% 且至少 {n}", share=share, n=exact(rule.at_least))
    if without:
        message = T(
            "比上年变动超过 {share}% 且至少 {n}，不比较：{fields}",
            share=share,
            n=exact(rule.at_least),
            fields="、".join(without),
        )
    shown = (one.title,) if one is not None else ()
    return SaidCheck("variance", "", message, "", rule.severity, "", shown)
