"""An operator that nobody knows asks for an account."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Appointment, User
from office.models import OutboxMessage
from registry.models import Application
from tests.registry.applying import newcomer
from tests.registry.world import World, credit_code, signed_in

JOIN = reverse("registry:join")
GIVEN = {
    "name": "申请甲", "email": "new@example.com", "operator_name": "新港运营有限公司",
    "credit_code": credit_code(77),
}  # fmt: skip


@pytest.fixture(autouse=True)
def untried() -> None:
    cache.clear()


def asked(**changes: str) -> Any:
    return Client().post(JOIN, {**GIVEN, **changes})


def test_a_link_an_account_and_the_beginning_of_an_application(world: World) -> None:
    assert asked()["Location"] == reverse("registry:joined")
    user = User.objects.get(email="new@example.com")
    assert (user.username, user.name) == ("new@example.com", "申请甲")
    assert not Appointment.objects.filter(user=user).exists()
    mail = OutboxMessage.objects.get(address="new@example.com")
    link = mail.body.split()[-1]
    client, path = Client(), link[link.index("/accounts/") :]
    new = "corre-horse-88-battery"
    assert client.post(path, {"new": new, "again": new}).status_code == 302
    entered = client.post(reverse("accounts:sign_in"), {"username": user.username, "password": new})
    assert entered.status_code == 302
    page = client.get("/home/").content.decode()
    assert "登记载体" in page and "我的登记申请" in page
    found = Application.objects.get(applicant=user)
    assert found.facts["operator_name"] == "新港运营有限公司"
    assert found.facts["contact"] == "申请甲"
    assert client.get(path).status_code == 404  # good once


def test_the_answer_is_the_same_whoever_is_known(world: World) -> None:
    known = newcomer()
    assert known.user is not None
    User.objects.filter(pk=known.user.pk).update(last_login=world.carriers["mine"].updated_at)
    suspended = newcomer("停用甲")
    assert suspended.user is not None
    User.objects.filter(pk=suspended.user.pk).update(is_active=False)
    answers = [asked(email=email) for email in (known.user.email, suspended.user.email, "other@example.com")]
    assert {(one.status_code, one["Location"], one.content) for one in answers} == {
        (302, reverse("registry:joined"), b"")
    }
    told = dict(OutboxMessage.objects.values_list("address", "subject"))
    assert "您已有账号" in told[known.user.email]
    assert suspended.user.email not in told
    assert "设置登录密码" in told["other@example.com"]
    assert User.objects.filter(email=known.user.email).count() == 1
    assert not Application.objects.filter(applicant=known.user).exists()


def test_pressed_twice_makes_one_account(world: World) -> None:
    for email in ("new@example.com", "NEW@example.com"):
        assert asked(email=email).status_code == 302
    assert User.objects.filter(email__iexact="new@example.com").count() == 1
    assert Application.objects.count() == 1


def test_everything_that_is_wrong_is_told_at_once(world: World) -> None:
    answer = asked(email="nobody", credit_code="９１９９")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "邮箱应如" in page and "应为 18 位" in page
    assert not User.objects.filter(name="申请甲").exists()


def test_one_network_asks_as_often_as_a_sign_in_is_tried(world: World) -> None:
    statuses = [asked(email=f"n{number}@example.com").status_code for number in range(6)]
    assert statuses == [302] * 5 + [429]
    assert User.objects.filter(email__startswith="n").count() == 5


def test_one_address_gets_three_mails_a_day(world: World) -> None:
    for _number in range(5):
        asked()
    assert OutboxMessage.objects.filter(address="new@example.com").count() == 3


def test_who_is_signed_in_needs_no_account(world: World) -> None:
    assert signed_in(newcomer()).get(JOIN)["Location"] == "/home/"


def test_a_newcomer_is_harmless_everywhere(world: World) -> None:
    """Every page of every menu answers as to a visitor or not at all."""
    client = signed_in(newcomer())
    for path in (
        "/returns/", "/registry/manage/", "/evaluation/", "/evaluation/marking/", "/evaluation/facts/",
        "/evaluation/objections/", "/funding/", "/news/desk/", "/office/audit/", "/office/outbox/",
        "/office/regions/", "/accounts/people/", "/accounts/sessions/", "/figures/desk/", "/progress/",
        "/registry/manage/SL-990500-0001/", "/office/workdays/", "/returns/campaigns/", "/api/v1/operators/",
        "/api/v1/tenants/", "/api/v1/returns/", "/home/", "/accounts/me/", "/office/notices/",
        "/office/jobs/",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code in (200, 302, 403, 404), path
        assert "0990-5550001" not in answer.content.decode(), path
    made = client.post(reverse("accounts:make_token"), {"label": "x", "days": "30"})
    assert "没有有效任职" in made.content.decode()
