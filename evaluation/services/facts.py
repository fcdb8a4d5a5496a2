"""Facts of a carrier's year: recorded on the ground of a document, revoked with a reason, never edited."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.actors import Actor
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from evaluation import models
from evaluation.models import CarrierFact
from evaluation.permissions import may_record_facts, refuse
from evaluation.rules.entered import unseen
from evaluation.rules.facts import FACTS, exact_fact, title_of
from office.services import audit
from office.services.evidence import Upload, kept
from registry.models import Carrier

FIRST_YEAR = 2000
MOST_DOCUMENT = 200


def known_names() -> list[str]:
    """The facts that may be recorded: those known by name, and those that a loaded scheme reads."""
    read = {name for names in models.Scheme.objects.values_list("fact_names", flat=True) for name in names}
    return [*FACTS, *sorted(read - set(FACTS))]


def record_fact(
    *,
    actor: Actor,
    carrier_code: str,
    year: int,
    name: str,
    value: str,
    document: str,
    document_date: date,
    at: datetime,
    file: Upload | None = None,
) -> CarrierFact:
    """The fact, in force from now on for runs that are frozen later. Raises `Refused` with all that is
    wrong, also where the same fact is in force already; `DoesNotExist` for a carrier out of scope."""
    refuse(may_record_facts(actor))
    with transaction.atomic():
        carrier = locked(Carrier.objects.managed_by(actor), code=carrier_code)
        exact = exact_fact(name, value)
        problems = [exact] if isinstance(exact, Problem) else []
        problems += _faults(carrier, year, name, document, document_date, clock.day_of(at))
        if problems or isinstance(exact, Problem):
            raise Refused(problems)
        fact = CarrierFact.objects.create(
            carrier=carrier,
            year=year,
            name=name,
            value=exact,
            document=document.strip(),
            document_date=document_date,
            file=kept(file, actor=actor, at=at, field="file"),
            recorded_at=at,
            recorded_by=actor.user,
        )
        detail = {"carrier": carrier.code, "year": year, "name": name, "value": exact}
        audit.record(actor=actor, action="fact.record", on=fact, at=at, detail=detail, reason=fact.document)
    return fact


def _faults(
    carrier: Carrier, year: int, name: str, document: str, document_date: date, today: date
) -> list[Problem]:
    problems = []
    if name not in known_names():
        problems.append(Problem("fact.name", T("没有这种事实。"), field="name", found=name[:30]))
    if not FIRST_YEAR <= year <= today.year:
        message = T("年度须在 {first} 至 {last} 之间。", first=FIRST_YEAR, last=today.year)
        problems.append(Problem("fact.year", message, field="year", found=str(year)))
    if not 2 <= len(document.strip()) <= MOST_DOCUMENT:
        message = T("请写明依据文件的名称和文号。")
        problems.append(Problem("fact.document", message, field="document"))
    problems += unseen(document, "document")
    if document_date > today:
        message = T("文件日期不能晚于今天。")
        problems.append(Problem("fact.document_date", message, field="document_date"))
    if CarrierFact.objects.filter(carrier=carrier, year=year, name=name, revoked_at=None).exists():
        message = T("{year} 年的“{title}”已有登记；要改动请先撤销。", year=year, title=title_of(name))
        problems.append(Problem("fact.twice", message, field="name"))
    return problems


def revoke_fact(*, actor: Actor, fact_id: int, because: str, at: datetime) -> CarrierFact:
    """The fact no longer counts in runs that are frozen later; what was frozen stays as it was."""
    refuse(may_record_facts(actor))
    reason = because.strip()
    if not 2 <= len(reason) <= 200:
        raise Refused(Problem("fact.reason", T("请写明撤销的理由（200 字以内）。"), field="because"))
    if faults := unseen(reason, "because"):
        raise Refused(faults)
    with transaction.atomic():
        fact = locked(CarrierFact.objects.visible_to(actor), pk=fact_id)
        if fact.revoked_at is not None:
            raise Refused(Problem("fact.revoked", T("这条事实已经撤销。")))
        fact.revoked_at, fact.revoked_by, fact.revoked_because = at, actor.user, reason
        fact.save()
        detail = {"name": fact.name, "value": fact.value, "year": fact.year}
        audit.record(actor=actor, action="fact.revoke", on=fact, at=at, detail=detail, reason=reason)
    return fact
