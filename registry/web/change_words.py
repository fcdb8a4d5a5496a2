"""A request to change facts in words: values, states, its story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import TITLES, Role
from core.formats import MISSING, number
from core.http import said
from core.text import T, Text
from core.ui import Status
from registry.models import Carrier, ChangeMove, ChangeRequest
from registry.rules.asked_facts import FACTS, FactType, operator_parts
from registry.rules.changing import TITLES as STATES
from registry.rules.changing import Action, Route, State

TONES = {
    State.AT_COUNTY: "info",
    State.AT_CITY: "info",
    State.AT_PROVINCE: "info",
    State.RETURNED: "warn",
    State.APPROVED: "ok",
    State.REFUSED: "bad",
    State.WITHDRAWN: "muted",
}
_ACTS: dict[str, Text] = {
    Action.ASK: T("提出申请"),
    Action.RESUBMIT: T("补正后重新提交"),
    Action.PASS: T("签署意见并上报"),
    Action.APPROVE: T("同意变更"),
    Action.SEND_BACK: T("退回补正"),
    Action.REFUSE: T("不予变更"),
    Action.WITHDRAW: T("撤回申请"),
}
_OFFICES: dict[str, Text] = {
    State.AT_COUNTY: T("县区"),
    State.AT_CITY: T("市级"),
    State.AT_PROVINCE: T("省级"),
}
SHOWN = 5
_MOVE_TONES = {Action.SEND_BACK: "warn", Action.REFUSE: "bad", Action.APPROVE: "ok", Action.WITHDRAW: "muted"}


@dataclass(frozen=True, slots=True)
class Row:
    """One fact side by side; `reason` is why it came back, `stale` that the register holds another value by
    now."""

    name: str
    label: Text
    old: str
    new: str
    reason: str = ""
    stale: str = ""


def status_of(found: ChangeRequest) -> Status:
    return Status(dict(STATES)[State(found.state)], TONES[State(found.state)])


def labels(facts: Iterable[str]) -> str:
    """The facts by name, one after the other."""
    return _("、").join(said(FACTS[name].label) for name in facts)


def changes_of(actor: Actor, carrier: Carrier) -> list[tuple[ChangeRequest, Status, str]]:
    """The newest requests of a carrier, as far as one may see them."""
    rows = ChangeRequest.objects.visible_to(actor).filter(carrier=carrier)
    return [(one, status_of(one), labels(one.facts)) for one in rows[:SHOWN]]


def regions_in(facts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The names of the regions that are named; no query where none is."""
    codes = {
        value
        for name, pair in facts.items()
        if FACTS[name].type is FactType.REGION
        for value in pair.values()
    }
    rows = Region.objects.filter(code__in=codes).select_related("parent") if codes else ()
    return {row.code: f"{row.parent or ''} {row}".strip() for row in rows}


def told(name: str, value: str, regions: Mapping[str, str]) -> str:
    """A kept value as people read it."""
    fact = FACTS[name]
    if not value:
        return MISSING
    match fact.type:
        case FactType.CHOICE:
            return said(fact.choices.get(value, value))
        case FactType.AREA:
            return number(value)
        case FactType.REGION:
            return regions.get(value, value)
        case FactType.OPERATOR:
            code, title = operator_parts(value)
            return _("{name}（{code}）").format(name=title, code=code)
        case _:
            return value


def rows_of(
    facts: Mapping[str, Mapping[str, str]],
    *,
    reasons: Mapping[str, str] | None = None,
    stale: Mapping[str, str] | None = None,
) -> list[Row]:
    """The facts of a request in the order of their table. At most one query."""
    names = regions_in(facts)
    reasons, stale = reasons or {}, stale or {}
    return [
        Row(
            name=name,
            label=FACTS[name].label,
            old=told(name, facts[name]["old"], names),
            new=told(name, facts[name]["new"], names),
            reason=reasons.get(name, ""),
            stale=told(name, stale[name], names) if name in stale else "",
        )
        for name in FACTS
        if name in facts
    ]


def way_of(route: Route) -> Text:
    """Through whose hands a request goes."""
    first, last = route
    if first == last:
        return T("由{office}办理并决定。", office=_OFFICES[last])
    return T("先由{first}签署意见，再由{last}决定。", first=_OFFICES[first], last=_OFFICES[last])


def entries_of(moves: Sequence[ChangeMove]) -> list[dict[str, object]]:
    """The story, the newest first."""
    return [
        {
            "at": move.at,
            "what": _ACTS[move.action],
            "who": _who(move),
            "comment": _comment(move),
            "tone": _MOVE_TONES.get(Action(move.action), "info"),
        }
        for move in reversed(moves)
    ]


def _who(move: ChangeMove) -> str:
    role = said(TITLES[Role(move.role)]) if move.role in set(Role) else move.role
    return f"{role} · {move.by}" if move.by else role


def _comment(move: ChangeMove) -> str:
    parts = [move.comment, *(f"{said(FACTS[name].label)}：{text}" for name, text in move.reasons.items())]
    return " ".join(part for part in parts if part)
