"""What a search may be narrowed to, by an allow-list."""

from __future__ import annotations

from dataclasses import dataclass

from core.text import T, Text


@dataclass(frozen=True, slots=True)
class Scope:
    """`kinds` of hits that belong to it, as rooms name them; empty: everything."""

    code: str
    words: Text
    kinds: tuple[str, ...] = ()


SCOPES = (
    Scope("", T("全部")),
    Scope("carriers", T("载体"), ("创业载体",)),
    Scope("articles", T("通知与政策"), ("通知与政策",)),
    Scope("publicity", T("公示与结果"), ("公示公告", "评价结果", "奖补政策")),
    Scope("bulletins", T("简报"), ("简报",)),
)


def scope_of(code: str) -> Scope:
    """The scope asked for; everything where nobody offers it."""
    return next((one for one in SCOPES if one.code == code), SCOPES[0])
