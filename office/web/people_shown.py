"""A person as the pages about people show them: what they hold, whether they get in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Appointment, User
from accounts.queries import SOON
from accounts.rules.roles import TITLES, Role
from core import clock
from core.text import T, Text
from core.ui import Status
from office.permissions import may_guard
from office.services import factors, guarding, inviting

SHOWN = 3


def held_shown(one: Appointment, today: date) -> dict[str, Any]:
    """One appointment: role, scope and term in words, and how it stands."""
    return {
        "pk": one.pk,
        "role": TITLES[Role(one.role)],
        "scope": one.carrier_code or str(one.region),
        "title": one.title,
        "lent": one.delegated_from_id is not None,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "status": _term(one, today),
        "is_open": one.revoked_at is None and (one.valid_to is None or one.valid_to >= today),
    }


def _term(one: Appointment, today: date) -> Status:
    if one.revoked_at:
        return Status(T("已撤销"), "muted", "ban")
    if one.valid_from > today:
        return Status(T("未到任期"), "info", "clock")
    if one.valid_to and one.valid_to < today:
        return Status(T("已到期"), "muted", "calendar-x")
    if one.valid_to and one.valid_to <= today + SOON:
        return Status(T("即将到期"), "warn", "calendar-clock")
    return Status(T("有效"), "ok", "circle-check")


def state_of(user: User, held: list[dict[str, Any]]) -> Status:
    """Whether the person gets in, and may then do anything."""
    if not user.is_active:
        return Status(T("已停用"), "bad", "ban")
    if not any(one["is_open"] for one in held):
        return Status(T("没有有效任职"), "warn", "user-x")
    if user.last_login is None:
        return Status(T("从未登录"), "muted", "user-round")
    return Status(T("正常"), "ok", "circle-check")


def shown_of(user: User, today: date) -> dict[str, Any]:
    """A row of the list; `user.held` was fetched with it."""
    held = [held_shown(one, today) for one in user.held]  # type: ignore[attr-defined]
    current = [one for one in held if one["is_open"]]
    more: Text | str = T("等 {n} 项", n=len(current)) if len(current) > SHOWN else ""
    return {"user": user, "held": current[:SHOWN], "more": more, "status": state_of(user, held)}


def one_shown(actor: Actor, user: User, at: datetime) -> dict[str, Any]:
    """All about one person; sessions and locks for those who guard the doors."""
    today = clock.day_of(at)
    rows = Appointment.objects.visible_to(actor).filter(user=user).select_related("region").order_by("-pk")
    held = [held_shown(one, today) for one in rows]
    context: dict[str, Any] = {"person": user, "held": held, "status": state_of(user, held)}
    context["may_guard"] = may_guard(actor)
    context["may_invite"] = user.is_active and (may_guard(actor) or user.last_login is None)
    context["days"] = inviting.DAYS
    if may_guard(actor):
        context["has_device"] = factors.device_of(user) is not None
        context["locks"] = [lock for lock in guarding.door(actor, at).locks if lock.user.pk == user.pk]
        context["inside"] = guarding.seen(guarding.inside(actor, at).filter(user=user))
        context["tokens"] = guarding.tokens(actor, at).filter(appointment__user=user)
    return context
