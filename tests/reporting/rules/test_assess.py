"""A whole upload beside the draft, as properties: the same file again changes nothing and says the same."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import credit_check_character
from core.problems import Problem, Severity
from reporting.rules.assess import Assessed, Draft, assess, outcome_of
from reporting.rules.checking import TableRow
from reporting.rules.form_reading import load_form
from reporting.rules.merge import applied
from reporting.rules.reading import Reading, ReadTable

FORM = load_form(Path(__file__).parents[1].joinpath("form.yaml").read_text(encoding="utf-8"))
ROSTER = FORM.table("roster")
COLUMNS = {column.code: at for at, column in enumerate(ROSTER.columns, start=1)}
CODES = [f"91990000MA{n:07d}" + credit_check_character(f"91990000MA{n:07d}") for n in range(6)]

ROW = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["甲", "乙"]),
        "credit_code": st.sampled_from(CODES),
        "founded": st.sampled_from(["2020-01-01", "2024-01-01"]),
        "entered": st.sampled_from(["2019-06-01", "2024-06-01"]),
    },
    optional={"revenue": st.sampled_from(["1", "2.5"])},
)
TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "area_total": st.sampled_from(["100", "200", ""]),
        "area_tenants": st.sampled_from(["50", "150", ""]),
        "tenants_reported": st.sampled_from(["0", "1", "2"]),
    },
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    rows = {row["credit_code"]: row for row in draw(st.lists(ROW, max_size=5))}
    stored = [TableRow(code, row, number) for number, (code, row) in enumerate(rows.items(), start=1)]
    values = {code: text for code, text in draw(TEXTS).items() if text}
    return Draft(values, {"roster": stored}, {}, {}, {}, 2025)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    rows = draw(st.lists(ROW, max_size=6))
    bad = draw(st.sets(st.integers(2, 7), max_size=2))
    read = ReadTable("在孵企业名单", COLUMNS)
    read.rows = [TableRow(row["credit_code"], row, number) for number, row in enumerate(rows, start=2)]
    read.bad = {number for number in bad if number < len(rows) + 2}
    problems = [Problem("cell.number", "不是数值", place=f"在孵企业名单!F{number}") for number in read.bad]
    return Reading(texts=draw(TEXTS), tables={"roster": read}, problems=problems)


def written(draft: Draft, found: Assessed, leaving: bool) -> Draft:
    """The draft after the file was applied."""
    values = {**draft.values, **{code: new for code, _old, new in found.fields}}
    rows = {"roster": applied(draft.rows["roster"], found.tables["roster"], leaving)}
    kept = {code: text for code, text in values.items() if text}
    return Draft(kept, rows, {}, {}, {}, 2025)


@settings(max_examples=60)
@given(draft=drafts(), reading=readings(), leaving=st.booleans())
def test_a_second_import_changes_nothing_and_finds_the_same(
    draft: Draft, reading: Reading, leaving: bool
) -> None:
    once = assess(FORM, draft, reading)
    again = assess(FORM, written(draft, once, leaving), reading)
    assert again.changes_nothing
    assert again.outcome == once.outcome and again.problems == once.problems


@settings(max_examples=60)
@given(draft=drafts(), reading=readings())
def test_a_check_changes_nothing_and_two_checks_agree(draft: Draft, reading: Reading) -> None:
    before = repr(draft), repr(reading)
    one, two = assess(FORM, draft, reading), assess(FORM, draft, reading)
    assert (repr(draft), repr(reading)) == before
    assert (one.fields, one.counts, one.problems) == (two.fields, two.counts, two.problems)


@given(draft=drafts(), reading=readings())
def test_no_row_with_an_error_gets_in(draft: Draft, reading: Reading) -> None:
    found = assess(FORM, draft, reading)
    for row in (*found.tables["roster"].new, *found.tables["roster"].changed):
        assert row.values["entered"] >= row.values["founded"]
        assert row.number not in reading.tables["roster"].bad


def test_the_outcome_is_that_of_the_gravest_problem() -> None:
    def problem(severity: Severity) -> Problem:
        return Problem("x", "x", severity=severity)

    assert outcome_of([]) == outcome_of([problem(Severity.NOTE)]) == "accepted"
    assert outcome_of([problem(Severity.NOTE), problem(Severity.EXPLAIN)]) == "accepted_with_questions"
    assert outcome_of([problem(Severity.EXPLAIN), problem(Severity.ERROR)]) == "partly"
