"""Lines of a form as pages show them: value, last year, change, source, state, what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from core import formats
from core.columns import NUMERIC, Column, ColumnType
from core.http import said
from core.problems import Problem, Severity
from core.text import T, Text
from core.ui import Status
from reporting.models import ReturnVersion
from reporting.queries import Opened, questions
from reporting.rules import form as rules
from reporting.rules.checking import Checked, Finding
from reporting.rules.values import kept, shown
from reporting.services.filling import REASONS

MISSING = ("cell.required", "row.key")
SOURCES: dict[str, tuple[Text, str]] = {
    "typed": (T("手工"), "keyboard"),
    "file": (T("工作簿"), "file-spreadsheet"),
    "previous": (T("上年预填"), "history"),
    "registry": (T("登记带入"), "database"),
}
COMPUTED = (T("自动计算"), "sigma")


@dataclass(slots=True)
class Found:
    """A finding at its line, with the reason that was given for it; `open` while a reason is owed.

    `why` says what is wrong with the reason that was written last, which then stands in `reason`. `last` is
    the reason that answered the same question the year before. `likely` is the value that was probably meant,
    as people read it."""

    finding: Finding
    reason: Mapping[str, str] | None = None
    open: bool = False
    why: Sequence[Problem] = ()
    last: Mapping[str, str] | None = None
    likely: str = ""

    @property
    def problem(self) -> Problem:
        return self.finding.problem

    @property
    def is_question(self) -> bool:
        return self.finding.problem.severity is Severity.EXPLAIN

    @property
    def tone(self) -> str:
        if self.finding.problem.severity is Severity.ERROR:
            return "bad"
        return "warn" if self.open else "muted"

    @property
    def reason_title(self) -> Text | str:
        return title_of_reason(self.reason)

    @property
    def last_title(self) -> Text | str:
        return title_of_reason(self.last)


def title_of_reason(reason: Mapping[str, str] | None) -> Text | str:
    code = (reason or {}).get("reason", "")
    return dict(REASONS).get(code, code)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two values of one field: what this person typed, seeing `seen`, and what stands there since, by whom.

    Each is the exact text or what was typed; which one stays is chosen by name, never by saving again."""

    mine: str
    seen: str
    theirs: str
    theirs_shown: str
    who: str = ""
    when: datetime | None = None


@dataclass(slots=True)
class Line:
    """One field. `text` is the exact stored text, `shown` what stands in the input, `refusal` why the last
    save was not done, `typed` what the person typed then. `saved_at` is when somebody last set or confirmed
    the value, None while it is as it was prefilled."""

    field: rules.Field
    text: str
    shown: str
    last: str
    change: str
    strong: bool
    source: Text
    icon: str
    unconfirmed: bool
    confirmed: bool = False
    saved_at: datetime | None = None
    found: list[Found] = dataclasses.field(default_factory=list)
    saved: str = ""
    refusal: Text | str = ""
    typed: str | None = None
    clash: Clash | None = None

    @property
    def code(self) -> str:
        return self.field.code

    @property
    def column(self) -> Column:
        return self.field.column

    @property
    def kind(self) -> str:
        """How it is typed: number, long, choice, text."""
        return kind_of(self.column)

    @property
    def options(self) -> list[tuple[str, str]]:
        return options_of(self.column)

    @property
    def is_computed(self) -> bool:
        return self.field.computed is not None

    @property
    def in_input(self) -> str:
        return self.shown if self.typed is None else self.typed

    @property
    def seen(self) -> str:
        """What the next save is compared with: while two values stand, still the one seen before both."""
        return self.clash.seen if self.clash else self.text

    @property
    def status(self) -> Status | None:
        """The line's state in a word; none when there is nothing to say."""
        if self.refusal:
            return Status(T("没有存上"), "bad")
        worst = self.tone
        if worst == "bad":
            return Status(T("未填") if self.is_missing else T("已保存，有错误"), "bad")
        if worst == "warn":
            return Status(T("待说明"), "warn")
        if self.unconfirmed:
            return Status(T("待确认"), "warn", "history")
        if self.saved:
            time = self.saved
            words = T("已确认 {time}", time=time) if self.confirmed else T("已保存 {time}", time=time)
            return Status(words, "ok", "check")
        return None

    @property
    def waits(self) -> bool:
        """Whether something is to be done here."""
        return bool(self.tone or self.unconfirmed or self.refusal)

    @property
    def is_missing(self) -> bool:
        return not self.text and any(one.finding.problem.code in MISSING for one in self.found)

    @property
    def tone(self) -> str:
        tones = [one.tone for one in self.found]
        return next((tone for tone in ("bad", "warn") if tone in tones), "")

    @property
    def has_more(self) -> bool:
        """Whether something stands under it: a missing value is told by its state alone."""
        return bool(self.shown_findings)

    @property
    def shown_findings(self) -> list[Found]:
        return [one for one in self.found if one.finding.problem.code not in MISSING]


