"""The life of a run. Every move: lock, compare the version, ask the table, stamp, log, record, tell."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Region, User
from core import clock
from core.locks import locked
from core.moves import Move
from core.problems import Problem, Refused
from core.text import T, Text
from evaluation import models
from evaluation.models import Run, RunEntry, RunMove
from evaluation.permissions import may_run, refuse
from evaluation.queries import officers_of_run, open_objections, staff_of_run
from evaluation.rules import publicity
from evaluation.rules.entered import unseen
from evaluation.rules.frozen import Frame, digest_of
from evaluation.rules.lifecycle import RUN
from evaluation.services import freezing, scoring
from office.queries import workdays
from office.services import audit, confirming, notices

log = logging.getLogger(__name__)
BATCH = 500
MOST_WORDS = 2000
RELEASES = frozenset({"publicise", "publish"})
FIRST_YEAR = 2000


@dataclass(slots=True)
class _Step:
    """A move that is allowed, on a locked run."""

    actor: Actor
    run: Run
    move: Move
    source: str
    at: datetime
    comment: str


def create_run(*, actor: Actor, scheme_id: int, year: int, title: str, region: Region, at: datetime) -> Run:
    """A run in preparation: nothing is frozen yet. `DoesNotExist` for a scheme that one may not see."""
    refuse(may_run(actor, region))
    scheme = models.Scheme.objects.visible_to(actor).get(pk=scheme_id)
    problems = []
    if not FIRST_YEAR <= year <= clock.day_of(at).year:
        message = T("年度须在 {first} 至 {last} 之间。", first=FIRST_YEAR, last=clock.day_of(at).year)
        problems.append(Problem("run.year", message, field="year", found=str(year)))
    if not 2 <= len(title.strip()) <= 120:
        problems.append(Problem("run.title", T("名称须为 2 至 120 个字。"), field="title"))
    problems += unseen(title, "title")
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        run = Run.objects.create(
            scheme=scheme, year=year, title=title.strip(), region=region, created_at=at, updated_at=at
        )
        detail = {"scheme": f"{scheme.code} v{scheme.version}", "year": year, "region": region.code}
        audit.record(actor=actor, action="run.create", on=run, at=at, detail=detail)
    return run


def _begin(actor: Actor, run_id: int, action: str, expected: int, at: datetime, comment: str = "") -> _Step:
    """The locked run and the move, if the person, the version and the table allow it."""
    run = locked(Run.objects.visible_to(actor).select_related("scheme", "region"), pk=run_id)
    if run.version != expected:
        message = T("批次在您打开之后已经有了变化，请刷新后再办理。")
        raise Refused(Problem("run.moved", message, found=str(run.version)))
    move = RUN.move(action, state=run.state, role=actor.role, comment=comment)
    refuse(may_run(actor, run.region))
    if len(comment) > MOST_WORDS:
        raise Refused(Problem("move.comment", T("意见最多 {n} 字。", n=MOST_WORDS), field="comment"))
    if faults := unseen(comment, "comment"):
        raise Refused(faults)
    return _Step(actor, run, move, run.state, at, comment.strip())


def _finish(step: _Step, digest: str = "") -> Run:
    """Writes the run, its log row and the record."""
    run, at = step.run, step.at
    run.state = step.move.target
    run.version += 1
    run.updated_at = at
    run.save()
    RunMove.objects.create(
        run=run,
        action=step.move.action,
        source=step.source,
        target=run.state,
        by=step.actor.user,
        role=step.actor.role,
        at=at,
        comment=step.comment,
        digest=digest,
    )
    audit.record(
        actor=step.actor,
        action=f"run.{step.move.action}",
        on=run,
        at=at,
        detail={"from": step.source, "to": run.state, "digest": digest},
        reason=step.comment,
    )
    return run


def link(run: Run) -> str:
    """Where people find a run's results."""
    return reverse("evaluation:results", args=[run.pk])


def _tell(step: _Step, people: list[User], sentence: Text) -> None:
    others = [person for person in people if person.pk != step.actor.user_id]
    notices.notify(people=others, sentence=sentence, at=step.at, link=link(step.run))


def freeze(*, actor: Actor, run_id: int, expected: int, at: datetime, facts_as_of: date | None = None) -> Run:
    """Freezes who takes part and with what, under one digest; registry facts as of a day (today by
    default). Raises `Refused` when the year has no accepted return or nobody would take part."""
    with transaction.atomic():
        step = _begin(actor, run_id, "freeze", expected, at)
        run = step.run
        day = facts_as_of or clock.day_of(at)
        if day > clock.day_of(at):
            raise Refused(Problem("run.day", T("登记信息的日期不能晚于今天。"), field="facts_as_of"))
        found = freezing.gather(run, day)
        _refuse_empty(run, found)
        frame = Frame(run.scheme.digest, run.year, day, found.kinds)
        run.frozen_digest = digest_of(frame, (one.as_frozen() for one in found.carriers))
        run.kinds, run.facts_as_of = found.kinds, day
        run.frozen_at, run.frozen_by = at, actor.user
        RunEntry.objects.bulk_create(
            [
                RunEntry(
                    run=run,
                    carrier_id=one.pk,
                    return_version_id=one.version_id,
                    city_id=one.city_id,
                    frozen=one.texts,
                    left_out=one.left_out,
                )
                for one in found.carriers
            ],
            batch_size=BATCH,
        )
        return _finish(step, run.frozen_digest)


def _refuse_empty(run: Run, found: freezing.Gathered) -> None:
    if not found.accepted:
        message = T("{year} 年度还没有已受理的报表，不能冻结。", year=run.year)
        raise Refused(Problem("run.no_returns", message))
    if all(one.left_out for one in found.carriers):
        raise Refused(Problem("run.nobody", T("没有载体适用本指标体系，不能冻结。")))


