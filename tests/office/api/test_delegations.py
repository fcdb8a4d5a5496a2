"""An appointment is lent and taken back by API, in the words of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Appointment, User
from accounts.rules.roles import Role

pytestmark = pytest.mark.django_db
LIST = "/api/v1/delegations/"
TERM = {"valid_from": "2026-03-19", "valid_to": "2026-03-29", "reason": "出差"}


def signed_in(actor: Actor) -> Client:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sent(client: Client, path: str, body: dict[str, Any], status: int) -> Any:
    answer = client.post(path, body, "application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_lent_seen_by_both_and_taken_back(cast: Callable[..., Actor], at: Callable[..., datetime]) -> None:
    at(2026, 3, 18, 9, 0)
    giver, other = cast("柳青", Role.PROVINCE_OFFICER), User.objects.create_user("lin", name="林")
    mine, theirs = signed_in(giver), signed_in(Actor(user=other))
    made = sent(mine, LIST, {"username": "lin", "name": "林", **TERM}, 201)
    assert (made["to"], made["role"], made["valid_to"]) == ("林", "province_officer", "2026-03-29")
    assert [one["id"] for one in mine.get(LIST).json()] == [made["id"]]
    assert [one["id"] for one in theirs.get(LIST).json()] == [made["id"]]
    stranger = signed_in(Actor(user=User.objects.create_user("wu", name="吴")))
    assert stranger.get(LIST).json() == []
    end = f"{LIST}{made['id']}/end/"
    sent(stranger, end, {}, 404)
    assert sent(mine, end, {"reason": "已回"}, 200)["revoked_at"]
    assert Appointment.objects.get(pk=made["id"]).revoked_at and mine.get(LIST).json() == []


def test_all_reasons_at_once(cast: Callable[..., Actor], at: Callable[..., datetime]) -> None:
    at(2026, 3, 18, 9, 0)
    mine = signed_in(cast("柳青", Role.PROVINCE_OFFICER))
    told = sent(mine, LIST, {"username": "nobody", "name": "无", **TERM, "valid_to": "2027-03-29"}, 422)
    assert {one["code"] for one in told["problems"]} >= {"delegation.person"} and len(told["problems"]) > 1
    assert Client().get(LIST).status_code == 401
