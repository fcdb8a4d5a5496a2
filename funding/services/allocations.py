"""Money of a published result: worked out by one person, confirmed by another, then it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from core.canonical import digest
from core.locks import locked
from core.moves import Move
from core.problems import Problem, Refused
from core.text import T, Text
from evaluation.models import Run
from evaluation.rules.entered import unseen
from funding import queries
from funding.models import Allocation, Award, Policy
from funding.permissions import may_pay, refuse
from funding.rules import allocation as rules
from funding.rules.lifecycle import ALLOCATION
from funding.rules.policy import LoadedPolicy, field_faults
from funding.rules.report import as_json
from funding.services.claiming import Claims, gather, kinds_of
from office.services import audit, confirming, notices

BATCH = 500
MOST_WORDS = 2000
MOST = Decimal(10) ** 12  # yuan; what the columns hold
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """An allocation as plain data, the contract's JSON with its awards, and its digest."""

    result: rules.Allocation
    claims: Claims
    data: Data
    digest: str


def prepare(*, actor: Actor, policy_id: int, run_id: int, at: datetime) -> Allocation:
    """Works out and stores every amount of a policy over a published run; nothing of it is paid yet.

    `DoesNotExist` for a policy or run that one may not see. Raises `Refused` when the run is not
    published, the policy reads a field that the run has not, its budget is short and it refuses that, or
    any of it stands already for the year.
    """
    policy = queries.policies_of(actor).get(pk=policy_id)
    run = Run.objects.visible_to(actor).select_related("scheme", "region").get(pk=run_id)
    refuse(may_pay(actor, policy.region))
    if run.state != "published":
        raise Refused(Problem("allocation.run", T("评价结果公布之后才能测算。"), field="run"))
    with transaction.atomic():
        _hold_programme(policy)
        _refuse_second(policy, run)
        worked = work_out(policy, run)
        _refuse_paid(policy, run, worked)
        made = _store(actor, policy, run, worked, at)
        detail = {"policy": str(policy), "run": run.pk, "digest": made.result_digest}
        audit.record(actor=actor, action="allocation.prepare", on=made, at=at, detail=detail)
        sentence = T("“{title}”已测算，须由另一名财务人员核定。", title=policy.title)
        _tell(actor, queries.payers_of(policy.region, at), sentence, made, at)
    return made


def work_out(policy: Policy, run: Run) -> WorkedOut:
    """The amounts, from published results and frozen data alone. Writes nothing."""
    loaded = queries.definition(policy)
    faults = list(field_faults(loaded.tree, kinds_of(run), year=run.year))
    if faults:
        raise Refused(faults)
    claims = gather(policy, run)
    if not claims.claimants:
        raise Refused(Problem("allocation.nobody", T("本批次没有属于政策制定地区的载体。"), field="run"))
    result = rules.allocate(loaded.policy, claims.claimants, year=run.year)
    too_large = [one for one in result.awards if one.claimed >= MOST]
    if too_large or result.claimed >= MOST * 100:
        message = T("金额大得不合情理，请核对政策文件。")
        place = too_large[0].carrier if too_large else ""
        raise Refused(Problem("allocation.large", message, place=place))
    data = json.loads(as_json(loaded, result))
    return WorkedOut(result, claims, data, _seal(run, data))


def _seal(run: Run, data: Data) -> str:
    return digest({"run": run.result_digest, "allocation": data})


def _hold_programme(policy: Policy) -> None:
    """One at a time may work out or confirm money of a programme, whatever the version and the run."""
    versions = Policy.objects.filter(code=policy.code).order_by("pk")
    locked(Policy.objects.all(), pk=versions.values_list("pk", flat=True)[0])


def _refuse_second(policy: Policy, run: Run) -> None:
    if Allocation.objects.filter(policy=policy, run=run).exclude(state="dropped").exists():
        message = T("本政策对本批次已有测算或核定，作废之后才能重新测算。")
        raise Refused(Problem("allocation.twice", message))


def _refuse_paid(policy: Policy, run: Run, worked: WorkedOut) -> None:
    """Nobody is paid twice for one programme and year."""
    asked = {(worked.claims.carriers[one.carrier], one.award) for one in worked.result.awards}
    found = queries.standing(asked, policy.code, run.year)
    if found:
        message = T("{year} 年度已有同一项目的奖补，不能重复。", year=run.year)
        problems = [
            Problem("allocation.paid", message, place=carrier, field=award) for carrier, award in found
        ]
        raise Refused(problems)


def _store(actor: Actor, policy: Policy, run: Run, worked: WorkedOut, at: datetime) -> Allocation:
    result = worked.result
    budgets = [payer.budget for payer in result.payers]
    known = [budget for budget in budgets if budget is not None]
    made = Allocation.objects.create(
        policy=policy,
        run=run,
        claimed=result.claimed,
        allocated=result.allocated,
        budget=sum(known, Decimal(0)) if len(known) == len(budgets) and sum(known) < MOST * 100 else None,
        result={key: value for key, value in worked.data.items() if key != "awards"},
        result_digest=worked.digest,
        prepared_at=at,
        prepared_by=actor.user,
    )
    Award.objects.bulk_create(_awards(made, queries.definition(policy), worked), batch_size=BATCH)
    return made


def _awards(made: Allocation, loaded: LoadedPolicy, worked: WorkedOut) -> list[Award]:
    titles = {award.code: award.label for award in loaded.policy.awards}
    claims = worked.claims
    return [
        Award(
            allocation=made,
            carrier_id=claims.carriers[one.carrier],
            city_id=claims.cities[one.carrier],
            programme=made.policy.code,
            year=made.run.year,
            code=one.award,
            title=titles[one.award],
            payer=one.payer,
            claimed=one.claimed,
            amount=one.amount,
            because=[str(reason) for reason in one.because],
        )
        for one in worked.result.awards
    ]


