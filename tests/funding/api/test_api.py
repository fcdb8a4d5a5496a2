"""The API: the same visibility and the same refusals as the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from accounts.actors import Actor
from funding.models import Allocation
from tests.evaluation.world import accepted, carrier
from tests.funding.world import AT, World

JSON = "application/json"
OVERSEEING = {"officer", "second", "auditor", "finance", "second_payer"}


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(2026, 7, 1, 9, 0)


def signed_in(actor: Actor | None) -> Client:
    client = Client()
    if actor is not None and actor.user is not None:
        client.force_login(actor.user)
    return client


def everyone(world: World) -> list[tuple[str, Client]]:
    return [("visitor", Client()), *((name, signed_in(actor)) for name, actor in world.everyone())]


def awards(client: Client, **asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(reverse("api-awards"), asked).json()["results"]
    return found


def test_awards_are_given_out_once_decided_whoever_asks(world: World) -> None:
    made = world.draft()
    for name, client in everyone(world):
        assert awards(client) == [], name
        sees = name in OVERSEEING
        listed = client.get(reverse("api-allocations")).json()["results"]
        assert len(listed) == int(sees), name
        one = client.get(reverse("api-allocation", args=[made.pk]))
        assert one.status_code == (200 if sees else 404), name


def test_decided_awards_are_public_and_exact(world: World) -> None:
    made = world.confirmed()
    (one,) = awards(Client(), carrier="FH-1")
    assert one == {
        "allocation": made.pk, "policy": "small-money", "year": 2025, "carrier": "FH-1",
        "name": "FH-1孵化器", "city": "990100", "award": "space", "title": "场地补贴", "payer": "市级",
        "claimed": "100000.00", "amount": "100000.00", "because": None,
    }  # fmt: skip
    assert len(awards(Client())) == 8
    for name, client in everyone(world):
        grounds = awards(client, carrier="FH-1")[0]["because"]
        assert (grounds is not None) == (name in OVERSEEING | {"staff", "county", "city"}), name
    assert {one["carrier"] for one in awards(Client(), city="990200")} == {"FH-4", "FH-5"}
    assert awards(Client(), year="2024") == []
    assert Client().get(reverse("api-awards"), {"year": "x"}).status_code == 400


def test_money_is_worked_out_and_confirmed_once_with_one_key(world: World) -> None:
    sent = {"policy": world.policy.pk, "run": world.published.pk}
    url = reverse("api-allocations")
    assert Client().post(url, sent, content_type=JSON).status_code == 401
    client = signed_in(world.payer)
    key = {"Idempotency-Key": "one"}
    first = client.post(url, sent, content_type=JSON, headers=key)
    again = client.post(url, sent, content_type=JSON, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["payers"][1]["budget"] == "1100000.00"
    assert Allocation.objects.count() == 1
    moves = reverse("api-allocation-moves", args=[first.json()["id"]])
    confirm = {"action": "confirm", "version": 0}
    own = client.post(moves, confirm, content_type=JSON)
    assert [one["code"] for one in own.json()["problems"]] == ["allocation.second_person"]
    second = signed_in(world.second_payer)
    done = [second.post(moves, confirm, content_type=JSON, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in done] == [200, 200]
    assert done[0].json()["state"] == "confirmed"
    stale = second.post(moves, confirm, content_type=JSON)
    assert (stale.status_code, stale.json()["problems"][0]["code"]) == (422, "allocation.moved")


def test_a_move_by_who_may_not_know_of_it_is_404(world: World) -> None:
    made = world.draft()
    url = reverse("api-allocation-moves", args=[made.pk])
    sent = {"action": "confirm", "version": 0}
    assert Client().post(url, sent, content_type=JSON).status_code == 401
    for name in ("city", "county", "expert", "editor", "staff", "city_payer"):
        assert signed_in(getattr(world, name)).post(url, sent, content_type=JSON).status_code == 404, name
    assert signed_in(world.auditor).post(url, sent, content_type=JSON).status_code == 422
    made.refresh_from_db()
    assert made.state == "draft"


@pytest.mark.parametrize("sent", [{}, {"policy": "x", "run": 1}, {"policy": 10**30, "run": 1}, [1]])
def test_a_malformed_request_is_told_what_is_wrong(world: World, sent: Any) -> None:
    answer = signed_in(world.payer).post(reverse("api-allocations"), sent, content_type=JSON)
    assert answer.status_code == 400
    assert answer.json()["problems"]
    unknown = {"policy": 999, "run": world.published.pk}
    assert (
        signed_in(world.payer).post(reverse("api-allocations"), unknown, content_type=JSON).status_code == 404
    )


def test_a_policy_is_given_word_for_word(world: World) -> None:
    one = reverse("api-policy", args=[world.policy.pk])
    assert Client().get(one).status_code == 404
    assert Client().get(reverse("api-policies")).json()["results"] == []
    world.confirmed()
    found = Client().get(one).json()
    assert (found["digest"], found["yaml"]) == (world.policy.digest, world.policy.source)


@pytest.mark.parametrize("name", ["api-awards", "api-allocations", "api-policies"])
def test_a_list_takes_the_same_queries_at_every_length(
    world: World, name: str, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(100):
        accepted(world.campaign, carrier(f"GH-{n}", world.regions["990101"]), {"area": "500"})
    run = world.run("published", at=AT)
    world.published = run
    world.confirmed()
    with django_assert_max_num_queries(6) as few:
        Client().get(reverse(name), {"page_size": "1"})
    with django_assert_num_queries(len(few)):
        Client().get(reverse(name), {"page_size": "100"})


def test_every_address_is_described() -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    mine = ("/policies/", "/allocations/", "/awards/")
    assert {path: set(found) for path, found in paths.items() if any(word in path for word in mine)} == {
        "/api/v1/policies/": {"get"},
        "/api/v1/policies/{id}/": {"get"},
        "/api/v1/allocations/": {"get", "post"},
        "/api/v1/allocations/{id}/": {"get"},
        "/api/v1/allocations/{id}/moves/": {"post"},
        "/api/v1/awards/": {"get"},
    }
