"""The life of a thing as one table: which action leads from where to where, whose it is, what it needs.

The table is the only place that knows: services ask it, buttons and the API are drawn from it, and
`docs/lifecycle.md` is printed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.problems import Problem, Refused
from core.text import T, Text


class Comment(StrEnum):
    """Whether a move carries a word of the one who makes it."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `roles` are values of `accounts` roles, or `system` for the portal itself."""

    action: str
    label: Text
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    comment: Comment = Comment.NONE


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All moves of one kind of thing. `states` gives each state its name for people, in order of life."""

    name: str
    title: Text
    states: tuple[tuple[str, Text], ...]
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        known = {state for state, _ in self.states}
        seen: set[tuple[str, str]] = set()
        for move in self.moves:
            strangers = (move.sources | {move.target}) - known
            if strangers:
                raise ValueError(f"{self.name}.{move.action}: no such state {sorted(strangers)}")
            for source in move.sources:
                if (move.action, source) in seen:
                    raise ValueError(f"{self.name}: two moves {move.action} from {source}")
                seen.add((move.action, source))

    def title_of(self, state: str) -> Text:
        """The state's name for people."""
        return dict(self.states)[state]

    def open_to(self, state: str, role: str) -> list[Move]:
        """The moves that this role may make from here: what buttons are drawn from."""
        return [move for move in self.moves if state in move.sources and role in move.roles]

    def move(self, action: str, *, state: str, role: str, comment: str = "") -> Move:
        """The move, if it is legal here and now for this role; else `Refused` with every reason."""
        candidates = [move for move in self.moves if move.action == action]
        if not candidates:
            raise ValueError(f"{self.name}: no such action {action}")
        here = [move for move in candidates if state in move.sources]
        if not here:
            raise Refused(self._not_from_here(candidates, state))
        found = here[0]
        problems = []
        if role not in found.roles:
            problems.append(Problem("move.role", T("您的身份不能办理“{action}”。", action=found.label)))
        if found.comment is Comment.REQUIRED and not comment.strip():
            problems.append(
                Problem(
                    "move.comment",
                    T("办理“{action}”须填写意见。", action=found.label),
                    field="comment",
                )
            )
        if problems:
            raise Refused(problems)
        return found

    def _not_from_here(self, candidates: Sequence[Move], state: str) -> Problem:
        return Problem(
            "move.state",
            T(
                "当前状态为“{state}”，不能办理“{action}”；可能已由他人办理，请刷新后再看。",
                state=self.title_of(state),
                action=candidates[0].label,
            ),
        )


def states(*values: str) -> frozenset[str]:
    """Short for a set of states or roles in a table."""
    return frozenset(values)


def roles_of(moves: Iterable[Move]) -> frozenset[str]:
    """Everybody who can make one of these moves."""
    return frozenset(role for move in moves for role in move.roles)
