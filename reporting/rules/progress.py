"""How far a return is, part by part: counted from what is stored and what the checks found. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.problems import Severity
from reporting.rules.checking import Finding, TableRow, open_questions
from reporting.rules.form import Form

MISSING = frozenset({"cell.required", "row.key"})
_OVERFULL = "table.rows:"


class Kind(StrEnum):
    """What a part is: a section of fields, a table of rows, or the checks that belong to neither."""

    SECTION = "section"
    TABLE = "table"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Part:
    """A section: `filled` of the `total` fields that can be entered. A table: `filled` of its `total` rows
    wait for nothing. `missing` are required and empty, `back` were sent back and are as they were."""

    kind: Kind
    code: str
    title: str
    filled: int = 0
    total: int = 0
    errors: int = 0
    missing: int = 0
    questions: int = 0
    unconfirmed: int = 0
    back: int = 0

    @property
    def is_untouched(self) -> bool:
        """Nothing is in it yet."""
        return self.kind is not Kind.WHOLE and not (self.total if self.kind is Kind.TABLE else self.filled)

    @property
    def blocking(self) -> int:
        """How many places of it keep the return from being submitted."""
        return self.errors + self.missing + self.questions


@dataclass(frozen=True, slots=True)
class Progress:
    """The parts in the form's order; what belongs to none stands last, only when there is something."""

    parts: tuple[Part, ...]

    @property
    def filled(self) -> int:
        return sum(part.filled for part in self.parts if part.kind is Kind.SECTION)

    @property
    def total(self) -> int:
        return sum(part.total for part in self.parts if part.kind is Kind.SECTION)

    @property
    def rows(self) -> int:
        return sum(part.total for part in self.parts if part.kind is Kind.TABLE)

    @property
    def errors(self) -> int:
        return sum(part.errors for part in self.parts)

    @property
    def missing(self) -> int:
        return sum(part.missing for part in self.parts)

    @property
    def questions(self) -> int:
        return sum(part.questions for part in self.parts)

    @property
    def unconfirmed(self) -> int:
        return sum(part.unconfirmed for part in self.parts)

    @property
    def blocking(self) -> int:
        return sum(part.blocking for part in self.parts)


def homes_of(form: Form) -> dict[str, str]:
    """The part in which a field, a total or a table itself stands, by its code."""
    homes = {one.code: one.section for one in form.fields}
    homes.update({total.code: table.code for table in form.tables for total in table.totals})
    return homes | {table.code: table.code for table in form.tables}


def progress_of(
    form: Form,
    values: Mapping[str, str],
    rows: Mapping[str, Sequence[TableRow]],
    findings: Sequence[Finding],
    *,
    explanations: Mapping[str, Mapping[str, str]],
    unconfirmed: Collection[str] = (),
    back: Collection[str] = (),
) -> Progress:
    """Every part with its counts; a finding is counted once, where it is to be mended."""
    homes = homes_of(form)
    waiting = open_questions(findings, explanations)
    errors = [one for one in findings if one.problem.severity is Severity.ERROR]
    counts = {
        "errors": _by_home(homes, (one for one in errors if one.problem.code not in MISSING)),
        "missing": _by_home(homes, (one for one in errors if one.problem.code in MISSING)),
        "questions": _by_home(homes, waiting),
        "unconfirmed": Counter(homes.get(code, "") for code in unconfirmed),
        "back": Counter(homes.get(code, "") for code in back),
    }
    stained = {(one.table, one.row) for one in (*errors, *waiting) if one.table}

    def part(kind: Kind, code: str, title: str, filled: int = 0, total: int = 0) -> Part:
        return Part(kind, code, title, filled, total, **{name: count[code] for name, count in counts.items()})

    parts = []
    for section in form.sections:
        entered = [one.code for one in section.fields if one.computed is None]
        filled = sum(1 for code in entered if values.get(code))
        parts.append(part(Kind.SECTION, section.code, section.title, filled, len(entered)))
    for table in form.tables:
        mine = rows.get(table.code, ())
        clean = sum(1 for row in mine if (table.code, row.key) not in stained)
        parts.append(part(Kind.TABLE, table.code, table.title, clean, len(mine)))
    rest = part(Kind.WHOLE, "", "")
    return Progress((*parts, rest) if rest.blocking or rest.back else tuple(parts))


def _by_home(homes: Mapping[str, str], findings: Iterable[Finding]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in findings:
        if one.key.startswith(_OVERFULL):
            found[one.key.removeprefix(_OVERFULL)] += 1
        else:
            found[one.table or homes.get(one.problem.field, "")] += 1
    return found
