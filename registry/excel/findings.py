"""The queue of findings as a workbook: what the screen shows, of the other side no more than that."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from accounts.actors import Actor
from core.clock import SHANGHAI, day_of
from core.columns import Column, ColumnType, Value
from core.http import said
from core.text import T
from core.workbook.exports import write_table
from registry.models import TenancyFinding
from registry.queries.findings import SeenSide, seen_sides
from registry.rules.finding_list import FINDING_CHOICES
from registry.rules.finding_moves import DECISIONS
from registry.rules.tenancy import RULES, Irregular, sentence

_DATES = frozenset({"found_on", "entered", "ended", "other_entered", "decided_on"})
COLUMNS = {
    "kind": T("疑点"),
    "state": T("状态"),
    "tenant": T("企业名称"),
    "credit_code": T("统一社会信用代码"),
    "what": T("核对发现"),
    "carrier": T("本方载体"),
    "code": T("载体编号"),
    "region": T("区域"),
    "entered": T("入驻日期"),
    "ended": T("离开日期"),
    "other": T("对方载体"),
    "other_entered": T("对方入驻日期"),
    "clause": T("依据"),
    "found_on": T("发现日期"),
    "decision": T("处理结果"),
    "reason": T("处理意见"),
    "decided_on": T("处理日期"),
}


def workbook(found: Iterable[TenancyFinding], *, actor: Actor, at: datetime) -> bytes:
    """The findings as xlsx, the sheet named by who made it and when. Where both sides are the reader's, the
    second stands as the other one."""
    target = io.BytesIO()
    title = f"{said(T('在孵企业疑点'))} {actor.name[:8]} {at.astimezone(SHANGHAI):%Y%m%d %H%M}"
    write_table(target, columns(), _lines(found, actor), title=title)
    return target.getvalue()


def columns() -> list[Column]:
    return [
        Column(code=code, title=said(words), type=ColumnType.DATE if code in _DATES else ColumnType.TEXT)
        for code, words in COLUMNS.items()
    ]


def _lines(found: Iterable[TenancyFinding], actor: Actor) -> Iterator[Mapping[str, Value | None]]:
    for one in found:
        first, *rest = seen_sides(one, actor)
        yield _facts(one) | _own(first) | _other(rest)


def _facts(one: TenancyFinding) -> dict[str, Value | None]:
    rule = RULES[Irregular(one.kind)]
    return {
        "kind": said(rule.title),
        "state": said(FINDING_CHOICES["state"][one.standing]),
        "tenant": one.tenant.name,
        "credit_code": one.tenant.credit_code,
        "what": said(sentence(one.kind, one.rests_on)),
        "clause": said(rule.clause),
        "found_on": day_of(one.first_seen_at),
        "decision": said(DECISIONS[one.decision]) if one.decision else "",
        "reason": one.reason,
        "decided_on": day_of(one.decided_at) if one.decided_at else None,
    }


def _own(side: SeenSide) -> dict[str, Value | None]:
    where = side.carrier
    return {
        "carrier": where.name if where else "",
        "code": where.code if where else "",
        "region": str(where.region) if where else "",
        "entered": side.entered,
        "ended": side.ended,
    }


def _other(rest: list[SeenSide]) -> dict[str, Value | None]:
    if not rest:
        return {}
    where = rest[0].carrier
    return {"other": where.name if where else said(T("未公开的载体")), "other_entered": rest[0].entered}
