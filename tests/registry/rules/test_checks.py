"""What facts of the register must look like."""

from __future__ import annotations

from datetime import date

from registry.rules import checks

TODAY = date(2026, 3, 18)


def test_a_specialised_carrier_names_its_field_and_every_change_its_document() -> None:
    found = list(checks.faults(carrier_class="specialised", field="", basis=" "))
    assert [problem.code for problem in found] == ["carrier.field", "carrier.basis"]
    assert list(checks.faults(carrier_class="specialised", field="bio", basis="文件")) == []
    assert list(checks.faults(carrier_class="comprehensive", field="", basis="文件")) == []


def test_what_is_recorded_has_happened() -> None:
    assert checks.date_faults(TODAY, TODAY) == []
    assert [p.code for p in checks.date_faults(date(2026, 3, 19), TODAY)] == ["date.future"]


def test_nobody_enters_before_being_founded() -> None:
    found = checks.stay_faults(founded=date(2025, 1, 1), entered=date(2024, 12, 31), today=TODAY)
    assert [(p.code, p.field) for p in found] == [("stay.founded", "entered")]
    assert checks.stay_faults(founded=date(2025, 1, 1), entered=date(2025, 1, 1), today=TODAY) == []
    assert checks.stay_faults(founded=None, entered=date(2025, 1, 1), today=TODAY) == []
