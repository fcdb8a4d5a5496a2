"""The security administrator's home: who cannot get in, who is inside, which rights end."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts import queries
from accounts.actors import Actor
from accounts.rules.roles import TITLES, Role
from core import clock
from core.slots import HomePart
from core.text import T
from core.ui import Action
from office.services import guarding

SHOWN = 8


def parts(actor: Actor, at: datetime) -> list[HomePart]:
    door = guarding.door(actor, at)
    return [
        _counts(actor, at, door),
        HomePart(
            title=T("登录异常"),
            note=T("近 10 分钟"),
            template="accounts/home_door.html",
            context={"door": door},
            order=10,
        ),
        _inside(actor, at),
        _ending(actor, at),
        _by_role(actor, at),
    ]


def _counts(actor: Actor, at: datetime, door: guarding.Door) -> HomePart:
    tokens = guarding.tokens(actor, at)
    counts = {
        "door": door,
        "inside": guarding.inside(actor, at).count(),
        "ending": guarding.ending(actor, at).count(),
        "tokens": tokens.count(),
        "tokens_soon": tokens.filter(token__expiry__lte=at + guarding.TOKENS_SOON).count(),
        "alone": queries.alone(clock.day_of(at)).count(),
    }
    return HomePart(title="", template="accounts/home_counts.html", context=counts, place="head", order=10)


def _inside(actor: Actor, at: datetime) -> HomePart:
    return HomePart(
        title=T("正在登录"),
        note=T("近 30 分钟有操作"),
        template="accounts/home_inside.html",
        context={"inside": guarding.seen(guarding.inside(actor, at)[:SHOWN])},
        more=(T("全部"), reverse("accounts:sessions")),
        order=20,
    )


def _ending(actor: Actor, at: datetime) -> HomePart:
    tokens = guarding.tokens(actor, at).filter(token__expiry__lte=at + guarding.TOKENS_SOON)
    ending = [(one, TITLES[Role(one.role)]) for one in guarding.ending(actor, at)[:SHOWN]]
    return HomePart(
        title=T("任期将满"),
        note=T("30 天内"),
        template="accounts/home_ending.html",
        context={"ending": ending, "tokens": tokens[:SHOWN]},
        more=(T("全部"), f"{reverse('accounts:people')}?state=ending"),
        order=30,
    )


def _by_role(actor: Actor, at: datetime) -> HomePart:
    people = reverse("accounts:people")
    held = guarding.held_by_role(actor, clock.day_of(at))
    rows = [(title, held.get(role.value, 0), f"{people}?role={role.value}") for role, title in TITLES.items()]
    return HomePart(
        title=T("人员与任职"),
        note=T("今天有效"),
        template="accounts/home_roles.html",
        context={"rows": rows, "new": Action(T("新建人员"), reverse("accounts:person_new"), "user-plus")},
        more=(T("全部"), people),
        place="aside",
        order=10,
    )
