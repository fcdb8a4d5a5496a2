"""The facts of a carrier that may be asked to change: how each is written, and what proves it.

Level and designation are in no row: they are decided by recognition and evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core import amounts, identifiers
from core.problems import Problem
from core.text import T, Text
from registry.rules.checks import date_faults
from registry.rules.vocabulary import CLASSES, FIELDS, KINDS

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BOTH = re.compile(r"更名|改名|变更为|改为|现名|现为|原名|曾用名|[（(](?:原|现)|→|->|⇒|=>")
_LARGEST, _PLACES = Decimal(10) ** 10, 2
_LONGEST_OPERATOR = 100


class FactType(StrEnum):
    """How a fact is written as text. `OPERATOR` is credit code, a space, name; `REGION` a region's code;
    `AREA` m² with at most two places; `DAY` an ISO day."""

    TEXT = "text"
    CHOICE = "choice"
    DAY = "day"
    AREA = "area"
    OPERATOR = "operator"
    REGION = "region"


class Evidence(StrEnum):
    NONE = ""
    REGISTRATION = "registration"
    AGREEMENT = "agreement"
    PREMISES = "premises"
    POSITIONING = "positioning"
    FOUNDING = "founding"


EVIDENCE: dict[Evidence, Text] = {
    Evidence.REGISTRATION: T("登记机关的变更通知书（同一份文件载明新旧名称）"),
    Evidence.AGREEMENT: T("运营协议或运营机构变更文件"),
    Evidence.PREMISES: T("场地证明（权属、租赁或测绘文件）"),
    Evidence.POSITIONING: T("定位调整说明（盖章）"),
    Evidence.FOUNDING: T("成立或批复文件"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that may be asked for. `is_plain`: it stands undated in the register, and the nearest office
    decides it."""

    name: str
    label: Text
    type: FactType = FactType.TEXT
    evidence: Evidence = Evidence.NONE
    is_plain: bool = False
    longest: int = 100
    choices: Mapping[str, Text] = field(default_factory=dict)


def _words(words: Mapping[Any, Text]) -> dict[str, Text]:
    return {str(code): text for code, text in words.items()}


_AREA, _DAY, _CHOICE = FactType.AREA, FactType.DAY, FactType.CHOICE
FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact("name", T("名称"), evidence=Evidence.REGISTRATION),
        Fact("name_en", T("英文名称"), is_plain=True, longest=150),
        Fact("operator", T("运营机构"), FactType.OPERATOR, Evidence.AGREEMENT),
        Fact("kind", T("类型"), _CHOICE, Evidence.POSITIONING, choices=_words(KINDS)),
        Fact("carrier_class", T("类别"), _CHOICE, Evidence.POSITIONING, choices=_words(CLASSES)),
        Fact("field", T("技术领域"), _CHOICE, Evidence.POSITIONING, choices=FIELDS),
        Fact("region", T("区域"), FactType.REGION, Evidence.PREMISES),
        Fact("address", T("地址"), evidence=Evidence.PREMISES, is_plain=True, longest=200),
        Fact("area_total", T("场地面积（m²）"), _AREA, Evidence.PREMISES),
        Fact("area_tenants", T("在孵企业使用面积（m²）"), _AREA, Evidence.PREMISES),
        Fact("area_public", T("公共服务面积（m²）"), _AREA, Evidence.PREMISES),
        Fact("opened_on", T("成立日期"), _DAY, Evidence.FOUNDING, is_plain=True),
    )
}
DECIDED_ELSEWHERE = frozenset({"level", "designation"})


def evidence_for(facts: Iterable[str]) -> list[Evidence]:
    """What must be handed in for these facts, each once."""
    needed = {FACTS[name].evidence for name in facts}
    return [kind for kind in EVIDENCE if kind in needed]


def operator_text(code: str, name: str) -> str:
    """An operator as it is kept in a request."""
    return f"{identifiers.credit_code(code)} {' '.join(name.split())}".strip()


def operator_parts(text: str) -> tuple[str, str]:
    """Credit code and name of an operator as it is kept."""
    code, _, name = text.partition(" ")
    return code, name


def unseen(text: str, name: str) -> list[Problem]:
    """The fault of a text with control characters; nothing when it has none."""
    if not _UNSEEN.search(text):
        return []
    return [Problem("change.control", T("内容含有看不见的控制字符，请重新录入。"), field=name)]


def read(fact: Fact, typed: str, today: date) -> tuple[str, list[Problem]]:
    """The value as it is kept, and what is wrong with it."""
    text = " ".join(typed.split())
    if wrong := unseen(typed, fact.name):
        return text, wrong
    if not text:
        return text, [_fault(fact, "empty", T("请填写新的{label}。", label=fact.label))]
    return _READERS[fact.type](fact, text, today)


