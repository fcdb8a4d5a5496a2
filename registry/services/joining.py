"""An operator that nobody knows asks for an account: a link by mail, an account that may do nothing yet.

The answer is the same whoever asks and whatever is known of the address: only its owner learns more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from accounts.actors import PORTAL, Actor
from accounts.models import User
from core import identifiers
from core.http import said
from core.problems import Problem, Refused
from core.text import T
from office.models import Channel, OutboxMessage
from office.services import inviting, people, tries
from registry.services import applications

MOST_MAILS, MAILS_WITHIN = 3, timedelta(days=1)
LONGEST_USERNAME = 40


class TooOften(Refused):
    """More requests from one network than the door takes: 429."""

    status = 429


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: for whom, where the link goes, on behalf of which operator."""

    name: str
    email: str
    credit_code: str
    operator_name: str


def _faults(asked: Asked) -> Iterator[Problem]:
    """Everything that is wrong with it, told to who asks: it says nothing of who is known."""
    if not 0 < len(asked.name.strip()) <= 40:
        yield Problem("join.name", T("请填写姓名，40 字以内。"), field="name")
    if identifiers.email(asked.email) is None:
        yield Problem("join.email", T("邮箱应如 name@example.com。"), field="email", found=asked.email)
    fault = identifiers.credit_code_fault(identifiers.credit_code(asked.credit_code))
    if fault:
        yield Problem(fault[0], fault[1], field="credit_code", found=asked.credit_code, fix=fault[2])
    if not 0 < len(asked.operator_name.strip()) <= 100:
        yield Problem("join.operator", T("请填写运营机构名称，100 字以内。"), field="operator_name")


def ask(*, asked: Asked, network: str, at: datetime) -> None:
    """Sends a link by mail. `Refused` with all that is wrong, `TooOften` after as many requests from one
    network as a sign-in is tried; else nothing, whoever it is."""
    wrong = list(_faults(asked))
    if wrong:
        raise Refused(wrong)
    most, within = settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME
    if not tries.is_one_more("join", network, most=most, within=within):
        raise TooOften(Problem("join.often", T("本网络申请次数过多，请在 10 分钟后再试。")))
    email = identifiers.email(asked.email) or ""
    if not tries.is_one_more("join-mail", email, most=MOST_MAILS, within=MAILS_WITHIN):
        return
    # A twin that came first has made the account: one link is enough.
    with suppress(IntegrityError), transaction.atomic():
        known = User.objects.visible_to(PORTAL).filter(Q(email__iexact=email) | Q(username__iexact=email))
        user: User | None = known.order_by("pk").first()
        if user is None:
            _welcome(asked, email, at)
        else:
            make_password(secrets.token_urlsafe())  # takes as long as a new account does
            _remind(user, at)


def _welcome(asked: Asked, email: str, at: datetime) -> None:
    """A new account, its link, and an application that begins with what was told."""
    user = people.create_person(
        actor=PORTAL,
        username=email if len(email) <= LONGEST_USERNAME else f"u{secrets.token_hex(6)}",
        name=asked.name,
        password=secrets.token_urlsafe(32),
        email=email,
        at=at,
    )
    inviting.invite(actor=PORTAL, user_id=user.pk, at=at)
    facts = {
        "credit_code": asked.credit_code,
        "operator_name": asked.operator_name,
        "contact": asked.name,
        "email": email,
    }
    applications.begin(actor=Actor(user=user), at=at, facts=facts)


def _remind(user: User, at: datetime) -> None:
    """Who never came in gets a link again; who has an account is told so. A suspended one is not."""
    if not user.is_active:
        return
    if user.last_login is None and user.email:
        inviting.invite(actor=PORTAL, user_id=user.pk, at=at)
        return
    with translation.override(user.language):
        subject = said(T("{site}：您已有账号", site=settings.SITE_NAME))
        words = T("有人用此邮箱申请账号。您已有账号，用户名 {name}，请直接登录：", name=user.username)
        body = f"{said(words)}\n\n{settings.PUBLIC_URL}{reverse('accounts:sign_in')}"
    if user.email:
        OutboxMessage.objects.create(
            channel=Channel.MAIL, address=user.email, subject=subject[:200], body=body, created_at=at
        )
