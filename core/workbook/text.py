"""Text on its way into a workbook: kept letter by letter, never a formula, never a broken file."""

from __future__ import annotations

import re

# What a workbook cannot hold, and a carriage return, which it holds only in disguise.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Looks like the format's own escape and would come back as another character.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_LIKE = re.compile(r"[\s]*[=+\-@\t\r\n＝＋－＠|%]")
MOST = 32_767
MARK = "\ufffd"


def clean(text: str) -> str:
    """The text with line ends as line feeds, each unwritable character as `�`, cut to a cell's size."""
    text = _UNWRITABLE.sub(MARK, text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


def escaped(text: str) -> str:
    """For the writer that leaves escapes to its caller: `_x000D_` stays these seven letters."""
    return _ESCAPE_LIKE.sub("_x005F_", text) if "_x" in text else text


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might take this text for a formula when it is typed in again."""
    return _FORMULA_LIKE.match(text) is not None


def sheet_name(name: str) -> str:
    """A legal name of a sheet: at most 31 characters, without `[]:*?/\\`, not empty."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", clean(name)).replace("\n", " ").strip().strip("'")
    return plain[:31] or "Sheet"
