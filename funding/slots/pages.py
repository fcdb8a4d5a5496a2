"""What funding offers to the pages above it."""

from __future__ import annotations

from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock, formats
from core.slots import Hit, Panel, Task
from core.text import T
from evaluation.rules.entered import is_plain
from funding import queries
from funding.permissions import may_see_because
from registry.models import Carrier

SHOWN = 5
AWARDS = 20


def tasks_for(actor: Actor) -> list[Task]:
    """To finance officers what waits for a second person, published runs without money, their own drafts."""
    if actor.role != Role.FINANCE_OFFICER:
        return []
    return [*_to_confirm(actor), *_to_prepare(actor), *_own_drafts(actor)]


def _to_confirm(actor: Actor) -> list[Task]:
    return [
        Task(
            title=found.policy.title,
            why=T(
                "{run}：{who} {day} 测算 {sum} 元，须由第二人核定。",
                run=found.run.title,
                who=str(found.prepared_by or "—"),
                day=clock.day_of(found.prepared_at),
                sum=formats.money(found.allocated),
            ),
            verb=T("去核定"),
            url=reverse("funding:allocation", args=[found.pk]),
            state=T("待核定"),
            tone="warn",
            icon="wallet",
            urgency=20,
        )
        for found in queries.waiting_for(actor)[:SHOWN]
    ]


def _own_drafts(actor: Actor) -> list[Task]:
    """What this officer worked out and another has not confirmed yet: theirs to check or to give up."""
    drafts = queries.allocations_of(actor).filter(
        state="draft", prepared_by_id=actor.user_id, policy__region__path__startswith=actor.region_path or "-"
    )
    return [
        Task(
            title=found.policy.title,
            why=T(
                "{run}：由您测算 {sum} 元，等另一名财务人员核定；有误请作废重算。",
                run=found.run.title,
                sum=formats.money(found.allocated),
            ),
            verb=T("看测算"),
            url=reverse("funding:allocation", args=[found.pk]),
            state=T("等第二人"),
            tone="muted",
            icon="wallet",
            urgency=60,
        )
        for found in drafts[:SHOWN]
    ]


def _to_prepare(actor: Actor) -> list[Task]:
    return [
        Task(
            title=run.title,
            why=T("结果已公布，尚未测算奖补资金。"),
            verb=T("去测算"),
            url=f"{reverse('funding:allocation_new')}?run={run.pk}",
            state=T("待测算"),
            icon="wallet",
        )
        for run in queries.unpaid_runs(actor)[:SHOWN]
    ]


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """The awards that were decided, by year; what made them for those who may know."""
    awards = list(queries.awards_of_carrier(carrier.pk, actor)[:AWARDS])
    if not awards:
        return []
    rows = [(award, may_see_because(actor, award)) for award in awards]
    return [Panel(T("公共奖补"), "funding/_carrier_panel.html", {"rows": rows}, order=20)]


def search(actor: Actor, query: str) -> list[Hit]:
    """Policies whose name holds the words, as far as this actor may know of them."""
    words = query.strip()
    if not words or not is_plain(words):
        return []
    found = queries.policies_of(actor).filter(title__icontains=words)[:SHOWN]
    return [Hit(T("奖补政策"), str(row), reverse("funding:policy", args=[row.pk])) for row in found]
