"""What the returns offer to the pages above them."""

from __future__ import annotations

from django.db.models import Count, Min, Q

from accounts.actors import Actor
from accounts.rules.roles import CHECKING, Role
from core import clock
from core.slots import Hit, Panel, Task
from core.text import T
from registry.models import Carrier
from reporting import links, queries
from reporting.models import Return
from reporting.rules.lifecycle import RETURN, State
from reporting.slots.carrier_tasks import tasks_of_carrier

SHOWN = 10
TONES = {
    State.FILLING: "warn",
    State.RETURNED: "bad",
    State.AT_COUNTY: "info",
    State.AT_CITY: "info",
    State.AT_PROVINCE: "info",
    State.ACCEPTED: "ok",
}


def tasks_for(actor: Actor) -> list[Task]:
    """To a carrier: each return that is still to be done, with what is missing. To officers: what waits."""
    if actor.role == Role.CARRIER_STAFF:
        return tasks_of_carrier(actor)
    if actor.role in CHECKING:
        return _to_check(actor)
    return []


def _to_check(actor: Actor) -> list[Task]:
    """One task a campaign: how many wait, since when."""
    rows = (
        queries.waiting_for(actor)
        .values("campaign_id", "campaign__title")
        .annotate(number=Count("pk"), oldest=Min("submitted_at"))
        .order_by("oldest")
    )
    return [
        Task(
            title=row["campaign__title"],
            why=T(
                "{n} 份报表待审核，最早的提交于 {day}。",
                n=row["number"],
                day=clock.day_of(row["oldest"]).isoformat(),
            ),
            verb=T("去审核"),
            url=f"{links.QUEUE}?campaign={row['campaign_id']}",
            state=T("待审核"),
            tone="info",
            icon="list-checks",
            urgency=30,
        )
        for row in rows[:SHOWN]
    ]


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """The carrier's returns, to those who may know of them."""
    found = (
        Return.objects.visible_to(actor)
        .filter(carrier=carrier)
        .select_related("campaign")
        .order_by("-campaign__year")
    )
    rows = [
        {
            "year": one.campaign.year,
            "title": one.campaign.title,
            "state": RETURN.title_of(one.state),
            "tone": TONES[State(one.state)],
            "submitted_at": one.submitted_at,
            "url": links.return_page(one.pk),
        }
        for one in found[:SHOWN]
    ]
    if not rows:
        return []
    return [Panel(T("年度报表"), "reporting/_carrier_panel.html", {"returns": rows}, order=30)]


def search(actor: Actor, query: str) -> list[Hit]:
    """Returns of carriers of this name or code, in the actor's scope."""
    words = query.strip()
    if len(words) < 2 or not words.isprintable():
        return []
    found = (
        Return.objects.visible_to(actor)
        .filter(Q(carrier__name__icontains=words) | Q(carrier__code__iexact=words))
        .select_related("carrier", "campaign")
        .order_by("-campaign__year", "carrier__code")
    )
    return [
        Hit(
            kind=T("年度报表"),
            title=f"{one.carrier.name} · {one.campaign.title}",
            url=links.return_page(one.pk),
            note=RETURN.title_of(one.state),
        )
        for one in found[:SHOWN]
    ]
