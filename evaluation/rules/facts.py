"""Facts of a carrier's year that officers record on the ground of a document, and what they may be."""

from __future__ import annotations

from dataclasses import dataclass

from core.csvfile import kind_of_cell
from core.expressions import Kind
from core.problems import Problem
from core.text import T, Text
from evaluation.rules.entered import is_plain

LONGEST = 40
_BOOLS = {"true": "true", "是": "true", "false": "false", "否": "false"}


@dataclass(frozen=True, slots=True)
class FactKind:
    """A fact that is known by name; `help` says what to enter."""

    title: Text
    kind: Kind
    help: Text


_YES_NO = T("是或否")
FACTS: dict[str, FactKind] = {
    "accident": FactKind(T("发生重大安全事故"), Kind.BOOL, _YES_NO),
    "dishonesty": FactKind(T("弄虚作假"), Kind.BOOL, _YES_NO),
    "absence": FactKind(T("无故不参加评价"), Kind.BOOL, _YES_NO),
    "penalty": FactKind(T("受到行政处罚"), Kind.BOOL, _YES_NO),
    "rectification": FactKind(T("限期整改未完成"), Kind.BOOL, _YES_NO),
    "upstream": FactKind(T("上级评价等级"), Kind.TEXT, T("等级代号，如 A")),
    "awards": FactKind(T("国家级荣誉数"), Kind.NUMBER, T("项数")),
}
"""What officers can record; a scheme may name others, whose type is then that of what is recorded."""


def kind_of(name: str) -> Kind | None:
    """The type of a fact; None for one that only a scheme names."""
    known = FACTS.get(name)
    return known.kind if known else None


def title_of(name: str) -> Text | str:
    """The fact's name for people."""
    known = FACTS.get(name)
    return known.title if known else name


def exact_fact(name: str, value: str) -> str | Problem:
    """The one text by which a fact's value is kept (`true`, `A`, `3`), or what is wrong with it."""
    text = value.strip()
    if not text or len(text) > LONGEST or not is_plain(text):
        return Problem(
            "fact.value", T("内容须为 1 至 {n} 个字符。", n=LONGEST), field="value", found=text[:20]
        )
    found = kind_of_cell(text)
    wanted = kind_of(name) or found
    if wanted is not Kind.TEXT and found is not wanted:
        message = T("“{title}”须填{kind}。", title=title_of(name), kind=wanted.label)
        return Problem("fact.value", message, field="value", found=text)
    return _BOOLS[text] if wanted is Kind.BOOL else text
