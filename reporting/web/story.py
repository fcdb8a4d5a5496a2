"""What happened to a return and what comes next: steps of its chain, moves, why it was sent back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.rules.roles import TITLES as ROLES
from accounts.rules.roles import Role
from core import formats
from core.http import said
from core.text import T, Text
from reporting.models import Return, ReturnMove
from reporting.queries import definition
from reporting.rules.lifecycle import Action, Chain, State, stops_of

_DONE: dict[str, tuple[Text, str]] = {
    Action.SUBMIT: (T("提交"), "info"),
    Action.WITHDRAW: (T("撤回"), "muted"),
    Action.PASS: (T("审核通过并上报"), "ok"),
    Action.SEND_BACK: (T("退回修改"), "bad"),
    Action.ACCEPT: (T("受理"), "ok"),
}
_OFFICES: dict[State, Text] = {
    State.AT_COUNTY: T("县区审核"),
    State.AT_CITY: T("市级审核"),
    State.AT_PROVINCE: T("受理"),
}
_PASSED: dict[State, str] = {
    State.AT_COUNTY: "county_passed_at",
    State.AT_CITY: "city_passed_at",
    State.AT_PROVINCE: "accepted_at",
}
Step = tuple[Text, str, Text | str]


@dataclass(frozen=True, slots=True)
class SentBack:
    """The last return to the carrier: by whom, the word, and by field what is to be mended."""

    move: ReturnMove
    who: str
    reasons: list[tuple[str, str, str]]  # code, title, reason


@dataclass(frozen=True, slots=True)
class Deadline:
    title: Text
    when: datetime
    is_next: bool
    is_past: bool


def _role(name: str) -> Text | str:
    return ROLES[Role(name)] if name in set(Role) else name


def moves_of(found: Return) -> list[ReturnMove]:
    """All moves, the newest first."""
    return list(found.moves.select_related("by").order_by("-pk")[:100])


def timeline(moves: list[ReturnMove]) -> list[Mapping[str, object]]:
    return [
        {
            "at": move.at,
            "who": T("{name}（{role}）", name=move.by or "—", role=_role(move.role)),
            "what": _DONE[Action(move.action)][0],
            "comment": move.comment,
            "tone": _DONE[Action(move.action)][1],
        }
        for move in moves
    ]


def sent_back(found: Return, moves: list[ReturnMove]) -> SentBack | None:
    """While the return lies with the carrier again."""
    if found.state != State.RETURNED:
        return None
    move = next((one for one in moves if one.action == Action.SEND_BACK), None)
    if move is None:
        return None
    form = definition(found.campaign.form)
    tables = {table.code: table.title for table in form.tables}
    reasons = [(code, tables.get(code) or form.title_of(code), text) for code, text in move.reasons.items()]
    return SentBack(move, f"{move.by or '—'}（{said(_role(move.role))}）", reasons)


def chain_steps(found: Return) -> list[Step]:
    """The offices in their order, each with when it passed the return on."""
    stops = stops_of(Chain(found.chain))
    at_hand = found.state not in (State.FILLING, State.RETURNED)
    steps: list[Step] = [
        (T("填报并提交"), "done" if at_hand else "current", _when(found.submitted_at)),
    ]
    for stop in stops:
        passed = getattr(found, _PASSED[stop])
        state = "done" if passed else "current" if found.state == stop else "todo"
        steps.append((_OFFICES[stop], state, _when(passed)))
    return steps


def _when(moment: datetime | None) -> str:
    return formats.moment(moment, 0) if moment else ""


def deadlines(found: Return, at: datetime) -> list[Deadline]:
    """The three dates that hold for it; the next one is where the clock runs to."""
    held = found.dates.held
    rows = (
        (T("最迟开始填报"), held.last_start_at, found.state == State.FILLING and not found.started_at),
        (T("填报截止"), held.due_at, found.state == State.FILLING),
        (T("修改截止"), held.correct_by, found.state == State.RETURNED),
    )
    following = next((when for _, when, holds in rows if holds and when > at), None)
    return [Deadline(title, when, when == following, when <= at) for title, when, _ in rows]
