"""What figures offer to the pages above: nothing waits here, and a figure is found on its own page."""

from __future__ import annotations

from accounts.actors import Actor
from core.slots import Hit, Panel, Task
from core.text import T
from figures.rules.definitions import DEFINITIONS
from registry.models import Carrier


def tasks_for(actor: Actor) -> list[Task]:
    return []


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    return []


def search(actor: Actor, query: str) -> list[Hit]:
    """Definitions by a word of their title."""
    return [
        Hit(kind=T("统计"), title=one.title, url=f"/figures/{one.code}/", note=one.meaning)
        for one in DEFINITIONS
        if query and query in one.title.msgid
    ]
