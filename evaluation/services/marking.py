"""Experts: who marks whom, what they enter, when it counts. Only marks that were handed in are scored."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Appointment, User
from accounts.rules.roles import CHECKING, Role
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from evaluation.models import Assignment, Mark, Run, RunEntry
from evaluation.models.runs import MARKING_STATES
from evaluation.permissions import may_run, refuse
from evaluation.queries import definition
from evaluation.rules.entered import unseen
from evaluation.rules.expert_marks import MOST_WORDS, Given, expert_leaves, read_mark, unfinished
from evaluation.rules.scheme import Leaf
from office.services import audit, notices

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
_DIGITS = "23456789"


@dataclass(frozen=True, slots=True)
class Entered:
    """What an expert typed for a leaf; `expected` is the version they saw, 0 for none."""

    leaf: str
    mark: str = ""
    abstained: bool = False
    comment: str = ""
    expected: int = 0


def new_codes(count: int) -> list[str]:
    """Codes that nobody has yet and that say nothing of the carrier: `K7-4829`."""
    found: set[str] = set()
    while len(found) < count:
        fresh = {_code() for _ in range(count - len(found))}
        found |= fresh - set(Assignment.objects.filter(code__in=fresh).values_list("code", flat=True))
    return sorted(found, key=lambda _: secrets.randbits(32))


def _code() -> str:
    tail = "".join(secrets.choice(_DIGITS) for _ in range(5))
    return f"{secrets.choice(_LETTERS)}{secrets.choice(_DIGITS)}-{tail}"


def assign(
    *,
    actor: Actor,
    run_id: int,
    expert_id: int,
    carrier_codes: Sequence[str],
    at: datetime,
    due_at: datetime | None = None,
) -> list[Assignment]:
    """An expert is to mark these carriers of a frozen run: all of them or, with every reason, none."""
    with transaction.atomic():
        run = locked(Run.objects.visible_to(actor).select_related("scheme", "region"), pk=run_id)
        refuse(may_run(actor, run.region))
        expert = User.objects.filter(pk=expert_id).first()
        codes = list(dict.fromkeys(code.strip() for code in carrier_codes if code.strip()))
        entries = list(
            run.entries.filter(carrier__code__in=codes, left_out="").select_related("carrier__region")
        )
        problems = [*_of_run(run, due_at, at), *_of_expert(expert, at)]
        problems += _of_carriers(codes, entries)
        if expert is not None:
            problems += [problem for entry in entries for problem in _conflicts(expert, entry, at)]
        if problems or expert is None:
            raise Refused(problems)
        made = Assignment.objects.bulk_create(
            Assignment(
                entry=entry, expert=expert, code=code, assigned_at=at, assigned_by=actor.user, due_at=due_at
            )
            for entry, code in zip(entries, new_codes(len(entries)), strict=True)
        )
        detail = {"expert": expert.pk, "carriers": [entry.carrier.code for entry in entries]}
        audit.record(actor=actor, action="run.assign", on=run, at=at, detail=detail)
        sentence = T("“{title}”有 {n} 家载体待您评分。", title=run.title, n=len(made))
        notices.notify(people=[expert], sentence=sentence, at=at, link=reverse("evaluation:queue"))
    return made


def _of_run(run: Run, due_at: datetime | None, at: datetime) -> list[Problem]:
    problems = []
    if run.state not in MARKING_STATES:
        problems.append(Problem("assign.state", T("只有冻结后、公示前的批次可以分派专家。")))
    if not expert_leaves(definition(run.scheme)):
        problems.append(Problem("assign.leaves", T("本指标体系没有由专家评分的指标。")))
    if due_at is not None and due_at <= at:
        problems.append(Problem("assign.due", T("评分截止须晚于现在。"), field="due_at"))
    return problems


def _of_expert(expert: User | None, at: datetime) -> list[Problem]:
    valid = Appointment.objects.filter(role=Role.EXPERT.value).valid_on(clock.day_of(at))
    if expert is None or not valid.filter(user=expert).exists():
        return [Problem("assign.expert", T("此人目前不是评审专家。"), field="expert")]
    return []


def _of_carriers(codes: Sequence[str], entries: Sequence[RunEntry]) -> list[Problem]:
    if not codes:
        return [Problem("assign.carriers", T("请选择要评分的载体。"), field="carriers")]
    there = {entry.carrier.code for entry in entries}
    return [
        Problem("assign.carrier", T("{code} 不是本批次的参评载体。", code=code), field="carriers", found=code)
        for code in codes
        if code not in there
    ]


def _conflicts(expert: User, entry: RunEntry, at: datetime) -> list[Problem]:
    """By all of a person's appointments, whichever they act under: own carrier, own region, twice."""
    carrier = entry.carrier
    name = carrier.name
    problems = []
    for held in Appointment.objects.filter(user=expert).valid_on(clock.day_of(at)).select_related("region"):
        if held.role == Role.CARRIER_STAFF and held.carrier_code == carrier.code:
            message = T("{expert}是“{name}”的填报人，须回避。", expert=expert, name=name)
            problems.append(Problem("assign.own_carrier", message, field="carriers", found=carrier.code))
        in_region = held.region is not None and carrier.region.path.startswith(held.region.path)
        if held.role in CHECKING and in_region:
            message = T("{expert}负责审核“{name}”所在地区，须回避。", expert=expert, name=name)
            problems.append(Problem("assign.own_region", message, field="carriers", found=carrier.code))
    if entry.assignments.filter(expert=expert).exists():
        message = T("“{name}”已经分派给{expert}。", name=name, expert=expert)
        problems.append(Problem("assign.twice", message, field="carriers", found=carrier.code))
    return problems


