"""A form's own tests: each case checked as a return is, and which checks no case shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest

from core.expressions import compile_expression
from reporting.rules.checking import Checked, Finding, TableRow, check
from reporting.rules.form import Check, Field, Form, FormCase, FormTests, Table
from reporting.rules.form_reading import PREFIXES

VARIANCE = "variance"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case as it came out: `missing` was expected and not found, `surplus` found and not expected."""

    case: FormCase
    found: tuple[str, ...]
    missing: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.missing and not self.surplus


@dataclass(frozen=True, slots=True)
class Shown:
    """Of one check: whether a case raises it, and whether one meets it and is in order."""

    code: str
    message: str
    raised: bool
    kept: bool

    @property
    def whole(self) -> bool:
        return self.raised and self.kept


def label(finding: Finding) -> str:
    """A finding as a case names it: its rule and where it is shown, `K1@area_total`."""
    problem = finding.problem
    return f"{problem.code}@{problem.field}" if problem.field else problem.code


def outcomes(form: Form) -> list[Outcome]:
    """Every case of a form's tests, in their order; none where a form has no tests."""
    return [_outcome(form, form.tests, case) for case in form.tests.cases] if form.tests else []


def shown(form: Form) -> list[Shown]:
    """Every check, row check and variance, with whether the cases show both of its answers."""
    if form.tests is None:
        return []
    cases = [checked(form, form.tests, case) for case in form.tests.cases]
    raised = {name for one in cases for name in _names(one.findings)}
    opposite = negated(form)
    kept = {
        finding.problem.code
        for case in form.tests.cases
        for finding in checked(opposite, form.tests, case).findings
    }
    checks: list[Check] = [*form.checks, *(one for table in form.tables for one in table.row_checks)]
    answer = [Shown(one.code, one.message, one.code in raised, one.code in kept) for one in checks]
    return answer + _variances(form, cases, raised)


def checked(form: Form, tests: FormTests, case: FormCase) -> Checked:
    """What the checks say of the sound return with the differences of this case."""
    values = _laid(tests.sound.values, case.values)
    last = _laid(tests.sound.last, case.last)
    rows = {table.code: _rows(table, tests, case) for table in form.tables}
    return check(form, values, rows, last, tests.year, registry=tests.registry)


def negated(form: Form) -> Form:
    """The form with each of its checks turned round: what it finds was met, and in order."""

    def turned(one: Check) -> Check:
        return replace(one, check=compile_expression(f"not ({one.check.source})", prefixes=PREFIXES))

    tables = tuple(
        replace(table, row_checks=tuple(turned(one) for one in table.row_checks)) for table in form.tables
    )
    return replace(form, checks=tuple(turned(one) for one in form.checks), tables=tables)


def _outcome(form: Form, tests: FormTests, case: FormCase) -> Outcome:
    findings = checked(form, tests, case).findings
    found = tuple(dict.fromkeys(label(one) for one in findings))
    names = _names(findings)
    missing = tuple(one for one in case.expect if one not in names)
    expected = set(case.expect)
    surplus = tuple(one for one in found if not expected & {one, one.partition("@")[0]})
    return Outcome(case, found, missing, surplus)


def _names(findings: Iterable[Finding]) -> set[str]:
    """All names by which a case may expect these findings."""
    return {name for one in findings for name in (one.problem.code, label(one))}


def _variances(form: Form, cases: Sequence[Checked], raised: set[str]) -> list[Shown]:
    """The rule of all fields, then that of each field which has its own."""

    def compared(one: Field, answer: Checked) -> bool:
        """Whether both years are there and nothing was asked."""
        both = (answer.values.get(one.code), answer.values.get(f"prev.{one.code}"))
        asked = f"{VARIANCE}@{one.code}" in _names(answer.findings)
        return all(isinstance(value, Decimal) for value in both) and not asked

    def about(code: str, message: str, fields: Sequence[Field]) -> Shown:
        kept = any(compared(one, answer) for one in fields for answer in cases)
        return Shown(code, message, any(f"{VARIANCE}@{one.code}" in raised for one in fields), kept)

    answer = []
    if form.variance is not None:
        without = form.variance.without
        usual = [
            one
            for one in form.fields
            if one.is_numeric and not one.variance and not one.computed and one.code not in without
        ]
        answer.append(about(VARIANCE, "", usual))
    own = [one for one in form.fields if one.variance is not None]
    return answer + [about(f"{VARIANCE}@{one.code}", one.title, [one]) for one in own]


def _laid(below: Mapping[str, str], over: Mapping[str, str]) -> dict[str, str]:
    """Texts laid over others; an empty one takes away."""
    return {code: str(text) for code, text in {**below, **over}.items() if text}


def _rows(table: Table, tests: FormTests, case: FormCase) -> list[TableRow]:
    """The rows of a table as the case has them; a row under no key has `~N` for one."""
    sound = () if table.code in case.without else tests.sound.rows.get(table.code, ())
    nothing: Mapping[str, str] = {}
    pairs = zip_longest(sound, case.rows.get(table.code, ()), fillvalue=nothing)
    answer = []
    for number, (below, over) in enumerate(pairs, start=1):
        values = _laid(below, over)
        answer.append(TableRow(values.get(table.key, f"~{number}"), values, number))
    return answer
