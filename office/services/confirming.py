"""Acts that cannot be taken back ask again who it is: releases, money, personal data that leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accounts.actors import Actor
from accounts.rules.roles import SYSTEM
from core.problems import Problem, Refused
from core.text import T

RECENT = timedelta(minutes=10)


def recently_confirmed(actor: Actor, at: datetime) -> bool:
    """Whether this person showed within ten minutes that it is they. A program with a token never did."""
    if actor.role == SYSTEM or not settings.CONFIRM_ACTS:
        return True
    return actor.confirmed_at is not None and at - actor.confirmed_at < RECENT


def must_be_recent(actor: Actor, at: datetime) -> None:
    """`Refused` for whom it was too long ago; pages ask before, so this is what programs are told."""
    if not recently_confirmed(actor, at):
        words = T("发布、核定资金和导出个人信息须在 10 分钟内确认过身份，请在网页上办理。")
        raise Refused(Problem("confirm.needed", words))
