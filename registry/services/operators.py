"""Operators by credit code: one row a legal person, renamed with a date, carriers taken over by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.actors import Actor
from core import clock, identifiers
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.services import audit
from office.services.retrying import retried
from registry.models import Carrier, CarrierState, ChangeClaim, Operator, OperatorLink, OperatorVersion
from registry.permissions import may_record_lineage
from registry.rules.checks import basis_faults, date_faults
from registry.services.carriers import change_carrier

BATCH = 500


@transaction.atomic
def register_operator(
    *,
    actor: Actor,
    credit_code: str,
    name: str,
    at: datetime,
    address: str = "",
    contact: str = "",
    phone: str = "",
) -> Operator:
    """A new operator, or the one that has this credit code already (its facts are not touched)."""
    code = identifiers.credit_code(credit_code)
    fault = identifiers.credit_code_fault(code)
    found = (
        [Problem(fault[0], fault[1], field="credit_code", found=credit_code, fix=fault[2])] if fault else []
    )
    if not name.strip():
        found.append(Problem("operator.name", T("请填写运营机构名称。"), field="name"))
    if found:
        raise Refused(found)
    operator, made = Operator.objects.get_or_create(
        credit_code=code,
        defaults={"name": name.strip(), "address": address, "contact": contact, "phone": phone},
    )
    if made:
        audit.record(actor=actor, action="operator.register", on=operator, key=code, at=at)
    return operator


@transaction.atomic
def register_operators(*, actor: Actor, names: Mapping[str, str], at: datetime) -> dict[str, Operator]:
    """Operators by sound credit code, with the names of those that are not there yet: a few queries however
    many. One that another act registers at this moment keeps the name it got there."""
    if not names:
        return {}
    known = Operator.objects.in_bulk(list(names), field_name="credit_code")
    new = [code for code in names if code not in known]
    rows = [Operator(credit_code=code, name=names[code].strip()) for code in new]
    Operator.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    acts = [audit.Act("operator.register", "registry.operator", code) for code in new]
    audit.record_all(actor=actor, acts=acts, at=at)
    return known | Operator.objects.in_bulk(new, field_name="credit_code")


@transaction.atomic
def rename_operator(
    *, actor: Actor, operator: Operator, name: str, valid_from: date, basis: str, at: datetime
) -> Operator:
    """Another name from a day on; the former one stays known. For an office over all its carriers."""
    found = locked(Operator.objects.all(), pk=operator.pk)
    problems = []
    mine = Carrier.objects.managed_by(actor).values("pk")
    open_now = Carrier.objects.filter(operator=found).exclude(state=CarrierState.CLOSED)
    if open_now.exclude(pk__in=mine).exists():
        words = T("“{name}”还运营您管辖之外的载体，须由上级办理更名。", name=found.name)
        problems.append(Problem("operator.scope", words, field="operator"))
    if OperatorVersion.objects.filter(operator=found, valid_from__gt=valid_from).exists():
        words = T("登记中已有更晚的更名，请核对日期。")
        problems.append(Problem("operator.later", words, field="happened_on", found=valid_from.isoformat()))
    if problems:
        raise Refused(problems)
    former, found.name = found.name, name.strip()
    found.save(update_fields=["name"])
    OperatorVersion.objects.create(
        operator=found, former_name=former, name=found.name, valid_from=valid_from, basis=basis,
        recorded_at=at,
    )  # fmt: skip
    detail = {"name": [former, found.name], "valid_from": valid_from.isoformat(), "basis": basis}
    audit.record(actor=actor, action="operator.rename", on=found, key=found.credit_code, at=at, detail=detail)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """That the body with code and name `to_code`, `to_name` took over all carriers of the one with `code`."""

    code: str
    to_code: str
    to_name: str
    happened_on: date
    basis: str


@dataclass(frozen=True, slots=True)
class SuccessionPlan:
    """What would happen: the carriers that change their operator, and everything that stands against it."""

    predecessor: Operator | None
    carriers: list[Carrier]
    problems: list[Problem]


def plan_succession(*, actor: Actor, asked: Succession, at: datetime) -> SuccessionPlan:
    """Nothing is written. Only operators of carriers in one's scope are known."""
    code, to_code = identifiers.credit_code(asked.code), identifiers.credit_code(asked.to_code)
    before = Operator.objects.visible_to(actor).filter(credit_code=code).first()
    open_now = Carrier.objects.filter(operator=before).exclude(state=CarrierState.CLOSED) if before else None
    carriers = list(open_now.select_related("region")) if open_now is not None else []
    problems = [*basis_faults(asked.basis), *date_faults(asked.happened_on, clock.day_of(at), "happened_on")]
    if before is None:
        problems.append(Problem("operator.unknown", T("没有找到这家运营机构。"), field="code", found=code))
    elif not carriers:
        problems.append(Problem("operator.idle", T("这家机构没有在运营的载体。"), field="code"))
    if wrong := identifiers.credit_code_fault(to_code):
        problems.append(Problem(wrong[0], wrong[1], field="to_code", found=asked.to_code[:60], fix=wrong[2]))
    if to_code == code:
        problems.append(
            Problem("operator.self", T("承继的机构就是它自己；更名请走变更申请。"), field="to_code")
        )
    problems += _faults_of_name(to_code, asked.to_name)
    problems += _faults_of_carriers(actor, carriers)
    return SuccessionPlan(before, carriers, problems)