def _fault(fact: Fact, rule: str, message: Text, **more: object) -> Problem:
    return Problem(f"change.{rule}", message, field=fact.name, title=str(fact.label), **more)  # type: ignore[arg-type]


def _text(fact: Fact, text: str, today: date) -> tuple[str, list[Problem]]:
    if len(text) > fact.longest:
        words = T("{label}最多 {n} 字。", label=fact.label, n=fact.longest)
        return text, [_fault(fact, "long", words, found=str(len(text)))]
    return text, []


def _choice(fact: Fact, text: str, today: date) -> tuple[str, list[Problem]]:
    if text in fact.choices:
        return text, []
    allowed = "、".join(fact.choices)
    return text, [_fault(fact, "choice", T("没有这个选项。"), found=text[:60], allowed=allowed)]


def _day(fact: Fact, text: str, today: date) -> tuple[str, list[Problem]]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        words = T("日期应写作 2026-03-18 这样的形式。")
        return text, [_fault(fact, "day", words, found=text[:60])]
    return day.isoformat(), date_faults(day, today, fact.name)


def _area(fact: Fact, text: str, today: date) -> tuple[str, list[Problem]]:
    value = amounts.plain_number(text)
    if value is None:
        said = amounts.measured(text)
        fix = T("请只填数字：{n}。", n=amounts.shown(said.number)) if said else T("请只填数字，单位是 m²。")
        return text, [_fault(fact, "number", T("面积不是数字。"), found=text[:60], fix=fix)]
    if not 0 < value < _LARGEST or amounts.places_of(value) > _PLACES:
        return text, [_fault(fact, "area", T("面积应大于 0，至多两位小数。"), found=text[:60])]
    return amounts.shown(value), []


def _operator(fact: Fact, text: str, today: date) -> tuple[str, list[Problem]]:
    code, name = operator_parts(text)
    kept, found = operator_text(code, name), []
    if wrong := identifiers.credit_code_fault(identifiers.credit_code(code)):
        found.append(Problem(wrong[0], wrong[1], field=fact.name, found=code[:60], fix=wrong[2]))
    if not name:
        found.append(_fault(fact, "operator_name", T("请填写运营机构名称。")))
    elif len(name) > _LONGEST_OPERATOR:
        found.append(_fault(fact, "long", T("{label}最多 {n} 字。", label=fact.label, n=_LONGEST_OPERATOR)))
    return kept, found


def _region(fact: Fact, text: str, today: date) -> tuple[str, list[Problem]]:
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return text, []
    return text, [_fault(fact, "region", T("区域应为行政区划代码。"), found=text[:60])]


_READERS = {
    FactType.TEXT: _text,
    FactType.CHOICE: _choice,
    FactType.DAY: _day,
    FactType.AREA: _area,
    FactType.OPERATOR: _operator,
    FactType.REGION: _region,
}


def names_both(old: str, new: str) -> bool:
    """Whether a new name was written together with the old one: “甲孵化器更名为乙孵化器”."""
    rest = new.replace(old, "", 1)
    return bool(old) and old in new and bool(_BOTH.search(rest))


def faults_together(old: Mapping[str, str], new: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the new values beside the old ones and each other; `old` holds all facts."""
    found = [
        _fault(FACTS[name], "same", T("新的{label}与现登记相同。", label=FACTS[name].label), found=value[:60])
        for name, value in new.items()
        if value == old.get(name)
    ]
    if names_both(old.get("name", ""), new.get("name", "")):
        words = T("新名称中同时写了新旧两个名称。")
        fix = T("只填新名称；旧名称由系统记入曾用名。")
        found.append(_fault(FACTS["name"], "both_names", words, found=new["name"][:60], fix=fix))
    if "region" in new and "address" not in new:
        found.append(_fault(FACTS["address"], "address", T("迁入另一区域须同时填写新地址。")))
    after = {**old, **new}
    if after.get("carrier_class") == "specialised" and not after.get("field"):
        found.append(_fault(FACTS["field"], "field", T("专业载体须填写技术领域。")))
    return found


# Words that many names end with: what stands before them tells carriers apart.
_TAIL = re.compile(
    r"(科技企业孵化器|国家大学科技园|大学科技园|科技园|孵化器|众创空间|加速器|产业园|孵化基地|创业园|中心|有限公司)$"
)


def stem_of(name: str) -> str:
    """What is particular about a name: `云州星澜科技企业孵化器` → `云州星澜`."""
    text = "".join(amounts.narrow(name).lower().split())
    while (shorter := _TAIL.sub("", text)) != text and len(shorter) >= 2:
        text = shorter
    return text
