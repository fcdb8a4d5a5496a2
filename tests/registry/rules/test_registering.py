"""What an application says, and everything that can be wrong with it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Severity
from registry.rules import registering
from registry.rules.registering import EVIDENCE, ITEMS, Place, cleaned, faults
from tests.registry.world import credit_code

TODAY = date(2026, 3, 18)
COUNTY = Place("河湾区", "county", ("county", "city", "province"))
REQUIRED = frozenset(kind.code for kind in EVIDENCE if kind.required)
GOOD = {
    "credit_code": credit_code(77), "operator_name": "新港运营有限公司", "operator_address": "河湾区一号",
    "legal_person": "法人甲", "name": "新港科技企业孵化器", "renamed": "no", "kind": "incubator",
    "carrier_class": "comprehensive", "region": "990502", "address": "河湾区新港路 1 号",
    "area_total": "3200", "area_tenants": "2400", "opened_on": "2024-05-06", "tenure": "owned",
    "manager": "负责人甲", "staff_total": "8", "contact": "联系人甲", "phone": "0990-5550001",
}  # fmt: skip


def found(place: Place | None = COUNTY, evidence: frozenset[str] = REQUIRED, **changes: str) -> list[tuple]:
    problems = faults({**GOOD, **changes}, evidence=evidence, place=place, today=TODAY)
    return [(problem.code, problem.field) for problem in problems]


def test_a_good_application_has_no_problem() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"credit_code": credit_code(77)[:17] + "0"}, "credit_code.check", "credit_code"),
        ({"credit_code": "9199"}, "credit_code.length", "credit_code"),
        ({"name": ""}, "fact.missing", "name"),
        ({"name": "名" * 101}, "fact.long", "name"),
        ({"kind": "hotel"}, "fact.choice", "kind"),
        ({"carrier_class": "specialised"}, "carrier.field", "field"),
        ({"renamed": "yes", "former_name": "新港科技企业孵化器"}, "carrier.same_name", "former_name"),
        ({"area_total": "0"}, "fact.positive", "area_total"),
        ({"area_total": "-5"}, "fact.positive", "area_total"),
        ({"area_total": "三千"}, "fact.number", "area_total"),
        ({"area_total": "99999999"}, "fact.large", "area_total"),
        ({"area_total": "3200.555"}, "fact.places", "area_total"),
        ({"area_tenants": "3200.01"}, "carrier.area", "area_tenants"),
        ({"opened_on": "2026-03-19"}, "date.future", "opened_on"),
        ({"opened_on": "去年"}, "fact.date", "opened_on"),
        ({"opened_on": "2025-02-30"}, "fact.date", "opened_on"),
        ({"tenure": "leased"}, "carrier.lease", "lease_until"),
        ({"tenure": "leased", "lease_until": "2026-03-18"}, "carrier.lease_over", "lease_until"),
        ({"staff_total": "2.5"}, "fact.count", "staff_total"),
        ({"phone": "12345"}, "fact.phone", "phone"),
        ({"email": "nobody"}, "fact.email", "email"),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_item(changes: dict[str, str], code: str, field: str) -> None:
    assert (code, field) in found(**changes)


def test_who_was_renamed_gives_both_names_and_the_document() -> None:
    assert found(renamed="yes") == [("carrier.former_name", "former_name"), ("evidence.missing", "former")]
    assert found(renamed="yes", former_name="旧港孵化器", evidence=REQUIRED | {"former"}) == []


def test_all_problems_come_at_once_in_the_order_of_the_form() -> None:
    problems = faults({}, evidence=(), place=None, today=TODAY)
    required = [item.code for item in ITEMS if item.required] + [one.code for one in EVIDENCE if one.required]
    assert [problem.field for problem in problems] == required


@pytest.mark.parametrize("written", [str.lower, lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code)])
def test_a_code_in_other_letters_is_right_and_offered_corrected(written: object) -> None:
    given = written(GOOD["credit_code"])  # type: ignore[operator]
    (only,) = faults({**GOOD, "credit_code": given}, evidence=REQUIRED, place=COUNTY, today=TODAY)
    assert (only.severity, only.field) == (Severity.NOTE, "credit_code")
    assert GOOD["credit_code"] in str(only.message)


def test_a_wrong_check_character_says_the_right_one() -> None:
    wrong = GOOD["credit_code"][:17] + ("0" if GOOD["credit_code"][17] != "0" else "1")
    (only,) = faults({**GOOD, "credit_code": wrong}, evidence=REQUIRED, place=COUNTY, today=TODAY)
    assert GOOD["credit_code"] in str(only.fix)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (None, "region.unknown"),
        (Place("示例省", "province", ("province",)), "region.unknown"),
        (Place("老区", "county", ("county", "city", "province"), date(2025, 6, 1)), "region.ended"),
    ],
)
def test_a_region_must_be_one_that_is(place: Place | None, code: str) -> None:
    assert found(place) == [(code, "region")]


@given(st.dictionaries(st.sampled_from([item.code for item in ITEMS]), st.text(max_size=60)))
def test_whatever_is_typed_is_kept_and_checked(typed: dict[str, str]) -> None:
    kept = cleaned(typed)
    assert set(kept) == set(typed)
    assert all(registering.is_item(problem.field) for problem in faults(
        kept, evidence=(), place=COUNTY, today=TODAY
    ))  # fmt: skip


def test_what_is_no_item_is_not_kept() -> None:
    assert cleaned({"name": " 甲 \x00", "state": "registered"}) == {"name": "甲"}
