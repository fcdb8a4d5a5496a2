"""What a room offers to the pages above it: tasks, panels, hits. Plain data, made in each room's `slots`.

`tasks_for(actor)`, `home_for(actor)`, `panels_for(carrier, actor)` and `search(actor, query)` answer lists
of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.text import Text
from core.ui import Action

Words = Text | str


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for this person. `tone` is the state's colour: bad, warn, info, ok, muted.

    `urgency` orders tasks without a date: lower first.
    """

    title: Words
    why: Words
    verb: Words
    url: str
    state: Words = ""
    tone: str = "info"
    icon: str = "file-pen-line"
    due: datetime | None = None
    urgency: int = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a carrier's page that another room draws: its template and what that needs."""

    title: Words
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    order: int = 50


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of somebody's home that a room draws: something to act on, or a measure of progress.

    `place`: "head" is a band under the page's title, "main" a card below the tasks, "aside" a card at the
    side. `more` is a link (words, address) at the card's head, `actions` are buttons at the head of the
    page. `order` is within the place. A part that tells the next deadline itself `is_clock`.
    """

    title: Words
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    place: Literal["head", "main", "aside"] = "main"
    note: Words = ""
    more: tuple[Words, str] | None = None
    actions: tuple[Action, ...] = ()
    order: int = 50
    is_clock: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a search."""

    kind: Words
    title: Words
    url: str
    note: Words = ""
