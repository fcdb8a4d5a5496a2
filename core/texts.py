"""Finds every text for people in the code and the templates, and compares with the translations.

Works on the files alone and needs no gettext tools. Python: calls of `_`, `gettext…`, `ngettext`, `T`
with a plain string; templates: what Django's own `templatize` finds.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

_NAMES = {"_", "gettext", "gettext_lazy", "T", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
_IN_TEMPLATE = re.compile(
    r"gettext\(\s*u?(?P<literal>\"\"\".*?\"\"\"|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")", re.DOTALL
)
_SKIPPED = {"migrations", "tests", ".venv", "var", "bench", "build"}


@dataclass(frozen=True, slots=True)
class Found:
    """A text and where it stands first."""

    msgid: str
    place: str


def found_texts(root: Path) -> dict[str, str]:
    """Every msgid with the place where it stands first."""
    answer: dict[str, str] = {}
    for path in sorted(root.rglob("*.py")):
        if not _SKIPPED & set(path.relative_to(root).parts):
            for found in _in_python(path, root):
                answer.setdefault(found.msgid, found.place)
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            for found in _in_template(path, root):
                answer.setdefault(found.msgid, found.place)
    return answer


def _in_python(path: Path, root: Path) -> Iterator[Found]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _NAMES:
            continue
        wanted = node.args[1:2] if name.startswith("p") else node.args[: 2 if name.startswith("n") else 1]
        for argument in wanted:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                yield Found(argument.value, path.relative_to(root).as_posix())


def _in_template(path: Path, root: Path) -> Iterator[Found]:
    pseudo_code = templatize(path.read_text(), origin=str(path))
    for match in _IN_TEMPLATE.finditer(pseudo_code):
        yield Found(ast.literal_eval(match["literal"]), path.relative_to(root).as_posix())


def compare(found: dict[str, str], translations: polib.POFile) -> list[str]:
    """What is not in step: texts without a translation, translations without a text, lost places."""
    known = {entry.msgid: entry for entry in translations if not entry.obsolete}
    faults = [
        f"{place}: no translation of {msgid!r}"
        for msgid, place in found.items()
        if msgid not in known or not known[msgid].msgstr
    ]
    faults += [f"no text any more: {msgid!r}" for msgid in known if msgid not in found]
    for msgid in found.keys() & known.keys():
        ours, theirs = set(_places(msgid)), set(_places(known[msgid].msgstr))
        if known[msgid].msgstr and ours != theirs:
            faults.append(f"{msgid!r}: the translation has other places for values")
    return sorted(faults)


def _places(text: str) -> list[str]:
    return re.findall(r"\{[^{}]*\}|%\(\w+\)[sd]|%[sd]", text)


def update(found: dict[str, str], translations: polib.POFile) -> None:
    """Adds new texts without a translation, takes away those that are gone; sorted by where they stand."""
    kept = {entry.msgid: entry.msgstr for entry in translations}
    translations.clear()
    for msgid, place in sorted(found.items(), key=lambda pair: (pair[1], pair[0])):
        flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", msgid) else []
        translations.append(
            polib.POEntry(msgid=msgid, msgstr=kept.get(msgid, ""), occurrences=[(place, "")], flags=flags)
        )