def _open(actor: Actor, code: str, at: datetime) -> tuple[Assignment, list[Leaf]]:
    """The expert's own assignment, locked, while it may be marked."""
    mine = Assignment.objects.visible_to(actor).filter(expert_id=actor.user_id)
    found = locked(mine.select_related("entry__run__scheme"), code=code)
    refuse(actor.role == Role.EXPERT)
    problem = why_closed(found, at)
    if problem is not None:
        raise Refused(problem)
    return found, expert_leaves(definition(found.entry.run.scheme))


def why_closed(found: Assignment, at: datetime) -> Problem | None:
    """Why nothing can be entered any more; None while it can."""
    if found.recused_at is not None:
        return Problem("mark.recused", T("您已对这家载体回避。"))
    if found.submitted_at is not None:
        return Problem("mark.submitted", T("评分已经提交，不能再改。"))
    if found.entry.run.state not in MARKING_STATES:
        return Problem("mark.state", T("批次已不在评分阶段。"))
    if found.due_at is not None and at >= found.due_at:
        return Problem("mark.due", T("评分已经截止。"))
    return None


def save_mark(*, actor: Actor, code: str, entered: Entered, at: datetime) -> Mark:
    """What an expert entered for one leaf, kept at once; nothing missing blocks saving, a mark outside the
    scale does. Another version than the one that the expert saw is refused: nothing is overwritten."""
    with transaction.atomic():
        found, leaves = _open(actor, code, at)
        leaf = next((one for one in leaves if one.code == entered.leaf), None)
        if leaf is None:
            raise Refused(Problem("mark.leaf", T("没有这项由专家评分的指标。"), found=entered.leaf[:20]))
        value = _value(entered, leaf)
        mark = found.marks.filter(leaf=leaf.code).first()
        version = 0 if mark is None else mark.version
        if version != entered.expected:
            message = T("“{title}”已在另一处保存过，请刷新后再改。", title=leaf.title)
            raise Refused(Problem("mark.version", message, place=leaf.code, found=str(version)))
        mark = mark or Mark(assignment=found, leaf=leaf.code)
        mark.mark, mark.abstained = value, entered.abstained
        mark.comment, mark.version, mark.saved_at = entered.comment.strip(), version + 1, at
        mark.save()
    return mark


def _value(entered: Entered, leaf: Leaf) -> Decimal | None:
    problems = unseen(entered.comment, "comment")
    value = read_mark(entered.mark, leaf)
    if isinstance(value, Problem):
        problems.append(value)
    elif value is not None and entered.abstained:
        message = T("“{title}”弃权的不能再写评分。", title=leaf.title)
        problems.append(Problem("mark.both", message, place=leaf.code, field="abstained"))
    if len(entered.comment) > MOST_WORDS:
        message = T("评语最多 {n} 字。", n=MOST_WORDS)
        problems.append(Problem("mark.words", message, place=leaf.code, field="comment"))
    if problems or isinstance(value, Problem):
        raise Refused(problems)
    return value


def submit_marks(*, actor: Actor, code: str, at: datetime) -> Assignment:
    """Hands the marks in: every leaf marked or abstained from, a word wherever a mark needs one."""
    with transaction.atomic():
        found, leaves = _open(actor, code, at)
        problems = list(unfinished(leaves, given_of(found)))
        if problems:
            raise Refused(problems)
        found.submitted_at = at
        found.save(update_fields=["submitted_at"])
        audit.record(actor=actor, action="marks.submit", on=found, at=at, detail={"code": found.code})
    return found


def recuse(*, actor: Actor, code: str, because: str, at: datetime) -> Assignment:
    """The expert gives a carrier back, with a reason; what was entered no longer counts."""
    reason = because.strip()
    if not 2 <= len(reason) <= 200:
        raise Refused(Problem("mark.reason", T("请写明回避的理由（200 字以内）。"), field="because"))
    if faults := unseen(reason, "because"):
        raise Refused(faults)
    with transaction.atomic():
        found, _ = _open(actor, code, at)
        found.recused_at, found.recused_because = at, reason
        found.save(update_fields=["recused_at", "recused_because"])
        audit.record(
            actor=actor, action="marks.recuse", on=found, at=at, detail={"code": found.code}, reason=reason
        )
    return found


def given_of(found: Assignment) -> dict[str, Given]:
    """What stands in an assignment so far, by leaf."""
    return {one.leaf: Given(one.mark, one.abstained, one.comment) for one in found.marks.all()}
