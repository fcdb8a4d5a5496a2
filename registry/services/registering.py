"""The offices' side of an application: passed on, returned item by item, refused, registered."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.actors import PORTAL, Actor
from accounts.models import User
from accounts.rules.roles import Role
from core import clock, identifiers
from core.amounts import plain_number
from core.locks import locked
from core.moves import Lifecycle, Move
from core.problems import Problem, Refused, blocking
from core.text import T, Text
from office.services import audit, notices, people
from registry.models import Application, ApplicationClearance, ApplicationRemark, Carrier
from registry.permissions import may_act_on
from registry.rules import registering
from registry.rules.registering_moves import AT_OFFICES, Action, registration
from registry.services import doubts
from registry.services.applications import moved, offices_of, place_of
from registry.services.carriers import NewCarrier, register_carrier
from registry.services.operators import register_operator

MOST_WORDS, MOST_COMMENT = 500, 2000


def link(found: Application) -> str:
    """Where people find it."""
    return reverse("registry:application", args=[found.pk])


def table_of(found: Application) -> Lifecycle:
    """The moves on the way of this application."""
    return registration(tuple(offices_of(found.region)) or AT_OFFICES)


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise Refused(Problem("move.person", T("须由本人办理。")))
    return actor.user


def _taken(
    actor: Actor, application_id: uuid.UUID, action: Action, expected: int, comment: str
) -> tuple[Application, Move]:
    """Locked, the move asked of the table: it lies with this office, and as it was when it was looked at."""
    rows = Application.objects.visible_to(actor).exclude(applicant_id=actor.user_id)
    found = locked(rows.select_related("region", "office", "applicant"), pk=application_id)
    move = table_of(found).move(action, state=found.state, role=actor.role, comment=comment)
    problems = []
    if not may_act_on(actor, found):
        problems.append(Problem("move.office", T("申请现在不在您处，不能办理。")))
    if found.round != expected:
        words = T("申请人已重新提交（第 {n} 次），请刷新后再看。", n=found.round)
        problems.append(Problem("move.stale", words))
    if len(comment) > MOST_COMMENT:
        problems.append(Problem("move.comment", T("意见最多 {n} 字。", n=MOST_COMMENT), field="comment"))
    if problems:
        raise Refused(problems)
    return found, move


def _tell(found: Application, sentence: Text, at: datetime) -> None:
    notices.notify(people=[found.applicant], sentence=sentence, at=at, link=link(found))


def _must_be_clear(found: Application) -> None:
    left = doubts.open_doubts(found)
    if left:
        raise Refused(
            Problem(
                "application.doubt",
                T("“{name}”与本申请{because}，请先认定是否为另一主体。", name=one.other.name,
                  because=one.because[0]),
                place=one.other.number,
                fix=T("在“疑似重复”中写明理由，或者退回、不予登记。"),
            )
            for one in left
        )  # fmt: skip


@transaction.atomic
def clear(
    *, actor: Actor, application_id: uuid.UUID, against: str, reason: str, expected: int, at: datetime
) -> ApplicationClearance:
    """The office's word that the other is another body, with its reason. Once for one name and code."""
    found, _move = _taken(actor, application_id, Action.SEND_BACK, expected, "")
    words = reason.strip()
    if not words or len(words) > MOST_WORDS:
        sentence = T("请写明认定为另一主体的理由（{n} 字以内）。", n=MOST_WORDS)
        raise Refused(Problem("clearance.reason", sentence, field="reason"))
    if against not in {one.against for one in doubts.open_doubts(found)}:
        raise Refused(Problem("clearance.gone", T("这一疑点已经认定过，或已不存在，请刷新后再看。")))
    made = ApplicationClearance.objects.create(
        application=found,
        against=against,
        subject=doubts.subject_of(found),
        reason=words,
        made_by=_person(actor),
        made_at=at,
    )
    detail = {"against": against, "subject": made.subject}
    audit.record(actor=actor, action="application.clear", on=found, at=at, detail=detail, reason=words)
    return made


@transaction.atomic
def pass_on(
    *, actor: Actor, application_id: uuid.UUID, expected: int, at: datetime, comment: str = ""
) -> Application:
    """To the next office above; not while a doubt is open."""
    found, move = _taken(actor, application_id, Action.PASS, expected, comment)
    _must_be_clear(found)
    moved(actor, found, move, at, office=offices_of(found.region)[move.target], comment=comment.strip())
    sentence = T("“{name}”的登记申请已通过“{office}”审核。", name=found.name, office=str(actor.region))
    _tell(found, sentence, at)
    return found


