"""The moves of a return. Each: lock, compare the version the person saw, ask the table, stamp, log,
record, tell those whom it concerns; one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.models import User
from core.canonical import digest
from core.moves import Move
from core.problems import Problem, Refused, Severity, grouped
from core.text import T, Text
from office.queries import workdays
from office.services import audit, notices
from office.services.retrying import retried
from registry.rules.rosters import KEYS as ROSTER_KEYS
from registry.services import rosters
from reporting import links, queries
from reporting.models import Return, ReturnMove, ReturnVersion
from reporting.permissions import may_submit, refuse
from reporting.queries import Opened
from reporting.rules.checking import Checked, live_explanations, open_questions
from reporting.rules.deadlines import lock_of
from reporting.rules.lifecycle import CHECKERS, OPEN_STATES, REVIEWING, Action, State
from reporting.rules.values import words
from reporting.services import answers, terms
from reporting.services.drafts import locked_problem, locked_return
from reporting.services.versions import next_draft, write_figures

NO_REASONS: Mapping[str, str] = {}
MOST_WORDS = 2000
_STAMPS = {
    State.AT_COUNTY: ("county_passed_at", "county_passed_by"),
    State.AT_CITY: ("city_passed_at", "city_passed_by"),
}
_ROUND = (
    "submitted_at", "submitted_by", "county_passed_at", "county_passed_by",
    "city_passed_at", "city_passed_by", "returned_at", "returned_by", "opened_by_officer_at",
)  # fmt: skip


@dataclass(slots=True)
class _Step:
    """A move under way: the locked return and what the table said."""

    actor: Actor
    found: Return
    move: Move
    source: str
    at: datetime
    comment: str


def commitment_of(found: Return, actor: Actor) -> Text:
    """What a person agrees to when submitting: shown before, kept with the version."""
    return T(
        "本人 {person} 代表“{carrier}”承诺：{year} 年度报表内容真实、准确、完整；如有虚报、瞒报，"
        "愿承担取消评价资格、追回奖补资金并记入诚信档案等责任。",
        person=actor.name,
        carrier=found.carrier.name,
        year=found.campaign.year,
    )


def _begin(
    actor: Actor, return_id: int, action: Action, expected: int, at: datetime, comment: str = ""
) -> _Step:
    """The locked return and the move, if both the version and the table allow it."""
    found = locked_return(actor=actor, return_id=return_id)
    if action in (Action.SUBMIT, Action.WITHDRAW):
        refuse(may_submit(actor, found))
    if found.version != expected:
        raise Refused(
            Problem(
                "return.moved", T("报表在您打开之后已经有了变化，请刷新后再办理。"), found=str(found.version)
            )
        )
    move = queries.table_of_moves(found).move(action, state=found.state, role=actor.role, comment=comment)
    _own(actor, found)
    said = words(comment, T("意见"), field="comment", most=MOST_WORDS)
    return _Step(actor, found, move, found.state, at, said)


def _own(actor: Actor, found: Return) -> None:
    """The last stop belongs to the region that owns the campaign, not to every office of its level."""
    if found.state == State.AT_PROVINCE and actor.region is not None:
        mine = found.campaign.region.path.startswith(actor.region_path)
        if not mine:
            raise Refused(Problem("move.role", T("本次填报由“{region}”受理。", region=found.campaign.region)))


def _finish(step: _Step, version: ReturnVersion, reasons: Mapping[str, str] = NO_REASONS) -> Return:
    """Writes the return, its log row and the record."""
    found, at = step.found, step.at
    found.state = step.move.target
    found.version += 1
    found.updated_at = at
    found.save()
    ReturnMove.objects.create(
        return_of=found,
        version=version,
        action=step.move.action,
        source=step.source,
        target=found.state,
        at=at,
        by=step.actor.user,
        role=step.actor.role,
        comment=step.comment,
        reasons=dict(reasons),
    )
    audit.record(
        actor=step.actor,
        action=f"return.{step.move.action}",
        on=found,
        at=at,
        detail={
            "from": step.source,
            "to": found.state,
            "version": version.number,
            "digest": version.digest,
            **({"filled_by": str(version.on_behalf_by)} if version.on_behalf_by else {}),
        },
        reason=step.comment,
    )
    return found


def _version(found: Return) -> ReturnVersion:
    if found.current is None:
        raise ReturnVersion.DoesNotExist(f"return {found.pk} has no version")
    return found.current


def clear_round(found: Return) -> None:
    """Takes away the stamps of the round that ends; they stand in its moves."""
    for name in _ROUND:
        setattr(found, name, None)


def _tell(step: _Step, people: list[User], sentence: Text) -> None:
    notices.notify(people=people, sentence=sentence, at=step.at, link=links.return_page(step.found.pk))


@retried
def submit(*, actor: Actor, return_id: int, expected: int, commitment: str, at: datetime) -> Return:
    """Checks all again, freezes the version under its digest, and hands it to the first office.

    Raises `Refused` with every error and every question without a reason, nothing changed.
    """
    with transaction.atomic():
        step = _begin(actor, return_id, Action.SUBMIT, expected, at)
        opened = queries.opened(step.found, at=at)
        if not opened.lock.open:
            raise Refused(locked_problem(opened.lock))
        checked = opened.checked()
        _refuse_unfinished(opened, checked, commitment)
        if opened.lock.by_extension:
            terms.use(step.found, at=at)
        version = _freeze(opened, checked, commitment, actor, at)
        clear_round(step.found)
        step.found.submitted_at, step.found.submitted_by = at, actor.user
        step.found.started_at = step.found.started_at or at
        found = _finish(step, version)
        _tell(
            step,
            queries.officers_at(found, found.state, at=at),
            T("“{carrier}”提交了 {year} 年度报表，请审核。", carrier=found.carrier.name, year=opened.year),
        )
    return found


def unfinished(opened: Opened, checked: Checked) -> list[Problem]:
    """What blocks submitting: errors, grouped, and questions that wait for a reason."""
    errors = [p for p in checked.problems if p.severity is Severity.ERROR]
    questions = open_questions(checked.findings, opened.version.explanations)
    return grouped([*errors, *(finding.problem for finding in questions)])


def _refuse_unfinished(opened: Opened, checked: Checked, commitment: str) -> None:
    problems = unfinished(opened, checked)
    if not commitment.strip():
        problems.append(Problem("commitment", T("提交前须确认承诺书。"), field="commitment"))
    if problems:
        raise Refused(problems)


def _freeze(opened: Opened, checked: Checked, commitment: str, actor: Actor, at: datetime) -> ReturnVersion:
    """The figures first, then the stamp that closes the version for good."""
    version = opened.version
    if not version.answer:
        write_figures(version, opened.form, checked)
    explanations = live_explanations(checked.findings, version.explanations)
    sources = {
        code: {**source, "confirmed": True} if "confirmed" in source else source
        for code, source in version.sources.items()
    }
    version.explanations, version.sources = explanations, sources
    version.commitment = words(commitment, T("承诺"), field="commitment", most=MOST_WORDS)
    version.submitted_at, version.submitted_by = at, actor.user
    version.digest = digest(
        {
            "form": opened.of.campaign.form_code,
            "form_digest": opened.form.digest,
            "year": opened.year,
            "carrier": opened.of.carrier.code,
            "number": version.number,
            "values": version.values,
            "rows": {t: [[row.key, row.values] for row in rows] for t, rows in opened.rows.items()},
            "explanations": explanations,
            "commitment": version.commitment,
            **answered_of(version),
        }
    )
    version.save()
    return version


def answered_of(version: ReturnVersion) -> dict[str, str]:
    """What the fingerprint holds of an answer without figures; nothing of one with them."""
    if not version.answer:
        return {}
    return {
        "answer": version.answer,
        "answer_reason": version.answer_reason,
        "closed_on": str(version.closed_on or ""),
        "evidence": version.evidence.sha256 if version.evidence else "",
    }


@retried
def pass_on(*, actor: Actor, return_id: int, expected: int, at: datetime, comment: str = "") -> Return:
    """County or city hands it to the next office."""
    with transaction.atomic():
        step = _begin(actor, return_id, Action.PASS, expected, at, comment)
        stamp_at, stamp_by = _STAMPS[State(step.source)]
        setattr(step.found, stamp_at, at)
        setattr(step.found, stamp_by, actor.user)
        found = _finish(step, _version(step.found))
        sentence = T(
            "“{carrier}”的 {year} 年度报表已上报，请审核。", carrier=found.carrier.name, year=_year(found)
        )
        _tell(step, queries.officers_at(found, found.state, at=at), sentence)
    return found


@retried
def send_back(
    *,
    actor: Actor,
    return_id: int,
    expected: int,
    comment: str,
    at: datetime,
    reasons: Mapping[str, str] = NO_REASONS,
) -> Return:
    """Back to the carrier, with a word and, by field code, what is to be mended; a new draft begins
    where the submitted version ended."""
    with transaction.atomic():
        step = _begin(actor, return_id, Action.SEND_BACK, expected, at, comment)
        reasons = _reasons(step.found, reasons)
        version = _version(step.found)
        step.found.grace_until = terms.grace_after(step.found, workdays(), at=at)
        clear_round(step.found)
        step.found.returned_at, step.found.returned_by = at, actor.user
        step.found.current = next_draft(version, at=at)
        found = _finish(step, version, reasons)
        sentence = T("您的 {year} 年度报表被退回：{comment}", year=_year(found), comment=step.comment[:200])
        _tell(step, queries.staff_of(found.carrier, at=at), sentence)
    return found


def _reasons(found: Return, reasons: Mapping[str, str]) -> dict[str, str]:
    form = queries.definition(queries.form_under(_version(found), found.campaign))
    known = set(form.by_code) | {table.code for table in form.tables} | {t.code for t in form.totals}
    strange = [code for code in reasons if code not in known]
    if strange:
        raise Refused(Problem("field.unknown", T("表中没有这一项。"), field=code) for code in strange)
    said = {code: words(text, T("意见"), field=code, most=MOST_WORDS) for code, text in reasons.items()}
    return {code: text for code, text in said.items() if text}


@retried
def accept(*, actor: Actor, return_id: int, expected: int, at: datetime, comment: str = "") -> Return:
    """Taken and locked for good; who is on its lists stands in the register from now on."""
    with transaction.atomic():
        step = _begin(actor, return_id, Action.ACCEPT, expected, at, comment)
        step.found.accepted_at, step.found.accepted_by = at, actor.user
        found = _finish(step, _version(step.found))
        if not _version(found).answer:
            _take_over(found, actor, at)
        answers.propose_closing(found, at=at)
        sentence = T("您的 {year} 年度报表已受理。", year=_year(found))
        _tell(step, queries.staff_of(found.carrier, at=at), sentence)
    return found


def _take_over(found: Return, actor: Actor, at: datetime) -> None:
    opened = queries.opened(found, at=at)
    for table in opened.form.tables:
        if table.key in ROSTER_KEYS:
            lines = [{**row.values, table.key: row.key} for row in opened.rows[table.code]]
            rosters.sync_roster(
                carrier=found.carrier, table_key=table.key, rows=lines, year=opened.year, actor=actor, at=at
            )


@retried
def withdraw(*, actor: Actor, return_id: int, expected: int, at: datetime) -> Return:
    """The carrier takes it back before an officer has opened it; a new draft begins."""
    with transaction.atomic():
        step = _begin(actor, return_id, Action.WITHDRAW, expected, at)
        if step.found.opened_by_officer_at is not None:
            raise Refused(
                Problem("return.opened", T("审核人员已经打开报表，不能撤回；如需修改请联系审核部门退回。"))
            )
        after = lock_of(step.found.dates, state=State.FILLING, started=True, at=at)
        if not after.open:
            words = T("现在撤回后将无法再次提交：{why}", why=after.why)
            raise Refused(Problem("return.locked", words, allowed=after.who or ""))
        version = _version(step.found)
        clear_round(step.found)
        step.found.current = next_draft(version, at=at)
        found = _finish(step, version)
    return found


@retried
def open_for_review(*, actor: Actor, return_id: int, at: datetime) -> Return:
    """Notes that the office at whose stop it lies has opened it; from now on it cannot be withdrawn."""
    with transaction.atomic():
        found = locked_return(actor=actor, return_id=return_id)
        mine = found.state in REVIEWING and actor.role in _checkers(found)
        if mine and found.opened_by_officer_at is None:
            found.opened_by_officer_at = at
            found.save(update_fields=["opened_by_officer_at"])
    return found


def _checkers(found: Return) -> set[str]:
    stop = State(found.state)
    if stop is State.AT_PROVINCE:
        return {queries.OWNER_ROLES[found.campaign.region.level]}
    return {CHECKERS[stop]}


def _year(found: Return) -> int:
    year: int = found.campaign.year
    return year


def moves_for(found: Return, actor: Actor) -> list[Move]:
    """The moves that this actor may make now: what buttons are drawn from."""
    moves = queries.table_of_moves(found).open_to(found.state, actor.role)
    if found.state in OPEN_STATES or found.opened_by_officer_at is None:
        return moves
    return [move for move in moves if move.action != Action.WITHDRAW]
