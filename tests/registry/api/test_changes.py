"""Requests to change facts by API: asked, listed, moved; the same words and walls as the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.models import ChangeRequest
from tests.registry.changes import PDF, ask, move
from tests.registry.world import World, signed_in

pytestmark = pytest.mark.usefixtures("storage")
LIST = "/api/v1/changes/"
GIVEN = {
    "carrier": "SL-990500-0001", "facts": {"address": "河湾路 9 号"}, "happened_on": "2026-02-01",
    "reason": "迁入新楼", "basis": "租赁合同",
}  # fmt: skip


def post(world: World, who: str, path: str, body: dict[str, Any]) -> Any:
    return signed_in(world.people[who]).post(path, json.dumps(body), content_type="application/json")


def codes(answer: Any) -> list[str]:
    return [problem["code"] for problem in answer.json()["problems"]]


def test_a_form_with_a_document_asks(world: World) -> None:
    form = {**GIVEN, "facts": json.dumps(GIVEN["facts"]), "premises": SimpleUploadedFile("合同.pdf", PDF)}
    answer = signed_in(world.people["staff"]).post(LIST, form)
    told = answer.json()
    assert answer.status_code == 201, told
    assert told["facts"] == {"address": {"old": "", "new": "河湾路 9 号"}}
    assert (told["state"], told["last_stop"], told["is_late"]) == ("at_county", "at_county", False)
    assert [one["name"] for one in told["files"]] == ["合同.pdf"]
    assert [one["action"] for one in told["moves"]] == ["ask"]


def test_json_asks_and_a_missing_document_is_told(world: World) -> None:
    answer = post(world, "staff", LIST, GIVEN)
    assert answer.status_code == 422 and codes(answer) == ["change.evidence"]
    english = post(world, "staff", LIST, {**GIVEN, "facts": {"name_en": "Qinghe"}})
    assert english.status_code == 201


def test_a_dry_run_keeps_nothing(world: World) -> None:
    answer = post(world, "staff", f"{LIST}?dry_run=true", {**GIVEN, "facts": {"name_en": "Qinghe"}})
    assert answer.json() == {
        "facts": {"name_en": {"old": "", "new": "Qinghe"}},
        "first_stop": "at_county", "last_stop": "at_county", "is_late": False,
    }  # fmt: skip
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("facts", "status"),
    [({"name": 1}, 400), ("name", 400), ([], 400), ({"level": "national"}, 422), ({}, 422)],
)
def test_facts_are_text_by_name(world: World, facts: Any, status: int) -> None:
    assert post(world, "staff", LIST, {**GIVEN, "facts": facts}).status_code == status
    assert not ChangeRequest.objects.exists()


def test_fields_that_nobody_offers_change_nothing(world: World) -> None:
    body = {
        **GIVEN,
        "facts": {"name_en": "Q"},
        "state": "approved",
        "is_late": True,
        "decided_at": "2026-01-01",
    }
    told = post(world, "staff", LIST, body).json()
    assert (told["state"], told["is_late"], told["decided_at"]) == ("at_county", False, None)


def test_a_way_from_asking_to_approval(world: World) -> None:
    found = ask(world)
    moves = f"{LIST}{found.pk}/moves/"
    body = {"action": "return", "version": found.version, "comment": "请核对", "reasons": {"name": "不一致"}}
    told = post(world, "county", moves, body).json()
    assert told["state"] == "returned" and told["moves"][-1]["reasons"] == {"name": "不一致"}
    again = {**GIVEN, "facts": {"name": "青园孵化器"}, "version": told["version"]}
    told = post(world, "staff", f"{LIST}{found.pk}/again/", again).json()
    assert told["state"] == "at_county"
    told = post(world, "county", moves, {"action": "pass", "version": told["version"]}).json()
    told = post(world, "province", moves, {"action": "approve", "version": told["version"]}).json()
    assert told["state"] == "approved" and world.carrier("mine").name == "青园孵化器"


def test_a_stale_version_and_a_wrong_office_are_told(world: World) -> None:
    found = ask(world)
    moves = f"{LIST}{found.pk}/moves/"
    assert codes(post(world, "county", moves, {"action": "pass", "version": 0})) == ["change.moved"]
    assert codes(post(world, "province", moves, {"action": "pass", "version": found.version})) == [
        "move.role"
    ]
    assert post(world, "county", moves, {"action": "drop", "version": 1}).status_code == 400


@pytest.mark.parametrize("who", ["other_staff", "finance", "editor", "expert", "administrator"])
def test_to_others_it_is_not_there(world: World, who: str) -> None:
    found = ask(world)
    client = signed_in(world.people[who])
    assert client.get(f"{LIST}{found.pk}/").status_code == 404
    assert post(world, who, f"{LIST}{found.pk}/moves/", {"action": "pass", "version": 1}).status_code == 404
    again = {**GIVEN, "version": 1}
    assert post(world, who, f"{LIST}{found.pk}/again/", again).status_code == 404
    assert post(world, who, LIST, GIVEN).status_code in (404, 422)
    answer = client.get(LIST)
    assert answer.status_code == 404 or answer.json()["results"] == []


def test_a_visitor_is_asked_who_they_are(world: World) -> None:
    assert signed_in(world.people["visitor"]).get(LIST).status_code == 401


def test_the_list_is_narrowed(world: World) -> None:
    mine, other = ask(world), ask(world, "other_staff", "away")
    move(world, "county", mine, "pass")
    client = signed_in(world.people["province"])

    def ids(query: str) -> list[int]:
        return [one["id"] for one in client.get(f"{LIST}?{query}").json()["results"]]

    assert ids("") == [other.pk, mine.pk]
    assert ids("state=at_province") == [mine.pk]
    assert ids("region=990600") == [other.pk]
    assert ids("carrier=SL-990500-0001") == [mine.pk]
    assert ids("late=true") == []
    assert ids("late=false") == [other.pk, mine.pk]
    for query in ("state=x", "late=1"):
        assert client.get(f"{LIST}?{query}").status_code == 400
    assert client.get(f"{LIST}?asked_by__name=x").status_code == 400
