"""What the list of findings may be asked for: kind, state, region, words; nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.problems import Problem
from core.text import T, Text
from registry.rules.finding_moves import FINDING
from registry.rules.listing import LONGEST, text_faults
from registry.rules.tenancy import RULES

GONE = "gone"
FINDING_CHOICES: dict[str, dict[str, Text]] = {
    "kind": {kind.value: rule.title for kind, rule in RULES.items()},
    "state": {**dict(FINDING.states), GONE: T("已消除")},
}


@dataclass(frozen=True, slots=True)
class FindingsAsked:
    """A list as asked for. Without a state: all whose facts still hold. `region` means all below it too."""

    kind: str = ""
    state: str = ""
    region: str = ""
    q: str = ""

    def given(self) -> dict[str, str]:
        """What was asked, as an address or a job has it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(one.name for one in fields(cls))


def read(params: Mapping[str, Any]) -> tuple[FindingsAsked, list[Problem]]:
    """The list asked for, and what of it cannot be meant (and narrows nothing)."""
    problems = list(text_faults(params, FINDING_CHOICES))
    wrong = {problem.field for problem in problems}
    known = {
        one.name: " ".join(str(params[one.name]).split())[:LONGEST]
        for one in fields(FindingsAsked)
        if params.get(one.name) and one.name not in wrong
    }
    return FindingsAsked(**known), problems


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """How many findings have the same facts; `regions` are the codes of the regions of the reader's sides,
    with all above them."""

    kind: str
    state: str
    regions: frozenset[str]
    count: int

    def has(self, name: str, value: str) -> bool:
        return value in self.regions if name == "region" else getattr(self, name) == value
