"""The queue of findings as a list: what the screen shows, of the other side no more than that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.actors import Actor
from core.clock import day_of
from core.columns import ColumnType
from core.http import said
from core.text import T
from registry.models import TenancyFinding
from registry.permissions import may_export_findings
from registry.queries.findings import SeenSide, findings, seen_sides
from registry.queries.listed import Listed, Part, Reader, Shown, filter_words, one
from registry.rules import finding_list
from registry.rules.finding_list import FINDING_CHOICES, FindingsAsked
from registry.rules.finding_moves import DECISIONS
from registry.rules.tenancy import RULES, Irregular, Rule, sentence

LABELS = {"q": T("检索"), "region": T("区域"), "kind": T("疑点"), "state": T("状态")}
_DATE = ColumnType.DATE


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with its sides as the reader may see them. Where both are the reader's, the second stands as
    the other one."""

    found: TenancyFinding
    sides: Sequence[SeenSide]

    @property
    def rule(self) -> Rule:
        return RULES[Irregular(self.found.kind)]

    @property
    def own(self) -> SeenSide:
        return self.sides[0]

    @property
    def other(self) -> SeenSide | None:
        return self.sides[1] if len(self.sides) > 1 else None


def _name_of(side: SeenSide | None) -> str:
    if side is None:
        return ""
    return side.carrier.name if side.carrier else said(T("未公开的载体"))


def _own(line: FindingLine) -> str:
    return line.own.carrier.name if line.own.carrier else ""


def _own_code(line: FindingLine) -> str:
    return line.own.carrier.code if line.own.carrier else ""


def _own_region(line: FindingLine) -> str:
    return str(line.own.carrier.region) if line.own.carrier else ""


def _other_day(name: str, line: FindingLine) -> date | None:
    found: date | None = getattr(line.other, name, None)
    return found


COLUMNS: tuple[Shown, ...] = (
    Shown(
        "tenant",
        T("企业"),
        (
            Part("tenant", T("企业名称"), lambda line: line.found.tenant.name),
            Part("credit_code", T("统一社会信用代码"), lambda line: line.found.tenant.credit_code),
        ),
        fixed=True,
        sort=("tenant__name",),
    ),
    Shown(
        "kind",
        T("疑点"),
        (
            Part("kind", T("疑点"), lambda line: said(line.rule.title)),
            Part("what", T("核对发现"), lambda line: said(sentence(line.found.kind, line.found.rests_on))),
        ),
        sort=("kind",),
    ),
    Shown(
        "carrier",
        T("本方载体"),
        (
            Part("carrier", T("本方载体"), _own),
            Part("code", T("载体编号"), _own_code),
            Part("region", T("区域"), _own_region),
            Part("entered", T("入驻日期"), lambda line: line.own.entered, _DATE),
            Part("ended", T("离开日期"), lambda line: line.own.ended, _DATE),
        ),
    ),
    Shown(
        "other",
        T("另一方"),
        (
            Part("other", T("对方载体"), lambda line: _name_of(line.other)),
            Part("other_entered", T("对方入驻日期"), lambda line: _other_day("entered", line), _DATE),
            Part("other_ended", T("对方毕业日期"), lambda line: _other_day("ended", line), _DATE),
        ),
    ),
    one("state", T("状态"), lambda line: said(FINDING_CHOICES["state"][line.found.standing])),
    one(
        "found_on",
        T("发现日期"),
        lambda line: day_of(line.found.first_seen_at),
        _DATE,
        sort=("first_seen_at",),
    ),
    one("clause", T("依据"), lambda line: said(line.rule.clause), kind="long", hidden=True),
    one(
        "decision",
        T("处理结果"),
        lambda line: said(DECISIONS[line.found.decision]) if line.found.decision else "",
        hidden=True,
    ),
    one("reason", T("处理意见"), lambda line: line.found.reason, kind="long", hidden=True),
    one(
        "decided_on",
        T("处理日期"),
        lambda line: day_of(line.found.decided_at) if line.found.decided_at else None,
        _DATE,
        hidden=True,
    ),
)


def _rows(actor: Actor, asked: FindingsAsked, _at: datetime) -> QuerySet[TenancyFinding]:
    return findings(actor, asked)


def _reader(actor: Actor, _asked: FindingsAsked, _at: datetime) -> Reader:
    return lambda rows: [FindingLine(found, seen_sides(found, actor)) for found in rows]


FINDINGS = Listed(
    name="findings",
    title=T("在孵企业疑点"),
    action="finding",
    may=lambda actor, _asked: may_export_findings(actor),
    read=lambda params, _at: finding_list.read(params),
    columns=lambda _asked: COLUMNS,
    rows=_rows,
    reader=_reader,
    words=lambda asked: filter_words(asked, LABELS, FINDING_CHOICES),
)
