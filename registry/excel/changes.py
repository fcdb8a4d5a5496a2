"""Requests to change facts as a list."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.rules.roles import CHECKING, Role
from core.columns import ColumnType
from core.formats import minute
from core.http import said
from core.text import T
from registry.models import ChangeRequest
from registry.queries.changes import changes
from registry.queries.listed import Listed, Part, Shown, filter_words, one
from registry.rules.asked_facts import FACTS
from registry.rules.changing import TITLES, State
from registry.rules.desk_lists import ChangesAsked

_LABELS = {
    "q": T("载体名称或编号"),
    "state": T("状态"),
    "region": T("区域"),
    "late": T("是否逾期"),
}


def facts_of(found: ChangeRequest) -> str:
    """The facts that it asks to change, by name."""
    return said(T("、")).join(said(FACTS[name].label) for name in found.facts)


def _late(found: ChangeRequest) -> str:
    return said(T("逾期申请")) if found.is_late else ""


COLUMNS: tuple[Shown, ...] = (
    one("number", T("编号"), lambda line: line.number, kind="code", sort=("pk",), fixed=True),
    Shown(
        "carrier",
        T("载体"),
        (
            Part("carrier", T("载体"), lambda line: line.carrier.name),
            Part("code", T("载体编号"), lambda line: line.carrier.code),
            Part("region", T("区域"), lambda line: str(line.carrier.region)),
        ),
        sort=("carrier__name",),
    ),
    one("facts", T("变更事项"), facts_of, kind="long"),
    one("state", T("状态"), lambda line: said(dict(TITLES)[State(line.state)])),
    Shown(
        "happened_on",
        T("变更发生日期"),
        (
            Part("happened_on", T("变更发生日期"), lambda line: line.happened_on, ColumnType.DATE),
            Part("is_late", T("是否逾期"), _late),
        ),
        sort=("happened_on",),
    ),
    Shown(
        "asked_at",
        T("申请时间"),
        (
            Part("asked_at", T("申请时间"), lambda line: minute(line.asked_at)),
            Part(
                "on_behalf",
                T("代办"),
                lambda line: said(T("主管部门代办")) if line.is_on_behalf else "",
            ),
        ),
        sort=("asked_at",),
    ),
    one("reason", T("变更原因"), lambda line: line.reason, kind="long", hidden=True),
    one("basis", T("依据文件"), lambda line: line.basis, kind="long", hidden=True),
    one("document_number", T("文号"), lambda line: line.document_number, hidden=True),
    one("decided_at", T("决定时间"), lambda line: minute(line.decided_at), hidden=True),
)


def _rows(actor: Actor, asked: ChangesAsked, _at: datetime) -> QuerySet[ChangeRequest]:
    return changes(actor, asked)


CHANGES = Listed(
    name="changes",
    title=T("变更申请"),
    action="change",
    may=lambda actor, _asked: actor.role in CHECKING | {Role.AUDITOR} and bool(actor.region_path),
    read=lambda params, _at: ChangesAsked.read(params),
    columns=lambda _asked: COLUMNS,
    rows=_rows,
    reader=lambda _actor, _asked, _at: lambda rows: rows,
    words=lambda asked: filter_words(asked, _LABELS, ChangesAsked.CHOICES),
)
