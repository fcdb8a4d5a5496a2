"""What every change of a draft shares: the locked return, whether it is open, and the stamps of a save."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from reporting import queries
from reporting.models import Return, ReturnVersion
from reporting.permissions import may_fill, refuse
from reporting.queries import Opened
from reporting.rules.answers import ANSWERS, Answer
from reporting.rules.deadlines import Lock
from reporting.services import terms


def draft_to_change(*, actor: Actor, return_id: int, at: datetime, answered: bool = False) -> Opened:
    """The return locked, with its draft; `Refused` when it is not open or not this actor's to fill, and,
    unless `answered`, when it was answered without figures.

    All writers of a draft lock its return first, so the draft's row needs no lock of its own.
    """
    found = locked_return(actor=actor, return_id=return_id)
    refuse(may_fill(actor, found))
    opened = queries.opened(found, at=at)
    if not opened.lock.open:
        raise Refused(locked_problem(opened.lock))
    if opened.version.answer and not answered:
        title = ANSWERS[Answer(opened.version.answer)]
        message = T("这份报表已作“{answer}”申报；要填数据，请先收回申报。", answer=title)
        raise Refused(Problem("return.answered", message))
    return opened


def locked_return(*, actor: Actor, return_id: int) -> Return:
    """The return locked, with its version as it is now: what the locking query joined may be older than
    the lock, so the version is read after it."""
    found = locked(queries.with_all(Return.objects.visible_to(actor)), pk=return_id)
    versions = ReturnVersion.objects.select_related("on_behalf_by")
    found.current = versions.get(pk=found.current_id or 0)
    found.current.return_of = found
    return found


def locked_problem(lock: Lock) -> Problem:
    """Why a return cannot be changed, and who can open it."""
    return Problem("return.locked", lock.why, allowed=lock.who or "")


def signed(source: dict[str, Any], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Where a value came from, with by whom and when: what is kept beside it in `sources`."""
    return {**source, "by": actor.name, "at": at.isoformat(timespec="seconds")}


def stamp(*, actor: Actor, opened: Opened, at: datetime, fields: tuple[str, ...]) -> None:
    """Writes these parts of the draft, with who and when; the first save starts the return."""
    version = opened.version
    version.saved_at, version.saved_by = at, actor.user
    changed: dict[str, object] = {name: getattr(version, name) for name in fields}
    ReturnVersion.objects.filter(pk=version.pk).update(saved_at=at, saved_by=actor.user, **changed)
    if opened.lock.by_extension:
        terms.use(opened.of, at=at)
    if opened.of.started_at is None:
        opened.of.started_at = opened.of.updated_at = at
        Return.objects.filter(pk=opened.of.pk).update(started_at=at, updated_at=at)
