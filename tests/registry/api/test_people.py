"""A carrier's people by API: the rights and the sentences of the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Appointment, User
from tests.registry.world import World, signed_in

MINE = reverse("api-carrier-people", args=["SL-990500-0001"])
NEW = {"username": "lin", "name": "林清源", "email": "lin@example.org"}
INVITED = {**NEW, "duty": "responsible", "valid_from": "2026-03-18"}


def send(client: Client, url: str, given: dict[str, Any], **headers: str) -> Any:
    return client.post(url, given, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("staff", 200),
        ("county", 200),
        ("auditor", 200),
        ("other_staff", 404),
        ("finance", 404),
        ("expert", 404),
    ],
)
def test_who_knows_of_them(world: World, who: str, status: int) -> None:
    assert signed_in(world.people[who]).get(MINE).status_code == status
    assert Client().get(MINE).status_code == 401


def test_an_invitation_sent_twice_with_one_key_is_one(world: World) -> None:
    client = signed_in(world.people["county"])
    for _n in range(2):
        answer = send(client, MINE, INVITED, **{"Idempotency-Key": "one"})
        assert answer.status_code == 201
    assert (answer.json()["name"], answer.json()["duty"]) == ("林清源", "responsible")
    assert User.objects.filter(username="lin").count() == 1
    refused = send(client, MINE, INVITED)
    assert refused.status_code == 422
    assert {one["code"] for one in refused.json()["problems"]} == {"staff.responsible", "appointment.twice"}
    assert send(client, MINE, {**INVITED, "duty": "king"}).status_code == 400
    assert send(signed_in(world.people["staff"]), MINE, {**INVITED, "duty": "handler"}).status_code == 422


def test_a_hand_over_and_an_end(world: World) -> None:
    client = signed_in(world.people["county"])
    held = world.people["staff"].appointment
    assert held
    over = reverse("api-carrier-person-hand-over", args=["SL-990500-0001", held.pk])
    assert send(client, over, {"reason": "离职"}).status_code == 422
    made = send(client, over, {"reason": "离职", "new": NEW})
    assert made.status_code == 200
    assert send(client, over, {"reason": "离职", "new": NEW}).status_code == 404
    end = reverse("api-carrier-person-end", args=["SL-990500-0001", made.json()["id"]])
    assert send(client, end, {"reason": "轮岗"}).json()["revoked_at"]
    assert not Appointment.objects.filter(carrier_code="SL-990500-0001", revoked_at=None).exists()
    listed = {one["id"]: one["succeeded_by"] for one in client.get(MINE).json()}
    assert listed[held.pk] == made.json()["id"]


def test_they_stand_in_the_description(db: None) -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    here = "/api/v1/carriers/{code}/people/"
    assert {"get", "post"} <= set(paths[here])
    assert {"401", "404", "422"} <= set(paths[here]["post"]["responses"])
    assert f"{here}{{appointment_id}}/hand-over/" in paths
