"""What is asked to change, checked against the register as it is; `python_values` alone writes: operators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import Role
from core import clock
from core.amounts import shown
from core.problems import Problem
from core.text import T, Text
from office.services.evidence import Upload
from registry.models import Carrier, CarrierState, ChangeClaim, ChangeFile, ChangeRequest, Operator
from registry.rules.asked_facts import (
    DECIDED_ELSEWHERE,
    EVIDENCE,
    FACTS,
    FactType,
    evidence_for,
    faults_together,
    operator_parts,
    operator_text,
    read,
    stem_of,
    unseen,
)
from registry.rules.changing import (
    LONGEST_BASIS,
    LONGEST_NUMBER,
    MOST_WORDS,
    Route,
    decider,
    is_late,
    route,
    route_of_officer,
)
from registry.rules.checks import date_faults
from registry.rules.spelling import initials
from registry.services.operators import register_operator, rename_operator

ALIKE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as a person makes it: `wanted` is the new value by fact, as typed; `files` by evidence."""

    wanted: Mapping[str, str]
    happened_on: date
    reason: str
    basis: str
    document_number: str = ""
    files: Sequence[tuple[str, Upload]] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a request would be: `facts` as it is kept, its way, whether it is late, which evidence it needs,
    and everything that stands against it. Missing evidence is told apart, in `missing`."""

    facts: dict[str, dict[str, str]]
    route: Route
    is_late: bool
    needed: list[str]
    problems: list[Problem]
    missing: list[Problem] = field(default_factory=list)


def values_of(carrier: Carrier) -> dict[str, str]:
    """Every fact that may be asked for as it is now, as exact text. `operator` and `region` are read."""
    return {name: _text_of(carrier, name) for name in FACTS}


def _text_of(carrier: Carrier, name: str) -> str:
    value = getattr(carrier, name)
    if FACTS[name].type is FactType.OPERATOR:
        return operator_text(value.credit_code, value.name)
    if FACTS[name].type is FactType.REGION:
        return str(value.code)
    if isinstance(value, Decimal):
        return shown(value)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def propose(
    *,
    actor: Actor,
    carrier: Carrier,
    asked: Asked,
    at: datetime,
    again: ChangeRequest | None = None,
) -> Proposal:
    """What would be asked, and all that stands against it. `again` is the request that is asked again."""
    today, now = clock.day_of(at), values_of(carrier)
    kept, problems = _read(asked.wanted, today)
    problems += faults_together(now, kept)
    problems += date_faults(asked.happened_on, today, "happened_on")
    problems += _faults_of_words(asked)
    if carrier.state == CarrierState.CLOSED:
        problems.append(Problem("change.closed", T("载体已注销，不能申请变更。")))
    target = _target(kept)
    problems += _faults_of_region(carrier, kept, target, today)
    problems += faults_of_operator(kept.get("operator", ""), carrier)
    problems += _claimed(carrier, kept, again)
    facts = {name: {"old": now[name], "new": value} for name, value in kept.items()}
    needed = evidence_for(kept)
    return Proposal(
        facts=facts,
        route=_route(actor, carrier, kept, target, again),
        is_late=is_late(asked.happened_on, clock.day_of(again.asked_at) if again else today),
        needed=[str(kind) for kind in needed],
        problems=problems,
        missing=_missing(actor, asked, [str(kind) for kind in needed], again),
    )


def _read(wanted: Mapping[str, str], today: date) -> tuple[dict[str, str], list[Problem]]:
    kept: dict[str, str] = {}
    problems: list[Problem] = []
    for name in wanted:
        if name not in FACTS:
            problems.append(_unknown(name))
    for name, fact in FACTS.items():
        if name in wanted:
            kept[name], found = read(fact, wanted[name], today)
            problems += found
    if not wanted:
        problems.append(Problem("change.nothing", T("没有填写要变更的事项。")))
    return kept, problems


def _unknown(name: str) -> Problem:
    words = T("不能在此申请变更这一事项。")
    if name in DECIDED_ELSEWHERE:
        words = T("级别和称号由认定与评价决定，不在此申请变更。")
    return Problem("change.fact", words, field=name[:20], allowed="、".join(FACTS))


def _faults_of_words(asked: Asked) -> list[Problem]:
    limits: tuple[tuple[str, str, Text, int], ...] = (
        ("reason", asked.reason, T("变更原因"), MOST_WORDS),
        ("basis", asked.basis, T("依据文件"), LONGEST_BASIS),
        ("document_number", asked.document_number, T("文号"), LONGEST_NUMBER),
    )
    found = []
    for name, text, label, most in limits:
        if not text.strip() and name != "document_number":
            found.append(Problem("change.words", T("请填写{label}。", label=label), field=name))
        if len(text) > most:
            found.append(Problem("change.words", T("{label}最多 {n} 字。", label=label, n=most), field=name))
        found += unseen(text, name)
    return found


def _target(kept: Mapping[str, str]) -> Region | None:
    return Region.objects.filter(code=kept["region"]).first() if "region" in kept else None


def _faults_of_region(
    carrier: Carrier, kept: Mapping[str, str], target: Region | None, today: date
) -> list[Problem]:
    if "region" not in kept:
        return []
    code = kept["region"]
    is_there = target is not None and (target.valid_from is None or target.valid_from <= today)
    if target is None or not is_there or _root(target) != _root(carrier.region):
        return [Problem("change.region", T("没有这个区域。"), field="region", found=code[:60])]
    if target.valid_to is not None and target.valid_to < today:
        words = T("“{name}”已于 {day} 撤销。", name=target.name, day=target.valid_to.isoformat())
        return [Problem("change.region_ended", words, field="region", found=code, fix=T("请选现行区域。"))]
    if target.level != carrier.region.level and target.level != "county":
        return [Problem("change.region", T("请选到县（市、区）。"), field="region", found=code)]
    return []


def _root(region: Region) -> str:
    root: str = region.path.strip("/").split("/")[0]
    return root


def faults_of_operator(text: str, carrier: Carrier) -> list[Problem]:
    """A credit code that the register has under another name: of the carrier's own operator it is a rename,
    of any other a mistake."""
    code, name = operator_parts(text)
    known = Operator.objects.filter(credit_code=code).first() if code else None
    if known is None or not name or known.name == name or known.pk == carrier.operator_id:
        return []
    words = T("登记中信用代码 {code} 的机构名称为“{name}”。", code=code, name=known.name)
    fix = T("请核对代码与名称；两者须属同一机构。")
    return [Problem("change.operator", words, field="operator", found=name, fix=fix)]


def _claimed(carrier: Carrier, kept: Mapping[str, str], again: ChangeRequest | None) -> list[Problem]:
    rows = ChangeClaim.objects.filter(carrier=carrier, fact__in=kept).select_related("request")
    if again is not None:
        rows = rows.exclude(request=again)
    return [
        Problem(
            "change.open",
            T(
                "“{label}”已有一件申请在办（{number}），办结后才能再申请。",
                label=FACTS[row.fact].label,
                number=row.request.number,
            ),
            field=row.fact,
        )
        for row in rows
    ]


def _route(
    actor: Actor,
    carrier: Carrier,
    kept: Mapping[str, str],
    target: Region | None,
    again: ChangeRequest | None,
) -> Route:
    codes = carrier.region.path.strip("/").split("/")
    over = dict(Region.objects.filter(code__in=codes).values_list("path", "level"))
    both = _over_all(over, [*([target.path] if target else ()), *_renamed_with(carrier, kept)])
    wanted = decider(level=carrier.level, facts=kept, over_both=both)
    way = route(wanted, set(over.values()))
    role = again.asker_role if again else actor.role
    return way if role == Role.CARRIER_STAFF else route_of_officer(role, way)


def _over_all(over: Mapping[str, str], paths: Sequence[str]) -> str:
    """The level of the nearest region over the carrier (`over`: levels by path) that holds all these too;
    empty when nothing else takes part."""
    if not paths:
        return ""
    nearest = sorted(over, key=len, reverse=True)
    held = (over[path] for path in nearest if all(other.startswith(path) for other in paths))
    return next(held, over[nearest[-1]])


def is_rename(carrier: Carrier, kept: Mapping[str, str]) -> bool:
    """Whether the operator stays and takes another name."""
    return operator_parts(kept.get("operator", ""))[0] == carrier.operator.credit_code


def _renamed_with(carrier: Carrier, kept: Mapping[str, str]) -> list[str]:
    """Where the carriers lie whose operator would be renamed with it."""
    if not is_rename(carrier, kept):
        return []
    return list(also_renamed(carrier).values_list("region__path", flat=True))


def also_renamed(carrier: Carrier) -> QuerySet[Carrier]:
    """The other carriers of its operator that are not closed."""
    rows = Carrier.objects.filter(operator_id=carrier.operator_id).exclude(state=CarrierState.CLOSED)
    return rows.exclude(pk=carrier.pk).order_by("code")


def _missing(actor: Actor, asked: Asked, needed: Sequence[str], again: ChangeRequest | None) -> list[Problem]:
    """The carrier proves what it asks for; an office answers with its reason."""
    if actor.role != Role.CARRIER_STAFF:
        return []
    there = {kind for kind, _upload in asked.files}
    if again is not None:
        there |= set(ChangeFile.objects.filter(request=again).values_list("evidence", flat=True))
    return [
        Problem("change.evidence", T("请上传：{what}。", what=words), field=str(kind))
        for kind, words in EVIDENCE.items()
        if kind in needed and kind not in there
    ]


def stale_facts(request: ChangeRequest, carrier: Carrier) -> list[Problem]:
    """Facts that somebody changed since they were asked for."""
    now = values_of(carrier)
    return [
        Problem(
            "change.stale",
            T("申请之后，“{label}”已被另行变更，与申请所列原值不符。", label=FACTS[name].label),
            field=name,
            found=now[name],
            allowed=pair["old"],
            fix=T("请退回申请人，按现登记重新申请。"),
        )
        for name, pair in request.facts.items()
        if now[name] != pair["old"]
    ]


def faults_of_now(request: ChangeRequest, carrier: Carrier, today: date) -> list[Problem]:
    """What has come to stand against the new values since they were asked for."""
    new = {name: pair["new"] for name, pair in request.facts.items()}
    found = date_faults(request.happened_on, today, "happened_on")
    found += _faults_of_region(carrier, new, _target(new), today)
    return found + faults_of_operator(new.get("operator", ""), carrier)


def python_values(request: ChangeRequest, carrier: Carrier, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """The new values as the register takes them; an operator that it lacks comes into it, one that stays is
    renamed."""
    answer: dict[str, Any] = {}
    for name, pair in request.facts.items():
        value = pair["new"]
        match FACTS[name].type:
            case FactType.AREA:
                answer[name] = Decimal(value)
            case FactType.DAY:
                answer[name] = date.fromisoformat(value)
            case FactType.REGION:
                answer[f"{name}_id"] = Region.objects.get(code=value).pk
            case FactType.OPERATOR:
                code, title = operator_parts(value)
                if code == carrier.operator.credit_code:
                    _rename(request, carrier, title, actor=actor, at=at)
                    continue
                made = register_operator(actor=actor, credit_code=code, name=title, at=at)
                answer[f"{name}_id"] = made.pk
            case _:
                answer[name] = value
    return answer


def _rename(request: ChangeRequest, carrier: Carrier, name: str, *, actor: Actor, at: datetime) -> None:
    rename_operator(
        actor=actor,
        operator=carrier.operator,
        name=name,
        valid_from=request.happened_on,
        basis=request.document,
        at=at,
    )


def alike(request: ChangeRequest) -> list[Carrier]:
    """Other carriers whose name reads or sounds like the new one: a doubt for the officer. One query."""
    pair = request.facts.get("name")
    if pair is None:
        return []
    name, stem = pair["new"], stem_of(pair["new"])
    found = Q(name=name)
    if sound := initials(name):
        found |= Q(initials=sound)
    if len(stem) >= 2:
        found |= Q(name__icontains=stem)
    rows = Carrier.objects.filter(found).exclude(pk=request.carrier_id).exclude(state=CarrierState.CLOSED)
    return list(rows.select_related("region")[:ALIKE])
