"""How far a return is, as pages show it: by section and table, and as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from core.problems import Problem, Severity, grouped
from core.text import T, Text
from core.ui import Status
from reporting.models import Return
from reporting.queries import Opened
from reporting.rules import progress
from reporting.rules.checking import Checked, open_questions
from reporting.rules.lifecycle import RETURN, State
from reporting.rules.prefill import unconfirmed

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
    """A section or a table in the list of what is to be filled: counts, address, state in a word."""

    of: progress.Part
    url: str
    current: bool = False

    @property
    def code(self) -> str:
        return self.of.code

    @property
    def title(self) -> Text | str:
        return self.of.title or T("整张报表")

    @property
    def note(self) -> Text:
        if self.of.kind is progress.Kind.TABLE:
            return T("{n} 行", n=self.of.total)
        if self.of.kind is progress.Kind.WHOLE:
            return T("各部分之间的核对")
        return T("{filled} / {all} 项", filled=self.of.filled, all=self.of.total)

    @property
    def status(self) -> Status:
        """The worst thing about it."""
        if self.of.errors:
            return Status(T("有错误"), "bad", "circle-alert")
        if self.of.questions:
            return Status(T("待说明"), "warn", "message-circle-question-mark")
        if self.of.is_untouched:
            return Status(T("未开始"), "muted", "circle")
        if self.of.missing:
            return Status(T("填报中"), "info", "pencil")
        if self.of.unconfirmed:
            return Status(T("待确认"), "warn", "history")
        return Status(T("已填完"), "ok", "circle-check")

    @property
    def waits(self) -> int:
        """How many places are to be looked at."""
        return self.of.blocking + self.of.unconfirmed


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole return in four numbers, and its parts."""

    of: progress.Progress
    parts: Sequence[Part]

    @property
    def errors(self) -> int:
        return self.of.errors

    @property
    def questions(self) -> int:
        return self.of.questions

    @property
    def unconfirmed(self) -> int:
        return self.of.unconfirmed

    @property
    def missing(self) -> int:
        return self.of.missing

    @property
    def blocking(self) -> int:
        """How many places keep it from being submitted."""
        return self.of.blocking

    @property
    def done(self) -> int:
        return sum(1 for part in self.parts if not part.waits)

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


def standing(opened: Opened, checked: Checked, current: str = "") -> Standing:
    """Counted from checks on what is stored now."""
    version = opened.version
    found = progress.progress_of(
        opened.form,
        opened.values,
        opened.rows,
        checked.findings,
        explanations=version.explanations,
        unconfirmed=unconfirmed(version.sources),
    )
    parts = [Part(part, _address(opened.of, part), part.code == current) for part in found.parts]
    return Standing(found, parts)


def _address(found: Return, part: progress.Part) -> str:
    if part.kind is progress.Kind.WHOLE:
        return reverse("reporting:return", args=[found.pk])
    name = "section" if part.kind is progress.Kind.SECTION else "table"
    return reverse(f"reporting:{name}", args=[found.pk, part.code])


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
