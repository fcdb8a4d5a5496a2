"""Who acts for a carrier, and the carriers that lack somebody, as lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.duties import TITLES, Duty
from accounts.rules.roles import CHECKING
from core import clock
from core.columns import ColumnType
from core.http import said
from core.text import T
from registry.models import Carrier
from registry.permissions import may_see_staff
from registry.queries import people as queries
from registry.queries.listed import Listed, Part, Reader, Shown, filter_words, one
from registry.rules.desk_lists import DeskAsked, PeopleAsked

_DATE, _INTEGER = ColumnType.DATE, ColumnType.INTEGER


@dataclass(frozen=True, slots=True)
class PersonLine:
    """An appointment at a carrier, as of today."""

    held: Appointment
    today: date


def _standing(line: PersonLine) -> str:
    held = line.held
    if held.revoked_at:
        return said(T("已撤销"))
    if held.valid_from > line.today:
        return said(T("未到任期"))
    if held.valid_to and held.valid_to < line.today:
        return said(T("已到期"))
    return said(T("有效")) if held.user.is_active else said(T("账号已停用"))


def _lender(line: PersonLine) -> str:
    lent = line.held.delegated_from
    return lent.user.name if lent else ""


def _heir(line: PersonLine) -> str:
    heir = line.held.succeeded_by
    return heir.user.name if heir else ""


_STAFF: tuple[Shown, ...] = (
    Shown(
        "name",
        T("姓名"),
        (
            Part("name", T("姓名"), lambda line: line.held.user.name),
            Part("title", T("职务"), lambda line: line.held.title),
            Part("username", T("用户名"), lambda line: line.held.user.username),
        ),
        fixed=True,
    ),
    Shown(
        "duty",
        T("职责"),
        (
            Part("duty", T("职责"), lambda line: said(TITLES.get(line.held.duty, TITLES[Duty.HANDLER]))),
            Part("lent_by", T("委托人"), _lender),
        ),
    ),
    Shown(
        "term",
        T("任期"),
        (
            Part("valid_from", T("任期开始"), lambda line: line.held.valid_from, _DATE),
            Part("valid_to", T("任期结束"), lambda line: line.held.valid_to, _DATE),
        ),
    ),
    one(
        "last_login",
        T("最近登录"),
        lambda line: clock.day_of(line.held.user.last_login) if line.held.user.last_login else None,
        _DATE,
    ),
    one("state", T("状态"), _standing),
    one("heir", T("接任"), _heir),
)
_LACKING: tuple[Shown, ...] = (
    Shown(
        "carrier",
        T("载体"),
        (
            Part("carrier", T("载体"), lambda line: line.name),
            Part("code", T("载体编号"), lambda line: line.code),
        ),
        sort=("name",),
        fixed=True,
    ),
    one("region", T("区域"), lambda line: str(line.region), sort=("region__path",)),
    one("responsible", T("责任人"), lambda line: line.responsible or said(T("缺"))),
    one("handlers", T("经办人"), lambda line: line.handlers, _INTEGER, kind="num", sort=("handlers",)),
)


def _knows(actor: Actor, asked: PeopleAsked) -> bool:
    rows = Carrier.objects.managed_by(actor).select_related("region").filter(code=asked.carrier)
    return any(may_see_staff(actor, carrier) for carrier in rows)


def _people(actor: Actor, asked: PeopleAsked, at: datetime) -> QuerySet[Appointment]:
    rows = queries.staff_of(asked.carrier, clock.day_of(at))
    return rows if _knows(actor, asked) else rows.none()


def _people_reader(_actor: Actor, _asked: Any, at: datetime) -> Reader:
    return lambda rows: [PersonLine(held, clock.day_of(at)) for held in rows]


def _understaffed(actor: Actor, _asked: Any, at: datetime) -> QuerySet[Carrier]:
    return queries.understaffed(actor, clock.day_of(at)).select_related("region").order_by("code")


def _columns_of(shown: Sequence[Shown]) -> Any:
    return lambda _asked: shown


PEOPLE = Listed(
    name="people",
    title=T("载体人员"),
    action="people",
    may=_knows,
    read=lambda params, _at: PeopleAsked.read(params),
    columns=_columns_of(_STAFF),
    rows=_people,
    reader=_people_reader,
    words=lambda asked: filter_words(asked, {"carrier": T("载体编号")}, {}),
    personal=True,
)
LACKING = Listed(
    name="lacking",
    title=T("人员不齐的载体"),
    action="people",
    may=lambda actor, _asked: actor.role in CHECKING and bool(actor.region_path),
    read=lambda params, _at: DeskAsked.read(params),
    columns=_columns_of(_LACKING),
    rows=_understaffed,
    reader=lambda _actor, _asked, _at: lambda rows: rows,
    words=lambda _asked: [],
    personal=True,
)
