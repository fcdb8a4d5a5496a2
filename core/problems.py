"""What is wrong with something a person handed in: where, what was found, what is allowed, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.text import Text


class Severity(StrEnum):
    """`ERROR` blocks submitting (never saving), `EXPLAIN` wants a reason, `NOTE` informs."""

    ERROR = "error"
    EXPLAIN = "explain"
    NOTE = "note"


Sentence = Text | str


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `place` is where a person looks: `在孵企业名单!D17`, `indicators[3].rule.every`.

    `code` names the rule that found it, `field` the field or column, `title` that field's name for
    people, `count` how many equal findings this one stands for (`place` is then the first).
    """

    code: str
    message: Sentence
    place: str = ""
    field: str = ""
    title: str = ""
    found: str = ""
    allowed: Sentence = ""
    fix: Sentence = ""
    severity: Severity = Severity.ERROR
    count: int = 1


class Refused(Exception):
    """An act that was not done, with every reason. Services raise it, edges show it; nothing was changed."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(str(p.message) for p in self.problems))


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    """Those that block submitting."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def grouped(problems: Sequence[Problem]) -> list[Problem]:
    """Equal findings said once: the first place, and how many. The order of first places is kept.

    Equal are those of one rule on one column with one message; what was found may differ from cell
    to cell, the first one's stands as the example.
    """
    first: dict[tuple[str, str, str, Severity], int] = {}
    answer: list[Problem] = []
    for problem in problems:
        key = (problem.code, problem.field, str(problem.message), problem.severity)
        if key in first:
            known = answer[first[key]]
            answer[first[key]] = replace(known, count=known.count + problem.count)
        else:
            first[key] = len(answer)
            answer.append(problem)
    return answer
