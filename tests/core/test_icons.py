"""Every icon that a page or a rule names is one that the set has: an unknown one would break its page."""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import lucide

from tests.architecture.tree import ROOMS

ROOT = Path(__file__).resolve().parents[2]
# Where an icon stands among a call's arguments, and by which name.
PLACES = {"Status": 2, "Action": 2, "Place": 2, "Task": 6}


def known() -> set[str]:
    with zipfile.ZipFile(Path(lucide.__file__).parent / "lucide.zip") as archive:
        return {Path(name).stem for name in archive.namelist()}


def in_templates() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "templates").rglob("*.html"):
        for found in re.finditer(r"(?:lucide |icon=)[\"']([a-z0-9-]+)[\"']", path.read_text()):
            yield path.name, found[1]


def in_code() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in PLACES:
                    yield from ((path.name, name) for name in icons_of(node))


def icons_of(call: ast.Call) -> Iterator[str]:
    at = PLACES[getattr(call.func, "id", "")]
    values = [*call.args[at : at + 1], *(one.value for one in call.keywords if one.arg == "icon")]
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            yield value.value


def test_every_icon_is_in_the_set() -> None:
    named = [*in_templates(), *in_code()]
    assert len(named) > 200
    assert [one for one in named if one[1] not in known()] == []
