"""The pages about people: who knows of them, what they show, what they do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from office.models import AuditEntry
from office.services import people

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
SEEING = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR})


@pytest.fixture
def guard(cast: Cast) -> Actor:
    return cast("安全", Role.SECURITY_ADMINISTRATOR)


def client_of(actor: Actor) -> Client:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("role", list(Role))
def test_who_knows_of_these_pages(cast: Cast, staff: Actor, role: Role) -> None:
    client = client_of(cast("某人", role))
    person = f"/accounts/people/{staff.user_id}/"
    seen = 200 if role in SEEING else 404
    for path in ("/accounts/people/", "/accounts/people/new/", person):
        assert client.get(path).status_code == seen
    guarded = 200 if role is Role.SECURITY_ADMINISTRATOR else 404
    for path in ("/accounts/sessions/", "/accounts/tokens/all/"):
        assert client.get(path).status_code == guarded
    if role is not Role.SECURITY_ADMINISTRATOR:
        assert staff.appointment is not None
        for path in (
            *(f"{person}{act}/" for act in ("appoint", "suspend", "restore", "unlock")),
            f"/accounts/appointments/{staff.appointment.pk}/end/",
            "/accounts/sessions/1/shut/",
            "/accounts/tokens/1/end/",
        ):
            assert client.post(path, {"reason": "x"}).status_code == 404
    assert Appointment.objects.filter(revoked_at=None).count() == 2


def test_the_list_is_narrowed(cast: Cast, guard: Actor, staff: Actor, today: date) -> None:
    city = Region.objects.create(
        code="990100", name="北澄市", level="city", path="/990000/990100/", parent=guard.region
    )
    officer = cast("许以宁", Role.CITY_OFFICER)
    Appointment.objects.filter(user=officer.user).update(region=city, valid_to=today + timedelta(days=5))
    gone = cast("方亦舟", Role.EXPERT)
    Appointment.objects.filter(user=gone.user).update(valid_to=today - timedelta(days=1))
    User.objects.filter(pk=gone.user_id).update(last_login=datetime.now().astimezone())
    client = client_of(guard)

    def found(query: str) -> set[str]:
        rows = client.get(f"/accounts/people/?{query}").context["rows"]
        return {row["user"].name for row in rows}

    assert found("") == {"安全", "柳青", "许以宁", "方亦舟"}
    assert found("words=柳") == {"柳青"}
    assert found("role=city_officer") == {"许以宁"}
    assert found("scope=北澄") == {"许以宁"}
    assert found("scope=FH-0001") == {"柳青"}
    assert found("scope=示例省") == {"安全", "许以宁"}
    assert found("state=none") == {"方亦舟"}
    assert found("state=ending") == {"许以宁"}
    assert found("state=alone") == {"柳青"}
    assert found("role=expert&state=held") == set()
    User.objects.filter(pk=staff.user_id).update(is_active=False)
    assert found("state=suspended") == {"柳青"}
    assert "方亦舟" not in found("state=never")


def test_the_list_asks_as_often_for_many_as_for_few(cast: Cast, guard: Actor) -> None:
    client, counts = client_of(guard), []
    for start, end in ((0, 1), (1, 40)):
        for number in range(start, end):
            cast(f"人{number}")
        client.get("/accounts/people/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/accounts/people/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_new_person_then_appointed_then_ended(guard: Actor) -> None:
    client = client_of(guard)
    wrong = client.post("/accounts/people/new/", {"name": "林清源", "username": "安全"})
    assert wrong.status_code == 422
    assert "用户名已被使用。" in wrong.content.decode()
    answer = client.post("/accounts/people/new/", {"name": "林清源", "username": "lin"})
    person = User.objects.get(username="lin")
    page = f"/accounts/people/{person.pk}/"
    assert answer["Location"] == page
    given: dict[str, Any] = {"role": "carrier_staff", "valid_from": "2026-01-01"}
    refused = client.post(f"{page}appoint/", given)
    assert refused.status_code == 422
    assert "请指定载体编号。" in refused.content.decode()
    assert 'href="#id_carrier_code"' in refused.content.decode()
    assert client.post(f"{page}appoint/", {**given, "carrier_code": "FH-0002"})["Location"] == page
    held = Appointment.objects.get(user=person)
    assert (held.carrier_code, held.made_by) == ("FH-0002", guard.user)
    client.post(f"/accounts/appointments/{held.pk}/end/", {"reason": " "})
    held.refresh_from_db()
    assert held.revoked_at is None
    assert "请填写理由。" in client.get(page).content.decode()
    client.post(f"/accounts/appointments/{held.pk}/end/", {"reason": "调离"})
    held.refresh_from_db()
    assert held.revoked_at is not None
    assert AuditEntry.objects.get(action="appointment.end").reason == "调离"
    assert "已撤销" in client.get(page).content.decode()


def test_both_sides_cannot_be_held(guard: Actor, staff: Actor) -> None:
    assert guard.region is not None
    answer = client_of(guard).post(
        f"/accounts/people/{staff.user_id}/appoint/",
        {"role": "province_officer", "region": guard.region.pk, "valid_from": "2026-01-01"},
    )
    assert answer.status_code == 422
    assert "不能同时任" in answer.content.decode()


def test_a_link_is_shown_once_when_there_is_no_address(guard: Actor, staff: Actor) -> None:
    client, page = client_of(guard), f"/accounts/people/{staff.user_id}/"
    shown = client.post(f"{page}invite/").content.decode()
    assert "/accounts/set-password/" in shown
    assert "/accounts/set-password/" not in client.get(page).content.decode()
    assert staff.user is not None
    User.objects.filter(pk=staff.user_id).update(email="liu@example.org")
    assert client.post(f"{page}invite/")["Location"] == page
    assert "liu@example.org" in client.get(page).content.decode()


def test_sessions_and_tokens_of_others_are_seen_and_ended(guard: Actor, staff: Actor, now: datetime) -> None:
    theirs = Client()
    theirs.post("/accounts/sign-in/", {"username": "柳青", "password": "long-and-odd-9"})
    people.make_token(actor=staff, label="统计局", days=30, at=now)
    client = client_of(guard)
    assert "柳青" in client.get("/accounts/sessions/").content.decode()
    assert "统计局" in client.get("/accounts/tokens/all/").content.decode()
    page = client.get(f"/accounts/people/{staff.user_id}/")
    sign_in, grant = page.context["inside"][0].sign_in, page.context["tokens"][0]
    answer = client.post(f"/accounts/sessions/{sign_in.pk}/shut/", {"next": "/home/"})
    assert answer["Location"] == "/home/"
    assert theirs.get("/home/").status_code == 302
    client.post(f"/accounts/tokens/{grant.pk}/end/")
    assert "统计局" not in client.get("/accounts/tokens/all/").content.decode()
    assert client.post(f"/accounts/sessions/{sign_in.pk}/shut/").status_code == 404
