"""An application in words: its state, its sections with what each says, its way so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import Region
from accounts.rules.roles import TITLES as ROLES
from accounts.rules.roles import Role
from core.http import said
from core.moves import Lifecycle
from core.problems import Problem, Severity
from core.text import T, Text
from core.ui import Status
from registry.models import Application, ApplicationFile, ApplicationRemark
from registry.rules import registering
from registry.rules.registering import EVIDENCE, ITEMS, SECTIONS, Item
from registry.rules.registering_moves import APPLICANT, AT_OFFICES, REGISTRATION, State

TONES = {
    State.DRAFT: "muted",
    State.AT_COUNTY: "info",
    State.AT_CITY: "info",
    State.AT_PROVINCE: "info",
    State.RETURNED: "warn",
    State.REGISTERED: "ok",
    State.WITHDRAWN: "muted",
    State.REFUSED: "bad",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact as it is shown; `remark` is the newest word of an office on it, `typed` one being written."""

    code: str
    title: Text
    words: Text | str
    unit: Text | str = ""
    remark: ApplicationRemark | None = None
    before: Text | str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the applicant's task list."""

    code: str
    title: Text
    status: Status
    wrong: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of one kind."""

    code: str
    title: Text
    help: Text
    required: bool
    files: Sequence[ApplicationFile]
    remark: ApplicationRemark | None = None
    typed: str = ""


def status_of(found: Application) -> Status:
    """The state in words."""
    return Status(REGISTRATION.title_of(found.state), TONES[State(found.state)])


def parts_of(found: Application, problems: Sequence[Problem], remarks: Mapping[str, Any]) -> list[Part]:
    """Each section with how far it is."""
    return [_part(code, title, found, problems, remarks) for code, title in SECTIONS.items()]


def _part(
    code: str, title: Text, found: Application, problems: Sequence[Problem], remarks: Mapping[str, Any]
) -> Part:
    wrong = [
        problem
        for problem in problems
        if problem.severity is Severity.ERROR and registering.section_of(problem.field) == code
    ]
    sent_back = sum(registering.section_of(item) == code for item in remarks)
    if sent_back:
        return Part(code, title, Status(T("{n} 项要补正", n=sent_back), "warn"), len(wrong))
    if not wrong:
        return Part(code, title, Status(T("已填好"), "ok"), 0)
    begun = code == "evidence" or any(found.facts.get(item.code) for item in ITEMS if item.section == code)
    word = T("还差 {n} 处", n=len(wrong)) if begun else T("未开始")
    return Part(code, title, Status(word, "warn" if begun else "muted"), len(wrong))


def lines_of(
    section: str,
    facts: Mapping[str, str],
    region: Region | None,
    remarks: Mapping[str, ApplicationRemark] | None = None,
    typed: Mapping[str, str] | None = None,
) -> list[Line]:
    """The facts of a section; those that were neither asked nor given are left out."""
    remarks, typed = remarks or {}, typed or {}
    return [
        _line(item, facts, region, remarks.get(item.code), typed.get(item.code, ""))
        for item in ITEMS
        if item.section == section and (item.required or facts.get(item.code))
    ]


def _line(
    item: Item,
    facts: Mapping[str, str],
    region: Region | None,
    remark: ApplicationRemark | None,
    typed: str,
) -> Line:
    text = facts.get(item.code, "")
    words = str(region) if item.kind == "region" and region else registering.shown(item.code, text)
    before: Text | str = ""
    if remark and remark.value != text:
        before = registering.shown(item.code, remark.value) or T("未填")
    return Line(item.code, item.title, words or "—", item.unit if text else "", remark, before, typed)


def shelves_of(
    files: Iterable[ApplicationFile],
    remarks: Mapping[str, ApplicationRemark] | None = None,
    typed: Mapping[str, str] | None = None,
) -> list[Shelf]:
    """The documents by kind, in the order of the table."""
    rows = list(files)
    remarks, typed = remarks or {}, typed or {}
    return [
        Shelf(
            kind.code,
            kind.title,
            kind.help,
            kind.required,
            [one for one in rows if one.kind == kind.code],
            remarks.get(kind.code),
            typed.get(kind.code, ""),
        )
        for kind in EVIDENCE
    ]


def steps_of(found: Application, offices: Mapping[str, Region]) -> list[tuple[Text | str, str, str]]:
    """The way: the applicant, each office, the register."""
    stops = list(offices) or list(AT_OFFICES)
    reached = {State.DRAFT: 0, State.REGISTERED: len(stops) + 1}
    at = reached.get(State(found.state), stops.index(found.state) + 1 if found.state in stops else 0)
    titles: list[tuple[Text | str, str]] = [(T("填写申请"), "")]
    titles += [(REGISTRATION.title_of(stop), str(offices.get(stop, ""))) for stop in stops]
    titles.append((T("登记入册"), ""))
    done = found.state == State.REGISTERED
    return [
        (title, "done" if number < at or done else "current" if number == at else "todo", note)
        for number, (title, note) in enumerate(titles)
    ]


def entries_of(found: Application, table: Lifecycle, *, names: bool) -> list[dict[str, object]]:
    """The way so far, the newest first; an applicant reads which office, not who in it. One query."""
    rows = found.moves.select_related("made_by", "office").order_by("-pk")
    labels = {move.action: move.label for move in table.moves}
    return [
        {
            "at": row.made_at,
            "what": labels.get(row.action, row.action),
            "who": _who(row, names=names),
            "comment": row.comment,
            "tone": TONES[State(row.target)],
        }
        for row in rows
    ]


def _who(row: Any, *, names: bool) -> str:
    if row.role == APPLICANT:
        return str(row.made_by)
    office = f"{row.office or ''} · {said(ROLES[Role(row.role)])}"
    return f"{office} · {row.made_by}" if names else office


def remarks_of(found: Application) -> dict[str, ApplicationRemark]:
    """The newest remark at each item, settled or not. One query."""
    return {one.item: one for one in found.remarks.select_related("made_by").order_by("pk")}


def open_remarks(remarks: Mapping[str, ApplicationRemark]) -> dict[str, ApplicationRemark]:
    """Those that wait for the applicant."""
    return {item: one for item, one in remarks.items() if one.settled_at is None}


def crumbs_of(found: Application, here: str = "") -> list[tuple[str, str]]:
    """From the list to this page."""
    way = [(gettext("载体登记"), reverse("registry:applications"))]
    if here:
        return [*way, (str(found), reverse("registry:application", args=[found.pk])), (here, "")]
    return [*way, (found.number or str(found), "")]
