"""The lists that leave the register, and how one is written: one way for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from accounts.actors import Actor
from accounts.rules.roles import TITLES, Role
from core.columns import Value
from core.formats import minute
from core.http import said
from core.text import T
from core.workbook.exports import Kept, write_list
from registry.excel.applications import APPLICATIONS
from registry.excel.carriers import CARRIERS
from registry.excel.changes import CHANGES
from registry.excel.findings import FINDINGS
from registry.excel.people import LACKING, PEOPLE
from registry.excel.tenants import TENANTS
from registry.queries.listed import Leaving, Listed, parts_of

BATCH = 5_000
LISTS: Mapping[str, Listed] = {
    one.name: one for one in (CARRIERS, TENANTS, FINDINGS, APPLICATIONS, CHANGES, PEOPLE, LACKING)
}


def wanted(arguments: Mapping[str, Any], at: datetime) -> Leaving:
    """What a job was begun for."""
    listed = LISTS[arguments["list"]]
    asked, _problems = listed.read(arguments["asked"], at)
    return Leaving(listed, asked, arguments["order"], tuple(arguments["columns"]))


def lines(
    leaving: Leaving, actor: Actor, at: datetime, told: Callable[[int], None] = lambda _done: None
) -> Iterator[tuple[Value | None, ...]]:
    """Every row of the list, its values in the order of `parts_of`; `told` hears how many were read. Memory
    does not grow with the rows."""
    values = [part.value for part in parts_of(leaving.shown)]
    rows = leaving.listed.ordered(actor, leaving.asked, leaving.order, at).iterator(chunk_size=BATCH)
    reader = leaving.listed.reader(actor, leaving.asked, at)
    done = 0
    while batch := list(islice(rows, BATCH)):
        read = reader(batch)
        yield from zip(*[map(value, read) for value in values], strict=True)
        done += len(batch)
        told(done)


def write(
    target: Path,
    leaving: Leaving,
    *,
    actor: Actor,
    at: datetime,
    told: Callable[[int], None] = lambda _done: None,
) -> int:
    """The list as xlsx, with a sheet that says whose it is, of when and of what. How many rows."""
    columns = [part.column() for part in parts_of(leaving.shown)]
    title = said(leaving.listed.title)
    kept = Kept(
        said(T("导出说明")), (said(T("项目")), said(T("内容"))), _kept(leaving, actor, at), said(T("条数"))
    )
    return write_list(target, columns, lines(leaving, actor, at, told), title=title, kept=kept)


def _kept(leaving: Leaving, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    filters = [f"{said(label)}：{words}" for label, words in leaving.listed.words(leaving.asked)]
    shown = leaving.shown
    return [
        (said(T("名称")), said(leaving.listed.title)),
        (said(T("导出人")), who(actor)),
        (said(T("导出时间")), minute(at)),
        (said(T("筛选条件")), "；".join(filters) or said(T("全部"))),
        (said(T("排序")), _order(leaving)),
        (said(T("列")), "、".join(said(column.head) for column in shown)),
    ]


def who(actor: Actor) -> str:
    """The person and under which appointment: name, role, scope."""
    role = said(TITLES[Role(actor.role)]) if actor.role in set(Role) else ""
    scope = actor.carrier_code or str(actor.region or "")
    return " · ".join(part for part in (actor.name, role, scope) if part)


def _order(leaving: Leaving) -> str:
    key = leaving.order or leaving.listed.by
    known = {column.key: column for column in leaving.listed.columns(leaving.asked) if column.sort}
    column = known.get(key.removeprefix("-"))
    if column is None:
        return said(T("默认"))
    if key.startswith("-"):
        return said(T("按{column}从大到小", column=column.head))
    return said(T("按{column}从小到大", column=column.head))
