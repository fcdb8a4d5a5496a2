"""Draws docs/lifecycle.md from the move tables."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.moves import Lifecycle

ROOMS = ("reporting", "evaluation", "funding", "news", "registry")


def tables() -> list[Lifecycle]:
    """Every move table of the house, by room."""
    found = []
    for room in ROOMS:
        name = f"{room}.rules.lifecycle"
        if importlib.util.find_spec(name):
            module = importlib.import_module(name)
            found += [value for value in vars(module).values() if isinstance(value, Lifecycle)]
    return found


def drawn(lifecycle: Lifecycle) -> str:
    """One table as a picture and as rows."""
    lines = [f"## {lifecycle.title} `{lifecycle.name}`", "", "```mermaid", "stateDiagram-v2"]
    for move in lifecycle.moves:
        for source in sorted(move.sources):
            lines.append(f"    {source} --> {move.target}: {move.label}")
    lines += [
        "```",
        "",
        "| 状态 | | 动作 | | 到 | 谁 | 意见 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for move in lifecycle.moves:
        sources = "、".join(str(lifecycle.title_of(s)) for s, _ in lifecycle.states if s in move.sources)
        roles = ", ".join(sorted(move.roles))
        lines.append(
            f"| {sources} | | {move.label} | `{move.action}` | {lifecycle.title_of(move.target)} "
            f"| {roles} | {move.comment} |"
        )
    return "\n".join(lines)


class Command(BaseCommand):
    help = "Writes docs/lifecycle.md from the move tables; --check only says whether it is in step."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, **options: Any) -> None:
        parts = ["# Lifecycles", "Drawn from the move tables by `manage.py lifecycle`; not edited by hand."]
        text = "\n\n".join([*parts, *(drawn(table) for table in tables())]) + "\n"
        path = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"
        if not options["check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError("docs/lifecycle.md is not in step with the move tables: manage.py lifecycle")
