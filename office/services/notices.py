"""Tells people: a notice in the portal, and a mail when they have an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation

from accounts.models import User
from core.http import said
from core.text import Text
from office.models import Channel, Notice, OutboxMessage


def notify(*, people: Iterable[User], sentence: Text, at: datetime, link: str = "") -> int:
    """One notice a person and one mail a person, in their language, in the caller's transaction. How many people."""
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
