"""Applications by API: who reads what, the moves, the words of refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from registry.models import Application
from tests.registry.applying import act, begun, handed_in, newcomer
from tests.registry.rules.test_registering import GOOD
from tests.registry.world import World, credit_code, signed_in

pytestmark = pytest.mark.usefixtures("storage")
LIST = reverse("api-applications")


def url(found: Application, more: str = "") -> str:
    return reverse(f"api-application{more}", args=[found.pk])


def move(client: Client, found: Application, status: int = 200, **asked: Any) -> Any:
    answer = client.post(url(found, "-moves"), {"round": found.round, **asked}, "application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_registration_by_api(world: World) -> None:
    applicant = newcomer()
    mine, found = signed_in(applicant), begun(applicant)
    told = mine.get(url(found)).json()
    assert (told["state"], told["facts"], told["problems"]) == ("draft", GOOD, [])
    assert told["actions"] == ["submit", "withdraw"]
    assert move(mine, found, action="submit")["number"] == "SL-DJ-2026-00001"
    found.refresh_from_db()
    for who, action in (("county", "pass"), ("city", "pass"), ("province", "register")):
        told = move(signed_in(world.people[who]), found, action=action)
    assert (told["state"], told["carrier"], told["actions"]) == ("registered", "SL-990500-0003", [])


def test_a_return_names_its_items(world: World) -> None:
    applicant = newcomer()
    found, county = handed_in(applicant), signed_in(world.people["county"])
    refused = move(county, found, 422, action="return")
    assert refused["problems"][0]["code"] == "remark.none"
    told = move(county, found, action="return", remarks={"address": "写到门牌号"})
    assert [(one["item"], one["text"]) for one in told["remarks"]] == [("address", "写到门牌号")]
    again = signed_in(applicant)
    assert again.get(url(found)).json()["actions"] == ["resubmit", "withdraw"]
    assert move(again, found, action="resubmit")["round"] == 2


def test_doubts_are_told_to_offices_alone_and_cleared_with_a_reason(world: World) -> None:
    applicant = newcomer()
    found = handed_in(applicant, name="青禾众创空间")
    assert signed_in(applicant).get(url(found)).json()["doubts"] == []
    county = signed_in(world.people["county"])
    (doubt,) = county.get(url(found)).json()["doubts"]
    assert (doubt["against"], doubt["credit_code"]) == ("carrier:SL-990500-0001", credit_code(1))
    refused = move(county, found, 422, action="pass")
    assert refused["problems"][0]["code"] == "application.doubt"
    given = {"against": doubt["against"], "reason": "不同机构", "round": 1}
    told = county.post(url(found, "-clearances"), given, "application/json").json()
    assert told["doubts"][0]["cleared"] == "不同机构"
    assert move(county, found, action="pass")["state"] == "at_city"


def test_the_same_request_twice_has_its_effect_once(world: World) -> None:
    found, county = handed_in(newcomer()), signed_in(world.people["county"])
    asked = {"action": "pass", "round": 1}
    first, second = (
        county.post(url(found, "-moves"), asked, "application/json", headers={"Idempotency-Key": "a"})
        for _twice in range(2)
    )
    assert first.json() == second.json()
    assert found.moves.filter(action="pass").count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 404), ("county", 200), ("city", 200), ("province", 200), ("auditor", 404), ("expert", 404)],
)
def test_who_reads_it(world: World, who: str, status: int) -> None:
    found = handed_in(newcomer())
    client = signed_in(world.people[who])
    assert client.get(url(found)).status_code == status
    assert len(client.get(LIST).json()["results"]) == (status == 200)
    stranger = client.post(url(found, "-moves"), {"action": "withdraw", "round": 1}, "application/json")
    assert stranger.status_code == 404


def test_visitors_are_asked_who_they_are(world: World) -> None:
    found = handed_in(newcomer())
    assert {Client().get(one).status_code for one in (LIST, url(found))} == {401}


def test_filters_and_what_is_none(world: World) -> None:
    first = handed_in(newcomer())
    handed_in(newcomer("申请乙"), name="海棠众创空间", credit_code=credit_code(78), region="990503")
    act(world, "county", "pass_on", first)
    city = signed_in(world.people["city"])

    def names(**asked: str) -> list[str]:
        return [one["name"] for one in city.get(LIST, asked).json()["results"]]

    assert sorted(names()) == sorted([GOOD["name"], "海棠众创空间"])
    assert names(state="at_city") == [GOOD["name"]]
    assert names(region="990503") == names(q="海棠") == ["海棠众创空间"]
    assert city.get(LIST, {"colour": "red"}).status_code == 400


def test_the_schema_knows_them(world: World) -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    assert {"/api/v1/applications/", "/api/v1/applications/{application_id}/moves/"} <= set(paths)
