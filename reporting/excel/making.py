"""Makes a carrier's workbook: cover, a sheet a section, a sheet a table, hidden facts with their seal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook

from core.clock import SHANGHAI
from core.columns import Column, Value
from core.problems import Problem
from core.workbook.writer import Line, add_cover, add_meta, add_section, add_table, new_workbook, to_bytes
from reporting.queries import Opened
from reporting.rules.checking import TableRow
from reporting.rules.form import Form, Section, Table
from reporting.rules.tokens import token_of
from reporting.rules.values import read

SPARE = 200


def make(opened: Opened) -> bytes:
    """The workbook of this return as it stands: blank where nothing is filled, last year beside."""
    found, form = opened.of, opened.form
    book = new_workbook()
    add_cover(book, _("填报说明"), f"{found.carrier.name} · {found.campaign.title}", cover_lines(opened))
    computed = opened.checked()
    texts = {**opened.values, **{code: computed.computed_text(code) for code in form.order}}
    sheets = _sheets(book, form, texts, opened.last, opened.rows)
    facts = {
        "form": form.code,
        "version": form.version,
        "year": opened.year,
        "carrier": found.carrier.code,
    }
    token = token_of(
        settings.SIGNING_KEYS[0],
        form=form.code,
        version=form.version,
        year=opened.year,
        carrier=found.carrier.code,
    )
    add_meta(book, {**facts, "token": token, **sheets})
    return to_bytes(book)


def make_blank(form: Form) -> bytes:
    """The empty workbook of a form, to look at: no carrier's, without a seal, so it cannot be handed in."""
    book = new_workbook()
    add_cover(book, _("填报说明"), _("空白工作簿，只供查看"), _blank_lines(form))
    sheets = _sheets(book, form, {}, {}, {})
    add_meta(book, {"form": form.code, "version": form.version, "blank": True, **sheets})
    return to_bytes(book)


def _sheets(
    book: Workbook,
    form: Form,
    texts: Mapping[str, str],
    last: Mapping[str, str],
    rows: Mapping[str, Sequence[TableRow]],
) -> dict[str, object]:
    """Adds a sheet a section and a sheet a table; where their fields and columns stand, for the facts."""
    fields: dict[str, str] = {}
    for section in form.sections:
        fields |= add_section(book, section.title, _lines(section, texts, last), _heads())
    tables = {}
    for table in form.tables:
        filled = [_row(table, {**row.values}) for row in rows.get(table.code, ())]
        spare = max(min(SPARE, table.max_rows - len(filled)), 1)
        tables[table.code] = add_table(book, table.title, table.columns, filled, spare=spare).as_json()
    return {"fields": fields, "tables": tables}


def file_name(opened: Opened) -> str:
    """What the download is called."""
    return f"{opened.of.carrier.code}-{opened.form.code}-{opened.year}.xlsx"


def cover_lines(opened: Opened) -> list[tuple[str, str]]:
    """What, who, by when, how."""
    found = opened.of
    due = found.dates.held.due_at.astimezone(SHANGHAI)
    return [
        (_("报表"), f"{opened.form.title}（v{opened.form.version}）"),
        (_("数据年度"), str(opened.year)),
        (_("填报单位"), f"{found.carrier.name}（{found.carrier.code}）"),
        (_("运营机构"), found.carrier.operator.name),
        (_("填报截止"), _("{moment}（北京时间）").format(moment=f"{due:%Y-%m-%d %H:%M}")),
        (
            _("填写方法"),
            _(
                "只填“本年数”一列和名单各行；灰色单元格由系统计算，不必填写。带 * 的列必填。"
                "单位以各行、各列所注为准，单元格内只填数字。"
            ),
        ),
        (
            _("上传"),
            _(
                "填好后保存为 .xlsx 并在网上上传，系统会列出全部问题，"
                "并发回标好位置的本文件；改正后可再次上传。"
                "请勿改动隐藏的内容，也不要使用其他单位或其他年度的文件。"
            ),
        ),
    ]


def _blank_lines(form: Form) -> list[tuple[str, str]]:
    return [
        (_("报表"), f"{form.title}（v{form.version}）"),
        (_("用途"), _("供查看和试用。没有填报单位和防伪标识，填好也不能上传。")),
        (_("填报口径"), form.help),
    ]


def _heads() -> tuple[str, str, str, str, str]:
    return _("项目"), _("单位"), _("本年数"), _("上年数"), _("填报说明")


def _lines(section: Section, texts: Mapping[str, str], last: Mapping[str, str]) -> list[Line]:
    return [
        Line(one.column, _cell(texts, one.column), _cell(last, one.column), one.depth)
        for one in section.fields
    ]


def _row(table: Table, texts: Mapping[str, str]) -> dict[str, Value | None]:
    return {column.code: _cell(texts, column) for column in table.columns}


def _cell(texts: Mapping[str, str], column: Column) -> Value | None:
    """The value as the cell holds it; what was typed and is not sound stands as it was typed."""
    text = texts.get(column.code, "")
    if not text:
        return None
    value = read(text, column)
    return text if value is None or isinstance(value, Problem) else value
