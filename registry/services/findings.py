"""What the sides say to a finding, and what offices decide of it: said and decided once, remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from core import clock
from core.locks import locked
from core.moves import Move
from core.problems import Problem, Refused
from core.text import T
from office.services import audit, notices
from office.services.retrying import retried
from registry.models import Carrier, FindingStatement, Stay, TenancyFinding
from registry.permissions import may_decide, may_record_stay, may_reopen
from registry.queries.findings import sides_of, staff_of
from registry.rules.finding_moves import DECIDED, FINDING
from registry.services import stays

MOST_WORDS = 2000


@dataclass(slots=True)
class _Step:
    """A move that is legal, on a locked finding."""

    actor: Actor
    person: User
    found: TenancyFinding
    move: Move
    text: str
    at: datetime


def link(found: TenancyFinding) -> str:
    """Where people find it."""
    return reverse("registry:finding", args=[found.pk])


@retried
@transaction.atomic
def say(*, actor: Actor, finding_id: int, text: str, at: datetime) -> FindingStatement:
    """A statement of the actor's side. The same words of the same person twice are one statement.
    `TenancyFinding.DoesNotExist` outside the scope."""
    step = _begin(actor, finding_id, "say", text, at)
    last = step.found.statements.filter(action="say", by=step.person).last()
    if last and last.text == step.text:
        return last
    side = next((one for one in sides_of(step.found) if one.carrier.is_managed_by(actor)), None)
    if side is None:
        raise Refused(Problem("finding.side", T("您的身份不能为任何一方作说明。")))
    if step.found.state != step.move.target:
        step.found.state = step.move.target
        step.found.save(update_fields=["state"])
    return _written(step, side.carrier)


@retried
@transaction.atomic
def decide(
    *,
    actor: Actor,
    finding_id: int,
    action: str,
    text: str,
    at: datetime,
    stay_id: int | None = None,
    ended: date | None = None,
) -> TenancyFinding:
    """`accept` or `correct`, `end` one stay on a day, or `reopen` what was decided; each with a reason.

    Who oversees both sides decides of both; an office of one side may end the stay on its own side.
    `TenancyFinding.DoesNotExist` outside the scope, `Refused` with every reason.
    """
    if action not in {move.action for move in FINDING.moves if move.action != "say"}:
        raise Refused(Problem("finding.action", T("没有这种办理。"), field="action", found=action[:20]))
    step = _begin(actor, finding_id, action, text, at)
    if action == "reopen":
        return _reopened(step)
    own = step.found.stay_of(stay_id) if action == "end" else None
    if faults := _faults(step, action, own, ended):
        raise Refused(faults)
    if own is not None and ended is not None:
        stays.end_stay(actor=actor, stay_id=own.pk, ended=ended, at=at)
    found = step.found
    found.state, found.decision, found.reason = step.move.target, action, step.text
    found.ended_stay, found.decided_at, found.decided_by = own, at, step.person
    found.save()
    _written(step, None)
    sentence = T("关于“{name}”的疑点已处理：{result}。", name=found.tenant.name, result=step.move.label)
    notices.notify(people=staff_of(found, at=at), sentence=sentence, at=at, link=link(found))
    return found


def _begin(actor: Actor, finding_id: int, action: str, text: str, at: datetime) -> _Step:
    rows = TenancyFinding.objects.visible_to(actor).select_related(
        "tenant", "stay_a__carrier__region", "stay_b__carrier__region"
    )
    found = locked(rows, pk=finding_id)
    move = FINDING.move(action, state=found.state, role=actor.role, comment=text)
    problems = []
    if found.gone_at is not None:
        words = T("所依据的数据已经改变，疑点已消除，无需办理。")
        problems.append(Problem("finding.gone", words))
    if len(text) > MOST_WORDS:
        problems.append(Problem("move.comment", T("意见最多 {n} 字。", n=MOST_WORDS), field="comment"))
    if any(ord(sign) < 32 and sign not in "\r\n\t" for sign in text):
        problems.append(Problem("move.comment", T("意见含有控制字符。"), field="comment"))
    if problems:
        raise Refused(problems)
    if actor.user is None:
        raise Refused(Problem("finding.person", T("须由本人办理。")))
    return _Step(actor, actor.user, found, move, text.strip(), at)


def _faults(step: _Step, action: str, own: Stay | None, ended: date | None) -> list[Problem]:
    if action != "end":
        if may_decide(step.actor, step.found):
            return []
        words = T("疑点涉及您管辖范围以外的载体，由双方共同的上级处理；您可以提交说明，或登记本方离开。")
        return [Problem("finding.both_sides", words)]
    if own is None:
        return [Problem("finding.stay", T("请选择登记哪一方离开。"), field="stay")]
    found = []
    if not may_record_stay(step.actor, own.carrier):
        found.append(Problem("finding.other_side", T("只能登记您管辖范围内的一方离开。"), field="stay"))
    if own.ended:
        found.append(Problem("stay.ended", T("已于 {day} 离开。", day=own.ended.isoformat()), field="stay"))
    if ended is None:
        found.append(Problem("finding.ended", T("请填写离开日期。"), field="ended"))
    elif ended < own.entered:
        found.append(Problem("stay.order", T("离开日期早于入驻日期。"), field="ended"))
    elif ended > clock.day_of(step.at):
        found.append(Problem("date.future", T("日期不能晚于今天。"), field="ended"))
    return found


def _reopened(step: _Step) -> TenancyFinding:
    found = step.found
    decided = found.statements.exclude(action="say").last()
    if decided is None or not may_reopen(step.actor, found, decided_as=decided.role):
        raise Refused(Problem("finding.both_sides", T("由作出处理的一级或其上级重新核实。")))
    found.state, found.decision, found.reason = step.move.target, "", ""
    found.ended_stay = found.decided_at = found.decided_by = None
    found.save()
    _written(step, None)
    return found


def _written(step: _Step, carrier: Carrier | None) -> FindingStatement:
    """The row that people see, and the record."""
    made = FindingStatement.objects.create(
        finding=step.found,
        action=step.move.action,
        carrier=carrier,
        text=step.text,
        by=step.person,
        role=step.actor.role,
        at=step.at,
    )
    detail = {"kind": step.found.kind, "tenant": step.found.tenant.credit_code, "to": step.found.state}
    if step.found.state == DECIDED and step.found.ended_stay:
        detail["ended"] = step.found.ended_stay.carrier.code
    audit.record(
        actor=step.actor,
        action=f"finding.{step.move.action}",
        on=step.found,
        at=step.at,
        detail=detail,
        reason=step.text,
    )
    return made