def _faults_of_name(code: str, name: str) -> list[Problem]:
    if not name.strip() or len(name) > 100:
        return [Problem("operator.name", T("请填写运营机构名称（100 字以内）。"), field="to_name")]
    known = Operator.objects.filter(credit_code=code).first()
    if known is not None and known.name != name.strip():
        words = T("登记中信用代码 {code} 的机构名称为“{name}”。", code=code, name=known.name)
        return [Problem("operator.other_name", words, field="to_name", found=name[:60])]
    return []


def _faults_of_carriers(actor: Actor, carriers: list[Carrier]) -> list[Problem]:
    found = []
    if any(not may_record_lineage(actor, one) for one in carriers):
        words = T("它运营的载体有的不归您决定，须由更高一级办理。")
        found.append(Problem("operator.scope", words, field="code"))
    claims = ChangeClaim.objects.filter(carrier__in=carriers, fact="operator").select_related("request")
    for claim in claims:
        words = T("有更换运营机构的申请在办（{number}），办结后再办。", number=claim.request.number)
        found.append(Problem("operator.open_change", words, found=claim.request.number))
    return found


@retried
@transaction.atomic
def succeed_operator(*, actor: Actor, asked: Succession, at: datetime) -> OperatorLink:
    """All carriers of an operator go over to another from a day on. `Refused` with every reason."""
    code = identifiers.credit_code(asked.code)
    if Operator.objects.visible_to(actor).filter(credit_code=code).exists():
        locked(Operator.objects.all(), credit_code=code)
    found = plan_succession(actor=actor, asked=asked, at=at)
    if found.problems or found.predecessor is None:
        raise Refused(found.problems)
    after = register_operator(actor=actor, credit_code=asked.to_code, name=asked.to_name, at=at)
    for one in found.carriers:
        change_carrier(
            actor=actor,
            code=one.code,
            changes={"operator_id": after.pk},
            valid_from=asked.happened_on,
            basis=asked.basis,
            at=at,
        )
    made = OperatorLink.objects.create(
        predecessor=found.predecessor, successor=after, happened_on=asked.happened_on, basis=asked.basis,
        recorded_at=at, recorded_by=actor.user,
    )  # fmt: skip
    detail = {
        "from": code,
        "to": after.credit_code,
        "happened_on": asked.happened_on.isoformat(),
        "basis": asked.basis,
        "carriers": [one.code for one in found.carriers],
    }
    audit.record(actor=actor, action="operator.succeed", on=after, key=code, at=at, detail=detail)
    return made
