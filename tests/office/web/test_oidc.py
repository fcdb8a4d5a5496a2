"""Sign-in through a provider: a real one over HTTP, with everything that can be wrong in its answer."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import User
from accounts.rules.roles import Role
from core import clock
from office.models import AuditEntry
from office.services import factors

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
PROVIDER = Path(__file__).parent.parent / "provider.py"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_rest: Any) -> None:
        return None


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([sys.executable, str(PROVIDER), str(port), "portal", "s3cret:%"])
    try:
        for _n in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(10)


@pytest.fixture
def provider(issuer: str, settings: Any) -> str:
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = issuer, "portal"
    settings.OIDC_CLIENT_SECRET = "s3cret:%"
    return issuer


@pytest.fixture
def person(cast: Cast) -> User:
    user = cast("秦越", Role.EDITOR, email="qin@example.org").user
    assert user
    return user


def sent_back(client: Client, who: str, goal: str = "/news/desk/") -> dict[str, str]:
    """What the provider gives the browser back, after it was sent there."""
    away = client.get(f"/accounts/oidc/?next={goal}")
    assert away.status_code == 302
    try:
        build_opener(_Stay).open(f"{away['Location']}&login_hint={who}", timeout=5)
    except HTTPError as answer:
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}
    raise AssertionError("the provider did not send back")


def entered(client: Client, given: dict[str, str]) -> Any:
    shown = client.get("/accounts/oidc/back/", given)
    assert shown.status_code == 200 and "data-go" in shown.content.decode()
    return client.post("/accounts/oidc/back/", given)


def test_an_invited_person_comes_in_and_is_known_from_then_on(provider: str, person: User) -> None:
    client = Client()
    answer = entered(client, sent_back(client, "QIN@example.org"))
    assert answer["Location"] == "/news/desk/"
    assert client.get("/accounts/me/").status_code == 200
    assert AuditEntry.objects.get(action="person.link").user_id == person.pk
    User.objects.filter(pk=person.pk).update(email="other@example.org")
    again = Client()
    assert entered(again, sent_back(again, "QIN@example.org"))["Location"] == "/news/desk/"
    assert AuditEntry.objects.filter(action="person.link").count() == 1


@pytest.mark.parametrize("fault", ["issuer", "audience", "expired", "nonce", "unverified", "key", "none"])
def test_an_answer_that_is_wrong_lets_nobody_in(provider: str, person: User, fault: str) -> None:
    client = Client()
    answer = entered(client, sent_back(client, f"qin@example.org|{fault}"))
    assert answer["Location"] == "/accounts/sign-in/"
    assert client.get("/home/").status_code == 302
    person.refresh_from_db()
    assert person.oidc_subject == ""


def test_a_stranger_gets_no_account(provider: str, person: User) -> None:
    client = Client()
    answer = entered(client, sent_back(client, "stranger@example.org"))
    assert answer["Location"] == "/accounts/sign-in/"
    assert "须先由管理员邀请" in client.get("/accounts/sign-in/").content.decode()
    assert User.objects.count() == 1


def test_an_address_of_two_people_is_nobodys(provider: str, person: User) -> None:
    User.objects.create_user("twin", name="同名", email="Qin@example.org")
    client = Client()
    assert entered(client, sent_back(client, "qin@example.org"))["Location"] == "/accounts/sign-in/"


def test_who_is_suspended_stays_out(provider: str, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    client = Client()
    assert entered(client, sent_back(client, "qin@example.org"))["Location"] == "/accounts/sign-in/"


def test_an_answer_to_another_browser_or_a_second_time_is_refused(provider: str, person: User) -> None:
    client, other = Client(), Client()
    given = sent_back(client, "qin@example.org")
    assert entered(other, given)["Location"] == "/accounts/sign-in/"
    assert entered(client, {**given, "state": "x"})["Location"] == "/accounts/sign-in/"
    assert entered(client, given)["Location"] == "/accounts/sign-in/"


def test_the_device_is_asked_here_too(provider: str, person: User) -> None:
    import pyotp

    actor = Actor(user=person)
    factors.begin(actor=actor)
    shown = factors.enrolment(actor)
    assert shown
    at = clock.now()
    factors.enrol(actor=actor, code=pyotp.TOTP(shown.key.replace(" ", "")).at(at), at=at)
    client = Client()
    answer = entered(client, sent_back(client, "qin@example.org"))
    assert answer["Location"] == "/accounts/sign-in/code/"
    assert client.get("/home/").status_code == 302


def test_no_way_out_of_the_site(provider: str, person: User) -> None:
    client = Client()
    given = sent_back(client, "qin@example.org", goal="https://elsewhere.example/")
    assert entered(client, given)["Location"] == "/home/"


def test_a_provider_that_does_not_answer_is_told(settings: Any, db: None) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    client = Client()
    assert client.get("/accounts/oidc/")["Location"] == "/accounts/sign-in/"
    assert "统一身份认证没有成功" in client.get("/accounts/sign-in/").content.decode()
    settings.OIDC_ISSUER = "http://elsewhere.example"
    assert client.get("/accounts/oidc/")["Location"] == "/accounts/sign-in/"


def test_off_unless_it_is_set(db: None) -> None:
    client = Client()
    assert client.get("/accounts/oidc/").status_code == 404
    assert client.post("/accounts/oidc/back/").status_code == 404
    assert "/accounts/oidc/" not in client.get("/accounts/sign-in/").content.decode()
