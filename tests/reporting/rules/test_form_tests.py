"""A form's own tests: told case by case, and the shipped forms show every check at its edge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.columns import NUMERIC
from core.expressions import compile_expression
from core.problems import Refused
from reporting.rules.form import Check, Form, FormCase
from reporting.rules.form_reading import PREFIXES, load_form
from reporting.rules.form_tests import checked, label, outcomes, shown

FORMS = sorted((Path(__file__).parents[3] / "reporting" / "forms").glob("*.yaml"))
SMALL = Path(__file__).parents[1].joinpath("form.yaml").read_text(encoding="utf-8")
TESTS = """
tests:
  year: 2025
  values: {area_total: 100, area_tenants: 60, area_service: 30, tenants_reported: 0}
  last: {tenants_reported: 0}
  cases:
    - {name: 恰好, values: {area_service: 40}}
    - {name: 超出, values: {area_service: 40.01}, expect: [K1]}
    - {name: 写错, values: {area_service: 41}, expect: [K2]}
"""
# The comparison that is nearest to each: a case must tell the two apart.
NEAREST = {"<=": ("<",), ">=": (">",), "<": ("<=",), ">": (">=",), "==": ("<=", ">=")}


@pytest.fixture(params=FORMS, ids=lambda path: path.stem)
def form(request: pytest.FixtureRequest) -> Form:
    return load_form(request.param.read_bytes())


def test_a_case_says_what_was_missing_and_what_was_too_much() -> None:
    told = outcomes(load_form(SMALL + TESTS))
    assert [one.holds for one in told] == [True, True, False]
    assert (told[2].missing, told[2].surplus) == (("K2",), ("K1@area_tenants",))


def test_checks_that_no_case_shows_are_named() -> None:
    told = {one.code: (one.raised, one.kept) for one in shown(load_form(SMALL + TESTS))}
    assert told == {"K1": (True, True), "K2": (False, True), "R1": (False, False), "variance": (False, True)}


def test_a_form_without_tests_has_no_outcomes() -> None:
    assert outcomes(load_form(SMALL)) == [] and shown(load_form(SMALL)) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("values: {area_service: 40}}", "values: {area: 40}}", "tests.cases[0].area"),
        ("values: {area_service: 40}}", "rows: {list: [{name: 甲}]}}", "tests.cases[0].rows.list"),
        ("values: {area_service: 40}}", "rows: {roster: [{nam: 甲}]}}", "tests.cases[0].rows.roster[0]"),
        ("values: {area_service: 40}}", "without: [list]}", "tests.cases[0].without[0]"),
        ("values: {area_service: 40}}", "expects: [K1]}", "tests.cases[0].expects"),
        ("year: 2025", "year: 二〇二五", "tests.year"),
    ],
)
def test_faults_of_the_tests_are_named_with_their_paths(old: str, new: str, path: str) -> None:
    with pytest.raises(Refused) as refused:
        load_form(SMALL + TESTS.replace(old, new))
    assert [problem.place for problem in refused.value.problems] == [path]


def test_every_case_of_a_shipped_form_holds(form: Form) -> None:
    assert [(one.case.name, one.missing, one.surplus) for one in outcomes(form) if not one.holds] == []


def test_every_check_of_a_shipped_form_is_shown_both_ways(form: Form) -> None:
    assert [one for one in shown(form) if not one.whole] == []


def test_every_comparison_of_a_shipped_form_has_a_case_at_its_edge(form: Form) -> None:
    """With its nearest neighbour in a comparison's place some case comes out otherwise."""
    bare = replace(form, checks=(), tables=tuple(replace(one, row_checks=()) for one in form.tables))
    assert [source for change, source in _neighbours(form) if not _told(bare, change)] == []


def test_a_part_of_a_shipped_form_is_never_above_its_whole(form: Form) -> None:
    assert form.tests is not None
    for part in (one for one in form.fields if one.of):
        whole = form.tests.sound.values[part.of]
        over = replace(form.tests.sound, values={**form.tests.sound.values, part.code: f"{whole}0"})
        names = {label(one) for one in checked(form, form.tests, FormCase("", over.values)).findings}
        assert (f"of@{part.code}" in names) == (whole != "0"), part.code


def test_the_shipped_forms_are_complete(form: Form) -> None:
    entered = [one for one in form.fields if one.computed is None]
    assert len(entered) >= 60 and len(form.sections) >= 7 and len(form.checks) >= 24
    assert len(form.table("roster").columns) == 25 and len(form.tables) >= 3
    money = [one.column for one in form.fields if one.column.type == "money"]
    money += [column for table in form.tables for column in table.columns if column.type == "money"]
    assert money and {column.unit for column in money} == {"千元"}
    assert all(one.column.unit for one in entered if one.column.type in NUMERIC)


def _neighbours(form: Form) -> Iterator[tuple[tuple[str, Check], str]]:
    """Each comparison of each check with its neighbour in its place: (table or "", check), its text."""
    rules = [("", one) for one in form.checks]
    rules += [(table.code, one) for table in form.tables for one in table.row_checks]
    for table, one in rules:
        source = one.check.source
        for match in re.finditer(r"<=|>=|==|<|>", source):
            for other in NEAREST[match[0]]:
                changed = source[: match.start()] + other + source[match.end() :]
                try:
                    turned = compile_expression(changed, prefixes=PREFIXES)
                except Refused:
                    continue
                yield (table, replace(one, check=turned)), f"{one.code}: {changed}"


def _told(bare: Form, change: tuple[str, Check]) -> bool:
    """Whether a case that names the check, or else any, comes out otherwise with this check in its place."""
    table, turned = change
    only = replace(
        bare,
        checks=() if table else (turned,),
        tables=tuple(replace(one, row_checks=(turned,) if one.code == table else ()) for one in bare.tables),
        variance=None,
    )
    assert bare.tests is not None
    code = turned.code
    cases = sorted(bare.tests.cases, key=lambda case: not case.name.startswith(f"{code} "))
    for case in cases:
        found = any(one.problem.code == code for one in checked(only, bare.tests, case).findings)
        if found != (code in {name.partition("@")[0] for name in case.expect}):
            return True
    return False
