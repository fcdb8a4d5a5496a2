"""Applications to register a carrier as a list."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.rules.roles import CHECKING
from core.columns import ColumnType
from core.formats import minute
from core.http import said
from core.text import T
from registry.models import Application
from registry.queries.applications import applications
from registry.queries.listed import Listed, Shown, filter_words, one
from registry.rules.desk_lists import ApplicationsAsked
from registry.rules.registering_moves import TITLES, State

_LABELS = {"q": T("载体名称、编号或信用代码"), "state": T("状态"), "region": T("区域")}


def _counted(line: Application) -> int:
    return line.round


COLUMNS: tuple[Shown, ...] = (
    one("name", T("载体名称"), str, kind="long", sort=("name",), fixed=True),
    one("number", T("申请编号"), lambda line: line.number, kind="code", sort=("number",)),
    one("region", T("区域"), lambda line: str(line.region or ""), sort=("region__path",)),
    one("state", T("状态"), lambda line: said(dict(TITLES)[State(line.state)])),
    one("submitted_at", T("提交时间"), lambda line: minute(line.submitted_at), sort=("submitted_at",)),
    one("saved_at", T("最近变动"), lambda line: minute(line.saved_at), sort=("saved_at",)),
    one("credit_code", T("统一社会信用代码"), lambda line: line.credit_code, kind="code", hidden=True),
    one("office", T("现在哪里办理"), lambda line: str(line.office or ""), hidden=True),
    one("round", T("提交次数"), _counted, ColumnType.INTEGER, kind="num", hidden=True),
    one("ended_at", T("办结时间"), lambda line: minute(line.ended_at), hidden=True),
)


def _rows(actor: Actor, asked: ApplicationsAsked, _at: datetime) -> QuerySet[Application]:
    return applications(actor, asked)


APPLICATIONS = Listed(
    name="applications",
    title=T("登记申请"),
    action="application",
    may=lambda actor, _asked: actor.role in CHECKING and bool(actor.region_path),
    read=lambda params, _at: ApplicationsAsked.read(params),
    columns=lambda _asked: COLUMNS,
    rows=_rows,
    reader=lambda _actor, _asked, _at: lambda rows: rows,
    words=lambda asked: filter_words(asked, _LABELS, ApplicationsAsked.CHOICES),
)
