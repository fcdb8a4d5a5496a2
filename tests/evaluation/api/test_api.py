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
from evaluation.models import Objection, Run
from tests.evaluation.world import AT, World, accepted, carrier

JSON = "application/json"


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(2026, 5, 21, 9, 0)


def signed_in(actor: Actor | None) -> Client:
    client = Client()
    if actor is not None and actor.user is not None:
        client.force_login(actor.user)
    return client


def results(client: Client, **asked: str) -> list[tuple[str, str]]:
    answer = client.get(reverse("api-results"), asked).json()["results"]
    return [(one["carrier"], one["grade"]) for one in answer]


@pytest.mark.parametrize("state", ["draft", "frozen", "scored", "publicised"])
def test_results_are_given_out_once_published_whoever_asks(world: World, state: str) -> None:
    world.run(state)
    for _, actor in [("visitor", None), *world.everyone()]:
        assert results(signed_in(actor)) == []


def test_published_results_are_public_and_exact(world: World) -> None:
    run = world.run("published")
    found = Client().get(reverse("api-results"), {"carrier": "FH-1"}).json()["results"]
    assert found == [
        {
            "run": run.pk, "year": 2025, "carrier": "FH-1", "name": "FH-1孵化器", "city": "990100",
            "rank": 4, "total": "22.50", "grade": "C",
        }
    ]  # fmt: skip
    assert {code for code, _ in results(Client())} == {"FH-1", "FH-2", "FH-3", "FH-4", "FH-5"}
    assert results(Client(), grade="C", city="990200") == [("FH-5", "C")]
    assert len(results(Client(), carrier__region__path="/")) == 5  # no filter of that name
    assert Client().get(reverse("api-results"), {"year": "x"}).status_code == 400


def test_runs_are_listed_as_far_as_one_may_know_of_them(world: World) -> None:
    run = world.run("scored")
    for name, actor in [("visitor", None), *world.everyone()]:
        client = signed_in(actor)
        knows = name in ("officer", "second", "auditor")
        assert len(client.get(reverse("api-runs")).json()["results"]) == int(knows), name
        assert client.get(reverse("api-run", args=[run.pk])).status_code == (200 if knows else 404), name
    assert signed_in(world.officer).get(reverse("api-runs"), {"state": "draft"}).json()["results"] == []


def test_a_run_is_moved_once_with_one_key(world: World) -> None:
    run = world.run("frozen")
    client = signed_in(world.officer)
    url = reverse("api-run-moves", args=[run.pk])
    sent = {"action": "score", "version": run.version}
    first = client.post(url, sent, content_type=JSON, headers={"Idempotency-Key": "one"})
    again = client.post(url, sent, content_type=JSON, headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["state"] == "scored"
    assert run.moves.filter(action="score").count() == 1
    stale = client.post(url, sent, content_type=JSON)
    assert stale.status_code == 422
    assert [one["code"] for one in stale.json()["problems"]] == ["run.moved"]


def test_a_move_by_who_may_not_know_of_the_run_is_404(world: World) -> None:
    run = world.run("scored")
    url = reverse("api-run-moves", args=[run.pk])
    sent = {"action": "publicise", "version": run.version}
    assert Client().post(url, sent, content_type=JSON).status_code == 401
    for name in ("city", "county", "expert", "finance", "editor", "staff"):
        assert signed_in(getattr(world, name)).post(url, sent, content_type=JSON).status_code == 404, name
    refused = signed_in(world.auditor).post(url, sent, content_type=JSON)
    assert refused.status_code == 422
    assert Run.objects.get().state == "scored"


@pytest.mark.parametrize(
    "sent", [{}, {"action": "explode", "version": 1}, {"action": "score", "version": "x"}, [1]]
)
def test_a_malformed_move_is_told_what_is_wrong(world: World, sent: Any) -> None:
    run = world.run("frozen")
    answer = signed_in(world.officer).post(reverse("api-run-moves", args=[run.pk]), sent, content_type=JSON)
    assert answer.status_code == 400
    assert answer.json()["problems"]


def test_an_objection_is_filed_and_decided(world: World) -> None:
    run = world.run("publicised")
    url = reverse("api-objections")
    staff = signed_in(world.staff)
    assert staff.post(url, {"run": run.pk, "text": "短"}, content_type=JSON).status_code == 422
    assert staff.post(url, {"run": 999, "text": "请复核本单位的数据。"}, content_type=JSON).status_code == 404
    made = staff.post(url, {"run": run.pk, "text": "请复核本单位的场地数据。"}, content_type=JSON)
    assert made.status_code == 201
    one = reverse("api-objection", args=[made.json()["id"]])
    seen = {name for name, actor in world.everyone() if signed_in(actor).get(one).status_code == 200}
    assert seen == {"officer", "second", "auditor", "city", "county", "staff"}
    decision = reverse("api-objection-decision", args=[made.json()["id"]])
    sent = {"action": "reject", "comment": "与报表一致"}
    assert signed_in(world.other_staff).post(decision, sent, content_type=JSON).status_code == 404
    assert staff.post(decision, sent, content_type=JSON).status_code == 422
    assert signed_in(world.officer).post(decision, sent, content_type=JSON).json()["state"] == "rejected"
    assert signed_in(world.expert).get(url).status_code == 404
    assert Client().get(url).status_code == 401
    assert Objection.objects.get().decision == "与报表一致"


def test_a_scheme_is_given_word_for_word(world: World) -> None:
    one = reverse("api-scheme", args=[world.scheme.pk])
    assert Client().get(one).status_code == 404
    assert Client().get(reverse("api-schemes")).json()["results"] == []
    world.run("published")
    found = Client().get(one).json()
    assert (found["digest"], found["yaml"]) == (world.scheme.digest, world.scheme.source)


@pytest.mark.parametrize("name", ["api-results", "api-runs", "api-schemes"])
def test_a_list_takes_the_same_queries_at_every_length(
    world: World, name: str, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    run = world.run("published")
    with django_assert_max_num_queries(6) as few:
        Client().get(reverse(name))
    for n in range(20):
        accepted(world.campaign, carrier(f"GH-{n}", world.regions["990101"]), {"area": "500"})
    second = world.run("published", at=AT)
    assert second.pk != run.pk
    with django_assert_num_queries(len(few)):
        Client().get(reverse(name))


def test_every_address_is_described() -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    mine = {path: set(found) for path, found in paths.items() if "/runs/" in path or "/objections/" in path}
    assert mine == {
        "/api/v1/runs/": {"get"},
        "/api/v1/runs/{id}/": {"get"},
        "/api/v1/runs/{id}/moves/": {"post"},
        "/api/v1/objections/": {"get", "post"},
        "/api/v1/objections/{id}/": {"get"},
        "/api/v1/objections/{id}/decision/": {"post"},
    }
