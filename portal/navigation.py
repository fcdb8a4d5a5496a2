"""Where the two shells lead: the main addresses of the rooms, by who reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.urls import Resolver404, resolve

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.text import T, Text


@dataclass(frozen=True, slots=True)
class Place:
    """An address in a menu. `roles` empty: for everybody."""

    words: Text
    url: str
    icon: str
    roles: frozenset[str] = frozenset()


_OFFICERS = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
_YEAR = _OFFICERS | {Role.CARRIER_STAFF, Role.AUDITOR}
_JUDGED = _OFFICERS | {Role.CARRIER_STAFF, Role.EXPERT, Role.AUDITOR}
_PAID = frozenset({Role.CARRIER_STAFF, Role.PROVINCE_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR})
_FIGURES = _OFFICERS | {Role.FINANCE_OFFICER, Role.EDITOR, Role.AUDITOR}
_KEEPERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})

DESK = (
    Place(T("我的任务"), "/home/", "list-checks"),
    Place(T("年度报表"), "/returns/", "file-pen-line", _YEAR),
    Place(T("载体"), "/registry/", "building-2", _OFFICERS | {Role.AUDITOR}),
    Place(T("评价"), "/evaluation/", "scale", _JUDGED),
    Place(T("奖补"), "/funding/", "wallet", _PAID),
    Place(T("统计"), "/figures/", "chart-column", _FIGURES),
    Place(T("资讯"), "/news/", "newspaper", frozenset({Role.EDITOR, Role.PROVINCE_OFFICER})),
    Place(T("后台"), "/office/", "settings", _KEEPERS),
)
PUBLIC = (
    Place(T("首页"), "/", "house"),
    Place(T("载体名录"), "/registry/", "building-2"),
    Place(T("通知与资讯"), "/news/", "newspaper"),
    Place(T("评价与公示"), "/evaluation/", "scale"),
    Place(T("奖补公开"), "/funding/", "wallet"),
    Place(T("数据"), "/figures/", "chart-column"),
    Place(T("帮助"), "/help/", "circle-question-mark"),
)


@cache
def _leads_somewhere(url: str) -> bool:
    try:
        resolve(url)
    except Resolver404:
        return False
    return True


def _open(places: Iterable[Place], path: str, role: str) -> list[tuple[Place, bool]]:
    return [
        (place, path == place.url or (place.url != "/" and path.startswith(place.url)))
        for place in places
        if (not place.roles or role in place.roles) and _leads_somewhere(place.url)
    ]


def desk_places(actor: Actor, path: str) -> list[tuple[Place, bool]]:
    """What the acting role may open, each with whether the reader is there."""
    return _open(DESK, path, actor.role)


def public_places(path: str) -> list[tuple[Place, bool]]:
    return _open(PUBLIC, path, "")
