"""Tells people: a notice in the portal, and a mail when they have an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation

from accounts.actors import Actor
from accounts.models import User
from core.http import said
from core.text import Text
from office.models import Channel, Notice, OutboxMessage


def notify(*, people: Iterable[User], sentence: Text, at: datetime, link: str = "") -> int:
    """A notice and a mail for each, in their language, in the caller's transaction. How many people."""
    known = list({person.pk: person for person in people if person.is_active}.values())
    Notice.objects.bulk_create(
        Notice(
            recipient=person,
            sentence=sentence.msgid,
            values={name: str(value) for name, value in sentence.values.items()},
            link=link,
            created_at=at,
        )
        for person in known
    )
    mails = []
    for person in known:
        if person.email:
            with translation.override(person.language):
                words = said(sentence)
            body = f"{words}\n\n{settings.PUBLIC_URL}{link}" if link else words
            mails.append(
                OutboxMessage(
                    channel=Channel.MAIL,
                    address=person.email,
                    subject=words[:200],
                    body=body,
                    created_at=at,
                )
            )
    OutboxMessage.objects.bulk_create(mails)
    return len(known)


def read(*, actor: Actor, at: datetime, notice_id: int | None = None) -> int:
    """Marks one of the actor's notices, or all of them, as read. How many were unread."""
    rows = Notice.objects.visible_to(actor).filter(read_at=None)
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=at)
