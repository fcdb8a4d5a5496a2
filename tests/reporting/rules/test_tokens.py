"""The seal of a workbook binds form, version, year and carrier; older keys still verify."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reporting.rules.tokens import is_genuine, read_meta, token_of

FACTS: dict[str, Any] = {"form": "incubator-annual", "version": 1, "year": 2025, "carrier": "SL-990500-0001"}


def sealed(key: str = "k1", **changes: Any) -> str:
    return json.dumps({**FACTS, "token": token_of(key, **FACTS), **changes})


def test_a_seal_holds_for_its_facts_under_any_known_key() -> None:
    meta = read_meta(sealed())
    assert meta is not None
    assert is_genuine(meta, ["k1"]) and is_genuine(meta, ["k2", "k1"]) and not is_genuine(meta, ["k2"])


@pytest.mark.parametrize(
    "change",
    [{"form": "x"}, {"version": 2}, {"year": 2024}, {"carrier": "SL-990500-0002"}, {"token": "é" * 64}],
)
def test_any_other_fact_breaks_it(change: dict[str, Any]) -> None:
    meta = read_meta(sealed(**change))
    assert meta is not None and not is_genuine(meta, ["k1"])


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "x", sealed(year="2025"), sealed(tables={"roster": {}}), sealed(token="")]
)
def test_what_is_no_meta_is_none(text: str) -> None:
    assert read_meta(text) is None
