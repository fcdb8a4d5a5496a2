"""Mail and short messages: one recipient each, three tries, then shown."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from accounts.actors import Actor
from core.problems import Refused
from core.text import T
from office.models import Channel, Notice, OutboxMessage, OutboxState
from office.queries import unread_notices
from office.services import notices, outbox

pytestmark = pytest.mark.django_db


class DeafGateway:
    """A provider that takes nothing."""

    def send(self, *, phone: str, text: str) -> None:
        raise ConnectionError("no route")


def a_message(at: datetime, **fields: Any) -> OutboxMessage:
    return OutboxMessage.objects.create(
        **{
            "channel": Channel.MAIL,
            "address": "a@example.org",
            "subject": "题",
            "body": "文",
            "created_at": at,
        }
        | fields
    )


def test_a_notice_and_a_mail_in_the_readers_language(cast: Any, now: datetime, settings: Any) -> None:
    reader, silent = cast("甲", email="jia@example.org"), cast("乙")
    people = [reader.user, silent.user, reader.user]
    assert notices.notify(people=people, sentence=T("{n} 项待办", n=3), at=now, link="/x/") == 2
    assert sorted(str(notice.text) for notice in Notice.objects.all()) == ["3 项待办", "3 项待办"]
    message = OutboxMessage.objects.get()
    assert (message.address, message.subject) == ("jia@example.org", "3 项待办")
    assert message.body == f"3 项待办\n\n{settings.PUBLIC_URL}/x/"


def test_each_mail_has_one_recipient_and_its_headers(now: datetime) -> None:
    for number in range(3):
        a_message(
            now, address=f"{number}@example.org", headers={"List-Unsubscribe": f"<https://x.org/{number}>"}
        )
    assert outbox.send_waiting(at=now) == 3
    assert [letter.recipients() for letter in mail.outbox] == [[f"{n}@example.org"] for n in range(3)]
    assert mail.outbox[2].extra_headers == {"List-Unsubscribe": "<https://x.org/2>"}
    assert set(OutboxMessage.objects.values_list("state", "sent_at")) == {(OutboxState.SENT, now)}
    assert outbox.send_waiting(at=now + timedelta(days=1)) == 0


def test_a_subject_of_two_lines_cannot_add_headers(now: datetime) -> None:
    a_message(now, subject="题\nBcc: b@example.org")
    assert outbox.send_waiting(at=now) == 1
    assert mail.outbox[0].subject == "题 Bcc: b@example.org"
    assert mail.outbox[0].recipients() == ["a@example.org"]


def test_short_messages_go_to_the_gateway(now: datetime, settings: Any, tmp_path: Path) -> None:
    settings.SMS_FILE = tmp_path / "sms.log"
    a_message(now, channel=Channel.SMS, address="13000000000", body="验证码 123456")
    assert outbox.send_waiting(at=now) == 1
    line = json.loads(settings.SMS_FILE.read_text())
    assert line == {"phone": "13000000000", "text": "验证码 123456"}


def test_three_tries_with_pauses_then_failed_and_others_are_sent(now: datetime, settings: Any) -> None:
    settings.SMS_GATEWAY = "tests.office.services.test_outbox.DeafGateway"
    bad = a_message(now, channel=Channel.SMS, address="13000000000")
    a_message(now)
    at = now
    assert outbox.send_waiting(at=at) == 1
    assert outbox.send_waiting(at=at + timedelta(seconds=20)) == 0  # not yet again
    for _try in range(2):
        at += timedelta(minutes=20)
        outbox.send_waiting(at=at)
    bad.refresh_from_db()
    assert (bad.state, bad.attempts, bad.failure) == (OutboxState.FAILED, 3, "ConnectionError: no route")
    assert outbox.send_waiting(at=at + timedelta(days=1)) == 0


def test_a_message_that_ends_its_sender_is_not_tried_for_ever(now: datetime) -> None:
    message, at = a_message(now), now
    for _try in range(3):
        assert [taken.pk for taken in outbox._take(at)] == [message.pk]  # taken, then the process dies
        at += timedelta(hours=1)
    assert outbox.send_waiting(at=at) == 0
    message.refresh_from_db()
    assert message.state == OutboxState.FAILED
    assert mail.outbox == []


def test_an_administrator_sends_a_failed_message_again(admin: Actor, staff: Actor, now: datetime) -> None:
    message = a_message(now, state=OutboxState.FAILED, attempts=3)
    with pytest.raises(OutboxMessage.DoesNotExist):
        outbox.send_again(actor=staff, message_id=message.pk, at=now)
    outbox.send_again(actor=admin, message_id=message.pk, at=now)
    assert outbox.send_waiting(at=now) == 1
    with pytest.raises(Refused, match="只有未发出"):
        outbox.send_again(actor=admin, message_id=message.pk, at=now)


def test_only_ones_own_notices_are_read(staff: Actor, admin: Actor, now: datetime) -> None:
    notices.notify(people=[staff.user, staff.user, admin.user], sentence=T("一"), at=now)
    notices.notify(people=[staff.user], sentence=T("二"), at=now)
    assert (unread_notices(staff), unread_notices(admin)) == (2, 1)
    foreign = Notice.objects.get(recipient=admin.user)
    assert notices.read(actor=staff, at=now, notice_id=foreign.pk) == 0
    assert notices.read(actor=staff, at=now) == 2
    assert (unread_notices(staff), unread_notices(admin)) == (0, 1)
