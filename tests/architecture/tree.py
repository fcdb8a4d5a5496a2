"""The house as the checks see it: rooms in their order, kinds of code in each, files and templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# From the top down; a room imports from those after it only (docs/architecture.md).
ROOMS = (
    "portal",
    "news",
    "figures",
    "funding",
    "evaluation",
    "reporting",
    "registry",
    "office",
    "accounts",
    "core",
)
# Kinds of code inside a room, from the edge inwards.
EDGES = ("web", "api", "excel", "tasks", "notices", "admin", "management")
LAYERS: dict[str, int] = {
    **{edge: 4 for edge in EDGES},
    "services": 3,
    "queries": 2,
    "permissions": 2,
    "slots": 3,
    "models": 1,
    "actors": 1,
    "rules": 0,
}
MAY_USE_EXCEL = ("web", "api", "tasks", "management", "services")


@dataclass(frozen=True)
class Source:
    """One Python file of the house."""

    root: Path
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @property
    def room(self) -> str:
        return self.path.relative_to(self.root).parts[0]

    @property
    def kind(self) -> str:
        """`web`, `services`, `rules` …: the folder or the module directly below the room."""
        parts = self.path.relative_to(self.root).parts
        return Path(parts[1]).stem if len(parts) > 1 else ""

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full dotted name of every import of this file, inside functions too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.lineno, node.module
                for alias in node.names:
                    yield node.lineno, f"{node.module}.{alias.name}"


def sources(root: Path) -> list[Source]:
    """Every Python file of the rooms but migrations, sorted."""
    found = []
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if "migrations" not in path.parts:
                found.append(Source(root, path))
    return found


def templates(root: Path) -> list[Path]:
    return sorted(
        path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml"}
    )
