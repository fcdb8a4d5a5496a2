"""An applicant's side of an application: begun, filled, handed in, withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.actors import Actor
from accounts.models import Region, User
from accounts.queries import appointments_of
from accounts.rules.roles import TITLES as ROLES
from accounts.rules.roles import Role, conflict
from core import clock, identifiers
from core.locks import locked
from core.moves import Move
from core.problems import Problem, Refused, blocking
from core.text import T
from office.services import audit, evidence
from registry.models import Application, ApplicationFile, ApplicationMove
from registry.permissions import may_apply
from registry.rules import registering
from registry.rules.registering_moves import (
    APPLICANT,
    AT_OFFICES,
    ENDED,
    OPEN_TO_APPLICANT,
    REGISTRATION,
    Action,
    State,
    registration,
    stops_of,
)

MOST_OPEN, MOST_FILES = 20, 30


def offices_of(region: Region | None) -> dict[str, Region]:
    """Which office each stop on the way is: the regions of the chain, from below. One query."""
    if region is None:
        return {}
    chain = Region.objects.filter(code__in=region.path.strip("/").split("/"))
    by_level = {one.level: one for one in chain}
    stops = stops_of(list(by_level))
    levels = {stop: level for level in by_level for stop in stops_of([level])}
    return {stop: by_level[levels[stop]] for stop in stops}


def region_in(facts: Mapping[str, str]) -> Region | None:
    code = facts.get("region", "")
    return Region.objects.filter(code=code).first() if code else None


def place_of(region: Region | None, at: datetime) -> registering.Place | None:
    """The region as the rules see it."""
    if region is None:
        return None
    levels = tuple(office.level for office in offices_of(region).values())
    ended = region.valid_to if region.valid_to and region.valid_to < clock.day_of(at) else None
    return registering.Place(region.name, region.level, levels, ended)


def problems_of(found: Application, at: datetime) -> list[Problem]:
    """Everything that is wrong with what the applicant has written so far."""
    kinds = set(found.files.filter(detached_at=None).values_list("kind", flat=True))
    place = place_of(region_in(found.facts), at)
    return registering.faults(found.facts, evidence=kinds, place=place, today=clock.day_of(at))


@transaction.atomic
def begin(*, actor: Actor, at: datetime, facts: Mapping[str, str] | None = None) -> Application:
    """A new application of this person; the empty one that they have already, where there is one."""
    if not may_apply(actor) or actor.user is None:
        raise Refused(Problem("application.role", T("您的身份不能申请登记载体，请由运营机构的人员申请。")))
    locked(User.objects.all(), pk=actor.user.pk)
    mine = Application.objects.visible_to(actor).filter(applicant=actor.user).exclude(state__in=ENDED)
    empty = mine.filter(state=State.DRAFT, name="", files=None).first()
    if empty and not facts:
        return empty
    if mine.count() >= MOST_OPEN:
        raise Refused(Problem("application.many", T("您有 {n} 件未办结的申请，请先办完。", n=MOST_OPEN)))
    kept = registering.cleaned(facts or {})
    made = Application(applicant=actor.user, facts=kept, begun_at=at, saved_at=at)
    _describe(made, kept)
    made.save(force_insert=True)
    audit.record(actor=actor, action="application.begin", on=made, at=at)
    return made


def _describe(found: Application, facts: Mapping[str, str]) -> None:
    """What lists show beside."""
    found.name = facts.get("name", "")[:100]
    found.credit_code = identifiers.credit_code(facts.get("credit_code", ""))[:18]
    found.region = region_in(facts)


def _own(actor: Actor, application_id: uuid.UUID) -> Application:
    """One's own application, locked; `DoesNotExist` for any other."""
    mine = Application.objects.visible_to(actor).filter(applicant_id=actor.user_id)
    return locked(mine, pk=application_id)


def _writable(actor: Actor, application_id: uuid.UUID) -> Application:
    found = _own(actor, application_id)
    if found.state not in OPEN_TO_APPLICANT:
        words = T("申请现为“{state}”，不能修改。", state=REGISTRATION.title_of(found.state))
        raise Refused(Problem("application.locked", words))
    return found


@transaction.atomic
def fill(*, actor: Actor, application_id: uuid.UUID, given: Mapping[str, str], at: datetime) -> Application:
    """Saves what was typed, whatever it is; items that are not given stay. Nothing blocks it."""
    found = _writable(actor, application_id)
    found.facts = {**found.facts, **registering.cleaned(given)}
    if found.state == State.DRAFT:
        _describe(found, found.facts)
    found.saved_at = at
    found.save()
    return found


