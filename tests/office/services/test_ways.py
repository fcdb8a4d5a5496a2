"""By which ways people are told: as each chose, one mail for several things, a digest, short messages."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from accounts.models import User
from core.text import T
from office.gateways import HttpGateway
from office.models import Channel, Notice, OutboxMessage, OutboxState
from office.services import notices, outbox, preferences
from office.services.notices import Message

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """A provider of short messages: remembers what came, and answers what it is told to."""

    taken: list[dict[str, Any]]
    answers: list[int]
    delay: threading.Event

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append({"path": self.path, "by": self.headers["Authorization"], **json.loads(body)})
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:  # says nothing until the client has gone
            self.delay.wait(10)
            return
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def provider(settings: Any) -> Iterator[type[Provider]]:
    kind = type("One", (Provider,), {"taken": [], "answers": [], "delay": threading.Event()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send?app=1"
    settings.SMS_TOKEN, settings.SMS_ON = "secret", True
    settings.SMS_GATEWAY = "office.gateways.HttpGateway"
    yield kind
    kind.delay.set()
    server.shutdown()
    server.server_close()


def a_person(cast: Any, name: str, **fields: Any) -> Any:
    actor = cast(name)
    User.objects.filter(pk=actor.user.pk).update(**fields)
    actor.user.refresh_from_db()
    return actor


def test_the_provider_gets_json_with_the_token(provider: type[Provider]) -> None:
    HttpGateway().send(phone="13000000000", text="年报明天截止")
    assert provider.taken == [
        {"path": "/send?app=1", "by": "Bearer secret", "phone": "13000000000", "text": "年报明天截止"}
    ]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_any_other_answer_is_a_refusal_and_no_redirect_is_followed(
    provider: type[Provider], status: int
) -> None:
    provider.answers = [status]
    with pytest.raises(ConnectionError, match=str(status)):
        HttpGateway().send(phone="13000000000", text="x")
    assert len(provider.taken) == 1


def test_a_silent_provider_is_left_and_tried_three_times_with_pauses(
    provider: type[Provider], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("office.gateways.TIMEOUT", 0.2)
    provider.answers = [0, 500, 200]
    OutboxMessage.objects.create(channel=Channel.SMS, address="13000000000", body="x", created_at=now)
    sent = [outbox.send_waiting(at=now + timedelta(minutes=minutes)) for minutes in (0, 1, 6, 20)]
    assert sent == [0, 0, 0, 1]
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts, len(provider.taken)) == (OutboxState.SENT, 3, 3)


def test_each_is_told_as_they_chose(cast: Any, now: datetime, settings: Any) -> None:
    settings.SMS_ON = True
    usual = a_person(cast, "甲", email="a@example.org", phone="13000000001")
    short = a_person(cast, "乙", email="b@example.org", phone="13000000002")
    quiet = a_person(cast, "丙", email="c@example.org", phone="13000000003")
    preferences.keep_ways(actor=short, mail=False, sms=True, digest=False)
    preferences.keep_ways(actor=quiet, mail=False, sms=False, digest=False)
    told = [Message(one.user, T("第 {n} 件", n=n), "/x/") for one in (usual, short, quiet) for n in (1, 2)]
    assert notices.tell(told, at=now, short=True) == 3
    assert Notice.objects.count() == 6
    mail, sms = OutboxMessage.objects.order_by("channel")
    assert (mail.address, mail.subject) == ("a@example.org", "2 件事等您处理")
    assert mail.body.count("/x/") == 2
    assert (sms.address, sms.body) == ("13000000002", "第 1 件 另有 1 件，请登录查看。")


def test_without_a_provider_there_are_no_short_messages(cast: Any, now: datetime) -> None:
    short = a_person(cast, "乙", phone="13000000002")
    preferences.keep_ways(actor=short, mail=False, sms=True, digest=False)
    notices.tell([Message(short.user, T("一件"))], at=now, short=True)
    assert not OutboxMessage.objects.exists()


def test_a_digest_is_one_mail_a_day_with_what_is_unread(cast: Any, now: datetime) -> None:
    reader = a_person(cast, "甲", email="a@example.org")
    preferences.keep_ways(actor=reader, mail=True, sms=False, digest=True)
    for n in range(3):
        notices.notify(people=[reader.user], sentence=T("第 {n} 件", n=n), at=now, link=f"/{n}/")
    assert not OutboxMessage.objects.exists()
    notices.read(actor=reader, at=now, notice_id=Notice.objects.order_by("pk")[0].pk)
    hour = timedelta(hours=1)
    assert [notices.send_digests(at=now + n * hour) for n in (1, 2)] == [1, 0]
    (mail,) = OutboxMessage.objects.all()
    assert mail.subject == "2 件事等您处理" and "/0/" not in mail.body
    notices.notify(people=[reader.user], sentence=T("再一件"), at=now + 3 * hour)
    assert notices.send_digests(at=now + 4 * hour) == 1
    assert OutboxMessage.objects.order_by("-pk")[0].subject == "再一件"
