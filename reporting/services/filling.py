"""Fills a return on line, field by field. Saving is never blocked by a check; a stale save is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from core.problems import Problem, Refused, Severity
from core.shanghai import SHANGHAI
from core.text import T, Text
from office.services.retrying import retried
from reporting.queries import Opened
from reporting.rules import form as form_rules
from reporting.rules.checking import Checked, Finding, open_questions
from reporting.rules.values import kept, words
from reporting.services.drafts import draft_to_change, signed, stamp

REASONS: tuple[tuple[str, Text], ...] = (
    ("real", T("情况属实，确有较大变动")),
    ("scope", T("统计口径变化")),
    ("policy", T("政策或市场原因")),
    ("last_wrong", T("上年数据有误")),
    ("other", T("其他")),
)
MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save answers. `computed` are all computed values and totals as they are now, by code;
    `problems` those of this field or row; the counts are of the whole return. `opened` is the return as it
    stands after the save, with its checks: who shows it need not read it again."""

    value: str
    saved_at: datetime
    problems: list[Problem]
    computed: dict[str, str]
    errors: int
    questions: int
    opened: Opened
    checked: Checked


def saved(opened: Opened, checked: Checked, mine: Iterable[Finding], *, value: str, at: datetime) -> Saved:
    """The answer after a save, from checks that were made on what is stored now."""
    form, explanations = opened.form, opened.version.explanations
    codes = [*form.order, *(total.code for total in form.totals)]
    errors = sum(1 for finding in checked.findings if finding.problem.severity is Severity.ERROR)
    return Saved(
        value=value,
        saved_at=at,
        problems=[finding.problem for finding in mine],
        computed={code: checked.computed_text(code) for code in codes},
        errors=errors,
        questions=len(open_questions(checked.findings, explanations)),
        opened=opened,
        checked=checked,
    )


@retried
def save_field(*, actor: Actor, return_id: int, code: str, value: str, seen: str, at: datetime) -> Saved:
    """Compare-and-set: `seen` is the exact text that the person saw before typing. What is there already is
    not written again, unless it was prefilled: typing it is confirming it.

    Raises `Refused`: `return.stale` with the stored value in `found` and one's own in `allowed`,
    `return.locked`, `field.unknown`, `field.computed`, control characters.
    """
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        one = _field(opened.form, code)
        text = kept(value, one.column)
        stored = opened.version.values.get(code, "")
        if stored not in (seen, text):
            raise Refused(
                stale(code, one.title, stored=stored, mine=text, source=opened.version.sources.get(code))
            )
        if stored != text or opened.version.sources.get(code, {}).get("confirmed") is False:
            _set(actor, opened, code, text, at)
        checked = opened.checked()
        mine = [f for f in checked.findings if not f.table and f.problem.field == code]
        return saved(opened, checked, mine, value=text, at=at)


def _set(actor: Actor, opened: Opened, code: str, text: str, at: datetime) -> None:
    version = opened.version
    if text:
        version.values[code] = text
    else:
        version.values.pop(code, None)
    version.sources[code] = signed({"kind": "typed"}, actor=actor, at=at)
    stamp(actor=actor, opened=opened, at=at, fields=("values", "sources"))


def stale(
    code: str, title: str, *, stored: str, mine: str, source: Mapping[str, str] | None = None
) -> Problem:
    """Somebody else was quicker: both values are shown, and who wrote the stored one and when."""
    who, when = (source or {}).get("by", ""), (source or {}).get("at", "")
    values = {"title": title, "stored": stored or T("（空）"), "mine": mine or T("（空）")}
    if who and when:
        words = T(
            "“{title}”已由{who}于 {when} 改为“{stored}”，您填的是“{mine}”，请选择保留哪一个。",
            who=who,
            when=f"{datetime.fromisoformat(when).astimezone(SHANGHAI):%m-%d %H:%M}",
            **values,
        )
    else:
        words = T("“{title}”已被他人改为“{stored}”，您填的是“{mine}”，请选择保留哪一个。", **values)
    return Problem(
        "return.stale",
        words,
        field=code,
        title=title,
        found=stored,
        allowed=mine,
    )


def _field(form: form_rules.Form, code: str) -> form_rules.Field:
    if code not in form.by_code:
        raise Refused(Problem("field.unknown", T("表中没有这一项。"), field=code))
    one = form.field(code)
    if one.computed is not None:
        raise Refused(
            Problem("field.computed", T("“{title}”由系统计算，不能填写。", title=one.title), field=code)
        )
    return one


@retried
def confirm(*, actor: Actor, return_id: int, codes: Iterable[str], at: datetime) -> list[str]:
    """Takes prefilled values as this year's; the codes that were waiting for it."""
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        sources = opened.version.sources
        done = [code for code in codes if sources.get(code, {}).get("confirmed") is False]
        for code in done:
            sources[code] = signed({**sources[code], "confirmed": True}, actor=actor, at=at)
        if done:
            stamp(actor=actor, opened=opened, at=at, fields=("sources",))
    return done


@retried
def explain(*, actor: Actor, return_id: int, key: str, reason: str, text: str, at: datetime) -> Finding:
    """Gives the reason for a question: a code of `REASONS` and a text. `key` is that of the finding
    (`queries.questions`). The reason holds as long as the value stays."""
    problems = []
    if reason not in dict(REASONS):
        problems.append(Problem("explain.reason", T("请选择原因类别。"), field="reason"))
    if not text.strip():
        problems.append(Problem("explain.text", T("请用一两句话说明原因。"), field="text"))
    if problems:
        raise Refused(problems)
    said = words(text, T("说明"), field="text", most=MOST_WORDS)
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        findings = opened.checked().findings
        mine = [f for f in findings if f.key == key and f.problem.severity is Severity.EXPLAIN]
        if not mine:
            raise Refused(Problem("explain.gone", T("这个问题已不存在，可能数值已经改过。"), field=key))
        opened.version.explanations[key] = {
            "reason": reason,
            "text": said,
            "found": mine[0].problem.found,
        }
        stamp(actor=actor, opened=opened, at=at, fields=("explanations",))
    return mine[0]


def state_of(opened: Opened) -> Saved:
    """What a page shows before anything was saved on it."""
    return saved(opened, opened.checked(), (), value="", at=opened.version.saved_at)
