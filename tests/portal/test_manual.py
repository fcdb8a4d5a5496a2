"""The manual names what is really on the pages, and shows pictures that the command takes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs/manual").glob("*.md"))
TEXTS = {entry.msgid for entry in polib.pofile(str(ROOT / "locale/en/LC_MESSAGES/django.po"))}


def taken() -> set[str]:
    """The names in `docs/draw.py`, read without starting it."""
    calls = [
        node
        for node in ast.walk(ast.parse((ROOT / "docs/draw.py").read_text()))
        if isinstance(node, ast.Call)
    ]
    return {
        str(node.args[0].value)
        for node in calls
        if isinstance(node.func, ast.Name)
        and node.func.id == "Picture"
        and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_names_words_that_the_pages_say(guide: Path) -> None:
    said = re.findall(r"【([^】]+)】", guide.read_text())
    assert said
    assert [words for words in said if words not in TEXTS] == []


@pytest.mark.parametrize("shown_on", [*GUIDES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_each_picture_is_there_and_the_command_takes_it(shown_on: Path) -> None:
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", shown_on.read_text())
    for address in shown:
        picture = (shown_on.parent / address).resolve()
        assert picture.is_file(), address
        assert picture.stem in taken(), address


def test_the_pictures_can_be_read_in_a_repository() -> None:
    pictures = list((ROOT / "docs/pictures").glob("*.jpg"))
    assert {one.stem for one in pictures} == taken()
    assert sum(one.stat().st_size for one in pictures) < 4_000_000
