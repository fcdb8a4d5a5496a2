"""A carrier answers without figures: nothing to report, or no longer running; with a reason and evidence.

The figures typed so far stay in their own draft and come back when the answer is taken back. Closing a
carrier in the register stays the register's own act: it is proposed to the officers.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from accounts.actors import Actor
from core import clock
from core.problems import Problem, Refused
from core.text import T
from office.models import StoredFile
from office.services import audit, evidence, notices
from office.services.evidence import Upload
from office.services.retrying import retried
from reporting import links, queries
from reporting.models import Return, ReturnVersion
from reporting.permissions import may_submit, refuse
from reporting.queries import Opened
from reporting.rules.answers import ANSWERS, Answer, faults_of
from reporting.rules.lifecycle import Chain, stops_of
from reporting.rules.values import words
from reporting.services.drafts import draft_to_change, stamp
from reporting.services.versions import next_draft

MOST_WORDS = 500
FIELDS = ("answer", "answer_reason", "closed_on", "evidence")


@retried
def say(
    *,
    actor: Actor,
    return_id: int,
    answer: str,
    reason: str,
    at: datetime,
    upload: Upload | None = None,
    closed_on: date | None = None,
    dry_run: bool = False,
) -> Return:
    """The draft becomes this answer, to be handed in like a return; said again it is written over, and keeps
    its evidence unless there is another. A dry run writes nothing. Raises `Refused` with every fault."""
    said = words(reason, T("理由"), field="reason", most=MOST_WORDS)
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at, answered=True)
        refuse(may_submit(actor, opened.of))
        before = opened.version.evidence if opened.version.answer else None
        has_evidence, today = bool(upload or before), clock.day_of(at)
        if faults := faults_of(answer, said, closed_on, has_evidence=has_evidence, today=today):
            raise Refused(faults)
        file = evidence.kept(upload, actor=actor, at=at, field="evidence") or before
        _write(actor, opened, (answer, said, closed_on, file), at)
        detail = {"answer": answer, "evidence": file.sha256 if file else ""}
        audit.record(actor=actor, action="return.answer", on=opened.of, at=at, detail=detail, reason=said)
        transaction.set_rollback(dry_run)
    return opened.of


def _write(
    actor: Actor, opened: Opened, given: tuple[str, str, date | None, StoredFile | None], at: datetime
) -> None:
    """Into the draft that is an answer, else into a new one beside that of the figures."""
    found, version = opened.of, opened.version
    named = dict(zip(FIELDS, given, strict=True))
    if version.answer:
        for name, value in named.items():
            setattr(version, name, value)
        version.save(update_fields=list(FIELDS))
    else:
        number = _last(found) + 1
        version = ReturnVersion.objects.create(return_of=found, number=number, saved_at=at, **named)
        Return.objects.filter(pk=found.pk).update(current=version, updated_at=at)
        found.current = version
    stamp(actor=actor, opened=queries.opened(found, at=at, version=version), at=at, fields=())


@retried
def take_back(*, actor: Actor, return_id: int, at: datetime) -> Return:
    """Figures after all: what was typed before is the draft again."""
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at, answered=True)
        refuse(may_submit(actor, opened.of))
        found, version = opened.of, opened.version
        if not version.answer:
            raise Refused(Problem("answer.none", T("这份报表没有作零申报或停止运营申报。")))
        base = found.versions.filter(answer="").order_by("-number").first()
        if base is None:
            raise ReturnVersion.DoesNotExist(f"return {found.pk} has no figures")
        draft = base if base.submitted_at is None else next_draft(base, at=at, number=_last(found) + 1)
        Return.objects.filter(pk=found.pk).update(current=draft, updated_at=at)
        version.delete()
        found.current = draft
        detail = {"answer": version.answer}
        audit.record(actor=actor, action="return.unanswer", on=found, at=at, detail=detail)
    return found


def _last(found: Return) -> int:
    number: int = found.versions.aggregate(last=Max("number"))["last"] or 0
    return number


def propose_closing(found: Return, *, at: datetime) -> None:
    """Tells the offices that saw the return that the register is to follow, in the caller's transaction."""
    version = found.current
    if version is None or version.answer != Answer.CLOSED:
        return
    people = [
        person for stop in stops_of(Chain(found.chain)) for person in queries.officers_at(found, stop, at=at)
    ]
    sentence = T(
        "“{carrier}”申报自 {day} 起停止运营，已受理；请核实后在登记中办理注销。",
        carrier=found.carrier.name,
        day=version.closed_on,
    )
    notices.notify(people=people, sentence=sentence, at=at, link=links.carrier_page(found.carrier.code))


def title_of(version: ReturnVersion) -> str:
    """The answer in words; empty for one of figures."""
    return str(ANSWERS[Answer(version.answer)]) if version.answer else ""
