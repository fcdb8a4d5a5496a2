"""Where the two shells lead: the main pages of the rooms, by who reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import PUBLIC as NOBODY_YET
from accounts.rules.roles import Role
from core.text import T, Text


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of a menu: `page` is the name of its address. `roles` empty: for everybody.

    `also`: other addresses under which the reader is in this part of the site.
    """

    words: Text
    page: str
    icon: str
    roles: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.page)


_OFFICERS = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
_OVERVIEW = _OFFICERS | {Role.AUDITOR}
_YEAR = _OVERVIEW | {Role.CARRIER_STAFF}
_PAID = frozenset({Role.CARRIER_STAFF, Role.PROVINCE_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR})
_REGISTERING = _OFFICERS | {NOBODY_YET, Role.CARRIER_STAFF}
_FIGURES = _OFFICERS | {Role.FINANCE_OFFICER, Role.EDITOR, Role.AUDITOR}

DESK = (
    Place(T("我的任务"), "portal:home", "list-checks"),
    Place(T("年度总览"), "portal:progress", "chart-no-axes-gantt", _OVERVIEW),
    Place(T("年度报表"), "reporting:returns", "file-pen-line", _YEAR),
    Place(
        T("载体"),
        "registry:manage",
        "building-2",
        _OVERVIEW,
        also=(
            "/registry/tenancy/",
            "/registry/tenants/",
            "/registry/stays/",
            "/registry/changes/",
            "/registry/lineage/",
            "/registry/imports/",
            "/registry/chains/",
            "/registry/enclaves/",
        ),
    ),
    Place(T("变更"), "registry:changes", "file-diff", frozenset({Role.CARRIER_STAFF})),
    Place(T("申请"), "registry:applications", "file-plus", _REGISTERING),
    Place(T("评审"), "evaluation:queue", "clipboard-check", frozenset({Role.EXPERT})),
    Place(T("评价"), "evaluation:runs", "scale", _YEAR),
    Place(T("奖补"), "funding:home", "wallet", _PAID),
    Place(T("统计"), "figures:index", "chart-column", _FIGURES),
    Place(T("资讯"), "news:desk", "newspaper", frozenset({Role.EDITOR})),
    Place(T("任务运行"), "office:jobs", "activity", frozenset({Role.SYSTEM_ADMINISTRATOR})),
    Place(T("区域"), "office:regions", "map", frozenset({Role.SYSTEM_ADMINISTRATOR})),
    Place(T("工作日历"), "office:workdays", "calendar-days", frozenset({Role.SYSTEM_ADMINISTRATOR})),
    Place(T("人员与任职"), "accounts:people", "users", frozenset({Role.SECURITY_ADMINISTRATOR})),
    Place(T("登录会话"), "accounts:sessions", "monitor-smartphone", frozenset({Role.SECURITY_ADMINISTRATOR})),
    Place(T("审计"), "office:audit", "scroll-text", frozenset({Role.AUDITOR})),
)
PUBLIC = (
    Place(T("首页"), "portal:public_home", "house"),
    Place(T("载体名录"), "registry:directory", "building-2", also=("/carriers/",)),
    Place(T("通知公告"), "news:notices", "megaphone"),
    Place(T("公示与结果"), "portal:publicity", "scale", also=("/evaluation/", "/funding/")),
    Place(T("政策与办事"), "news:policies", "scroll-text"),
    Place(T("简报"), "news:bulletins", "newspaper"),
    Place(T("数据"), "figures:index", "chart-column"),
    Place(
        T("帮助"),
        "portal:help",
        "circle-question-mark",
        also=("/sitemap/", "/accessibility/", "/privacy/"),
    ),
)


def _open(places: Iterable[Place], path: str, role: str) -> list[tuple[Place, bool]]:
    """The longest address that the reader's path begins with is where they are."""
    mine = [place for place in places if not place.roles or role in place.roles]
    inside = [
        (len(start), place)
        for place in mine
        for start in (place.url, *place.also)
        if path.startswith(start) and (start != "/" or path == "/")
    ]
    here = max(inside, key=lambda found: found[0], default=(0, None))[1]
    return [(place, place is here) for place in mine]


def desk_places(actor: Actor, path: str) -> list[tuple[Place, bool]]:
    """What the acting role may open, each with whether the reader is there."""
    return _open(DESK, path, actor.role)


def public_places(path: str) -> list[tuple[Place, bool]]:
    return _open(PUBLIC, path, "")
