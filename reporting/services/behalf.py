"""An officer fills a return for a carrier that cannot: only the draft, with a reason, and marked for good.

Handing it in, and the promise that goes with it, stay the carrier's own.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from core.problems import Problem, Refused
from core.text import T
from office.services import audit, notices
from office.services.retrying import retried
from reporting import links, queries
from reporting.models import Return, ReturnVersion
from reporting.permissions import may_fill_for, refuse
from reporting.rules.values import words
from reporting.services.drafts import locked_problem, locked_return

MOST_WORDS = 200


@retried
def fill_for_carrier(*, actor: Actor, return_id: int, reason: str, at: datetime) -> Return:
    """From now on this officer may fill the draft; the version says so for good. The carrier is told and may
    fill on. Asked twice it is done once."""
    said = words(reason, T("理由"), field="reason", most=MOST_WORDS)
    with transaction.atomic():
        found = locked_return(actor=actor, return_id=return_id)
        refuse(may_fill_for(actor, found))
        lock = queries.lock(found, at=at)
        if not lock.open:
            raise Refused(locked_problem(lock))
        if not said:
            raise Refused(Problem("behalf.reason", T("请填写代填的理由。"), field="reason"))
        version = found.current
        if version is None or version.on_behalf_by_id == actor.user_id:
            return found
        if version.on_behalf_by_id is not None:
            message = T("“{name}”正在为载体代填这份报表。", name=version.on_behalf_by)
            raise Refused(Problem("behalf.other", message))
        _mark(version, actor, said, at)
        detail = {"version": version.number, "carrier": found.carrier.code}
        audit.record(actor=actor, action="return.fill_for", on=found, at=at, detail=detail, reason=said)
        sentence = T(
            "{name} 将为您代填 {year} 年度报表：{reason}。填好后须由您核对并提交。",
            name=actor.name,
            year=found.campaign.year,
            reason=said,
        )
        staff = queries.staff_of(found.carrier, at=at)
        notices.notify(people=staff, sentence=sentence, at=at, link=links.return_page(found.pk))
    return found


def _mark(version: ReturnVersion, actor: Actor, reason: str, at: datetime) -> None:
    version.on_behalf_by, version.on_behalf_at, version.on_behalf_reason = actor.user, at, reason
    version.save(update_fields=["on_behalf_by", "on_behalf_at", "on_behalf_reason"])
