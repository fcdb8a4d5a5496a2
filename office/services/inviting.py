"""Links by which a person sets a password: for a new account, or one whose password is forgotten.

A link is good once and for three days; it ends with any other change of the password. Who may give one
never learns the password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from accounts.actors import Actor
from accounts.models import User
from accounts.rules.roles import SYSTEM, Role
from core.http import said
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.models import Channel, OutboxMessage
from office.services import audit, people

DAYS = settings.PASSWORD_RESET_TIMEOUT // 86_400


@dataclass(frozen=True, slots=True)
class Invitation:
    """`mailed_to` is empty when the person has no address: then `url` is handed over by the administrator."""

    user: User
    url: str
    mailed_to: str


@transaction.atomic
def invite(*, actor: Actor, user_id: int, at: datetime) -> Invitation:
    """A link for this person, mailed to the address on record. System administrators for people who never
    signed in, security administrators for everybody; the portal for who asked for an account."""
    _must_invite(actor)
    user: User = locked(User.objects.visible_to(actor), pk=user_id)
    if not user.is_active:
        raise Refused(Problem("person.suspended", T("账号已经停用。")))
    if actor.has_role(Role.SYSTEM_ADMINISTRATOR) and user.last_login:
        raise Refused(Problem("people.role", T("此人已登录过，请由安全管理员办理。")))
    return give_link(actor=actor, user=user, at=at)


@transaction.atomic
def give_link(*, actor: Actor, user: User, at: datetime) -> Invitation:
    """The link itself, for services that have asked whether this actor may invite this person."""
    path = reverse("accounts:set_password", args=[user.pk, default_token_generator.make_token(user)])
    url = f"{settings.PUBLIC_URL}{path}"
    if user.email:
        _mail(user, url, at)
    audit.record(
        actor=actor, action="person.invite", on=user, at=at, detail={"way": "mail" if user.email else "hand"}
    )
    return Invitation(user, url, user.email)


def _must_invite(actor: Actor) -> None:
    if actor.role not in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, SYSTEM):
        raise Refused(Problem("people.role", T("您的身份不能办理人员和任职。")))


def _mail(user: User, url: str, at: datetime) -> None:
    with translation.override(user.language):
        subject = said(T("{site}：设置登录密码", site=settings.SITE_NAME))
        words = T(
            "用户名 {name}。请在 {days} 天内打开下面的链接设置密码，链接只能用一次：",
            name=user.username,
            days=DAYS,
        )
        body = f"{said(words)}\n\n{url}"
    OutboxMessage.objects.create(
        channel=Channel.MAIL, address=user.email, subject=subject[:200], body=body, created_at=at
    )


def invited(user_id: int, token: str) -> User | None:
    """The person of a link that is still good."""
    user: User | None = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user and default_token_generator.check_token(user, token) else None


@transaction.atomic
def set_password(*, user_id: int, token: str, new: str, at: datetime) -> User:
    """By the link: the new password, and every session and token of before ends."""
    user: User = locked(User.objects.all(), pk=user_id)
    if not user.is_active or not default_token_generator.check_token(user, token):
        raise Refused(Problem("person.link", T("链接已失效，请向管理员重新索取。")))
    found = people.password_faults(new, user, field="new")
    if found:
        raise Refused(found)
    user.set_password(new)
    user.save(update_fields=["password"])
    people.end_ways_in(user, at)
    audit.record(actor=Actor(user=user), action="person.password", on=user, at=at, detail={"way": "link"})
    return user
