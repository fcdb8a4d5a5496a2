"""The demo's returns: what the loader writes is what the checks work out, and nothing in them is wrong."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from core.problems import Severity
from portal.demo.filings import filing
from portal.demo.plan import CarrierPlan, carriers, fill
from portal.demo.sizes import CITY_WEIGHTS, YEAR, sizes
from reporting.rules.checking import Checked, TableRow, check
from reporting.rules.form import Form
from reporting.rules.form_reading import load_form

FORMS = Path(__file__).parents[3] / "reporting" / "forms"
COUNTIES = [[f"99{city:02}01"] for city in range(1, len(CITY_WEIGHTS) + 1)]


@pytest.fixture(scope="module")
def plans() -> list[CarrierPlan]:
    size, rng = sizes(60), random.Random(2021)
    found = carriers(rng, size, COUNTIES)
    fill(rng, found, size)
    return found


def form_of(plan: CarrierPlan, year: int) -> Form:
    name = "incubator-annual" if plan.is_incubator else "makerspace-annual"
    return load_form(FORMS.joinpath(f"{name}{'' if year <= YEAR else '-2'}.yaml").read_bytes())


def filed(plan: CarrierPlan, year: int) -> tuple[Form, dict[str, Decimal], Checked]:
    """The form, the numbers that the loader writes, and the return as checked."""
    form = form_of(plan, year)
    made = filing(plan, year, 20, version=form.version)
    rows = {
        table: [TableRow(key, row, at) for at, (key, row) in enumerate(found, start=1)]
        for table, found in made.rows.items()
    }
    return form, made.numbers, check(form, made.values, rows, {}, year)


@pytest.mark.parametrize("year", [YEAR - 2, YEAR, YEAR + 1])
def test_the_numbers_written_are_those_that_the_form_works_out(plans: list[CarrierPlan], year: int) -> None:
    for plan in plans[::7]:
        form, numbers, checked = filed(plan, year)
        codes = [*(one.code for one in form.fields), *(total.code for total in form.totals)]
        worked = {code: value for code in codes if isinstance(value := checked.values.get(code), Decimal)}
        assert numbers == worked, plan.number


@pytest.mark.parametrize("year", [YEAR - 2, YEAR, YEAR + 1])
def test_nothing_in_a_return_is_wrong(plans: list[CarrierPlan], year: int) -> None:
    for plan in plans:
        _, _, checked = filed(plan, year)
        wrong = [p for p in checked.problems if p.severity is Severity.ERROR]
        assert [(plan.number, p.code, p.place, p.found) for p in wrong[:3]] == []
        whole = {p.code for p in checked.problems if p.severity is Severity.EXPLAIN} - {
            "R4",
            "R5",
            "K9",
            "K10",
        }
        assert whole == set(), (plan.number, whole)


def test_every_field_that_a_form_asks_for_is_filled(plans: list[CarrierPlan]) -> None:
    for plan in (plans[0], plans[-1]):
        for year in (YEAR, YEAR + 1):
            form = form_of(plan, year)
            values = filing(plan, year, 20, version=form.version).values
            asked = [one.code for one in form.fields if one.computed is None and one.code != "note"]
            assert [code for code in values if code in asked] == asked
