"""Words that people enter: no sign in them that cannot be seen, shown or stored."""

from __future__ import annotations

import re

from core.problems import Problem
from core.text import T

# C0 and C1 controls but tab and line ends, lone surrogates, what is no character at all.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def unseen(text: str, field: str = "") -> list[Problem]:
    """The fault of a text with control characters; nothing when it has none."""
    if not _UNSEEN.search(text):
        return []
    return [Problem("words.control", T("内容含有看不见的控制字符，请重新录入。"), field=field)]


def is_plain(text: str) -> bool:
    """Whether a word out of an address can be looked up at all."""
    return not _UNSEEN.search(text)
