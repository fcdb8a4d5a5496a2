"""What pages of several rooms show: asked of each room's `slots`, nothing registered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.roles import TITLES, Role
from core.slots import Hit, HomePart, Panel, Task
from core.text import T, Text
from evaluation import slots as evaluation
from figures import slots as figures
from funding import slots as funding
from news import slots as news
from news.models import Article
from office import slots as office
from portal.progress.page import home_parts_for
from registry import slots as registry
from registry.models import Carrier
from registry.queries.lineage import Lineage
from reporting import slots as reporting

ROOMS: tuple[ModuleType, ...] = (registry, office, reporting, evaluation, funding, figures, news)
SHOWN_TASKS = 50
SHOWN_BEFORE = 6  # carriers before one in its line
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """An appointment as the switcher shows it: role and scope in words, and on whose behalf."""

    pk: int
    role: Text
    scope: str
    current: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class Acting:
    """Under which appointment a person acts, and which others they hold."""

    current: Standing | None
    others: tuple[Standing, ...]


def acting_of(actor: Actor, held: Iterable[Appointment]) -> Acting:
    """The standing of a person: one query, for the names of carriers."""
    held = list(held)
    codes = {one.carrier_code for one in held if one.carrier_code}
    names: dict[str, str] = dict(
        Carrier.objects.filter(code__in=codes).values_list("code", "name") if codes else ()
    )
    chosen = actor.appointment.pk if actor.appointment else None
    standings = [
        Standing(
            pk=one.pk,
            role=TITLES[Role(one.role)],
            scope=names.get(one.carrier_code, one.carrier_code) or str(one.region),
            current=one.pk == chosen,
            of=str(one.delegated_from.user) if one.delegated_from else "",
        )
        for one in held
    ]
    return Acting(
        current=next((one for one in standings if one.current), None),
        others=tuple(one for one in standings if not one.current),
    )


def urgency(task: Task) -> tuple[datetime, int, str]:
    """Overdue first, then by date; those without a date last, by their own urgency."""
    return (task.due or _LATEST, task.urgency, str(task.title))


def tasks_for(actor: Actor) -> list[Task]:
    """Everything that waits for this person, most urgent first."""
    return sorted((task for room in ROOMS for task in room.tasks_for(actor)), key=urgency)


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """What the rooms show on a carrier's page to this reader, in their order."""
    return sorted(
        (panel for room in ROOMS for panel in room.panels_for(carrier, actor)),
        key=lambda panel: panel.order,
    )


def panels_of_line(line: Lineage, actor: Actor) -> list[Panel]:
    """Those of the carrier, then those of the carriers whose past it carries on, each marked with its name.
    Whom to ask and who stays in them now, those do not tell."""
    past = [
        replace(panel, title=T("{title}（{name}）", title=panel.title, name=one.name))
        for one in line.ancestors[:SHOWN_BEFORE]
        for room in ROOMS
        if room is not registry
        for panel in room.panels_for(one, actor)
    ]
    return [*panels_for(line.carrier, actor), *sorted(past, key=lambda panel: panel.order)]


def hits_for(actor: Actor, query: str) -> list[Hit]:
    """What this reader may know of that matches; rooms give each their best few."""
    found: list[Any] = [hit for room in ROOMS for hit in room.search(actor, query)]
    return found


def kinds_of(hits: Sequence[Hit]) -> list[tuple[str, list[Hit]]]:
    """Hits by their kind, in the order the kinds first come."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(str(hit.kind), []).append(hit)
    return list(groups.items())


def home_parts(actor: Actor) -> list[HomePart]:
    """What the rooms, and the progress of all of them together, show on this person's home, in order."""
    parts = [*home_parts_for(actor), *(part for room in ROOMS for part in room.home_for(actor))]
    return sorted(parts, key=lambda part: part.order)


def next_due(tasks: Sequence[Task], now: datetime) -> Task | None:
    """The next deadline that still lies ahead."""
    return next((task for task in tasks if task.due and task.due >= now), None)


def newest_notices(now: datetime) -> list[Article]:
    """The notices of the public front page that came last."""
    return list(
        Article.objects.public(now)
        .filter(section__code="notices")
        .defer("blocks", "html", "doubts")
        .order_by("-published_at", "-pk")[:3]
    )
