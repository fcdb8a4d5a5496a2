"""What a list of carriers may be asked for: filters and orders by an allow-list, nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from core.problems import Problem
from core.text import T, Text
from registry.rules.vocabulary import CLASSES, DESIGNATIONS, FIELDS, KINDS, STATES

# The coded facts by which a list is narrowed, in the order in which filters stand. The words of levels are
# data of a day: `words` puts them in.
FACTS = ("kind", "level", "carrier_class", "field", "designation", "state")
WORDS: dict[str, Mapping[str, Text]] = {
    "kind": {str(k): v for k, v in KINDS.items()},
    "carrier_class": {str(k): v for k, v in CLASSES.items()},
    "field": FIELDS,
    "designation": {k: v for k, v in DESIGNATIONS.items() if k},
    "state": STATES,
}


def choices(
    levels: Mapping[str, Text], designations: Mapping[str, Text] | None = None
) -> dict[str, Mapping[str, Text]]:
    """Every coded fact with its words; `levels` and `designations` are those of the day, these without being
    given those that an installation begins with."""
    known = {**WORDS, "level": levels, **({"designation": designations} if designations is not None else {})}
    return {name: known[name] for name in FACTS}


# Levels are ordered by rank, so their order is not that of their codes.
ORDERS: dict[str, Text] = {
    "code": T("按编号"),
    "name": T("按名称"),
    "level": T("按级别从高到低"),
    "newest": T("按列统年份从新到旧"),
}
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as asked for; empty is any. `region` is a code and means all below it too, so does `home`, the
    region that keeps an enclave; `q` words; `on` is
    a past day, as 2023-12-31, by whose facts the list is made."""

    kind: str = ""
    level: str = ""
    carrier_class: str = ""
    field: str = ""
    designation: str = ""
    state: str = ""
    region: str = ""
    home: str = ""
    q: str = ""
    order: str = "code"
    on: str = ""

    @property
    def day(self) -> date | None:
        """The day of which the facts are; None is today."""
        return date.fromisoformat(self.on) if self.on else None

    def given(self) -> dict[str, str]:
        """What was asked, as an address or a job has it."""
        usual = asdict(Asked())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}


NAMES = tuple(asdict(Asked()))


def read(
    params: Mapping[str, Any],
    levels: Mapping[str, Text],
    today: date,
    designations: Mapping[str, Text] | None = None,
) -> tuple[Asked, list[Problem]]:
    """The list asked for, and what of it cannot be meant (and narrows nothing). Today is no other day."""
    problems = [
        *text_faults(params, {**choices(levels, designations), "order": ORDERS}),
        *day_faults(str(params.get("on") or ""), today),
    ]
    wrong = {problem.field for problem in problems}
    known = {
        name: " ".join(str(params[name]).split())[:LONGEST]
        for name in NAMES
        if params.get(name) and name not in wrong
    }
    if known.get("on") == today.isoformat():
        del known["on"]
    return Asked(**known), problems


def asked_day(given: str, today: date) -> tuple[date | None, list[Problem]]:
    """The day of which facts are asked; None is today, also where nothing can be meant."""
    problems = list(day_faults(given, today))
    if problems or not given or given == today.isoformat():
        return None, problems
    return date.fromisoformat(given), []


def not_yet(name: str, day: date) -> Problem:
    return Problem(
        "carrier.not_yet",
        T("“{name}”在 {day} 还没有登记事实，以下为今天的。", name=name, day=day.isoformat()),
        field="on",
        found=day.isoformat(),
    )


def day_faults(given: str, today: date) -> Iterator[Problem]:
    """A list is of a day that has been: as 2023-12-31, in the calendar, and not after today."""
    if not given:
        return
    try:
        day = date.fromisoformat(given) if len(given) == 10 else None
    except ValueError:
        day = None
    if day is None:
        words = T("日期应如 2023-12-31。")
        yield Problem("list.day", words, field="on", found=given[:LONGEST])
    elif day > today:
        yield Problem(
            "list.day_future",
            T("日期不能晚于今天。"),
            field="on",
            found=given,
            allowed=T("{day} 或更早", day=today.isoformat()),
        )


def text_faults(params: Mapping[str, Any], choices: Mapping[str, Mapping[str, Text]]) -> Iterator[Problem]:
    """What cannot be meant: a value that is no choice, a region that is no code, signs that nobody types."""
    for name, allowed in choices.items():
        given = str(params.get(name) or "")
        if given and given not in allowed:
            yield Problem(
                "list.choice",
                T("没有这个选项。"),
                field=name,
                found=given[:LONGEST],
                allowed="、".join(allowed),
            )
    for name in ("region", "home"):
        region = str(params.get(name) or "")
        if region and not (region.isascii() and region.isdigit() and len(region) <= 9):
            yield Problem("list.region", T("区域应为行政区划代码。"), field=name, found=region[:LONGEST])
    if any(ord(sign) < 32 for sign in str(params.get("q") or "")):
        yield Problem("list.q", T("检索词含有控制字符。"), field="q")


@dataclass(frozen=True, slots=True)
class Group:
    """How many carriers have the same facts; `regions` are the codes from the root to their own."""

    kind: str
    level: str
    carrier_class: str
    field: str
    designation: str
    state: str
    regions: tuple[str, ...]
    count: int

    def has(self, name: str, value: str) -> bool:
        return value in self.regions if name == "region" else getattr(self, name) == value


class Counted(Protocol):
    """Rows with the same facts, by their names in a list's filters."""

    @property
    def count(self) -> int: ...

    @property
    def regions(self) -> Collection[str]: ...

    def has(self, name: str, value: str) -> bool: ...


def facet(
    groups: Iterable[Counted], asked: object, name: str, among: Iterable[str] = (*FACTS, "region")
) -> dict[str, int]:
    """Counts by each value of one filter, under all the other filters (`among`) that were chosen."""
    others = {other: value for other in among if other != name and (value := getattr(asked, other))}
    counts: dict[str, int] = {}
    for group in groups:
        if all(group.has(other, value) for other, value in others.items()):
            values = group.regions if name == "region" else (getattr(group, name),)
            for value in values:
                counts[value] = counts.get(value, 0) + group.count
    return counts
