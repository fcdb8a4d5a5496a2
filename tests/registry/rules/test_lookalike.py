"""Names that look like one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.lookalike import core_of, likeness, look_alike, places_of, searched

PLACES = places_of(["示例省", "东江市", "河湾区", "东江高新区"])
NAME = st.text("青禾星澜晨光新港云杉海棠ABCab１２ 科技企业孵化器众创空间有限公司东江市", max_size=16)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("东江市青禾科技企业孵化器有限公司", "青禾"),
        ("示例省东江市河湾区 青禾 众创空间", "青禾"),
        ("东江青禾孵化器", "青禾"),
        ("东江市青禾数字经济专业科技企业孵化器二期", "青禾"),
        ("ＡＢＣ创客空间", "abc"),
        ("青禾（东江）孵化器", "青禾东江"),
        ("东江孵化器", "东江"),
        ("科技企业孵化器", "科技企业孵化器"),
        ("", ""),
    ],
)
def test_the_core_of_a_name(name: str, core: str) -> None:
    assert core_of(name, PLACES) == core


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("东江市青禾科技企业孵化器", "青禾众创空间有限公司", True),
        ("青禾星澜孵化器", "青禾星岚孵化器", True),
        ("青禾创新工场孵化器", "青禾创新工厂孵化器", True),
        ("青禾孵化器", "青禾二期孵化器", True),
        ("青禾孵化器", "星澜孵化器", False),
        ("青禾数字经济专业科技企业孵化器", "星澜数字经济专业科技企业孵化器", False),
        ("青禾数字经济专业科技企业孵化器", "青禾众创空间", True),
        ("河湾区晨光众创空间", "河湾区新港众创空间", False),
    ],
)
def test_which_names_an_officer_should_look_at(one: str, other: str, alike: bool) -> None:
    assert look_alike(core_of(one, PLACES), core_of(other, PLACES)) is alike


@given(NAME, NAME)
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    first, second = core_of(one, PLACES), core_of(other, PLACES)
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, second) == likeness(second, first)
    assert look_alike(first, second) == look_alike(second, first)


@given(NAME)
def test_a_name_looks_like_itself_whatever_stands_around_it(name: str) -> None:
    core = core_of(name, PLACES)
    assert core_of(core, PLACES) == core
    assert likeness(core, core) == (1.0 if core else 0.0)
    assert core_of(f" {name.upper()}　", PLACES) == core


@given(NAME, NAME)
def test_names_that_look_alike_are_found_by_the_search(one: str, other: str) -> None:
    first, second = core_of(one, PLACES), core_of(other, PLACES)
    if len(first) <= 13 and look_alike(first, second):
        assert any(pair in second for pair in searched(first))