def _begin(
    actor: Actor, allocation_id: int, action: str, expected: int, comment: str
) -> tuple[Allocation, Move]:
    """The locked allocation and the move, if the person, the version and the table allow it."""
    rows = Allocation.objects.visible_to(actor).select_related("policy__region", "run__scheme", "run__region")
    found = locked(rows, pk=allocation_id)
    if found.version != expected:
        message = T("资金分配在您打开之后已经有了变化，请刷新后再办理。")
        raise Refused(Problem("allocation.moved", message, found=str(found.version)))
    move = ALLOCATION.move(action, state=found.state, role=actor.role, comment=comment)
    refuse(may_pay(actor, found.policy.region))
    if len(comment) > MOST_WORDS:
        raise Refused(Problem("move.comment", T("意见最多 {n} 字。", n=MOST_WORDS), field="comment"))
    if faults := unseen(comment, "comment"):
        raise Refused(faults)
    return found, move


def _finish(actor: Actor, found: Allocation, move: Move, at: datetime, comment: str) -> Allocation:
    found.state, found.comment = move.target, comment.strip()
    found.version += 1
    found.save()
    detail = {"from": "draft", "to": found.state, "digest": found.result_digest}
    audit.record(
        actor=actor, action=f"allocation.{move.action}", on=found, at=at, detail=detail, reason=found.comment
    )
    return found


def confirm(
    *, actor: Actor, allocation_id: int, expected: int, at: datetime, comment: str = ""
) -> Allocation:
    """Makes the amounts final: by a second person, as they were worked out, within what the year's budget
    still holds. The staff of every carrier that is paid are told."""
    with transaction.atomic():
        found, move = _begin(actor, allocation_id, "confirm", expected, comment)
        _hold_programme(found.policy)
        problems = list(_before_confirming(actor, found))
        if problems:
            raise Refused(problems)
        found.confirmed_at, found.confirmed_by = at, actor.user
        _finish(actor, found, move, at, comment)
        sentence = T("“{title}”已核定，可以查看本单位的奖补。", title=found.policy.title)
        _tell(actor, queries.staff_of(found, at), sentence, found, at)
        return found


def _before_confirming(actor: Actor, found: Allocation) -> list[Problem]:
    problems = []
    if found.prepared_by_id == actor.user_id:
        message = T("测算的人不能核定，须由第二人办理。")
        problems.append(Problem("allocation.second_person", message))
    if not found.result_digest == stored_digest(found) == work_out(found.policy, found.run).digest:
        message = T("重算结果与存档不一致，请作废后重新测算。")
        problems.append(Problem("allocation.stale", message))
    return problems + _over_budget(found)


def stored_digest(found: Allocation) -> str:
    """The digest of what is stored, awards and all: equal to the allocation's own, or something is wrong."""
    rows = found.awards.order_by("carrier__code", "pk").select_related("carrier")
    awards = [
        {
            "carrier": row.carrier.code,
            "award": row.code,
            "payer": row.payer,
            "claimed": format(row.claimed, "f"),
            "amount": format(row.amount, "f"),
            "because": row.because,
        }
        for row in rows
    ]
    return _seal(found.run, {**found.result, "awards": awards})


def _over_budget(found: Allocation) -> list[Problem]:
    """Each payer's budget holds for the programme and the year together, not for one run alone."""
    spent = queries.spent(found.policy.code, found.run.year)
    problems = []
    for payer in found.result["payers"]:
        before = spent.get(payer["payer"], Decimal(0))
        if payer["budget"] is None or before + Decimal(payer["allocated"]) <= Decimal(payer["budget"]):
            continue
        message = T(
            "{year} 年度预算 {budget} 元，已核定 {before} 元，余额不足以安排本次 {amount} 元。",
            year=found.run.year,
            budget=payer["budget"],
            before=format(before, "f"),
            amount=payer["allocated"],
        )
        problems.append(Problem("allocation.budget", message, place=payer["payer"] or ""))
    return problems


def drop(*, actor: Actor, allocation_id: int, expected: int, at: datetime, comment: str) -> Allocation:
    """Gives a draft up, with a reason: it stays as a record, nothing of it is ever shown outside."""
    with transaction.atomic():
        found, move = _begin(actor, allocation_id, "drop", expected, comment)
        found.awards.update(is_live=False)
        found.dropped_at, found.dropped_by = at, actor.user
        return _finish(actor, found, move, at, comment)


def moves_for(found: Allocation, actor: Actor) -> list[Move]:
    """The moves that this person may make now: what buttons and the API are drawn from."""
    if not may_pay(actor, found.policy.region):
        return []
    moves = ALLOCATION.open_to(found.state, actor.role)
    return [move for move in moves if move.action != "confirm" or found.prepared_by_id != actor.user_id]


def act(
    *, actor: Actor, allocation_id: int, action: str, expected: int, at: datetime, comment: str = ""
) -> Allocation:
    """One move by its name, for pages and the API. An unknown action is refused."""
    if action == "confirm":
        confirming.must_be_recent(actor, at)
    verb = {"confirm": confirm, "drop": drop}.get(action)
    if verb is None:
        raise Refused(Problem("allocation.action", T("没有这种办理。"), field="action", found=action[:20]))
    return verb(actor=actor, allocation_id=allocation_id, expected=expected, at=at, comment=comment)


def _tell(actor: Actor, people: list[User], sentence: Text, found: Allocation, at: datetime) -> None:
    others = [person for person in people if person.pk != actor.user_id]
    link = reverse("funding:allocation", args=[found.pk])
    notices.notify(people=others, sentence=sentence, at=at, link=link)
