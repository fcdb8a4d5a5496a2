"""The moves of a request to change facts. Each: lock, compare the version the person saw, ask the table,
stamp, log, record, tell those whom it concerns; one transaction. Approving applies it to the register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from accounts.rules.roles import Role
from core import clock
from core.locks import locked
from core.moves import Lifecycle, Move
from core.problems import Problem, Refused
from core.text import T, Text
from office.models import StoredFile
from office.services import audit, evidence, notices
from office.services.retrying import retried
from registry.models import Carrier, ChangeClaim, ChangeFile, ChangeMove, ChangeRequest
from registry.permissions import may_ask_change
from registry.queries.changes import officers_over, staff_of
from registry.rules.asked_facts import EVIDENCE, FACTS, evidence_for, unseen
from registry.rules.changing import MOST_WORDS, OFFICERS, STOP_OF, Action, State, lifecycle
from registry.services import proposals
from registry.services.carriers import change_carrier
from registry.services.proposals import Asked, Proposal

NO_REASONS: Mapping[str, str] = {}
_ENDED = frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN})


def link(found: ChangeRequest) -> str:
    """Where people find it."""
    return reverse("registry:change", args=[found.pk])


def moves_of(found: ChangeRequest) -> Lifecycle:
    """The table of moves of this request."""
    return lifecycle(State(found.first_stop), State(found.last_stop), found.asker_role)


@retried
def ask(*, actor: Actor, code: str, asked: Asked, at: datetime) -> ChangeRequest:
    """A request by the carrier's staff, or by an office on its behalf; what an office files that may decide
    it is approved at once. `Carrier.DoesNotExist` outside the scope; `Refused` with every reason."""
    with transaction.atomic():
        carrier = locked(_carriers(actor), code=code)
        if not may_ask_change(actor, carrier):
            raise Refused(Problem("change.role", T("您的身份不能申请变更此载体。")))
        proposal = proposals.propose(actor=actor, carrier=carrier, asked=asked, at=at)
        found = ChangeRequest(carrier=carrier, asker_role=actor.role, asked_at=at, asked_by=actor.user)
        _fill(found, asked, proposal, at)
        _keep(found, actor, asked, at)
        _log(found, Action.ASK, "", actor, at, asked.reason, facts=found.facts)
        if STOP_OF.get(actor.role) == found.last_stop:
            move = moves_of(found).move(Action.APPROVE, state=found.state, role=actor.role)
            _apply(found, actor, at)
            _finish(found, move, actor, at)
            _tell_asker(found, T("主管部门更正了“{carrier}”的登记：{facts}。", **_about(found)), at)
        else:
            _tell_office(found, T("“{carrier}”申请变更{facts}，请办理。", **_about(found)), at)
    return found


@retried
def resubmit(*, actor: Actor, request_id: int, expected: int, asked: Asked, at: datetime) -> ChangeRequest:
    """What came back is asked again, mended; documents that were handed in stay with it."""
    with transaction.atomic():
        found, move = _begin(actor, request_id, Action.RESUBMIT, expected)
        carrier = locked(_carriers(actor), pk=found.carrier_id)
        found.carrier = carrier
        proposal = proposals.propose(actor=actor, carrier=carrier, asked=asked, at=at, again=found)
        source, found.returned_at, found.returned_by = found.state, None, None
        _fill(found, asked, proposal, at)
        _keep(found, actor, asked, at)
        _log(found, move.action, source, actor, at, asked.reason, facts=found.facts)
        _tell_office(found, T("“{carrier}”的变更申请已补正，请办理。", **_about(found)), at)
    return found


@retried
def pass_on(
    *, actor: Actor, request_id: int, expected: int, at: datetime, comment: str = ""
) -> ChangeRequest:
    """The lower office gives its opinion and hands it to the one that decides."""
    with transaction.atomic():
        found, move = _begin(actor, request_id, Action.PASS, expected, comment)
        found.passed_at, found.passed_by = at, actor.user
        _finish(found, move, actor, at, comment)
        _tell_office(found, T("“{carrier}”的变更申请已上报，请办理。", **_about(found)), at)
    return found


@retried
def approve(
    *, actor: Actor, request_id: int, expected: int, at: datetime, comment: str = ""
) -> ChangeRequest:
    """The facts change with it, from the day on which it happened. Refused where a fact is no longer what
    the request says it was, or where the new value cannot be taken any more."""
    with transaction.atomic():
        found, move = _begin(actor, request_id, Action.APPROVE, expected, comment)
        _apply(found, actor, at)
        _finish(found, move, actor, at, comment)
        _tell_asker(found, T("“{carrier}”变更{facts}的申请已同意。", **_about(found)), at)
    return found


@retried
def send_back(
    *,
    actor: Actor,
    request_id: int,
    expected: int,
    comment: str,
    at: datetime,
    reasons: Mapping[str, str] = NO_REASONS,
) -> ChangeRequest:
    """Back to who asked, with a word and, by fact, what is to be mended."""
    with transaction.atomic():
        found, move = _begin(actor, request_id, Action.SEND_BACK, expected, comment)
        found.passed_at, found.passed_by = None, None
        found.returned_at, found.returned_by = at, actor.user
        _finish(found, move, actor, at, comment, reasons=_reasons(found, reasons))
        about = {**_about(found), "comment": comment.strip()[:200]}
        _tell_asker(found, T("“{carrier}”的变更申请被退回：{comment}", **about), at)
    return found


@retried
def refuse(*, actor: Actor, request_id: int, expected: int, comment: str, at: datetime) -> ChangeRequest:
    """The office that decides says no, with its reason; nothing changes."""
    with transaction.atomic():
        found, move = _begin(actor, request_id, Action.REFUSE, expected, comment)
        _finish(found, move, actor, at, comment)
        about = {**_about(found), "comment": comment.strip()[:200]}
        _tell_asker(found, T("“{carrier}”的变更申请不予同意：{comment}", **about), at)
    return found


@retried
def withdraw(
    *, actor: Actor, request_id: int, expected: int, at: datetime, comment: str = ""
) -> ChangeRequest:
    """Who asked takes it back before it is decided."""
    with transaction.atomic():
        found, move = _begin(actor, request_id, Action.WITHDRAW, expected, comment)
        found.returned_at, found.returned_by = None, None
        _finish(found, move, actor, at, comment)
    return found


def act(
    *,
    actor: Actor,
    request_id: int,
    action: str,
    expected: int,
    at: datetime,
    comment: str = "",
    reasons: Mapping[str, str] = NO_REASONS,
) -> ChangeRequest:
    """The move of this name; asking again has a verb of its own. `reasons` count when it goes back."""
    verb = _VERBS.get(action)
    if verb is None:
        raise Refused(Problem("change.action", T("没有这种办理。"), field="action", found=action[:20]))
    given: dict[str, Any] = {"reasons": reasons} if action == Action.SEND_BACK else {}
    return verb(actor=actor, request_id=request_id, expected=expected, comment=comment, at=at, **given)


_VERBS: Mapping[str, Callable[..., ChangeRequest]] = {
    Action.PASS: pass_on,
    Action.APPROVE: approve,
    Action.SEND_BACK: send_back,
    Action.REFUSE: refuse,
    Action.WITHDRAW: withdraw,
}


def moves_for(found: ChangeRequest, actor: Actor) -> list[Move]:
    """The moves that this actor may make now: what buttons are drawn from."""
    return moves_of(found).open_to(found.state, actor.role)


# What the moves have in common.


def _carriers(actor: Actor) -> QuerySet[Carrier]:
    return Carrier.objects.managed_by(actor).select_related("region", "operator")


def _begin(
    actor: Actor, request_id: int, action: Action, expected: int, comment: str = ""
) -> tuple[ChangeRequest, Move]:
    """The locked request and the move, if both the version and the table allow it."""
    rows = ChangeRequest.objects.visible_to(actor).select_related("carrier__region", "carrier__operator")
    found = locked(rows, pk=request_id)
    if found.version != expected:
        words = T("申请在您打开之后已有人办理，请刷新后再看。")
        raise Refused(Problem("change.moved", words, found=str(found.version)))
    table = moves_of(found)
    if action not in {move.action for move in table.moves}:
        raise Refused(Problem("change.last", T("这件申请由本级决定，不再上报。")))
    move = table.move(action, state=found.state, role=actor.role, comment=comment)
    _refuse_words(comment, "comment")
    return found, move


def _refuse_words(text: str, name: str) -> None:
    if len(text) > MOST_WORDS:
        raise Refused(Problem("change.words", T("意见最多 {n} 字。", n=MOST_WORDS), field=name))
    if wrong := unseen(text, name):
        raise Refused(wrong)


def _fill(found: ChangeRequest, asked: Asked, proposal: Proposal, at: datetime) -> None:
    """What is asked stands in the request, which lies at its first office; its facts are claimed."""
    if problems := [*proposal.problems, *proposal.missing]:
        raise Refused(problems)
    found.first_stop, found.last_stop = proposal.route
    found.state = found.first_stop
    found.facts, found.is_late = proposal.facts, proposal.is_late
    found.happened_on, found.reason = asked.happened_on, asked.reason.strip()
    found.basis, found.document_number = asked.basis.strip(), asked.document_number.strip()
    found.version, found.updated_at = found.version + 1, at
    found.save()
    ChangeClaim.objects.filter(request=found).delete()
    ChangeClaim.objects.bulk_create(
        ChangeClaim(request=found, carrier_id=found.carrier_id, fact=name) for name in found.facts
    )


def _keep(found: ChangeRequest, actor: Actor, asked: Asked, at: datetime) -> None:
    for kind, upload in asked.files:
        if kind not in set(EVIDENCE):
            raise Refused(Problem("change.evidence", T("没有这种证明材料。"), field=kind[:20]))
        file = evidence.stored(upload, actor=actor, at=at, field=kind)
        ChangeFile.objects.create(request=found, file=file, evidence=kind)


def _apply(found: ChangeRequest, actor: Actor, at: datetime) -> None:
    """The register takes the new values, from the day of the change, with its document."""
    carrier = locked(_carriers(actor), pk=found.carrier_id)
    problems = proposals.stale_facts(found, carrier)
    problems += proposals.faults_of_now(found, carrier, clock.day_of(at))
    if problems:
        raise Refused(problems)
    changes = proposals.python_values(found, carrier, actor=actor, at=at)
    if changes:
        change_carrier(
            actor=actor,
            code=carrier.code,
            changes=changes,
            valid_from=found.happened_on,
            basis=found.basis,
            document_number=found.document_number,
            basis_file=_proof_of(found),
            at=at,
        )


def _proof_of(found: ChangeRequest) -> StoredFile | None:
    """The first document of what must prove the first of the facts: what the register shows as the basis."""
    files = {one.evidence: one.file for one in found.files.select_related("file").order_by("-pk")}
    return next((files[kind] for kind in evidence_for(found.facts) if kind in files), None)


def _finish(
    found: ChangeRequest,
    move: Move,
    actor: Actor,
    at: datetime,
    comment: str = "",
    reasons: Mapping[str, str] = NO_REASONS,
) -> None:
    """Stamps it, lets go of its facts where it ends, writes its log row and the record."""
    source, found.state = found.state, move.target
    found.version, found.updated_at = found.version + 1, at
    if found.state in (State.APPROVED, State.REFUSED):
        found.decided_at, found.decided_by = at, actor.user
    if found.state == State.WITHDRAWN:
        found.withdrawn_at = at
    found.save()
    if found.state in _ENDED:
        ChangeClaim.objects.filter(request=found).delete()
    _log(found, move.action, source, actor, at, comment, reasons=reasons)


def _log(
    found: ChangeRequest,
    action: str,
    source: str,
    actor: Actor,
    at: datetime,
    comment: str,
    *,
    reasons: Mapping[str, str] = NO_REASONS,
    facts: Mapping[str, object] | None = None,
) -> None:
    said = comment.strip()
    ChangeMove.objects.create(
        request=found,
        action=action,
        source=source,
        target=found.state,
        at=at,
        by=actor.user,
        role=actor.role,
        comment=said,
        reasons=dict(reasons),
        facts=dict(facts or {}),
    )
    detail = {"carrier": found.carrier.code, "from": source, "to": found.state, "facts": found.facts}
    audit.record(
        actor=actor, action=f"change.{action}", on=found, key=found.number, at=at, detail=detail, reason=said
    )


def _reasons(found: ChangeRequest, reasons: Mapping[str, str]) -> dict[str, str]:
    strange = [name for name in reasons if name not in found.facts]
    if strange:
        raise Refused(Problem("change.fact", T("申请中没有这一事项。"), field=name[:20]) for name in strange)
    for name, text in reasons.items():
        _refuse_words(text, name)
    return {name: text.strip() for name, text in reasons.items() if text.strip()}


def _about(found: ChangeRequest) -> dict[str, object]:
    return {"carrier": found.carrier.name, "facts": labels_of(found.facts)}


def labels_of(facts: Iterable[str]) -> Text:
    """The facts that a request is about, in words."""
    first, *others = (FACTS[name].label for name in facts)
    return T("{first}等 {n} 项", first=first, n=len(others) + 1) if others else first


def _tell_office(found: ChangeRequest, sentence: Text, at: datetime) -> None:
    people = officers_over(found.carrier.region, OFFICERS[State(found.state)], at=at)
    notices.notify(people=people, sentence=sentence, at=at, link=link(found))


def _tell_asker(found: ChangeRequest, sentence: Text, at: datetime) -> None:
    """Who asked, and the carrier's staff whoever filed it."""
    people: list[User] = staff_of(found.carrier, at=at)
    if found.asker_role != Role.CARRIER_STAFF and found.asked_by is not None:
        people.append(found.asked_by)
    notices.notify(people=people, sentence=sentence, at=at, link=link(found))
