"""An item that was sent back counts as touched when its value, its rows or its reason differ."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reporting.rules.checking import TableRow
from reporting.rules.form_reading import load_form
from reporting.rules.sent_back import Filed, items_of
from tests.reporting.conftest import FORM, SOUND, TENANTS

LOADED = load_form(FORM)
ROWS = {"roster": [TableRow(values["credit_code"], values) for values in TENANTS]}
BEFORE = Filed(SOUND, {}, ROWS, {"use_rate": Decimal("60.000000"), "tenants": Decimal("2.000000")})
NAMED = dict.fromkeys(("area_total", "use_rate", "tenants", "roster"), "请核对")
REASON = {"reason": "real", "text": "属实", "found": "5000"}


def changed(now: Filed) -> list[str]:
    return [one.code for one in items_of(LOADED, NAMED, BEFORE, now) if one.changed]


def test_items_keep_their_order_and_have_names() -> None:
    items = items_of(LOADED, NAMED, BEFORE, BEFORE)
    assert [one.title for one in items] == [
        "孵化场地总面积",
        "使用率",
        "在孵企业名单（行数）",
        "在孵企业名单",
    ]
    assert [one.text for one in items] == ["请核对"] * 4 and changed(BEFORE) == []


@pytest.mark.parametrize(
    ("now", "touched"),
    [
        (replace(BEFORE, values={**SOUND, "area_total": "5001"}), ["area_total"]),
        (replace(BEFORE, values={**SOUND, "area_total": ""}), ["area_total"]),
        (replace(BEFORE, figures={**BEFORE.figures, "use_rate": Decimal(61)}), ["use_rate"]),
        (replace(BEFORE, figures={**BEFORE.figures, "use_rate": Decimal(60)}), []),
        (replace(BEFORE, rows={"roster": ROWS["roster"][:1]}), ["roster"]),
        (replace(BEFORE, explanations={"variance:area_total": REASON}), ["area_total"]),
        (replace(BEFORE, explanations={"R1:roster:9199:entered": REASON}), ["roster"]),
        (replace(BEFORE, explanations={"variance:area_tenants": REASON}), []),
    ],
)
def test_what_touches_an_item(now: Filed, touched: list[str]) -> None:
    assert changed(now) == touched