def kind_of(column: Column) -> str:
    if column.type in (ColumnType.CHOICE, ColumnType.BOOL) or column.choices:
        return "choice"
    if column.type in NUMERIC:
        return "number"
    return "long" if column.type is ColumnType.TEXT and column.length > 200 else "text"


def options_of(column: Column) -> list[tuple[str, str]]:
    """What may be chosen: code and name."""
    if column.type is ColumnType.BOOL:
        return [("true", said(T("是"))), ("false", said(T("否")))]
    return list(column.choices.items())


def in_input(text: str, column: Column) -> str:
    """What stands in an input: numbers with thousands, choices by code."""
    return text if kind_of(column) == "choice" else words_of(text, column)


def words_of(text: str, column: Column) -> str:
    """A stored text in the reader's language."""
    return said(shown(text, column))


def change_of(now: str, before: str) -> tuple[str, Decimal | None]:
    """`+72.4 %` with its share of 1; a dash when there is nothing to compare."""
    new, old = formats.exact(now), formats.exact(before)
    if new is None or old is None or not old:
        return formats.MISSING, None
    share = (new - old) / abs(old)
    if abs(share) > 1_000:
        return formats.MISSING, share
    percent = (share * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    sign = "+" if percent > 0 else formats.MINUS if percent < 0 else ""
    return f"{sign}{abs(percent):,} %", share


def found_by_field(opened: Opened, checked: Checked) -> dict[str, list[Found]]:
    """Findings of the return itself (not of rows) by the field at which they are shown."""
    reasons = {finding.key: reason for finding, reason in questions(opened, checked)}
    answer: dict[str, list[Found]] = {}
    for finding in checked.findings:
        if not finding.table:
            one = found(finding, reasons)
            one.last = last_reason(opened, finding)
            if finding.likely:
                column = opened.form.field(finding.problem.field).column
                one.likely = f"{words_of(finding.likely, column)} {column.shown_unit}".strip()
            answer.setdefault(finding.problem.field, []).append(one)
    return answer


def found(finding: Finding, reasons: Mapping[str, Mapping[str, str] | None]) -> Found:
    reason = reasons.get(finding.key)
    return Found(finding, reason, finding.key in reasons and reason is None)


COMPARISONS = ("variance", "unit", "peers")


def last_reason(opened: Opened, finding: Finding) -> Mapping[str, str] | None:
    """What was said the year before to this question, or to another comparison of the same figure."""
    kind, _, rest = finding.key.partition(":")
    kinds = (kind, *COMPARISONS) if kind in COMPARISONS else (kind,)
    found = (opened.last_reasons.get(f"{one}:{rest}") for one in kinds)
    return next((one for one in found if one), None)


def lines_of(opened: Opened, checked: Checked, fields: Iterable[rules.Field]) -> list[Line]:
    """The lines of these fields."""
    by_field = found_by_field(opened, checked)
    return [line_of(opened, checked, one, by_field.get(one.code, [])) for one in fields]


def line_of(opened: Opened, checked: Checked, one: rules.Field, mine: Sequence[Found]) -> Line:
    text = checked.computed_text(one.code) if one.computed is not None else opened.values.get(one.code, "")
    last = opened.last.get(one.code, "")
    change, share = change_of(text, last) if one.is_numeric else ("", None)
    source = opened.version.sources.get(one.code, {})
    word, icon = COMPUTED if one.computed is not None else SOURCES.get(source.get("kind", ""), (T(""), ""))
    return Line(
        field=one,
        text=text,
        shown=formats.number(text, one.column.places) if one.computed else in_input(text, one.column),
        last=words_of(last, one.column) if last else "",
        change=change,
        strong=share is not None and abs(share) > Decimal("0.5"),
        source=word,
        icon=icon,
        unconfirmed=source.get("confirmed") is False,
        confirmed=source.get("confirmed") is True,
        saved_at=datetime.fromisoformat(source["at"]) if source.get("at") else None,
        found=list(mine),
    )


def clash_of(opened: Opened, line: Line, mine: str, seen: str) -> Clash:
    """What this person typed beside what stands there now, and whose that is."""
    source = opened.version.sources.get(line.code, {})
    return Clash(
        mine=mine,
        seen=seen,
        theirs=line.text,
        theirs_shown=line.shown,
        who=source.get("by", ""),
        when=line.saved_at,
    )


def changes_between(opened: Opened, before: ReturnVersion | None) -> dict[str, str]:
    """Of the fields that differ from an earlier version: their text then, as people read it."""
    if before is None:
        return {}
    return {
        one.code: words_of(before.values.get(one.code, ""), one.column)
        for one in opened.form.fields
        if one.computed is None and before.values.get(one.code, "") != opened.values.get(one.code, "")
    }


def differs(typed: str, seen: str, column: Column) -> bool:
    """Whether a person changed what they saw; both are the same value in other clothes otherwise."""
    return kept(typed, column) != seen