@transaction.atomic
def attach(
    *, actor: Actor, application_id: uuid.UUID, kind: str, upload: evidence.Upload | None, at: datetime
) -> ApplicationFile:
    """A document of one of the known kinds: PDF, PNG or JPEG."""
    found = _writable(actor, application_id)
    if kind not in registering.KINDS_OF_EVIDENCE:
        raise Refused(Problem("evidence.kind", T("没有这种材料。"), field="kind", found=kind[:20]))
    if found.files.filter(detached_at=None).count() >= MOST_FILES:
        words = T("一件申请最多 {n} 个文件，请合并后再传。", n=MOST_FILES)
        raise Refused(Problem("evidence.many", words, field=kind))
    file = evidence.kept(upload, actor=actor, at=at, field=kind)
    if file is None:
        raise Refused(Problem("evidence.none", T("请选择文件。"), field=kind))
    made = ApplicationFile.objects.create(application=found, kind=kind, file=file, attached_at=at)
    found.saved_at = at
    found.save(update_fields=["saved_at"])
    detail = {"kind": kind, "sha256": made.file.sha256}
    audit.record(actor=actor, action="application.attach", on=found, at=at, detail=detail)
    return made


@transaction.atomic
def detach(*, actor: Actor, application_id: uuid.UUID, file_id: int, at: datetime) -> None:
    """Takes a document away; what was handed in with it, an office still sees."""
    found = _writable(actor, application_id)
    row = locked(found.files.filter(detached_at=None), pk=file_id)
    row.detached_at = at
    row.save(update_fields=["detached_at"])
    detail = {"kind": row.kind, "sha256": row.file.sha256}
    audit.record(actor=actor, action="application.detach", on=found, at=at, detail=detail)


@transaction.atomic
def submit(*, actor: Actor, application_id: uuid.UUID, at: datetime) -> Application:
    """Hands it in: to the first office, after a return to the one that returned it. `Refused` with every
    problem; then nothing has changed."""
    found = _own(actor, application_id)
    again = found.state == State.RETURNED
    region = region_in(found.facts)
    offices = offices_of(region)
    back = next((stop for stop, office in offices.items() if again and office.pk == found.office_id), "")
    table = registration(tuple(offices) or AT_OFFICES, back)
    move = table.move(Action.RESUBMIT if again else Action.SUBMIT, state=found.state, role=APPLICANT)
    wrong = [*blocking(problems_of(found, at)), *_of_person(actor)]
    if wrong:
        raise Refused(wrong)
    found.submitted, found.round, found.submitted_at = dict(found.facts), found.round + 1, at
    _describe(found, found.facts)
    found.number = found.number or _next_number(offices, at)
    found.remarks.filter(settled_at=None).update(settled_at=at)
    moved(actor, found, move, at, office=offices[move.target])
    return found


def _of_person(actor: Actor) -> list[Problem]:
    """Who registers a carrier becomes its staff: that must go with what they hold."""
    held = appointments_of(actor.user) if actor.user else []
    return [
        Problem(
            "application.conflict",
            T(
                "您现任“{role}”，不能同时担任载体填报人；请由运营机构的其他人员申请。",
                role=ROLES[Role(one.role)],
            ),
        )
        for one in held
        if conflict(Role(one.role), Role.CARRIER_STAFF)
    ]


def _next_number(offices: Mapping[str, Region], at: datetime) -> str:
    """`SL-DJ-2026-00001`: prefix of the root, year, running number; the root stays locked until the end."""
    last = list(offices.values())[-1]
    chain = Region.objects.filter(code__in=last.path.strip("/").split("/")).order_by("path")
    root = next((one for one in chain if one.prefix), None)
    if root is None:
        raise Refused(Problem("region.prefix", T("区域“{name}”的上级没有编号前缀。", name=last.name)))
    locked(Region.objects.all(), pk=root.pk)
    stem = f"{root.prefix}-DJ-{clock.day_of(at).year}-"
    newest = Application.objects.filter(number__startswith=stem).aggregate(most=Max("number"))["most"]
    return f"{stem}{int(newest.removeprefix(stem)) + 1 if newest else 1:05d}"


@transaction.atomic
def withdraw(*, actor: Actor, application_id: uuid.UUID, at: datetime) -> Application:
    """Ends it, by the one whose it is; what was handed in stays in the record."""
    found = _own(actor, application_id)
    stops = tuple(offices_of(found.region)) or AT_OFFICES
    move = registration(stops).move(Action.WITHDRAW, state=found.state, role=APPLICANT)
    moved(actor, found, move, at)
    return found


def moved(
    actor: Actor,
    found: Application,
    move: Move,
    at: datetime,
    *,
    office: Region | None = None,
    comment: str = "",
) -> None:
    """The move itself: state, office, stamps, its row in the log and in the audit."""
    if actor.user is None:
        raise Refused(Problem("move.person", T("须由本人办理。")))
    source, by_office = found.state, found.office
    found.state, found.office = move.target, office
    found.ended_at = at if move.target in ENDED else None
    found.saved_at = at
    found.save()
    ApplicationMove.objects.create(
        application=found,
        action=move.action,
        source=source,
        target=move.target,
        round=found.round,
        made_by=actor.user,
        role=actor.role if actor.user_id != found.applicant_id else APPLICANT,
        office=by_office if actor.user_id != found.applicant_id else None,
        comment=comment,
        made_at=at,
    )
    detail = {"from": source, "to": move.target, "number": found.number}
    audit.record(
        actor=actor, action=f"application.{move.action}", on=found, at=at, detail=detail, reason=comment
    )
