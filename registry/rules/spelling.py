"""Names as people type them in a hurry: the first letters of their pinyin."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

LONGEST = 60


def initials(name: str) -> str:
    """`云州星澜孵化器` → `yzxlfhq`: letters and digits only, in lower case, at most 60."""
    parts = lazy_pinyin(name, style=Style.FIRST_LETTER)
    kept = "".join(char for part in parts for char in part if char.isascii() and char.isalnum())
    return kept.lower()[:LONGEST]
