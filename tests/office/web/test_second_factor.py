"""The second factor on pages and in the API: sign-in, enrolment, the confirmation before an act."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pyotp
import pytest
from django.test import Client

from accounts.actors import Actor, actor_of
from accounts.middleware import CONFIRMED
from accounts.models import Appointment
from accounts.rules.roles import Role
from core import clock
from core.problems import Refused
from office.models import AuditEntry, Job
from office.services import confirming, factors

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
PASSWORD = "long-and-odd-9"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"auditor", "province_officer"})
    settings.CONFIRM_ACTS = True


@pytest.fixture
def officer(cast: Cast) -> Actor:
    return cast("周远", Role.AUDITOR)


def sign_in(name: str, **more: str) -> tuple[Client, Any]:
    client = Client()
    answer = client.post("/accounts/sign-in/", {"username": name, "password": PASSWORD, **more})
    return client, answer


def device(actor: Actor) -> tuple[pyotp.TOTP, list[str]]:
    """One whose first code lies a few minutes back."""
    factors.begin(actor=actor)
    shown = factors.enrolment(actor)
    assert shown
    maker = pyotp.TOTP(shown.key.replace(" ", ""))
    at = clock.now() - timedelta(minutes=5)
    return maker, factors.enrol(actor=actor, code=maker.at(at), at=at)


def code_of(maker: pyotp.TOTP) -> str:
    return maker.at(clock.now())


def test_without_a_device_nothing_is_open_but_setting_one_up(officer: Actor) -> None:
    client, answer = sign_in("周远")
    assert answer.status_code == 302
    for path in ("/home/", "/office/audit/", "/accounts/me/", "/admin/"):
        away = client.get(path)
        assert (away.status_code, away["Location"].split("?")[0]) == (302, "/accounts/device/")
    refused = client.get("/api/v1/jobs/")
    assert refused.status_code == 403
    assert refused.json()["problems"][0]["code"] == "second_factor.needed"
    assert client.get("/accounts/device/").status_code == 200
    assert client.post("/accounts/sign-out/").status_code == 302


def test_setting_one_up_opens_the_portal(officer: Actor) -> None:
    client, _answer = sign_in("周远")
    assert client.post("/accounts/device/begin/?next=/office/audit/").status_code == 302
    shown = client.get("/accounts/device/").content.decode()
    found = re.search(r"密钥 <code>([A-Z2-7 ]+)</code>", shown)
    assert found and "<svg" in shown
    maker = pyotp.TOTP(found[1].replace(" ", ""))
    assert client.post("/accounts/device/", {"code": "1"}).status_code == 422
    done = client.post("/accounts/device/?next=/office/audit/", {"code": code_of(maker)})
    words = done.content.decode()
    assert len(re.findall(r"<li><code>[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}</code>", words)) == 10
    assert 'href="/office/audit/"' in words
    assert client.get("/office/audit/").status_code == 200
    again = client.get("/accounts/device/").content.decode()
    assert not re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", again)


def test_a_role_without_the_requirement_is_not_asked(cast: Cast) -> None:
    cast("编辑", Role.EDITOR)
    client, answer = sign_in("编辑")
    assert answer["Location"] == "/home/"
    assert client.get("/home/").status_code == 200


def test_the_code_comes_after_the_password(officer: Actor) -> None:
    maker, plain = device(officer)
    client, answer = sign_in("周远", next="/office/audit/")
    assert answer["Location"] == "/accounts/sign-in/code/"
    assert client.get("/home/").status_code == 302
    assert client.get("/accounts/sign-in/code/").status_code == 200
    assert client.post("/accounts/sign-in/code/", {"code": "000000"}).status_code == 403
    done = client.post("/accounts/sign-in/code/", {"code": code_of(maker)})
    assert done["Location"] == "/office/audit/"
    assert client.get("/office/audit/").status_code == 200
    assert client.get("/accounts/sign-in/code/")["Location"] == "/accounts/sign-in/"
    other, _answer = sign_in("周远")
    assert other.post("/accounts/sign-in/code/", {"code": plain[0]}).status_code == 302
    assert other.get("/home/").status_code == 200


def test_a_code_without_a_password_is_worth_nothing(officer: Actor) -> None:
    maker, _plain = device(officer)
    client = Client()
    assert (
        client.post("/accounts/sign-in/code/", {"code": code_of(maker)})["Location"] == "/accounts/sign-in/"
    )
    assert client.get("/home/").status_code == 302


def test_who_waits_too_long_between_begins_anew(officer: Actor, at: Callable[..., Any]) -> None:
    device(officer)
    at(2026, 3, 18, 9, 0)
    client, _answer = sign_in("周远")
    at(2026, 3, 18, 9, 11)
    assert client.get("/accounts/sign-in/code/")["Location"] == "/accounts/sign-in/"


def test_switching_to_a_role_that_requires_it_asks(cast: Cast) -> None:
    editor = cast("编辑", Role.EDITOR)
    assert editor.user and editor.region
    held = Appointment.objects.create(
        user=editor.user, role=Role.PROVINCE_OFFICER, region=editor.region, valid_from=date(2020, 1, 1)
    )
    client, _answer = sign_in("编辑")
    client.post("/accounts/switch/", {"appointment": held.pk})
    assert client.get("/home/")["Location"] == "/accounts/device/?next=/home/"
    maker, _plain = device(editor)
    assert client.get("/home/")["Location"] == "/accounts/confirm/?next=/home/"
    answer = client.post("/accounts/confirm/", {"next": "/home/", "confirm_proof": code_of(maker)})
    assert answer["Location"] == "/home/"
    assert client.get("/home/").status_code == 200


def stale(client: Client) -> None:
    session = client.session
    session[CONFIRMED] = (clock.now() - timedelta(minutes=11)).isoformat()
    session.save()


def test_an_act_asks_again_and_goes_on_with_what_was_typed(officer: Actor) -> None:
    maker, _plain = device(officer)
    client, _answer = sign_in("周远")
    client.post("/accounts/sign-in/code/", {"code": code_of(maker)})
    stale(client)
    typed = {"note": ['第一 "行"', "第二行"], "confirm": "1"}
    asked = client.post("/office/audit/export/?person=%E5%91%A8", typed)
    assert asked.status_code == 200
    words = unescape(asked.content.decode())
    assert 'name="note" value="第一 "行""' in words and 'value="第二行"' in words
    assert 'action="/office/audit/export/?person=%E5%91%A8"' in words
    assert not Job.objects.exists()
    wrong = client.post("/office/audit/export/", {**typed, "confirm_proof": "1"})
    assert wrong.status_code == 422
    recovery = factors.new_codes(actor=officer, at=clock.now())[0]
    done = client.post("/office/audit/export/?person=%E5%91%A8", {**typed, "confirm_proof": recovery})
    assert done.status_code == 302
    assert Job.objects.get().arguments["asked"] == {"person": "周"}


def test_without_a_device_the_password_is_asked(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset()
    cast("审计", Role.AUDITOR)
    client, _answer = sign_in("审计")
    stale(client)
    assert 'type="password"' in client.post("/office/audit/export/").content.decode()
    assert client.post("/office/audit/export/", {"confirm_proof": "wrong"}).status_code == 422
    assert client.post("/office/audit/export/", {"confirm_proof": PASSWORD}).status_code == 302


def test_who_signed_in_just_now_is_not_asked(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset()
    cast("审计", Role.AUDITOR)
    client, _answer = sign_in("审计")
    assert client.post("/office/audit/export/").status_code == 302


def test_a_program_never_confirms(officer: Actor) -> None:
    assert officer.appointment
    with pytest.raises(Refused) as refusal:
        confirming.must_be_recent(actor_of(officer.appointment), clock.now())
    assert [problem.code for problem in refusal.value.problems] == ["confirm.needed"]


def test_a_token_wants_the_code_of_the_device(officer: Actor) -> None:
    maker, _plain = device(officer)
    asked = {"username": "周远", "password": PASSWORD, "label": "统计"}
    client = Client()
    send = {"content_type": "application/json"}
    for more in ({}, {"code": "000000"}):
        refused = client.post("/api/v1/token/", {**asked, **more}, **send)
        assert refused.status_code == 422
    assert client.post("/api/v1/token/", {**asked, "code": code_of(maker)}, **send).status_code == 201


def test_a_required_role_without_a_device_gets_no_token(officer: Actor) -> None:
    asked = {"username": "周远", "password": PASSWORD, "label": "统计"}
    refused = Client().post("/api/v1/token/", asked, content_type="application/json")
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["code"] == "second_factor.needed"


def test_security_resets_a_device_by_page(officer: Actor, cast: Cast) -> None:
    device(officer)
    keeper = cast("安全", Role.SECURITY_ADMINISTRATOR)
    assert keeper.user and officer.user
    client = Client()
    client.force_login(keeper.user, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/accounts/people/{officer.user_id}/"
    assert "重置动态口令" in client.get(path).content.decode()
    client.post(f"{path}reset-device/", {"reason": "手机丢失"})
    assert factors.device_of(officer.user) is None
    assert AuditEntry.objects.filter(action="factor.reset").count() == 1
    stranger = Client()
    stranger.force_login(cast("编辑", Role.EDITOR).user, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.post(f"{path}reset-device/", {"reason": "x"}).status_code == 404


def test_all_other_sessions_end_at_once(cast: Cast) -> None:
    cast("编辑", Role.EDITOR)
    here, there = sign_in("编辑")[0], sign_in("编辑")[0]
    assert "结束其他全部登录" in here.get("/accounts/me/").content.decode()
    assert here.post("/accounts/sessions/end-others/").status_code == 302
    assert here.get("/accounts/me/").status_code == 200
    assert there.get("/accounts/me/").status_code == 302
    assert here.post("/accounts/sessions/end-others/").status_code == 302
    assert AuditEntry.objects.filter(action="session.end").count() == 1
