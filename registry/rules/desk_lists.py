"""What the lists of tenants, applications, changes and people may be asked for: these filters alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self

from core.problems import Problem
from core.text import T, Text
from registry.rules import changing, registering_moves
from registry.rules.listing import LONGEST, text_faults

MINE = "mine"
STANDINGS: dict[str, Text] = {"here": T("在驻"), "left": T("已离开"), "graduated": T("已毕业")}
_CHANGES = {MINE: T("待我办理"), **{str(state): title for state, title in changing.TITLES}}
_APPLICATIONS = {MINE: T("等我办理"), **{str(state): title for state, title in registering_moves.TITLES}}


@dataclass(frozen=True, slots=True)
class DeskAsked:
    """A list as asked for; empty is any. `CHOICES` are the words of its coded filters."""

    CHOICES: ClassVar[Mapping[str, Mapping[str, Text]]] = {}

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> tuple[Self, list[Problem]]:
        """The list asked for, and what of it cannot be meant (and narrows nothing)."""
        problems = list(text_faults(params, cls.CHOICES))
        wrong = {problem.field for problem in problems}
        known = {
            one.name: " ".join(str(params[one.name]).split())[:LONGEST]
            for one in fields(cls)
            if params.get(one.name) and one.name not in wrong
        }
        return cls(**known), problems

    def given(self) -> dict[str, str]:
        """What was asked, as an address or a job has it."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class TenantsAsked(DeskAsked):
    """`carrier` is a code; `standing` is of the stays in one's scope."""

    CHOICES: ClassVar[Mapping[str, Mapping[str, Text]]] = {"standing": STANDINGS}
    q: str = ""
    carrier: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class ChangesAsked(DeskAsked):
    """`region` means all below it too; `mine` is what waits for the reader's office."""

    CHOICES: ClassVar[Mapping[str, Mapping[str, Text]]] = {
        "state": _CHANGES,
        "late": {"1": T("逾期"), "0": T("按期")},
    }
    q: str = ""
    state: str = ""
    region: str = ""
    late: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationsAsked(DeskAsked):
    """`region` means all below it too; `mine` is what lies with the reader's office."""

    CHOICES: ClassVar[Mapping[str, Mapping[str, Text]]] = {"state": _APPLICATIONS}
    q: str = ""
    state: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class PeopleAsked(DeskAsked):
    """`carrier` is the code of the one whose people they are."""

    carrier: str = ""
