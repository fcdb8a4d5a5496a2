"""Tells people: a notice in the portal, and a mail or a short message as each of them chose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import translation

from accounts.actors import Actor
from accounts.models import User
from core.http import said
from core.text import T, Text
from office.models import Channel, Notice, NoticePreference, OutboxMessage

BATCH = 500
MOST_LINES = 100  # of one mail; the rest is on the page
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told, and where it leads."""

    person: User
    sentence: Text
    link: str = ""


def notify(*, people: Iterable[User], sentence: Text, at: datetime, link: str = "") -> int:
    """The same to each of them, in their language, in the caller's transaction. How many people."""
    known = {person.pk: person for person in people}
    return tell([Message(person, sentence, link) for person in known.values()], at=at)


def tell(messages: Sequence[Message], *, at: datetime, short: bool = False) -> int:
    """A notice each, and one mail a person with all of theirs; `short`: a short message too, to those who
    chose it. Set-wise, in the caller's transaction. How many people."""
    mine: dict[int, list[Message]] = {}
    for one in messages:
        if one.person.is_active:
            mine.setdefault(one.person.pk, []).append(one)
    Notice.objects.bulk_create(
        [_notice(one, at) for found in mine.values() for one in found], batch_size=BATCH
    )
    chosen = NoticePreference.objects.in_bulk(list(mine))
    outgoing = []
    for pk, found in mine.items():
        person, wishes = found[0].person, chosen.get(pk) or NoticePreference()
        if person.email and wishes.mail and not wishes.digest:
            outgoing.append(_mail(person, [(one.sentence, one.link) for one in found], at))
        if short and wishes.sms and person.phone and settings.SMS_ON:
            outgoing.append(_sms(person, found, at))
    OutboxMessage.objects.bulk_create(outgoing, batch_size=BATCH)
    return len(mine)


def _notice(one: Message, at: datetime) -> Notice:
    return Notice(
        recipient=one.person,
        sentence=one.sentence.msgid,
        values={name: str(value) for name, value in one.sentence.values.items()},
        link=one.link,
        created_at=at,
    )


def _mail(person: User, lines: Sequence[tuple[Text, str]], at: datetime) -> OutboxMessage:
    """One mail in the person's language; of several things each with its address."""
    with translation.override(person.language):
        told = [
            f"{said(text)}\n\n{settings.PUBLIC_URL}{link}" if link else said(text) for text, link in lines
        ]
        subject = said(lines[0][0])
        if len(lines) > 1:
            subject = said(T("{n} 件事等您处理", n=len(lines)))
    body = "\n\n".join(told[:MOST_LINES])
    return OutboxMessage(
        channel=Channel.MAIL, address=person.email, subject=subject[:200], body=body, created_at=at
    )


def _told(sentence: Text, link: str) -> str:
    return f"{said(sentence)}\n\n{settings.PUBLIC_URL}{link}" if link else said(sentence)


def _sms(person: User, found: Sequence[Message], at: datetime) -> OutboxMessage:
    """The first thing whole, and how many more there are."""
    with translation.override(person.language):
        body = said(found[0].sentence)
        if len(found) > 1:
            body = said(T("{first} 另有 {n} 件，请登录查看。", first=body, n=len(found) - 1))
    return OutboxMessage(channel=Channel.SMS, address=person.phone, body=body, created_at=at)


def send_digests(*, at: datetime) -> int:
    """To those who chose it one mail with what came since the last one and is unread, in the caller's
    transaction: two queries and the batches. How many mails."""
    wishes = NoticePreference.objects.filter(digest=True, mail=True, person__is_active=True)
    chosen = {one.pk: one for one in wishes.exclude(person__email="").select_related("person")}
    last = Coalesce("recipient__notice_preference__digest_sent_at", Value(at - DAY))
    unread = Notice.objects.filter(recipient__in=list(chosen), read_at=None, created_at__gt=last)
    lines: dict[int, list[tuple[Text, str]]] = {}
    for one in unread.order_by("pk"):
        lines.setdefault(one.recipient_id, []).append((one.text, one.link))
    mails = [_mail(chosen[pk].person, found, at) for pk, found in lines.items()]
    OutboxMessage.objects.bulk_create(mails, batch_size=BATCH)
    NoticePreference.objects.filter(pk__in=list(chosen)).update(digest_sent_at=at)
    return len(mails)


def read(*, actor: Actor, at: datetime, notice_id: int | None = None) -> int:
    """Marks one of the actor's notices, or all of them, as read. How many were unread."""
    rows = Notice.objects.visible_to(actor).filter(read_at=None)
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=at)
