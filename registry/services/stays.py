"""Tenants and teams enter carriers and leave them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.actors import Actor
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.services import audit
from office.services.evidence import Upload, kept
from registry.models import Carrier, Stay, Team, Tenant
from registry.permissions import may_record_stay
from registry.rules import checks
from registry.rules.vocabulary import GRADUATION, UNSTATED
from registry.services import tenancy


@transaction.atomic
def record_stay(*, actor: Actor, carrier_code: str, who: Tenant | Team, entered: date, at: datetime) -> Stay:
    """A tenant or team entered. `Carrier.DoesNotExist` outside the actor's scope."""
    carrier = locked(Carrier.objects.managed_by(actor).select_related("region"), code=carrier_code)
    _check_may(actor, carrier)
    founded = who.founded if isinstance(who, Tenant) else who.formed
    found = checks.stay_faults(founded=founded, entered=entered, today=clock.day_of(at))
    tenant, team = (who, None) if isinstance(who, Tenant) else (None, who)
    if Stay.objects.filter(carrier=carrier, tenant=tenant, team=team).current().exists():
        found.append(Problem("stay.twice", T("已在本载体入驻，尚未离开。")))
    if found:
        raise Refused(found)
    stay = Stay.objects.create(carrier=carrier, tenant=tenant, team=team, entered=entered, updated_at=at)
    _record(actor, "stay.enter", stay, at)
    return stay


@transaction.atomic
def end_stay(
    *,
    actor: Actor,
    stay_id: int,
    ended: date,
    at: datetime,
    graduated_by: str = "",
    evidence: Upload | None = None,
) -> Stay:
    """It left, or graduated by one of the four conditions, as `evidence` shows. Who graduates in these days
    shows it now; of what ended over a year ago it may come later. `Stay.DoesNotExist` outside the scope."""
    stay = locked(Stay.objects.visible_to(actor).select_related("carrier__region"), pk=stay_id)
    _check_may(actor, stay.carrier)
    found = checks.date_faults(ended, clock.day_of(at), "ended")
    if stay.ended:
        found.append(Problem("stay.ended", T("已于 {day} 离开。", day=stay.ended.isoformat())))
    if ended < stay.entered:
        found.append(Problem("stay.order", T("离开日期早于入驻日期。"), field="ended"))
    found += checks.graduation_faults(
        graduated_by, ended, clock.day_of(at), has_evidence=evidence is not None
    )
    if found:
        raise Refused(found)
    stay.evidence = kept(evidence, actor=actor, at=at, field="evidence")
    stay.ended, stay.graduated_by, stay.updated_at = ended, graduated_by, at
    stay.save()
    _record(actor, "stay.end", stay, at)
    return stay


@transaction.atomic
def state_graduation(
    *, actor: Actor, stay_id: int, graduated_by: str, at: datetime, evidence: Upload | None = None
) -> Stay:
    """Adds the condition that a list did not say, or the evidence that was not at hand. A condition that was
    stated stays as it is. `Stay.DoesNotExist` outside the scope."""
    stay = locked(Stay.objects.visible_to(actor).select_related("carrier__region"), pk=stay_id)
    _check_may(actor, stay.carrier)
    found = []
    if not stay.graduated_by:
        found.append(Problem("stay.not_graduated", T("没有登记毕业，不能补记毕业条件。")))
    elif graduated_by not in GRADUATION:
        found.append(Problem("stay.graduation", T("没有这个毕业条件。"), field="graduated_by"))
    elif stay.graduated_by not in (UNSTATED, graduated_by):
        words = T("毕业条件已登记为“{condition}”。", condition=GRADUATION[stay.graduated_by])
        found.append(Problem("stay.stated", words, field="graduated_by"))
    elif stay.graduated_by == graduated_by and (evidence is None or stay.evidence):
        found.append(Problem("stay.nothing", T("没有需要补记的内容。"), field="evidence"))
    if found:
        raise Refused(found)
    stay.evidence = kept(evidence, actor=actor, at=at, field="evidence") or stay.evidence
    stay.graduated_by, stay.updated_at = graduated_by, at
    stay.save()
    _record(actor, "stay.graduation", stay, at)
    return stay


def _check_may(actor: Actor, carrier: Carrier) -> None:
    if not may_record_stay(actor, carrier):
        raise Refused(Problem("stay.role", T("您的身份不能登记此载体的入驻。")))


def _record(actor: Actor, action: str, stay: Stay, at: datetime) -> None:
    known = {
        "carrier": stay.carrier.code,
        "entered": stay.entered.isoformat(),
        "ended": stay.ended.isoformat() if stay.ended else "",
        "graduated_by": stay.graduated_by,
        "evidence": stay.evidence.sha256 if stay.evidence else "",
    }
    detail = {name: value for name, value in known.items() if value}
    audit.record(actor=actor, action=action, on=stay, at=at, detail=detail)
    tenancy.ask_after_commit(at=at)
