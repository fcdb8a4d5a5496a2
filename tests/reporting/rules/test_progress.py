"""How far a return is: every finding is counted once, at the part where it is to be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reporting.rules.checking import TableRow, check
from reporting.rules.form_reading import load_form
from reporting.rules.progress import Kind, Part, Progress, progress_of
from tests.reporting.conftest import FORM, SOUND, TENANTS

LOADED = load_form(FORM)
ROWS = [TableRow(values["credit_code"], values, at) for at, values in enumerate(TENANTS, start=1)]
NOTHING: Mapping[str, Mapping[str, str]] = {}


def progress(values: Mapping[str, str], rows: Sequence[TableRow] = (), **more: object) -> Progress:
    checked = check(LOADED, values, {"roster": rows}, {}, 2025)
    given = {"explanations": NOTHING, **more}
    return progress_of(LOADED, values, {"roster": rows}, checked.findings, **given)  # type: ignore[arg-type]


def parts(found: Progress) -> dict[str, Part]:
    return {part.code: part for part in found.parts}


def test_an_empty_return_lacks_what_is_required() -> None:
    found = progress({})
    site, roster = found.parts
    assert (site.filled, site.total, site.missing, site.errors) == (0, 5, 1, 0)
    assert (roster.kind, roster.filled, roster.total) == (Kind.TABLE, 0, 0)
    assert site.is_untouched and roster.is_untouched
    assert (found.filled, found.total, found.rows, found.blocking) == (0, 5, 0, 1)


def test_computed_fields_are_not_to_be_filled() -> None:
    found = progress({**SOUND, "operator_note": "无"}, ROWS)
    assert (found.filled, found.total, found.blocking) == (5, 5, 0)
    assert [part.filled for part in found.parts] == [5, 2]


def test_errors_and_questions_stand_at_their_part() -> None:
    found = progress({**SOUND, "area_service": "4000", "tenants_reported": "9"}, ROWS)
    site = parts(found)["site"]
    assert (site.errors, site.questions, site.missing) == (1, 1, 0)
    assert (found.errors, found.questions, found.blocking) == (1, 1, 2)


def test_a_question_with_its_reason_waits_no_more() -> None:
    values = {**SOUND, "tenants_reported": "9"}
    (finding,) = check(LOADED, values, {"roster": ROWS}, {}, 2025).findings
    reason = {finding.key: {"reason": "real", "text": "含预孵", "found": finding.problem.found}}
    assert progress(values, ROWS, explanations=reason).questions == 0


def test_a_row_with_a_fault_is_not_counted_as_clean() -> None:
    late = {**TENANTS[0], "entered": "2020-01-01"}
    nameless = {**TENANTS[1], "name": ""}
    rows = [
        TableRow("a", late, 1),
        TableRow("b", nameless, 2),
        TableRow("c", TENANTS[0] | {"credit_code": ""}, 3),
    ]
    roster = parts(progress(SOUND, rows))["roster"]
    assert (roster.filled, roster.total) == (0, 3)
    assert (roster.errors, roster.missing) == (1, 2)


def test_too_many_rows_is_a_fault_of_the_table() -> None:
    small = load_form(FORM.replace("max_rows: 5000", "max_rows: 1"))
    checked = check(small, SOUND, {"roster": ROWS}, {}, 2025)
    found = progress_of(small, SOUND, {"roster": ROWS}, checked.findings, explanations=NOTHING)
    assert parts(found)["roster"].errors == 1 and len(found.parts) == 2


def test_what_belongs_to_no_part_has_a_row_of_its_own() -> None:
    of_last_year = load_form(FORM.replace("check: tenants_reported == tenants", "check: prev.tenants > 5"))
    checked = check(of_last_year, SOUND, {"roster": ROWS}, {"tenants": "2"}, 2025)
    found = progress_of(of_last_year, SOUND, {"roster": ROWS}, checked.findings, explanations=NOTHING)
    assert found.parts[-1].kind is Kind.WHOLE and found.parts[-1].questions == 1 == found.questions


def test_prefilled_and_sent_back_are_counted_by_part() -> None:
    found = progress(SOUND, ROWS, unconfirmed=["area_total"], back=["area_total", "tenant_revenue", "roster"])
    assert (parts(found)["site"].unconfirmed, parts(found)["site"].back) == (1, 1)
    assert parts(found)["roster"].back == 2 and found.unconfirmed == 1
