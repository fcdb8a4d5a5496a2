"""Journeys of signing in, under the lock-out that serves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.actors import Actor
from accounts.models import Appointment, SignIn
from accounts.rules.roles import Role
from core import clock
from office.models import AuditEntry

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
PASSWORD = "long-and-odd-9"
SIGN_IN, ME = "/accounts/sign-in/", "/accounts/me/"
LIMIT = 5


@pytest.fixture(autouse=True)
def lock_out(settings: Any) -> None:
    settings.AXES_ENABLED = True
    cache.clear()


def sign_in(client: Client, username: str = "柳青", password: str = PASSWORD, **more: str) -> Any:
    address = more.pop("address", "192.0.2.1")
    return client.post(SIGN_IN, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def test_in_to_the_first_page_and_out_again(client: Client, staff: Actor) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    page = client.get(ME).content.decode()
    assert "柳青" in page and "载体填报人" in page and "本次登录" in page
    assert client.post("/accounts/sign-out/")["Location"] == "/"
    assert client.get(ME).status_code == 302
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "session.begin",
        "session.end",
    ]
    assert SignIn.objects.get().ended_at is not None


def test_the_session_has_a_new_key_after_signing_in(client: Client, staff: Actor) -> None:
    session = client.session
    session["before"] = 1
    session.save()
    sign_in(client)
    assert client.session.session_key != session.session_key


def test_signing_out_by_a_link_does_nothing(client: Client, staff: Actor) -> None:
    sign_in(client)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.get(ME).status_code == 200


@pytest.mark.parametrize(
    ("goal", "leads_to"),
    [
        ("/accounts/me/", "/accounts/me/"),
        ("https://elsewhere.example/", "/home/"),
        ("//elsewhere.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("/\\elsewhere.example", "/home/"),
    ],
)
def test_it_goes_on_only_to_this_site(client: Client, staff: Actor, goal: str, leads_to: str) -> None:
    assert sign_in(client, next=goal)["Location"] == leads_to


def test_a_wrong_password_and_a_stranger_get_the_same_answer(client: Client, staff: Actor) -> None:
    wrong, stranger = sign_in(client, password="x"), sign_in(client, "nobody", "x")
    assert wrong.status_code == stranger.status_code == 403
    for answer in (wrong, stranger):
        assert "用户名或密码不对，或账号不能登录。" in answer.content.decode()


def test_who_may_not_sign_in_is_told_nothing_else(client: Client, staff: Actor) -> None:
    assert staff.user is not None
    staff.user.is_active = False
    staff.user.save()
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "用户名或密码不对，或账号不能登录。" in answer.content.decode()


def test_after_five_wrong_ones_the_account_is_locked_here_and_not_elsewhere(
    client: Client, staff: Actor
) -> None:
    for _ in range(LIMIT - 1):
        assert sign_in(client, password="x").status_code == 403
    locked = sign_in(client, password="x")
    assert locked.status_code == 429
    assert "尝试次数过多" in locked.content.decode()
    assert sign_in(client).status_code == 429, "the right password does not open a locked door"
    assert sign_in(Client(), address="198.51.100.7").status_code == 302


def test_a_stranger_is_locked_out_like_a_person(client: Client) -> None:
    for _ in range(LIMIT - 1):
        sign_in(client, "nobody", "x")
    assert sign_in(client, "nobody", "x").status_code == 429


def test_the_lock_holds_for_tokens_too(client: Client, staff: Actor) -> None:
    def ask(password: str) -> Any:
        return client.post(
            "/api/v1/token/",
            {"username": "柳青", "password": password, "label": "统计"},
            content_type="application/json",
        )

    for _ in range(LIMIT - 1):
        assert ask("x").status_code == 401
    assert ask("x").status_code == 429
    told = ask(PASSWORD)
    assert told.status_code == 429
    assert told.json()["problems"][0]["code"] == "sign_in.locked"


def test_switching_the_appointment(client: Client, staff: Actor, cast: Cast) -> None:
    expert = cast("方亦舟", Role.EXPERT).appointment
    assert expert is not None
    second = Appointment.objects.create(
        user=staff.user, role=Role.EXPERT, region=expert.region, valid_from=expert.valid_from
    )
    sign_in(client)
    assert client.post("/accounts/switch/", {"appointment": second.pk})["Location"] == "/home/"
    assert client.get(ME).wsgi_request.actor.role == Role.EXPERT  # type: ignore[attr-defined]
    for foreign in (str(expert.pk), "0", "x", ""):
        assert client.post("/accounts/switch/", {"appointment": foreign}).status_code == 404
    assert client.get(ME).wsgi_request.actor.role == Role.EXPERT  # type: ignore[attr-defined]


def test_an_appointment_that_is_revoked_meanwhile_is_gone_at_the_next_request(
    client: Client, staff: Actor, now: datetime
) -> None:
    sign_in(client)
    assert client.get(ME).wsgi_request.actor.role == Role.CARRIER_STAFF  # type: ignore[attr-defined]
    Appointment.objects.update(revoked_at=now)
    assert client.get(ME).wsgi_request.actor.is_public  # type: ignore[attr-defined]
    assert "没有有效任职" in client.get(ME).content.decode()


@pytest.mark.parametrize(
    ("steps", "is_in"),
    [
        ([timedelta(minutes=29)], True),
        ([timedelta(minutes=31)], False),
        ([timedelta(minutes=20)] * 35, True),
        ([timedelta(minutes=20)] * 37, False),
    ],
)
def test_a_session_ends_after_half_an_hour_alone_and_after_twelve_hours(
    client: Client,
    staff: Actor,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[timedelta],
    is_in: bool,
) -> None:
    at = clock.now()
    sign_in(client)
    for step in steps:
        at += step
        monkeypatch.setattr(clock, "now", lambda moment=at: moment)
        last = client.get(ME)
    assert (last.status_code == 200) is is_in
    if not is_in:
        assert "登录已超时" in client.get(SIGN_IN).content.decode()


def test_another_session_can_be_ended_and_is_dead(client: Client, staff: Actor) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    other = SignIn.objects.get(session_key=elsewhere.session.session_key)
    assert client.post(f"/accounts/sessions/{other.pk}/end/").status_code == 302
    assert elsewhere.get(ME).status_code == 302
    assert client.get(ME).status_code == 200


def test_nobody_ends_the_session_of_another(client: Client, staff: Actor, cast: Cast) -> None:
    cast("方亦舟", Role.EXPERT)
    other = Client()
    sign_in(other, "方亦舟")
    sign_in(client)
    theirs = SignIn.objects.get(session_key=other.session.session_key)
    assert client.post(f"/accounts/sessions/{theirs.pk}/end/").status_code == 404
    assert other.get(ME).status_code == 200


def test_a_new_password_keeps_this_session_and_ends_the_others(client: Client, staff: Actor) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    new = "Harbour-lamp-27"
    mistyped = client.post("/accounts/password/", {"old": PASSWORD, "new": new, "again": "x"})
    assert mistyped.status_code == 422
    wrong = client.post("/accounts/password/", {"old": "x", "new": new, "again": new})
    assert "原密码不对" in wrong.content.decode()
    done = client.post("/accounts/password/", {"old": PASSWORD, "new": new, "again": new})
    assert done["Location"] == ME
    assert client.get(ME).status_code == 200
    assert elsewhere.get(ME).status_code == 302
    assert sign_in(Client(), password=new).status_code == 302


def test_a_token_acts_under_its_one_appointment(client: Client, staff: Actor) -> None:
    sign_in(client)
    page = client.post("/accounts/tokens/", {"label": "统计接口", "days": "30"})
    text = page.context["token"]
    assert text in page.content.decode()
    assert text not in client.get(ME).content.decode(), "shown once"
    api = Client(headers={"Authorization": f"Token {text}"})
    assert api.get("/api/v1/jobs/").status_code == 200
    Appointment.objects.create(
        user=staff.user, role=Role.CARRIER_STAFF, carrier_code="FH-0002", valid_from="2020-01-01"
    )
    assert staff.appointment is not None
    Appointment.objects.filter(pk=staff.appointment.pk).update(revoked_at=clock.now())
    answer = api.get("/api/v1/jobs/")
    assert answer.wsgi_request.actor.appointment is None  # type: ignore[attr-defined]


def test_a_token_by_user_name_and_password(client: Client, staff: Actor) -> None:
    given = {"username": "柳青", "password": PASSWORD, "label": "统计", "days": 90}
    answer = client.post("/api/v1/token/", given, content_type="application/json")
    assert answer.status_code == 201
    api = Client(headers={"Authorization": f"Token {answer.json()['token']}"})
    assert api.get("/api/v1/jobs/").status_code == 200
    assert Client(headers={"Authorization": "Token made-up"}).get("/api/v1/jobs/").status_code == 401


def test_an_unknown_term_or_no_purpose_makes_no_token(client: Client, staff: Actor) -> None:
    sign_in(client)
    for given in ({"label": "x", "days": "7"}, {"label": "", "days": "30"}):
        assert client.post("/accounts/tokens/", given).status_code == 422
    assert "令牌已撤销" not in client.get(ME).content.decode()


def test_the_admin_has_no_door_of_its_own(client: Client, staff: Actor) -> None:
    answer = client.get("/admin/login/?next=/admin/")
    assert answer["Location"] == f"{SIGN_IN}?next=/admin/"
