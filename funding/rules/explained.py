"""A policy in words: who earns an award and how much, and what limits the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.expressions.words import in_words
from core.text import T, Text
from funding.rules.policy_shape import Award, Budget, ByCount, ByShare, ByText, Policy, Pot
from registry.rules.vocabulary import CLASSES, KINDS

_NAMES = {
    "grade": T("评价等级"),
    "total": T("总分"),
    "rank": T("名次"),
    "level": T("级别"),
    "kind": T("载体类型"),
    "class": T("类别"),
    "region": T("区域"),
}
_TITLES = {name: str(words) for name, words in _NAMES.items()}
_WORDS: dict[str, Mapping[str, Text]] = {
    "kind": {str(code): words for code, words in KINDS.items()},
    "class": {str(code): words for code, words in CLASSES.items()},
}


_SHORT = {
    "prorate": T("不足时同比例安排"),
    "by_rank": T("不足时按名次依次安排"),
    "refuse": T("不足时不予安排"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One award: its name, payer, condition and sum in words."""

    code: str
    title: str
    payer: str
    when: str
    amounts: tuple[Text, ...]
    clause: str


def award_lines(policy: Policy, levels: Mapping[str, Text]) -> list[Line]:
    """The awards in their order; `levels` are the words of the day by code."""
    words = {**_WORDS, "level": levels}
    return [
        Line(
            award.code,
            award.label,
            award.payer,
            "" if award.when is None else in_words(award.when.source, _TITLES),
            tuple(_amounts(award, words)),
            award.clause or "",
        )
        for award in policy.awards
    ]


def _amounts(award: Award, words: Mapping[str, Mapping[str, Text]]) -> Iterator[Text]:
    match award.amount:
        case ByText() as by:
            for text, sum_ in by.sums.items():
                word = words.get(by.by, {}).get(text, text)
                name = _NAMES.get(by.by, by.by)
                yield T("{field}为“{text}”：{sum} 元", field=name, text=word, sum=f"{sum_:,}")
        case ByCount() as by:
            yield T("每项 {each} 元 × {count}", each=f"{by.each:,}", count=in_words(by.count.source, _TITLES))
        case ByShare() as by:
            yield T("{of} × {share}", of=in_words(by.of.source, _TITLES), share=format(by.share, "f"))
        case Pot() as pot:
            yield T(
                "总额 {pot} 元，按 {value} 分配",
                pot=f"{pot.pot:,}",
                value=in_words(pot.by_value.source, _TITLES),
            )
        case fixed:
            yield T("定额 {sum} 元", sum=f"{fixed:,}")
    if award.less is not None:
        yield T("补差：减已获 {less}", less=in_words(award.less.source, _TITLES))
    if award.at_most is not None:
        yield T("单项封顶 {limit} 元", limit=in_words(award.at_most.source, _TITLES))


def limit_lines(policy: Policy) -> list[Text]:
    """What holds across awards: exclusive lists, caps, rounding, budgets."""
    titles = {award.code: award.label for award in policy.awards}
    lines = [T("就高不重复：{names}", names=_named(titles, group)) for group in policy.exclusive]
    lines += [
        T(
            "{names} 合计封顶 {limit} 元",
            names=_named(titles, cap.awards),
            limit=in_words(cap.at_most.source, _TITLES),
        )
        for cap in policy.caps
    ]
    lines.append(T("金额向下取整到 {to} 元的整数倍", to=format(policy.rounding.to, "f")))
    if policy.budget is not None:
        lines.append(_budget(policy.budget, ""))
    lines += [_budget(budget, budget.payer) for budget in policy.budgets or []]
    return lines


def _named(titles: dict[str, str], codes: list[str]) -> str:
    return "、".join(titles[code] for code in codes)


def _budget(budget: Budget, payer: str) -> Text:
    return T(
        "{payer}预算 {total} 元，{short}",
        payer=payer,
        total=f"{budget.total:,}",
        short=_SHORT[budget.when_short],
    )
