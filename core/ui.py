"""The parts pages are built of: which there are, what each must and may be told.

A part is `templates/ui/NAME.html`; `{% ui %}` and `{% uiblock %}` refuse what is not declared here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.text import Text

Words = Text | str
Tone = Literal["bad", "warn", "info", "ok", "muted", "solid"]


@dataclass(frozen=True, slots=True)
class Status:
    """A state as people see it: always a word; the colour and the icon come second."""

    word: Words
    tone: str = "muted"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do from here. `kind` is plain, primary or danger; `method` post makes it a form."""

    text: Words
    url: str
    icon: str = ""
    kind: str = "plain"
    method: str = "get"


@dataclass(frozen=True, slots=True)
class Part:
    """What a part is told: `needs` must be given, `may` has defaults; `block` parts have a body."""

    needs: tuple[str, ...] = ()
    may: Mapping[str, object] = field(default_factory=dict)
    block: bool = False


PARTS: Mapping[str, Part] = {
    "page_header": Part(("title",), {"subtitle": "", "status": None, "crumbs": (), "actions": ()}),
    "card": Part((), {"title": "", "note": "", "id": "", "more": None}, block=True),
    "task_list": Part(("tasks",), {"empty": "", "now": None}),
    "status": Part(("word",), {"tone": "muted", "icon": ""}),
    "table": Part((), {"caption": "", "sticky": True, "layout": None, "wide": False}, block=True),
    "pager": Part(("page",)),
    "filters": Part(("form",), {"action": "", "clear": ""}),
    "field": Part(("field",), {"unit": "", "help": ""}),
    "field_group": Part(("legend",), {"help": "", "fields": ()}, block=True),
    "dialog": Part(("id", "title"), {"opener": "", "kind": "plain", "icon": ""}, block=True),
    "form_errors": Part((), {"problems": (), "form": None}),
    "alert": Part(("tone", "title"), {"text": ""}),
    "problems": Part(("problems",)),
    "steps": Part(("steps",)),
    "timeline": Part(("entries",)),
    "diff": Part(("old", "new"), {"unit": ""}),
    "file_drop": Part(("name", "accept", "label"), {"help": ""}),
    "job": Part(("job", "told"), {"refresh": False}),
    "moves": Part(("moves", "url"), {"version": ""}),
    "empty": Part(("text",), {"hint": "", "action": None}),
    "figure": Part(
        ("name", "value", "unit", "as_of", "base", "source"),
        {"change": "", "source_url": ""},
    ),
    "stat": Part(("label", "value"), {"unit": "", "tone": ""}),
    "tile_map": Part(("tiles", "unit", "caption"), {"steps": None}),
    "bar": Part(("share",), {"tone": ""}),
    "chart": Part(("svg", "table", "caption", "unit", "as_of", "source")),
    "bars": Part(("rows", "series", "unit", "caption", "as_of", "source")),
    "button": Part(("text",), {"url": "", "icon": "", "kind": "plain", "disabled_because": ""}),
    "print_header": Part(("title",), {"note": ""}),
}

# The icon of a state whose page names none: the tone is never told by colour alone.
ICONS: Mapping[str, str] = {
    "bad": "circle-alert",
    "warn": "triangle-alert",
    "info": "circle-dot",
    "ok": "circle-check",
    "solid": "circle-alert",
}


def faults_of(name: str, given: frozenset[str], *, block: bool) -> list[str]:
    """What is wrong with a use of a part, in words for the developer; empty when nothing is."""
    part = PARTS.get(name)
    if part is None:
        return [f"no part is named {name!r}"]
    faults = []
    if part.block != block:
        faults.append(f"{name} is used by {'uiblock' if part.block else 'ui'}")
    faults += [
        f"{name} knows no {argument!r}" for argument in sorted(given - set(part.needs) - set(part.may))
    ]
    faults += [f"{name} needs {argument!r}" for argument in part.needs if argument not in given]
    return faults
