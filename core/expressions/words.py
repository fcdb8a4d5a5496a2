"""An expression as people read it: names as the form calls them, signs as on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping

_YEARS = (("prev2.", "前年"), ("prev.", "上年"), ("", ""))
_SIGNS = ((">=", "≥"), ("<=", "≤"), ("!=", "≠"), ("==", "="), ("*", "×"))
_WORDS = {"and": "且", "or": "或", "not": "非", "year_end": "年末", "year": "年份"}
# Calls that people would not read as they are written; what stands inside has its words already.
_CALLS = (
    (re.compile(r"coalesce\(([^(),]+), 0\)"), r"\1（未填按 0）"),
    (re.compile(r"add_months\(([^(),]+), (\d+)\)"), r"\1之后 \2 个月"),
    (re.compile(r"年份\(([^()]+)\)"), r"\1的年份"),
    (re.compile(r"ratio\(([^(),]+), ([^(),]+)\)"), r"\1 ÷ \2"),
    (re.compile(r"^round\((.+), (\d+)\)$"), r"\1（保留 \2 位小数）"),
)
_WORD = re.compile(r"'[^']*'|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_.]*")


def name_in_words(name: str, titles: Mapping[str, str]) -> str:
    """A field as people know it: `prev.area` is 上年场地面积; a name without a title stays."""
    start, said = next(one for one in _YEARS if name.startswith(one[0]))
    rest = name.removeprefix(start)
    return f"{said}{titles[rest]}" if rest in titles else _WORDS.get(name, name)


def in_words(source: str, titles: Mapping[str, str]) -> str:
    """The whole expression; texts in quotes stay as they are."""

    def named(match: re.Match[str]) -> str:
        return match[0] if match[0][0] in "'\"" else name_in_words(match[0], titles)

    said = _WORD.sub(named, source)
    for sign, shown in _SIGNS:
        said = said.replace(sign, shown)
    for call, plain in _CALLS:
        said = call.sub(plain, said)
    return re.sub(r"\s+", " ", said)
