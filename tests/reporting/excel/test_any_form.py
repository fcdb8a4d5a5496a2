"""Any form that passes its reading makes a workbook that reads back to the same values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.problems import Refused
from reporting.excel.making import make
from reporting.excel.reading import open_workbook, read_return
from reporting.queries import Opened
from reporting.rules.checking import TableRow, check
from reporting.rules.deadlines import Dates
from reporting.rules.form import Form
from reporting.rules.form_reading import load_form
from tests.reporting.conftest import credit_code

TYPES = (
    "text",
    "integer",
    "decimal",
    "money",
    "percent",
    "date",
    "bool",
    "choice",
    "credit_code",
    "phone",
    "email",
)
# Titles that people write, and such as sheets and headings do not bear as they are.
TITLES = st.one_of(
    st.sampled_from(["总面积", "总面积（m²）", "其中：租用", "收入/支出", "a", "A", "项目", "填报说明",
                     "_meta", "=1+1", "history", "‘引号’", "企业名称 *", "单位", "本年数", "名单[一]",
                     "一" * 40, "数 量", "数量"]),
    st.text(st.characters(categories=["Lo", "Ll", "Nd"], max_codepoint=0x9FFF), min_size=1, max_size=12),
)  # fmt: skip
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@dataclass(frozen=True)
class Filled:
    """A form's file and a return that fits it, as exact texts."""

    source: str
    values: Mapping[str, str]
    rows: Mapping[str, list[dict[str, str]]]


def _line(code: str, title: str, kind: str, **more: Any) -> dict[str, Any]:
    line: dict[str, Any] = {"code": code, "title": title, "type": kind, **more}
    if kind == "money":
        line["unit"] = "千元"
    if kind == "choice":
        line["choices"] = {"one": "甲", "two": "乙 类", "three": "=丙"}
    return line


def _text(kind: str) -> st.SearchStrategy[str]:
    """An exact text of this type."""
    number = st.integers(-(10**9), 10**9)
    return {
        "text": st.text(st.characters(categories=["Lo", "Ll", "Nd"]), min_size=1, max_size=30).filter(_plain),
        "integer": number.map(str),
        "decimal": number.map(lambda n: _exact(n, 2)),
        "money": number.map(lambda n: _exact(n, 3)),
        "percent": number.map(lambda n: _exact(n, 2)),
        "date": st.dates(dt.date(1950, 1, 1), dt.date(2050, 1, 1)).map(dt.date.isoformat),
        "bool": st.sampled_from(["true", "false"]),
        "choice": st.sampled_from(["one", "two", "three"]),
        "credit_code": st.integers(1, 10**6).map(credit_code),
        "phone": st.just("0990-5550001"),
        "email": st.just("a@example.org"),
    }[kind]


def _plain(text: str) -> bool:
    """A text that says something: 无 is how people write nothing."""
    return text.strip() == text and text not in ("无", "暂无", "none", "null", "nan", "na")


def _exact(number: int, places: int) -> str:
    whole, part = divmod(abs(number), 10**places)
    text = f"{whole}.{part:0{places}}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and text != "0" else text


@st.composite
def filled(draw: st.DrawFn) -> Filled:
    codes = iter(draw(st.lists(NAMES, min_size=30, max_size=30, unique=True)))
    sections, values = [], {}
    for number in range(draw(st.integers(1, 3))):
        fields = []
        for _ in range(draw(st.integers(1, 4))):
            kind, code = draw(st.sampled_from(TYPES)), next(codes)
            fields.append(_line(code, draw(TITLES), kind))
            if draw(st.booleans()):
                values[code] = draw(_text(kind))
        sections.append({"code": f"s{number}", "title": draw(TITLES), "fields": fields})
    tables: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, str]]] = {}
    for number in range(draw(st.integers(0, 2))):
        key = next(codes)
        columns = [_line(key, draw(TITLES), "credit_code", required="true")]
        columns += [_line(next(codes), draw(TITLES), draw(st.sampled_from(TYPES))) for _ in range(3)]
        tables.append({"code": f"t{number}", "title": draw(TITLES), "key": key, "columns": columns})
        keys = draw(st.lists(st.integers(1, 10**6), max_size=4, unique=True))
        rows[f"t{number}"] = [
            {key: credit_code(one), **{c["code"]: draw(_text(c["type"])) for c in columns[1:]}}
            for one in keys
        ]
    tree = {
        "form": "any",
        "version": 1,
        "title": "任意",
        "kinds": ["incubator"],
        "sections": sections,
        "tables": tables,
    }
    return Filled(_yaml(tree), values, rows)


def _yaml(thing: Any) -> str:
    """As JSON, which YAML reads, with plain numbers and flags."""
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {_yaml(v)}" for k, v in thing.items()) + "}"
    if isinstance(thing, list):
        return "[" + ", ".join(_yaml(one) for one in thing) + "]"
    return thing if thing == "true" else json.dumps(thing, ensure_ascii=True)


def opened(form: Form, one: Filled) -> Opened:
    """What the maker of workbooks reads of a return, without a database."""
    rows = {
        table.code: [
            TableRow(row[table.key], row, at) for at, row in enumerate(one.rows.get(table.code, []), start=1)
        ]
        for table in form.tables
    }
    carrier = SimpleNamespace(
        code="SL-990500-0001", name="青禾孵化器", operator=SimpleNamespace(name="运营公司")
    )
    campaign = SimpleNamespace(title="年报", year=2025)
    opens, due = dt.datetime(2026, 1, 5, tzinfo=dt.UTC), dt.datetime(2026, 3, 31, tzinfo=dt.UTC)
    of = SimpleNamespace(carrier=carrier, campaign=campaign, dates=Dates(opens, due, due, due))
    facts = SimpleNamespace(
        of=of, form=form, values=one.values, rows=rows, last={}, year=2025,
        checked=lambda: check(form, one.values, rows, {}, 2025),
    )  # fmt: skip
    return cast(Opened, facts)


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(filled())
def test_what_was_written_is_what_is_read(one: Filled) -> None:
    try:
        form = load_form(one.source)
    except Refused:
        assume(False)
        return
    book, meta = open_workbook(make(opened(form, one)))
    reading = read_return(book, meta, form)
    assert [(p.code, p.place, p.found) for p in reading.problems] == []
    assert {code: text for code, text in reading.texts.items() if text} == one.values
    read = {code: [dict(row.values) for row in table.rows] for code, table in reading.tables.items()}
    assert read == {code: [dict(row) for row in rows] for code, rows in one.rows.items()}
