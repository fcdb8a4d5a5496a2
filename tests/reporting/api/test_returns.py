"""The API says what the pages say, to whom the pages say it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from office.services import jobs
from reporting.models import ReturnMove, WorkbookImport
from reporting.services import campaigns, filling, returns
from tests.reporting.conftest import DAY, SOUND, World, carrier, fill
from tests.reporting.workbooks import blank, put_fields, saved

API = "/api/v1/"
Browser = Callable[[Actor], "Caller"]


class Caller:
    """Speaks JSON for one person."""

    def __init__(self, actor: Actor) -> None:
        self.client = Client()
        assert actor.user is not None
        self.client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(API + path, headers=headers)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        kind = "application/json"
        return self.client.generic(method, API + path, json.dumps(body), content_type=kind, headers=headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)


@pytest.fixture(autouse=True)
def static_folder(settings: Any) -> None:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def url(world: World, path: str = "") -> str:
    return f"returns/{world.mine.pk}/{path}"


def submit(world: World) -> None:
    found = fill(world)
    returns.submit(actor=world.staff, return_id=found.pk, expected=0, commitment="承诺", at=DAY)


def codes(answer: Any) -> list[str]:
    return [problem["code"] for problem in answer.json()["problems"]]


def test_the_list_holds_what_one_may_know_of(world: World) -> None:
    assert [row["carrier"] for row in Caller(world.staff).get("returns/").json()["results"]] == [
        world.carrier.code
    ]
    both = [row["carrier"] for row in Caller(world.officer).get("returns/").json()["results"]]
    assert both == [world.other.code, world.carrier.code]
    assert Client().get(f"{API}returns/").status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "carrier__operator__name=x",
        "_connector=OR",
        "ordering=carrier__name",
        "year=x",
        "campaign=-1",
        "state=odd",
        "updated_since=yesterday",
        "updated_since=2026-03-18T14:32:00",
        "q=1",
    ],
)
def test_what_is_no_filter_or_no_value_of_it_is_400(world: World, query: str) -> None:
    assert Caller(world.officer).get(f"returns/?{query}").status_code == 400


def test_filters_narrow(world: World) -> None:
    fill(world)
    caller = Caller(world.officer)
    for query, number in {
        "state=filling": 2,
        f"carrier={world.carrier.code}": 1,
        "year=2025": 2,
        "year=2024": 0,
        "region=990502": 2,
        "kind=makerspace": 0,
        "updated_since=2026-03-18T14:32:00%2B08:00": 1,
        "updated_since=2026-03-18T14:33:00Z": 0,
        f"campaign={world.campaign.pk}": 2,
    }.items():
        assert len(caller.get(f"returns/?{query}").json()["results"]) == number, query


def test_the_list_costs_the_same_with_a_hundred_rows(world: World) -> None:
    caller = Caller(world.officer)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert caller.get("returns/?page_size=100").status_code == 200
        return len(found)

    cost()
    before = cost()
    made = [carrier(number, f"第{number}号孵化器", world.county) for number in range(10, 110)]
    campaigns.add_returns(campaign=world.campaign, carriers=made, at=DAY)
    assert cost() == before


def test_what_is_hidden_is_404_by_every_verb(world: World) -> None:
    caller = Caller(world.other_staff)
    for path in ("", "submit/", "workbook/", "tables/roster/"):
        assert caller.get(url(world, path)).status_code == 404
    for path, body in {
        "explain/": {"key": "x", "reason": "real", "text": "x"},
        "submit/": {"expected": 0, "commitment": True},
        "pass/": {"expected": 0},
        "return/": {"expected": 0, "comment": "x"},
        "accept/": {"expected": 0},
        "withdraw/": {"expected": 0},
    }.items():
        assert caller.post(url(world, path), body).status_code == 404
    assert (
        caller.send("PATCH", url(world, "values/"), {"values": {"area_total": {"value": "1"}}}).status_code
        == 404
    )
    assert caller.get("returns/999999999999999999999/").status_code == 404


def test_a_drafts_values_are_the_carriers_alone(world: World) -> None:
    fill(world)
    assert Caller(world.staff).get(url(world)).json()["values"] == SOUND
    seen = Caller(world.county_officer).get(url(world)).json()
    assert (seen["state"], seen["values"], seen["problems"]) == ("filling", None, None)
    assert Caller(world.county_officer).get(url(world, "tables/roster/")).status_code == 404


def test_the_api_names_the_same_problems_as_the_page(world: World) -> None:
    for code, value in {"area_total": "100", "area_tenants": "300", "area_service": "5万"}.items():
        filling.save_field(
            actor=world.staff, return_id=world.mine.pk, code=code, value=value, seen="", at=DAY
        )
    caller = Caller(world.staff)
    problems = caller.get(url(world)).json()["problems"]
    page = caller.client.get(f"/returns/{world.mine.pk}/").content.decode()
    assert len(problems) == 2
    assert all(problem["message"] in page and problem["fix"] in page for problem in problems)


def test_an_unchanged_return_is_304(world: World) -> None:
    fill(world)
    caller = Caller(world.staff)
    tag = caller.get(url(world))["ETag"]
    assert caller.get(url(world), **{"If-None-Match": tag}).status_code == 304
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="operator_note", value="迁址", seen="",
        at=DAY.replace(minute=40),
    )  # fmt: skip
    assert caller.get(url(world), **{"If-None-Match": tag}).status_code == 200


def test_fields_are_saved_all_or_none_against_what_was_seen(world: World) -> None:
    caller = Caller(world.staff)
    path = url(world, "values/")
    body = {"values": {"area_total": {"value": "1,000"}, "area_tenants": {"value": "400"}}}
    answer = caller.send("PATCH", path, body)
    assert answer.status_code == 200
    assert answer.json()["values"] == {"area_total": "1000", "area_tenants": "400"}
    assert answer.json()["computed"]["use_rate"] == "40"
    stale = {"values": {"area_total": {"value": "2", "seen": ""}, "area_service": {"value": "5"}}}
    refused = caller.send("PATCH", path, stale)
    assert (refused.status_code, codes(refused)) == (409, ["return.stale"])
    assert refused.json()["problems"][0]["found"] == "1000"
    assert world.mine.current.values == {"area_total": "1000", "area_tenants": "400"}


def test_a_dry_run_tells_and_keeps_nothing(world: World) -> None:
    body = {"values": {"area_total": {"value": "三千"}}}
    answer = Caller(world.staff).send("PATCH", url(world, "values/?dry_run=true"), body)
    assert answer.status_code == 200 and "cell.number" in codes(answer)
    assert world.mine.current.values == {} and world.mine.started_at is None


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"values": {}},
        {"values": {"area_total": "5"}},
        {"values": {"area_total": {"value": None}}},
        {"values": {"area_total": {"value": "1", "state": "accepted"}}},
        {"values": {"a": {"value": "1"}}, "state": "x"},
        {"values": {"area_total": {"value": "a\x00"}}},
        {"values": {"\ud800": {"value": "1"}}},
        {"values": {"a": {"value": "1"}}, "\ud800": 1},
    ],
)
def test_a_body_of_another_shape_is_400(world: World, body: Any) -> None:
    assert Caller(world.staff).send("PATCH", url(world, "values/"), body).status_code == 400
    assert world.mine.current.values == {}


def test_fields_that_there_are_not_or_that_are_computed_are_422(world: World) -> None:
    body = {"values": {"nothing": {"value": "1"}, "use_rate": {"value": "1"}}}
    answer = Caller(world.staff).send("PATCH", url(world, "values/"), body)
    assert (answer.status_code, codes(answer)) == (422, ["field.unknown", "field.computed"])


def test_a_question_is_explained_by_its_key(world: World) -> None:
    fill(world)
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="tenants_reported", value="9", seen="2", at=DAY
    )
    caller = Caller(world.staff)
    (question,) = caller.get(url(world)).json()["questions"]
    assert question["reason"] is None
    body = {"key": question["key"], "reason": "real", "text": "年末迁入七家"}
    (told,) = caller.post(url(world, "explain/"), body).json()["questions"]
    assert (told["reason"], told["text"]) == ("real", "年末迁入七家")
    assert caller.post(url(world, "explain/"), {**body, "reason": "none"}).status_code == 422


def test_the_chain_by_api_with_stale_and_doubled_moves(world: World) -> None:
    fill(world)
    staff, county, city, province = (
        Caller(actor) for actor in (world.staff, world.county_officer, world.city_officer, world.officer)
    )
    asked = staff.get(url(world, "submit/")).json()
    assert asked["expected"] == 0 and "填报甲" in asked["commitment"] and asked["problems"] == []
    assert codes(staff.post(url(world, "submit/"), {"expected": 0, "commitment": False})) == ["commitment"]
    done = staff.post(url(world, "submit/"), {"expected": 0, "commitment": True})
    assert (done.status_code, done.json()["state"], done.json()["version"]) == (200, "at_county", 1)
    assert staff.post(url(world, "submit/"), {"expected": 0, "commitment": True}).status_code == 409
    assert city.post(url(world, "pass/"), {"expected": 1}).status_code == 403
    assert county.post(url(world, "return/"), {"expected": 1}).status_code == 422
    assert county.post(url(world, "pass/"), {"expected": 0}).status_code == 409
    assert county.post(url(world, "pass/"), {"expected": 1}).json()["state"] == "at_city"
    assert city.post(url(world, "pass/"), {"expected": 2, "comment": "已核"}).json()["state"] == "at_province"
    assert province.post(url(world, "accept/"), {"expected": 3}).json()["state"] == "accepted"
    assert province.post(url(world, "accept/"), {"expected": 3}).status_code == 409
    assert [move.action for move in ReturnMove.objects.order_by("pk")] == ["submit", "pass", "pass", "accept"]


def test_sent_back_with_reasons_and_withdrawn(world: World) -> None:
    submit(world)
    staff, county = Caller(world.staff), Caller(world.county_officer)
    assert staff.post(url(world, "withdraw/"), {"expected": 1}).json()["state"] == "filling"
    staff.post(url(world, "submit/"), {"expected": 2, "commitment": True})
    body = {"expected": 3, "comment": "请核对", "reasons": {"area_total": "与合同不符"}}
    assert county.post(url(world, "return/"), {**body, "reasons": {"nothing": "x"}}).status_code == 422
    assert county.post(url(world, "return/"), body).json()["state"] == "returned"
    assert staff.get(url(world)).json()["moves"][-1]["reasons"] == {"area_total": "与合同不符"}


def test_a_request_that_is_sent_again_has_its_effect_once(world: World) -> None:
    fill(world)
    caller, body, key = (
        Caller(world.staff),
        {"expected": 0, "commitment": True},
        {"Idempotency-Key": "once-1"},
    )
    first = caller.post(url(world, "submit/"), body, **key)
    second = caller.post(url(world, "submit/"), body, **key)
    assert first.status_code == second.status_code == 200
    assert second["Idempotent-Replay"] == "true" and ReturnMove.objects.count() == 1


def test_campaigns_and_forms(world: World) -> None:
    fill(world)
    assert [row["year"] for row in Caller(world.staff).get("campaigns/").json()["results"]] == [2025]
    one = Caller(world.officer).get(f"campaigns/{world.campaign.pk}/").json()
    assert one["progress"]["not_started"] == 1 and one["progress"]["filling"] == 1
    assert [row["code"] for row in Caller(world.officer).get("forms/").json()["results"]] == [
        "incubator-annual"
    ]
    assert Caller(world.officer).get("campaigns/?region=x").status_code == 400


def test_rows_of_a_table(world: World) -> None:
    fill(world)
    found = Caller(world.staff).get(url(world, "tables/roster/")).json()["results"]
    assert [row["values"]["name"] for row in found] == ["甲科技公司", "乙生物公司"]
    assert Caller(world.staff).get(url(world, "tables/nothing/")).status_code == 404


# Workbooks.


def upload(caller: Caller, world: World, content: bytes, query: str = "") -> Any:
    file = SimpleUploadedFile("年报.xlsx", content)
    return caller.client.post(f"{API}{url(world, 'workbook/')}{query}", {"file": file})


def filled(world: World) -> bytes:
    book = blank(world.mine)
    put_fields(book, {code: int(value) for code, value in SOUND.items()})
    return saved(book)


def test_a_workbook_goes_up_is_checked_confirmed_and_written(world: World, storage: Path) -> None:
    caller = Caller(world.staff)
    made = upload(caller, world, filled(world))
    assert made.status_code == 202
    jobs.run(job_id=made.json()["job"])
    path = url(world, f"workbooks/{made.json()['id']}/")
    assert caller.get(path).json()["report"]["outcome"] == "accepted_with_questions"
    assert caller.post(f"{path}confirm/", {}).status_code == 202
    assert caller.post(f"{path}confirm/", {}).status_code == 409
    jobs.run(job_id=caller.get(path).json()["job"])
    assert caller.get(path).json()["state"] == "applied" and world.mine.current.values == SOUND
    assert Caller(world.county_officer).get(path).status_code == 404


def test_a_dry_run_of_a_workbook_answers_the_report_and_keeps_nothing(world: World, storage: Path) -> None:
    answer = upload(Caller(world.staff), world, filled(world), "?dry_run=true")
    assert answer.status_code == 200
    assert (answer.json()["carrier"], answer.json()["applied"]) == (world.carrier.code, False)
    assert not WorkbookImport.objects.exists() and world.mine.current.values == {}


def test_broken_and_foreign_workbooks_are_422_and_dropped_ones_are_not_used(
    world: World, storage: Path
) -> None:
    caller = Caller(world.staff)
    assert upload(caller, world, b"no workbook").status_code == 422
    assert codes(upload(caller, world, saved(blank(world.theirs)))) == ["workbook.carrier"]
    assert upload(Caller(world.county_officer), world, filled(world)).status_code == 404
    assert not WorkbookImport.objects.exists()
    made = upload(caller, world, filled(world)).json()
    path = url(world, f"workbooks/{made['id']}/")
    assert caller.post(f"{path}drop/", {}).json()["state"] == "dropped"
    assert caller.post(f"{path}confirm/", {}).status_code == 422
