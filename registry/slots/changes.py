"""What waits for somebody in the requests to change facts."""

from __future__ import annotations

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.formats import day, number
from core.slots import Task
from core.text import T
from registry.models import ChangeMove, ChangeRequest
from registry.permissions import may_see_changes
from registry.rules.changing import STOP_OF, Action, State
from registry.services.changing import labels_of, link

SHOWN = 5


def tasks_of_changes(actor: Actor) -> list[Task]:
    """To an office the requests that lie with it as one task; to who asked each one that came back."""
    if not may_see_changes(actor) or actor.role == Role.AUDITOR:
        return []
    return [*_to_decide(actor), *_to_mend(actor)]


def _to_decide(actor: Actor) -> list[Task]:
    stop = STOP_OF.get(actor.role)
    if stop is None:
        return []
    rows = ChangeRequest.objects.visible_to(actor).filter(state=stop)
    counts = rows.order_by().aggregate(
        n=Count("pk"), late=Count("pk", filter=Q(is_late=True)), first=Min("updated_at")
    )
    if not counts["n"]:
        return []
    why = T("最早的一件自 {day} 起等待。", day=day(counts["first"]))
    if counts["late"]:
        why = T("{why}其中逾期申请 {n} 件。", why=why, n=number(counts["late"]))
    return [
        Task(
            title=T("{n} 件变更申请待办理", n=number(counts["n"])),
            why=why,
            verb=T("去办理"),
            url=f"{reverse('registry:changes')}?state=mine",
            state=T("待办理"),
            tone="info",
            icon="file-diff",
            urgency=40,
        )
    ]


def _to_mend(actor: Actor) -> list[Task]:
    rows = ChangeRequest.objects.visible_to(actor).filter(state=State.RETURNED, asker_role=actor.role)
    found = list(rows.select_related("carrier")[:SHOWN])
    moves = ChangeMove.objects.filter(request__in=found, action=Action.SEND_BACK).order_by("pk")
    said = {move.request_id: move.comment for move in moves} if found else {}
    return [
        Task(
            title=T("补正变更申请：{carrier}", carrier=one.carrier.name),
            why=T("变更{facts}，退回意见：{comment}", facts=labels_of(one.facts), comment=said[one.pk][:80]),
            verb=T("去补正"),
            url=link(one),
            state=T("退回补正"),
            tone="warn",
            icon="undo-2",
            urgency=15,
        )
        for one in found
    ]
