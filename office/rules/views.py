"""A list as a person kept it under a name: what such a view may hold, and what of it still stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.problems import Problem
from core.text import T, Text

LIMIT = 20  # views of one person over one list
LONGEST_NAME = 40
LONGEST_VALUE = 100
MOST_KEYS, MOST_COLUMNS = 20, 60
LISTS = ("carriers", "tenants", "findings", "returns")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a view says of its list: the address's filters and order, and for a table its columns, how
    dense. No columns: those that the reader has."""

    query: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] = ()
    dense: bool = False


def name_faults(name: str, taken: Collection[str]) -> Iterator[Problem]:
    """`taken` are the names of the person's other views over the list."""
    if not name:
        yield Problem("view.name", T("请给视图起一个名称。"), field="name")
    if len(name) > LONGEST_NAME:
        words = T("视图名称最多 {n} 个字。", n=str(LONGEST_NAME))
        yield Problem("view.name_long", words, field="name", found=name[:LONGEST_NAME])
    if any(ord(sign) < 32 for sign in name):
        yield Problem("view.name_signs", T("视图名称含有控制字符。"), field="name")
    if name in taken:
        yield Problem(
            "view.name_taken",
            T("您在这个列表上已有名为“{name}”的视图。", name=name),
            field="name",
            found=name,
        )


def kept_faults(kept: Kept) -> Iterator[Problem]:
    """Whoever writes the request by hand keeps no more than a page can ask for."""
    too_much = len(kept.query) > MOST_KEYS or len(kept.columns) > MOST_COLUMNS
    words = [*kept.query, *kept.query.values(), *kept.columns]
    if too_much or any(len(word) > LONGEST_VALUE or "\x00" in word for word in words):
        yield Problem("view.kept", T("筛选条件过多或过长，不能存为视图。"))


def number_faults(held: int) -> Iterator[Problem]:
    if held >= LIMIT:
        yield Problem(
            "view.limit",
            T("每个列表最多存 {n} 个视图。", n=str(LIMIT)),
            found=str(held),
            fix=T("请先删除不用的视图。"),
        )


def free_place(taken: Collection[int]) -> int:
    """The first place of a row of views that is free; there are as many places as views."""
    return next(place for place in range(1, LIMIT + 1) if place not in taken)


def of_list(query: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """What of an address belongs to a list: its filters and its order; never the page, never the view."""
    return {name: value for name, value in query.items() if name in names}


def fallen(
    name: str,
    kept: Kept,
    *,
    problems: Sequence[Problem],
    labels: Mapping[str, Text],
    columns: Collection[str],
) -> list[Problem]:
    """What of a view no longer stands: each condition of `kept` that the list found to be none of its
    choices (`problems`), and each column that it no longer has (`columns` are those it has)."""
    answer = [
        Problem(
            "view.fallen",
            T("视图“{name}”的一项条件已不存在，没有用它筛选。", name=name),
            title=str(labels.get(one.field, one.field)),
            field=one.field,
            found=one.found or kept.query[one.field],
            fix=T("核对其余条件后，可以把当前条件存入视图。"),
        )
        for one in problems
        if one.field in kept.query
    ]
    gone = [key for key in kept.columns if columns and key not in columns]
    if gone:
        words = T("视图“{name}”有 {n} 列已不存在，没有显示。", name=name, n=str(len(gone)))
        answer.append(Problem("view.columns", words, found="、".join(gone)))
    return answer
