"""How far a return is: by section and table, and as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from core.problems import Problem, Severity, grouped
from core.text import T, Text
from core.ui import Status
from reporting.models import Return
from reporting.queries import Opened
from reporting.rules.checking import Checked, Finding, open_questions
from reporting.rules.lifecycle import RETURN, State
from reporting.rules.prefill import unconfirmed
from reporting.web.lines import MISSING

TONES = {
    State.FILLING: ("info", "pencil"),
    State.RETURNED: ("bad", "undo-2"),
    State.AT_COUNTY: ("info", "eye"),
    State.AT_CITY: ("info", "eye"),
    State.AT_PROVINCE: ("info", "eye"),
    State.ACCEPTED: ("ok", "circle-check"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A section or a table in the list at the side."""

    code: str
    title: str
    url: str
    note: Text
    errors: int
    questions: int
    unconfirmed: int
    missing: int
    current: bool = False

    @property
    def tone(self) -> str:
        if self.errors:
            return "bad"
        if self.questions or self.unconfirmed:
            return "warn"
        return "muted" if self.missing else "ok"

    @property
    def icon(self) -> str:
        icons = {"bad": "circle-alert", "warn": "message-circle-question-mark", "ok": "circle-check"}
        return icons.get(self.tone, "circle")

    @property
    def waits(self) -> bool:
        return bool(self.errors or self.questions or self.unconfirmed or self.missing)


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole return in four numbers, and its parts."""

    errors: int
    questions: int
    unconfirmed: int
    missing: int
    parts: Sequence[Part]

    @property
    def blocking(self) -> int:
        """How many places keep it from being submitted."""
        return self.errors + self.questions + self.missing

    @property
    def all(self) -> int:
        return self.blocking + self.unconfirmed

    @property
    def submit_words(self) -> Text:
        return T("提交（还差 {n} 处）", n=self.blocking) if self.blocking else T("核对并提交")

    def following(self, current: str) -> Part | None:
        """The next part, after this one and round again, where something waits."""
        codes = [part.code for part in self.parts]
        start = codes.index(current) + 1 if current in codes else 0
        around = [*self.parts[start:], *self.parts[:start]]
        return next((part for part in around if part.waits), None)


def status_of(found: Return) -> Status:
    tone, icon = TONES[State(found.state)]
    if found.state == State.FILLING and found.started_at is None:
        return Status(T("未开始"), "muted", "circle")
    return Status(RETURN.title_of(found.state), tone, icon)


def is_missing(finding: Finding) -> bool:
    return finding.problem.code in MISSING


def standing(opened: Opened, checked: Checked, current: str = "") -> Standing:
    """Counted from checks on what is stored now."""
    errors = [f for f in checked.findings if f.problem.severity is Severity.ERROR]
    waiting = open_questions(checked.findings, opened.version.explanations)
    prefilled = set(unconfirmed(opened.version.sources))
    parts = _parts(opened, errors, waiting, prefilled, current)
    return Standing(
        errors=sum(1 for f in errors if not is_missing(f)),
        missing=sum(1 for f in errors if is_missing(f)),
        questions=len(waiting),
        unconfirmed=len(prefilled),
        parts=parts,
    )


def _parts(
    opened: Opened, errors: Sequence[Finding], waiting: Sequence[Finding], prefilled: set[str], current: str
) -> list[Part]:
    found = opened.of
    parts = []
    for section in opened.form.sections:
        entered = [one.code for one in section.fields if one.computed is None]
        codes = {one.code for one in section.fields}
        filled = sum(1 for code in entered if opened.values.get(code))
        mine = [f for f in errors if not f.table and f.problem.field in codes]
        parts.append(
            Part(
                section.code,
                section.title,
                reverse("reporting:section", args=[found.pk, section.code]),
                T("{filled} / {all} 项", filled=filled, all=len(entered)),
                errors=sum(1 for f in mine if not is_missing(f)),
                missing=sum(1 for f in mine if is_missing(f)),
                questions=sum(1 for f in waiting if not f.table and f.problem.field in codes),
                unconfirmed=len(codes & prefilled),
                current=section.code == current,
            )
        )
    for table in opened.form.tables:
        mine = [f for f in errors if f.table == table.code]
        parts.append(
            Part(
                table.code,
                table.title,
                reverse("reporting:table", args=[found.pk, table.code]),
                T("{n} 行", n=len(opened.rows.get(table.code, ()))),
                errors=sum(1 for f in mine if not is_missing(f)),
                missing=sum(1 for f in mine if is_missing(f)),
                questions=sum(1 for f in waiting if f.table == table.code),
                unconfirmed=0,
                current=table.code == current,
            )
        )
    return parts


def waiting_problems(opened: Opened, checked: Checked) -> list[Problem]:
    """What is to be mended or explained before submitting, and what is only said, equal ones once."""
    open_keys = {f.key for f in open_questions(checked.findings, opened.version.explanations)}
    return grouped(
        [
            f.problem
            for f in checked.findings
            if f.problem.severity is not Severity.EXPLAIN or f.key in open_keys
        ]
    )
