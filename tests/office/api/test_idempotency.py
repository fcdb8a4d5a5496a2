"""The same write twice: one effect, one answer."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts.actors import Actor
from core import clock
from core.problems import Problem, Refused
from office.api.idempotency import OnceMixin
from office.models import IdempotentRequest, PeriodRun

pytestmark = pytest.mark.django_db


class Write(OnceMixin, APIView):
    """Adds one row; refuses a body that says so, in either of the two ways."""

    def post(self, request: Request) -> Response:
        PeriodRun.objects.create(task="w", period=str(time.monotonic_ns()), started_at=clock.now())
        if request.data.get("refuse") == "raised":
            raise Refused(Problem("no", "不行"))
        if request.data.get("refuse") == "answered":
            return Response({"no": 1}, status=409)
        time.sleep(request.data.get("pause", 0))
        return Response({"rows": PeriodRun.objects.count(), "note": request.data.get("note")}, status=201)


def post(actor: Actor, body: dict[str, Any], key: str = "") -> Response:
    headers = {"Idempotency-Key": key} if key else {}
    request = APIRequestFactory().post("/api/v1/w/", body, format="json", headers=headers)
    force_authenticate(request, actor.user)
    return Write.as_view()(request)


def test_the_same_key_and_body_has_one_effect_and_the_same_answer(staff: Actor) -> None:
    first, second = (post(staff, {"note": "a"}, "k1") for _ in range(2))
    assert (
        (first.status_code, first.data)
        == (second.status_code, second.data)
        == (201, {"rows": 1, "note": "a"})
    )
    assert second.headers["Idempotent-Replay"] == "true"
    assert PeriodRun.objects.count() == 1


def test_the_same_key_with_another_body_is_a_problem(staff: Actor) -> None:
    post(staff, {"note": "a"}, "k1")
    answer = post(staff, {"note": "b"}, "k1")
    assert answer.status_code == 422
    assert answer.data["problems"][0]["code"] == "idempotency.reused"
    assert PeriodRun.objects.count() == 1


def test_keys_are_each_persons_own(staff: Actor, admin: Actor) -> None:
    post(staff, {}, "k1")
    assert post(admin, {}, "k1").data["rows"] == 2


def test_without_a_key_each_write_is_a_write(staff: Actor) -> None:
    assert [post(staff, {}).data["rows"] for _ in range(2)] == [1, 2]
    assert not IdempotentRequest.objects.exists()


@pytest.mark.parametrize(("way", "status"), [("raised", 422), ("answered", 409)])
@pytest.mark.parametrize("key", ["", "k1"])
def test_a_refused_write_leaves_nothing_and_may_be_mended(
    staff: Actor, way: str, status: int, key: str
) -> None:
    assert post(staff, {"refuse": way}, key).status_code == status
    assert not PeriodRun.objects.exists()
    assert not IdempotentRequest.objects.exists()
    assert post(staff, {}, key).status_code == 201


def test_a_key_that_is_too_long_is_a_problem(staff: Actor) -> None:
    assert post(staff, {}, "k" * 81).data["problems"][0]["code"] == "idempotency.key"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_instant_have_one_effect(staff: Actor) -> None:
    start, answers = threading.Barrier(2), []

    def send() -> None:
        try:
            start.wait()
            answers.append(post(staff, {"pause": 0.3}, "k1").data)
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert answers == [{"rows": 1, "note": None}] * 2
    assert PeriodRun.objects.count() == 1
