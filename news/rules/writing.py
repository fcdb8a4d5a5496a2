"""An article's text as editors type it: a paragraph a line, `## ` before a subhead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from news.rules.bulletin_issue import BlockKind

SUBHEAD = "## "


def blocks_of(text: str) -> list[dict[str, str]]:
    """What is typed as blocks, `{"kind", "text"}`; empty lines hold nothing."""
    found = []
    for line in text.splitlines():
        is_head = line.lstrip().startswith(SUBHEAD)
        words = line.strip().removeprefix(SUBHEAD.strip()).strip() if is_head else line.strip()
        if words:
            kind = BlockKind.SUBHEAD if is_head else BlockKind.PARAGRAPH
            found.append({"kind": kind.value, "text": words})
    return found


def text_of(blocks: Iterable[Mapping[str, str]]) -> str:
    """Blocks as the form shows them: what `blocks_of` reads back."""
    heads = BlockKind.SUBHEAD.value
    return "\n".join((SUBHEAD if one["kind"] == heads else "") + one["text"] for one in blocks)


def seen_as(state: str, changed: datetime) -> str:
    """What a person saw when they decided: its state and its last change."""
    return f"{state} {changed.astimezone(UTC).isoformat()}"
