"""What is irregular about a tenant's stays: the kinds, the limits, what each finding rests on.

A finding is known by its fingerprint over the facts it rests on. A decision holds as long as these facts
do; when one of them changes, it is another finding.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.canonical import digest
from core.problems import Severity
from core.text import T, Text
from registry.rules.vocabulary import (
    AFTER_GRADUATION,
    ENTRY_MONTHS,
    LONG_FIELDS,
    LONG_STAY_MONTHS,
    STAY_MONTHS,
    Kind,
)

LIMITED_KINDS = frozenset(Kind) - AFTER_GRADUATION


class Irregular(StrEnum):
    """The kinds of finding, in the order in which they are told."""

    DOUBLE_CLAIM = "double_claim"
    GRADUATE_LISTED = "graduate_listed"
    OVER_STAY = "over_stay"
    OVER_AGE = "over_age"
    ENTERED_BEFORE_FOUNDED = "entered_before_founded"


# Those that are about two stays of one body.
OF_TWO = frozenset({Irregular.DOUBLE_CLAIM, Irregular.GRADUATE_LISTED})


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind in words: its name, what is allowed, where that is written, how it is mended."""

    title: Text
    allowed: Text
    clause: Text
    fix: Text
    severity: Severity


RULES: dict[Irregular, Rule] = {
    Irregular.DOUBLE_CLAIM: Rule(
        T("同时在两家载体"),
        T("一家企业同一时间只能在一家载体在孵；同一运营机构的各载体也不得重复。"),
        T(
            "《科技企业孵化器管理办法》（国科发区〔2018〕300号）第九条第一项：主要研发、办公场所须在本孵化器场地内"
        ),
        T("核实企业实际所在地，由另一方登记离开。"),
        Severity.ERROR,
    ),
    Irregular.GRADUATE_LISTED: Rule(
        T("已毕业仍在驻"),
        T("毕业企业不再作为在孵企业统计；可以进入加速器或产业园。"),
        T("《科技企业孵化器管理办法》（国科发区〔2018〕300号）第十条：毕业条件"),
        T("核实毕业登记；属实的，登记在驻的一方离开。"),
        Severity.ERROR,
    ),
    Irregular.OVER_STAY: Rule(
        T("在驻超期"),
        T(
            "孵化时限不超过 {months} 个月，生物医药、现代农业不超过 {more} 个月。",
            months=STAY_MONTHS,
            more=LONG_STAY_MONTHS,
        ),
        T("《科技企业孵化器管理办法》（国科发区〔2018〕300号）第九条第三项：孵化时限"),
        T("登记毕业（附条件和证明材料）或离开。"),
        Severity.EXPLAIN,
    ),
    Irregular.OVER_AGE: Rule(
        T("入驻时超龄"),
        T("入驻时成立不超过 {months} 个月。", months=ENTRY_MONTHS),
        T("《科技企业孵化器管理办法》（国科发区〔2018〕300号）第九条第二项：申请进入前的成立时间"),
        T("核对两个日期；属实的，说明原因。"),
        Severity.EXPLAIN,
    ),
    Irregular.ENTERED_BEFORE_FOUNDED: Rule(
        T("入驻早于成立"),
        T("入驻日期不早于成立日期。"),
        T("统计报表审核关系：入驻日期不早于成立日期"),
        T("按营业执照核对成立日期，按入驻协议核对入驻日期。"),
        Severity.ERROR,
    ),
}


def plus_months(day: date, months: int) -> date:
    """The same day of a later month, its last day where it is shorter: 2024-02-29 and 12 months are
    2025-02-28."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Whole months from one day to a later one."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def stay_months(technology: str) -> int:
    """How long a tenant of this field of technology may stay. While it has none, its carrier's counts."""
    return LONG_STAY_MONTHS if technology in LONG_FIELDS else STAY_MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding: the rows of the tenant and its stays, and the facts it rests on as exact texts.

    `stay_a` is the stay that is irregular, of a double claim the one recorded first; `stay_b` the other
    one, of a graduate that from which it graduated.
    """

    kind: Irregular
    tenant: int
    stay_a: int
    stay_b: int | None = None
    rests_on: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """`sha256:` over kind, tenant, stays and facts."""
        stays = [str(self.stay_a), str(self.stay_b or "")]
        return digest([self.kind.value, str(self.tenant), stays, dict(self.rests_on)])


def over_age(tenant: int, stay: int, *, founded: date, entered: date) -> Found:
    facts = {
        "founded": founded.isoformat(),
        "entered_a": entered.isoformat(),
        "limit": plus_months(founded, ENTRY_MONTHS).isoformat(),
    }
    return Found(kind=Irregular.OVER_AGE, tenant=tenant, stay_a=stay, rests_on=facts)


def over_stay(tenant: int, stay: int, *, entered: date, months: int) -> Found:
    facts = {
        "entered_a": entered.isoformat(),
        "months": str(months),
        "limit": plus_months(entered, months).isoformat(),
    }
    return Found(kind=Irregular.OVER_STAY, tenant=tenant, stay_a=stay, rests_on=facts)


def double_claim(tenant: int, a: tuple[int, date], b: tuple[int, date], *, same_operator: bool) -> Found:
    """`a` and `b`: the stays with the days on which each began."""
    (first, since), (second, later) = sorted((a, b))
    facts = {"entered_a": since.isoformat(), "entered_b": later.isoformat()}
    if same_operator:
        facts["operator"] = "same"
    return Found(kind=Irregular.DOUBLE_CLAIM, tenant=tenant, stay_a=first, stay_b=second, rests_on=facts)


def graduate_listed(tenant: int, now: tuple[int, date], then: tuple[int, date]) -> Found:
    """`now`: the stay that lasts and when it began; `then`: the stay that ended with graduation, and when."""
    facts = {"entered_a": now[1].isoformat(), "graduated": then[1].isoformat()}
    return Found(kind=Irregular.GRADUATE_LISTED, tenant=tenant, stay_a=now[0], stay_b=then[0], rests_on=facts)


def entered_before_founded(tenant: int, stay: int, *, founded: date, entered: date) -> Found:
    facts = {"founded": founded.isoformat(), "entered_a": entered.isoformat()}
    return Found(kind=Irregular.ENTERED_BEFORE_FOUNDED, tenant=tenant, stay_a=stay, rests_on=facts)


def sentence(kind: str, facts: Mapping[str, str]) -> Text:
    """What was found, in words, without what only one of two sides may know."""
    if kind == Irregular.OVER_AGE:
        return T("成立于 {founded}，最迟应于 {limit} 入驻，实际入驻于 {entered_a}。", **_of(facts))
    if kind == Irregular.OVER_STAY:
        return T("入驻于 {entered_a}，满 {months} 个月为 {limit}，仍在驻。", **_of(facts))
    if kind == Irregular.ENTERED_BEFORE_FOUNDED:
        return T("入驻日期 {entered_a} 早于成立日期 {founded}。", **_of(facts))
    if kind == Irregular.GRADUATE_LISTED:
        return T("已登记毕业，仍作为在孵企业在驻。")
    if facts.get("operator"):
        return T("同一运营机构的两家载体都登记为在驻。")
    return T("两家载体都登记为在驻。")


def _of(facts: Mapping[str, str]) -> dict[str, object]:
    return {name: facts.get(name, "—") for name in ("founded", "entered_a", "limit", "months")}