@transaction.atomic
def send_back(
    *,
    actor: Actor,
    application_id: uuid.UUID,
    remarks: Mapping[str, str],
    expected: int,
    at: datetime,
    comment: str = "",
) -> Application:
    """Returned for mending, with a reason at each item that is meant; at least one."""
    found, move = _taken(actor, application_id, Action.SEND_BACK, expected, comment)
    said = {item: text.strip() for item, text in remarks.items() if text.strip()}
    if wrong := _of_remarks(said):
        raise Refused(wrong)
    ApplicationRemark.objects.bulk_create(
        ApplicationRemark(
            application=found,
            item=item,
            text=text,
            value=found.submitted.get(item, ""),
            round=found.round,
            made_by=_person(actor),
            made_at=at,
        )
        for item, text in said.items()
    )
    moved(actor, found, move, at, office=found.office, comment=comment.strip())
    sentence = T("“{name}”的登记申请被退回补正，共 {n} 项，请改正后再次提交。", name=found.name, n=len(said))
    _tell(found, sentence, at)
    return found


def _of_remarks(said: Mapping[str, str]) -> list[Problem]:
    if not said:
        return [Problem("remark.none", T("请至少在一项上写明退回的理由。"))]
    found = []
    for item, text in said.items():
        if not registering.is_item(item):
            found.append(Problem("remark.item", T("没有这一项。"), field=item[:20], found=item[:20]))
        elif len(text) > MOST_WORDS:
            words = T("“{name}”的理由最多 {n} 字。", name=registering.title_of(item), n=MOST_WORDS)
            found.append(Problem("remark.long", words, field=item))
    return found


@transaction.atomic
def refuse(
    *, actor: Actor, application_id: uuid.UUID, comment: str, expected: int, at: datetime
) -> Application:
    """Ends it, with a reason."""
    found, move = _taken(actor, application_id, Action.REFUSE, expected, comment)
    moved(actor, found, move, at, comment=comment.strip())
    sentence = T("“{name}”的登记申请不予登记：{reason}", name=found.name, reason=comment.strip()[:200])
    _tell(found, sentence, at)
    return found


@transaction.atomic
def register(
    *, actor: Actor, application_id: uuid.UUID, expected: int, at: datetime, comment: str = ""
) -> Application:
    """The carrier comes into the register with its permanent code; its operator too, where it is new; the
    applicant becomes its staff. Once, by the last office."""
    found, move = _taken(actor, application_id, Action.REGISTER, expected, comment)
    _must_be_clear(found)
    if wrong := _still_wrong(found, at):
        raise Refused(wrong)
    found.carrier = _carrier(actor, found, at)
    found.check_token = secrets.token_urlsafe(16)
    moved(actor, found, move, at, comment=comment.strip())
    people.appoint(
        actor=PORTAL,
        user=found.applicant,
        role=Role.CARRIER_STAFF,
        carrier_code=found.carrier.code,
        valid_from=clock.day_of(at),
        at=at,
    )
    sentence = T(
        "“{name}”已登记，载体编号 {code}，可以下载登记表。", name=found.name, code=found.carrier.code
    )
    _tell(found, sentence, at)
    return found


def _still_wrong(found: Application, at: datetime) -> list[Problem]:
    """What was right when it was handed in may have changed: a region ended, a lease is over."""
    return blocking(
        registering.faults(
            found.submitted,
            evidence=set(found.files.filter(detached_at=None).values_list("kind", flat=True)),
            place=place_of(found.region, at),
            today=clock.day_of(at),
        )
    )


def _carrier(actor: Actor, found: Application, at: datetime) -> Carrier:
    facts = found.submitted
    if found.region is None:
        raise ValueError(f"application {found.pk} was handed in without a region")
    operator = register_operator(
        actor=actor,
        credit_code=facts["credit_code"],
        name=facts["operator_name"],
        address=facts["operator_address"],
        contact=facts["contact"],
        phone=identifiers.phone(facts["phone"]) or "",
        at=at,
    )
    specialised = facts["carrier_class"] == "specialised"
    new = NewCarrier(
        name=facts["name"],
        name_en=facts.get("name_en", ""),
        former_names=(facts["former_name"],) if facts["renamed"] == "yes" else (),
        kind=facts["kind"],
        carrier_class=facts["carrier_class"],
        field=facts.get("field", "") if specialised else "",
        operator=operator,
        region=found.region,
        address=facts["address"],
        area_total=plain_number(facts["area_total"]),
        opened_on=registering.day_in(facts["opened_on"]),
        listed_year=clock.day_of(at).year,
        valid_from=clock.day_of(at),
        basis=f"载体登记申请 {found.number}",
    )
    return register_carrier(actor=actor, new=new, at=at)