def score(*, actor: Actor, run_id: int, expected: int, at: datetime) -> Run:
    """Scores, ranks and grades from what was frozen and the marks handed in so far; again as often as
    wanted before publicity. Raises `Refused` with every text that a rule does not know."""
    with transaction.atomic():
        step = _begin(actor, run_id, "score", expected, at)
        run = step.run
        rows = scoring.frozen_rows(run)
        scored = scoring.compute(run, rows, scoring.marks_of(run))
        scoring.store(run, rows, scored)
        run.scored_at, run.scored_by, run.result_digest = at, actor.user, scored.digest
        return _finish(step, scored.digest)


def recomputed(run: Run) -> str:
    """The digest of a result computed anew from the stored data: equal to the run's own, or something is
    wrong. Writes nothing."""
    return scoring.compute(run, scoring.frozen_rows(run), scoring.marks_of(run)).digest


def publicise(
    *,
    actor: Actor,
    run_id: int,
    expected: int,
    at: datetime,
    period: publicity.Period = publicity.Period.WORKING_5,
    comment: str = "",
) -> Run:
    """Opens the result to objections for the period, and tells the staff of every carrier graded. What
    stands is recomputed first: a result that does not come out the same is not shown to anybody."""
    with transaction.atomic():
        step = _begin(actor, run_id, "publicise", expected, at, comment)
        run = step.run
        if recomputed(run) != run.result_digest:
            message = T("评分在计分之后有变化，重算结果与存档不一致，请先重新计分。")
            raise Refused(Problem("run.stale", message))
        run.publicised_at, run.publicised_by = at, actor.user
        run.publicity_ends_at = publicity.ends_at(at, period, workdays())
        _finish(step, run.result_digest)
        last = publicity.final_day(run.publicity_ends_at)
        sentence = T("“{title}”开始公示，{day} 前可对本单位结果提出异议。", title=run.title, day=last)
        _tell(step, staff_of_run(run, at), sentence)
        second = T("“{title}”已开始公示，期满后须由另一人公布。", title=run.title)
        _tell(step, officers_of_run(run, at), second)
        return run


def recall(*, actor: Actor, run_id: int, expected: int, at: datetime, comment: str) -> Run:
    """Ends publicity early, with a reason: the result is hidden again and may be scored anew."""
    with transaction.atomic():
        step = _begin(actor, run_id, "recall", expected, at, comment)
        run = step.run
        run.publicised_at = run.publicised_by = run.publicity_ends_at = None
        _finish(step, run.result_digest)
        _tell(step, staff_of_run(run, at), T("“{title}”的公示已撤回，结果待重新公示。", title=run.title))
        return run


def publish(*, actor: Actor, run_id: int, expected: int, at: datetime, comment: str = "") -> Run:
    """Makes the result final: after the period, with every objection decided, by a second person."""
    with transaction.atomic():
        step = _begin(actor, run_id, "publish", expected, at, comment)
        run = step.run
        problems = list(_before_publishing(step))
        if problems:
            raise Refused(problems)
        run.published_at, run.published_by = at, actor.user
        _finish(step, run.result_digest)
        _tell(step, staff_of_run(run, at), T("“{title}”的结果已公布。", title=run.title))
        return run


def _before_publishing(step: _Step) -> list[Problem]:
    problems = []
    run = step.run
    if run.publicised_by_id == step.actor.user_id:
        message = T("开始公示的人不能公布结果，须由第二人办理。")
        problems.append(Problem("run.second_person", message))
    if run.publicity_ends_at is not None and step.at < run.publicity_ends_at:
        last = publicity.final_day(run.publicity_ends_at)
        problems.append(Problem("run.publicity", T("公示期到 {day} 为止，期满后才能公布。", day=last)))
    waiting = open_objections(run)
    if waiting:
        problems.append(Problem("run.objections", T("还有 {n} 件异议没有处理。", n=waiting)))
    return problems


def drop(*, actor: Actor, run_id: int, expected: int, at: datetime, comment: str) -> Run:
    """Gives a run up, with a reason: it stays as a record, nothing of it is ever shown outside."""
    with transaction.atomic():
        step = _begin(actor, run_id, "drop", expected, at, comment)
        return _finish(step, step.run.result_digest)


def moves_for(run: Run, actor: Actor) -> list[Move]:
    """The moves that this person may make now: what buttons and the API are drawn from."""
    if not may_run(actor, run.region):
        return []
    moves = RUN.open_to(run.state, actor.role)
    if run.state == "publicised" and run.publicised_by_id == actor.user_id:
        return [move for move in moves if move.action != "publish"]
    return moves


def act(
    *,
    actor: Actor,
    run_id: int,
    action: str,
    expected: int,
    at: datetime,
    comment: str = "",
    period: publicity.Period = publicity.Period.WORKING_5,
    facts_as_of: date | None = None,
) -> Run:
    """One move by its name, for pages and the API. An unknown action is refused."""
    if action in RELEASES:
        confirming.must_be_recent(actor, at)
    if action == "freeze":
        return freeze(actor=actor, run_id=run_id, expected=expected, at=at, facts_as_of=facts_as_of)
    if action == "score":
        return score(actor=actor, run_id=run_id, expected=expected, at=at)
    if action == "publicise":
        return publicise(actor=actor, run_id=run_id, expected=expected, at=at, period=period, comment=comment)
    verb = {"recall": recall, "publish": publish, "drop": drop}.get(action)
    if verb is None:
        raise Refused(Problem("run.action", T("没有这种办理。"), field="action", found=action[:20]))
    return verb(actor=actor, run_id=run_id, expected=expected, at=at, comment=comment)
