"""Checks on a return: each on its edge; what is missing skips a check, `required` is what reports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from core.problems import Problem, Severity
from reporting.rules.checking import Checked, TableRow, check, check_return, live_explanations, open_questions
from reporting.rules.form_reading import load_form

SOURCE = Path(__file__).parents[1].joinpath("form.yaml").read_text(encoding="utf-8")
FORM = load_form(SOURCE)
CODE = "91990000MA0000001X"


def row(number: int = 1, **values: str) -> TableRow:
    return TableRow(values.get("credit_code", f"~{number}"), values, number)


def run(
    values: Mapping[str, str], rows: Sequence[TableRow] = (), last: Mapping[str, str] | None = None
) -> Checked:
    return check(FORM, values, {"roster": rows}, last or {}, 2025)


def problems(
    values: Mapping[str, str], rows: Sequence[TableRow] = (), last: Mapping[str, str] | None = None
) -> list[Problem]:
    return check_return(FORM, values, {"roster": rows}, last or {}, 2025)


def codes(
    values: Mapping[str, str], rows: Sequence[TableRow] = (), last: Mapping[str, str] | None = None
) -> list[str]:
    return [problem.code for problem in problems(values, rows, last)]


SOUND = {"area_total": "100"}


def test_an_empty_return_misses_only_what_is_required() -> None:
    assert [(p.code, p.field, p.place) for p in problems({})] == [
        ("cell.required", "area_total", "场地 · 孵化场地总面积")
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", []),
        ("-0.01", ["cell.min"]),
        ("1.25", []),
        ("1.255", ["cell.places"]),
        ("１,０００", []),
        ("x", ["cell.number"]),
    ],
)
def test_bounds_places_and_types_of_a_field(value: str, expected: list[str]) -> None:
    assert codes({"area_total": value}) == expected


def test_a_part_is_never_above_its_whole() -> None:
    assert codes({"area_total": "100", "area_tenants": "100"}) == []
    (problem,) = problems({"area_total": "100", "area_tenants": "100.01"})
    assert (problem.code, problem.field, problem.found) == ("of", "area_tenants", "100.01")


def test_a_check_that_meets_a_missing_value_is_skipped() -> None:
    assert codes({"area_total": "100", "area_tenants": "60", "area_service": "41"}) == ["K1"]
    assert codes({"area_total": "100", "area_service": "41"}) == []
    assert codes(SOUND) == []  # no tenants were reported: K2 is skipped, though the roster counts 0


def test_coalesce_is_no_missing_value() -> None:
    whole = "area_tenants + area_service <= area_total"
    text = SOURCE.replace(whole, '"coalesce(area_tenants, 0) + coalesce(area_service, 0) <= area_total"')
    found = check_return(load_form(text), {"area_total": "1", "area_service": "2"}, {}, {}, 2025)
    assert [problem.code for problem in found] == ["of", "K1"]


def test_a_check_is_shown_at_its_fields_with_what_was_found_in_peoples_words() -> None:
    (problem,) = problems({"area_total": "100", "area_tenants": "60", "area_service": "41"})
    assert problem.place == "场地 · 在孵企业使用面积" and problem.fix == "核对场地各项"
    assert problem.found == "在孵企业使用面积 60；服务面积 41；孵化场地总面积 100"
    assert problem.allowed == "在孵企业使用面积 + 服务面积 ≤ 孵化场地总面积"


def test_computed_values_totals_and_last_years_values_are_there_for_checks() -> None:
    rows = [
        row(1, credit_code="A", revenue="10.5", high_tech="true"),
        row(2, credit_code="B", revenue="2", high_tech="否"),
        row(3, credit_code="C"),
    ]
    checked = run({"area_total": "300", "area_tenants": "100"}, rows, {"area_total": "90", "tenants": "7"})
    values = checked.values
    assert checked.computed_text("use_rate") == "33.33"
    assert (values["tenants"], values["high_tech_tenants"], values["tenant_revenue"]) == (
        3,
        1,
        Decimal("12.5"),
    )
    assert (values["prev.area_total"], values["prev.tenants"]) == (90, 7)


def test_a_sum_is_zero_without_rows_and_missing_when_all_rows_miss_it() -> None:
    assert run(SOUND).values["tenant_revenue"] == 0
    assert run(SOUND, [row(1), row(2)]).values["tenant_revenue"] is None


def test_a_computed_value_that_cannot_be_is_missing() -> None:
    assert run({"area_total": "0", "area_tenants": "0"}).computed_text("use_rate") == ""


def rows_of(**values: str) -> list[TableRow]:
    sound = {"name": "甲", "credit_code": CODE, "founded": "2024-01-10", "entered": "2024-06-01"}
    return [row(1, **{**sound, **values})]


def test_a_row_check_names_row_and_cell() -> None:
    (problem,) = [p for p in problems(SOUND, rows_of(entered="2019-01-01")) if p.code == "R1"]
    assert (problem.place, problem.field, problem.title, problem.found) == (
        "在孵企业名单 第 1 行 · 入驻日期",
        "entered",
        "入驻日期",
        "2019-01-01",
    )
    assert problem.allowed == "入驻日期 ≥ 成立日期"
    assert "R1" not in codes(SOUND, rows_of(entered="2024-01-10"))
    assert "R1" not in codes(SOUND, rows_of(founded=""))


def test_add_months_year_date_and_year_end_stand_in_row_checks() -> None:
    text = SOURCE.replace(
        "entered >= founded", '"entered <= add_months(founded, 24) and entered <= year_end"'
    )
    found = load_form(text)

    def hit(**values: str) -> bool:
        answer = check_return(found, SOUND, {"roster": rows_of(**values)}, {}, 2025)
        return "R1" in {problem.code for problem in answer}

    assert not hit(founded="2023-12-31", entered="2025-12-31")
    assert hit(founded="2023-12-30", entered="2025-12-31")
    assert hit(founded="2025-12-01", entered="2026-01-01")


def test_too_many_rows_and_doubled_keys() -> None:
    small = load_form(SOURCE.replace("max_rows: 5000", "max_rows: 1"))
    rows = [*rows_of(), TableRow("x", rows_of()[0].values, 2)]
    found = check_return(small, SOUND, {"roster": rows}, {}, 2025)
    assert {"table.rows", "row.twice"} <= {problem.code for problem in found}


@pytest.mark.parametrize(
    ("now", "before", "asked"),
    [
        ("160", "100", True),  # both bounds are passed
        ("150", "100", False),  # half is not more than half
        ("151", "100", True),
        ("49", "100", True),
        ("50", "100", False),
        ("19", "10", False),  # nine is less than ten, however large the share
        ("20", "10", True),
        ("10", "0", True),
        ("9", "0", False),
        ("0", "0", False),
    ],
)
def test_variance_asks_when_both_bounds_are_passed(now: str, before: str, asked: bool) -> None:
    found = codes({"area_total": "1000", "area_service": now}, last={"area_service": before})
    assert found == (["variance"] if asked else [])


def test_variance_of_a_field_wins_over_that_of_the_form() -> None:
    one = "code: area_service, title: 服务面积, "
    own = SOURCE.replace(one, one + "variance: {share: 0.1, at_least: 1, severity: note}, ")
    (problem,) = check_return(
        load_form(own), {"area_total": "1000", "area_service": "112"}, {}, {"area_service": "100"}, 2025
    )
    assert (problem.code, problem.severity) == ("variance", Severity.NOTE)
    assert problem.found == "本年 112，上年 100，变动 12%"


def test_an_excepted_field_and_a_new_carrier_are_not_asked() -> None:
    assert codes({"area_total": "1000"}, last={"area_total": "1"}) == []
    assert codes({"area_total": "1000", "area_service": "500"}) == []


def test_a_question_is_closed_by_a_reason_for_just_this_value() -> None:
    checked = run({**SOUND, "tenants_reported": "3"})
    (finding,) = checked.findings
    reasons = {finding.key: {"reason": "scope", "text": "口径", "found": finding.problem.found}}
    assert open_questions(checked.findings, reasons) == []
    assert live_explanations(checked.findings, reasons) == reasons
    other = run({**SOUND, "tenants_reported": "4"})
    assert open_questions(other.findings, reasons) == other.findings
    assert live_explanations(other.findings, reasons) == {}


def test_what_the_register_says_is_there_for_checks() -> None:
    text = SOURCE.replace(
        "tenants_reported == tenants,", "level == 'national' or tenants_reported == tenants,"
    )
    form, values = load_form(text), {**SOUND, "tenants_reported": "3"}
    assert [p.code for p in check_return(form, values, {}, {}, 2025, registry={"level": "city"})] == ["K2"]
    assert check_return(form, values, {}, {}, 2025, registry={"level": "national"}) == []
