"""Objections to a publicised result: filed by the carrier with its name, decided once with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from evaluation.models import Objection, Run, RunEntry
from evaluation.permissions import may_decide, may_object, refuse
from evaluation.queries import officers_of_run
from evaluation.rules.entered import unseen
from evaluation.rules.lifecycle import OBJECTION
from office.services import audit, notices
from office.services.evidence import Upload, kept

LEAST_WORDS, MOST_WORDS = 10, 4000


def file(*, actor: Actor, run_id: int, text: str, at: datetime, evidence: Upload | None = None) -> Objection:
    """An objection to the own carrier's result, while publicity lasts. `DoesNotExist` where there is no
    such result; `Refused` with all that is wrong."""
    refuse(actor.role == Role.CARRIER_STAFF)
    person = actor.user
    if person is None:
        raise Refused(Problem("objection.person", T("异议须实名提出。")))
    with transaction.atomic():
        run = locked(Run.objects.visible_to(actor), pk=run_id)
        entry = (
            RunEntry.objects.visible_to(actor)
            .select_related("carrier")
            .get(run=run, carrier__code=actor.carrier_code)
        )
        refuse(may_object(actor, entry))
        problems = [*_of_time(run, at), *_of_text(text)]
        if entry.objections.filter(state="filed").exists():
            problems.append(Problem("objection.open", T("本单位已有一件异议正在处理。")))
        if problems:
            raise Refused(problems)
        made = Objection.objects.create(
            entry=entry,
            text=text.strip(),
            evidence=kept(evidence, actor=actor, at=at, field="evidence"),
            filed_at=at,
            filed_by=person,
        )
        detail = {"run": run.pk, "carrier": entry.carrier.code}
        audit.record(actor=actor, action="objection.file", on=made, at=at, detail=detail)
        sentence = T("“{name}”对“{title}”的结果提出异议。", name=entry.carrier.name, title=run.title)
        notices.notify(people=officers_of_run(run, at), sentence=sentence, at=at, link=link(made))
    return made


def link(objection: Objection) -> str:
    """Where people find it."""
    return reverse("evaluation:objection", args=[objection.pk])


def _of_time(run: Run, at: datetime) -> list[Problem]:
    open_until = run.publicity_ends_at
    if run.state != "publicised" or open_until is None or at >= open_until:
        return [Problem("objection.time", T("只能在公示期内提出异议。"))]
    return []


def _of_text(text: str) -> list[Problem]:
    if not LEAST_WORDS <= len(text.strip()) <= MOST_WORDS:
        message = T("请写明异议内容（{least} 至 {most} 字）。", least=LEAST_WORDS, most=MOST_WORDS)
        return [Problem("objection.text", message, field="text")]
    return unseen(text, "text")


def decide(*, actor: Actor, objection_id: int, action: str, comment: str, at: datetime) -> Objection:
    """Sustains or rejects it, with a reason, once. The result itself does not change by this."""
    with transaction.atomic():
        visible = Objection.objects.visible_to(actor)
        found = locked(visible.select_related("entry__run__region", "filed_by"), pk=objection_id)
        if action not in {move.action for move in OBJECTION.moves}:
            raise Refused(Problem("objection.action", T("没有这种办理。"), field="action", found=action[:20]))
        move = OBJECTION.move(action, state=found.state, role=actor.role, comment=comment)
        refuse(may_decide(actor, found))
        if len(comment) > MOST_WORDS:
            raise Refused(Problem("move.comment", T("意见最多 {n} 字。", n=MOST_WORDS), field="comment"))
        if faults := unseen(comment, "comment"):
            raise Refused(faults)
        found.state, found.decision = move.target, comment.strip()
        found.decided_at, found.decided_by = at, actor.user
        found.save()
        audit.record(
            actor=actor,
            action=f"objection.{action}",
            on=found,
            at=at,
            detail={"to": found.state},
            reason=comment,
        )
        sentence = T("您提出的异议已处理：{result}。", result=OBJECTION.title_of(found.state))
        notices.notify(people=[found.filed_by], sentence=sentence, at=at, link=link(found))
    return found
