"""Sends what waits in the outbox: each message to one recipient, three tries, then failed and shown."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Q

from accounts.actors import Actor
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.gateways import gateway
from office.models import Channel, OutboxMessage, OutboxState
from office.services import audit

log = logging.getLogger(__name__)
BATCH = 100
TRIES = 3
PAUSE = timedelta(minutes=5)


def send_waiting(*, at: datetime) -> int:
    """One batch. How many were sent.

    A try is counted and committed before it is made: a message that ends its process is not tried for
    ever, and two senders do not take the same one. A process that dies between sending and noting it
    sends again after the pause: at least once, at most three times.
    """
    taken = _take(at)
    if not taken:
        return 0
    sent = 0
    with get_connection() as mail:
        for message in taken:
            sent += _try(message, mail, at)
    return sent


def _take(at: datetime) -> list[OutboxMessage]:
    with transaction.atomic():
        rows = OutboxMessage.objects.filter(state=OutboxState.WAITING).order_by("pk")
        rows = rows.filter(Q(try_after=None) | Q(try_after__lte=at))
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        taken = list(rows[:BATCH])
        for message in taken:
            message.attempts += 1
            message.try_after = at + PAUSE * message.attempts
        OutboxMessage.objects.bulk_update(taken, ["attempts", "try_after"])
    return taken


def _try(message: OutboxMessage, mail: BaseEmailBackend, at: datetime) -> bool:
    try:
        if message.attempts > TRIES:
            raise RuntimeError("each try ended its process")
        if message.channel == Channel.SMS:
            gateway().send(phone=message.address, text=message.body)
        else:
            _mail(message, mail)
    except Exception as error:  # mail servers and gateways fail in many ways
        _note_failure(message, error)
        return False
    message.state, message.sent_at, message.failure = OutboxState.SENT, at, ""
    message.save(update_fields=["state", "sent_at", "failure"])
    return True


def _mail(message: OutboxMessage, mail: BaseEmailBackend) -> None:
    letter = EmailMessage(
        subject=" ".join(message.subject.split()),
        body=message.body,
        to=[message.address],
        headers=message.headers,
        connection=mail,
    )
    if not letter.send():
        raise RuntimeError("the mail server took nothing")


def _note_failure(message: OutboxMessage, error: Exception) -> None:
    log.warning("message %s not sent: %s", message.pk, type(error).__name__)
    message.failure = f"{type(error).__name__}: {error}"[:300]
    if message.attempts >= TRIES:
        message.state = OutboxState.FAILED
    message.save(update_fields=["state", "failure"])


def send_again(*, actor: Actor, message_id: int, at: datetime) -> OutboxMessage:
    """A failed message gets its three tries anew."""
    with transaction.atomic():
        message = locked(OutboxMessage.objects.visible_to(actor), pk=message_id)
        if message.state != OutboxState.FAILED:
            raise Refused(Problem("outbox.not_failed", T("只有未发出的消息可以重发。")))
        message.state, message.attempts, message.try_after = OutboxState.WAITING, 0, None
        message.save()
        audit.record(actor=actor, action="outbox.again", on=message, at=at)
    return message
