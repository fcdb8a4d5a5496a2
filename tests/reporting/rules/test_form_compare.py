"""Two versions of a form side by side: nothing against itself, the mirror image the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.rules.form import Form
from reporting.rules.form_change import Changeover, stays
from reporting.rules.form_compare import Difference, compare, mirrored
from reporting.rules.form_reading import load_form
from reporting.rules.form_words import limits_of, said_checks

SOURCE = Path(__file__).parents[1].joinpath("form.yaml").read_text(encoding="utf-8")
FORMS = Path(__file__).parents[3] / "reporting" / "forms"
# Changes of a sound file that leave it sound, each with what it makes otherwise.
CHANGES = {
    ("title: 使用率", "title: 利用率"): "changed field use_rate title",
    ("unit: m², of: area_total}\n      - {code: area_service", "unit: 亩, of: area_total}\n      - {code: area_service"): "changed field area_tenants unit",  # noqa: E501
    ("required: true, help: 自主支配的场地", "help: 自主支配的场地"): "changed field area_total required",
    ("title: 情况说明, type: text, max_length: 2000", "title: 情况说明, type: text"): "changed field operator_note max_length",  # noqa: E501
    ("energy: 新能源, other", "energy: 新能源, marine: 海洋, other"): "changed column roster.field choices",
    ("max_rows: 5000", "max_rows: 900"): "changed table roster max_rows",
    ("check: entered >= founded", "check: entered > founded"): "changed check R1 check",
    ("severity: explain, message", "severity: note, message"): "changed check K2 severity",
    ("high_tech_tenants: count(high_tech)", "high_tech_tenants: count(not high_tech)"): "changed total high_tech_tenants condition",  # noqa: E501
    ("share: 0.5", "share: 0.6"): "changed form incubator-annual variance",
    ("code: K1,", "code: K9,"): "removed check K1",
    ("      - {code: operator_note", "      - {code: pilot, title: 中试, type: integer}\n      - {code: operator_note"): "added field pilot",  # noqa: E501
}  # fmt: skip
SOME = st.sets(st.sampled_from(sorted(CHANGES)))


def form(changes: Iterable[tuple[str, str]] = ()) -> Form:
    return _loaded(frozenset(changes))


@cache
def _loaded(changes: frozenset[tuple[str, str]]) -> Form:
    text = SOURCE
    for old, new in sorted(changes):
        assert old in text, old
        text = text.replace(old, new)
    return load_form(text)


def facts(differences: Iterable[Difference]) -> set[tuple[object, ...]]:
    """What differs, without where it stands and what the newer form calls it."""
    return {
        (one.what, one.about, one.code, tuple((c.name, str(c.before), str(c.after)) for c in one.changes))
        for one in differences
    }


@pytest.mark.parametrize("change", CHANGES, ids=CHANGES.get)
def test_each_change_is_told_with_what(change: tuple[str, str]) -> None:
    told = {
        " ".join((one.what, one.about, one.code, *(c.name for c in one.changes)))
        for one in compare(form(), form([change]))
    }
    assert CHANGES[change] in told and len(told) <= 2


@settings(max_examples=40, deadline=None)
@given(SOME)
def test_a_form_does_not_differ_from_itself(changes: set[tuple[str, str]]) -> None:
    assert compare(form(changes), form(changes)) == []


@settings(max_examples=40, deadline=None)
@given(SOME, SOME)
def test_comparing_the_other_way_round_gives_the_mirror_image(
    one: set[tuple[str, str]], other: set[tuple[str, str]]
) -> None:
    forward, backward = compare(form(one), form(other)), compare(form(other), form(one))
    assert facts(mirrored(difference) for difference in forward) == facts(backward)
    assert [mirrored(mirrored(difference)) for difference in forward] == forward


@settings(max_examples=40, deadline=None)
@given(SOME, SOME)
def test_values_go_over_just_where_type_and_unit_stay(
    one: set[tuple[str, str]], other: set[tuple[str, str]]
) -> None:
    change = Changeover(form(one), form(other))
    values = {field.code: "1" for field in change.before.fields if field.computed is None}
    kept = change.carried(values)
    for code in values:
        after = change.after.by_code.get(code)
        same = after is not None and stays(change.before.field(code).column, after.column)
        assert (code in kept) == same
    assert change.carried(kept) == kept
    assert {field.code for field in change.new} == set(change.after.by_code) - set(change.before.by_code)


def test_a_retitled_field_does_not_change_the_checks_that_read_it() -> None:
    told = compare(form(), form([("title: 在孵企业使用面积", "title: 企业用房")]))
    assert [(one.about, one.code) for one in told] == [("field", "area_tenants")]


@pytest.mark.parametrize("name", ["incubator-annual", "makerspace-annual"])
def test_the_second_version_of_a_shipped_form_takes_the_place_of_the_first(name: str) -> None:
    before, after = (load_form(FORMS.joinpath(f"{name}{end}.yaml").read_bytes()) for end in ("", "-2"))
    change = Changeover(before, after)
    assert change.faults() == [] and change.dropped == [] and change.tables == {}
    assert len(change.new) >= 3 and change.changed
    assert Changeover(after, before).faults() != []


def test_every_check_has_words_and_every_line_its_limits() -> None:
    full = load_form(FORMS.joinpath("incubator-annual.yaml").read_bytes())
    said = {one.code: one for one in said_checks(full)}
    assert said["K1"].rule == "在孵企业使用面积 + 管理办公面积 + 其他面积（未填按 0） ≤ 孵化场地总面积"
    assert said["R4"].rule == "入驻日期 ≤ 成立日期之后 24 个月" and said["R4"].table == "在孵企业名单"
    assert str(said["variance"].message).startswith("比上年变动超过 100%")
    assert [str(limit) for limit in limits_of(full.field("area_total").column)] == [
        "不小于 0",
        "最多 2 位小数",
    ]
