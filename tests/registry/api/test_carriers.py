"""The register by API: carriers are public, operators and tenants belong to one's scope."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from registry.models import Carrier
from tests.registry.world import AT, World, carrier, credit_code, operator, signed_in, stay, tenant

CARRIERS, OPERATORS, TENANTS = (reverse(f"api-{name}") for name in ("carriers", "operators", "tenants"))


def codes(client: Client, url: str = CARRIERS, **asked: str) -> list[str]:
    answer = client.get(url, asked)
    assert answer.status_code == 200, answer.content
    return [one.get("code") or one["credit_code"] for one in answer.json()["results"]]


def problems(answer: Any) -> list[tuple[str, str]]:
    return [(one["code"], one["field"]) for one in answer.json()["problems"]]


def test_public_facts_of_a_carrier(world: World) -> None:
    found = Client().get(reverse("api-carrier", args=["SL-990500-0001"])).json()
    assert found == {
        "code": "SL-990500-0001", "name": "青禾孵化器", "name_en": "", "former_names": [],
        "kind": "incubator", "carrier_class": "comprehensive", "field": "", "level": "provincial",
        "level_name": "省级",
        "designation": "", "operator": {"name": "青禾运营有限公司"}, "region": "990502",
        "home_region": None, "host_place": "", "address": "", "area_total": None, "area_tenants": None,
        "area_public": None,
        "opened_on": None, "listed_year": 2020, "state": "active", "as_of": None,
        "updated_at": found["updated_at"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "inside"),
    [("visitor", False), ("expert", False), ("other_staff", False), ("staff", True), ("county", True),
     ("auditor", True)],
)  # fmt: skip
def test_contacts_are_told_to_those_who_work_with_it(world: World, who: str, inside: bool) -> None:
    client = signed_in(world.people[who])
    one = client.get(reverse("api-carrier", args=["SL-990500-0001"])).json()
    listed = client.get(CARRIERS, {"q": "青禾孵"}).json()["results"][0]
    for told in (one["operator"], listed["operator"]):
        assert told.get("phone") == ("0990-5550001" if inside else None)
        assert told.get("credit_code") == (credit_code(1) if inside else None)


def test_filters_are_those_of_the_page(world: World) -> None:
    client = Client()
    assert codes(client) == ["SL-990500-0001", "SL-990500-0002", "SL-990600-0001"]
    assert codes(client, kind="makerspace") == ["SL-990500-0002"]
    assert codes(client, region="990600", level="national", q="xl") == ["SL-990600-0001"]
    assert codes(client, q=credit_code(1)) == []


def test_every_parameter_that_is_none_is_named(world: World) -> None:
    answer = Client().get(CARRIERS, {"operator__phone": "1", "ordering": "phone", "kind": "incubator"})
    assert answer.status_code == 400
    assert [field for _, field in problems(answer)] == ["operator__phone", "ordering"]
    answer = Client().get(CARRIERS, {"kind": "hotel", "region": "x"})
    assert answer.status_code == 400 and {field for _, field in problems(answer)} == {"kind", "region"}
    assert Client().get(CARRIERS, {"updated_since": "yesterday"}).status_code == 400
    assert Client().get(CARRIERS, {"cursor": "nonsense"}).status_code == 404
    for url in (reverse("api-carrier", args=["SL-990500-0001"]), reverse("api-regions")):
        assert Client().get(url, {"x": "1"}).status_code == 400


def test_pages_by_cursor_hold_every_carrier_once(world: World) -> None:
    run_by = operator(700, "翻页运营")
    for number in range(25):
        carrier(f"SL-990500-8{number:03d}", f"载体{number}", world.regions["near"], run_by)
    url: str | None = f"{CARRIERS}?page_size=10"
    seen: list[str] = []
    while url:
        page = Client().get(url).json()
        seen += [one["code"] for one in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 28
    assert len(Client().get(f"{CARRIERS}?page_size=9999").json()["results"]) == 28


def test_what_changed_since_tells_closed_ones_by_code_and_state_only(world: World) -> None:
    later = AT + timedelta(hours=1)
    Carrier.objects.filter(code__in=("SL-990600-0002", "SL-990500-0002")).update(updated_at=later)
    found = Client().get(CARRIERS, {"updated_since": later.isoformat()}).json()["results"]
    assert [one["code"] for one in found] == ["SL-990500-0002", "SL-990600-0002"]
    assert found[1] == {
        "code": "SL-990600-0002", "state": "closed", "updated_at": found[1]["updated_at"],
    }  # fmt: skip
    none = Client().get(CARRIERS, {"updated_since": (later + timedelta(seconds=1)).isoformat()})
    assert none.json()["results"] == []


def test_an_answer_that_the_client_has_is_not_sent_again(world: World) -> None:
    first = Client().get(CARRIERS)
    again = Client().get(CARRIERS, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Carrier.objects.filter(code="SL-990500-0001").update(name="青禾新孵化器")
    assert Client().get(CARRIERS, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_closed_carrier_answers_as_a_missing_one_to_the_byte(world: World) -> None:
    for who in ("visitor", "staff", "city", "expert"):
        client = signed_in(world.people[who])
        hidden, missing = (
            client.get(reverse("api-carrier", args=[code])) for code in ("SL-990600-0002", "SL-990600-9999")
        )
        assert (hidden.status_code, hidden.content) == (404, missing.content)
    assert signed_in(world.people["province"]).get(
        reverse("api-carrier", args=["SL-990600-0002"])
    ).json()["name"] == "旧港孵化器"  # fmt: skip


@pytest.mark.parametrize(
    ("who", "tenants", "operators"),
    [
        ("staff", {101}, {1}),
        ("other_staff", {102}, {2}),
        ("county", {101}, {1}),
        ("city", {101}, {1, 2}),
        ("province", {101, 102}, {1, 2}),
        ("auditor", {101, 102}, {1, 2}),
        ("expert", set(), set()),
        ("administrator", set(), set()),
    ],
)
def test_tenants_and_operators_are_those_of_the_scope(
    world: World, who: str, tenants: set[int], operators: set[int]
) -> None:
    client = signed_in(world.people[who])
    assert set(codes(client, TENANTS)) == {credit_code(number) for number in tenants}
    assert set(codes(client, OPERATORS)) == {credit_code(number) for number in operators}
    for number in (101, 102):
        answer = client.get(reverse("api-tenant", args=[credit_code(number)]))
        assert answer.status_code == (200 if number in tenants else 404)
    for number in (1, 2):
        answer = client.get(reverse("api-operator", args=[credit_code(number)]))
        assert answer.status_code == (200 if number in operators else 404)


def test_staff_asking_for_another_carriers_tenants_gets_nothing(world: World) -> None:
    client = signed_in(world.people["staff"])
    assert codes(client, TENANTS, carrier="SL-990600-0001") == []
    assert codes(client, TENANTS, q=credit_code(102)) == []
    hidden, missing = (client.get(reverse("api-tenant", args=[credit_code(number)])) for number in (102, 999))
    assert (hidden.status_code, hidden.content) == (404, missing.content)


def test_of_a_shared_tenant_only_the_stays_of_the_scope_are_told(world: World) -> None:
    shared = tenant(140, "共有公司")
    stay(world.carriers["mine"], shared)
    stay(world.carriers["away"], shared)
    found = signed_in(world.people["staff"]).get(TENANTS, {"q": "共有"}).json()["results"]
    assert [[one["carrier"] for one in row["stays"]] for row in found] == [["SL-990500-0001"]]
    both = signed_in(world.people["province"]).get(TENANTS, {"q": credit_code(140)}).json()["results"]
    assert len(both) == 1 and len(both[0]["stays"]) == 2


@pytest.mark.parametrize("url", [OPERATORS, TENANTS])
def test_a_visitor_has_to_sign_in(world: World, url: str) -> None:
    answer = Client().get(url)
    assert answer.status_code in (401, 403) and answer.json()["problems"]


@pytest.mark.parametrize("url", [CARRIERS, OPERATORS, TENANTS])
def test_the_register_is_not_changed_by_api(world: World, url: str) -> None:
    client = signed_in(world.people["province"])
    assert client.post(url, {}, content_type="application/json").status_code == 405
    assert client.delete(url).status_code == 405


@pytest.mark.parametrize("url", [CARRIERS, OPERATORS, TENANTS])
def test_as_many_queries_with_a_hundred_rows_as_with_one(world: World, url: str) -> None:
    client = signed_in(world.people["province"])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url, {"page_size": "1"})
    for number in range(100):
        run_by = operator(800 + number, f"运营{number}")
        one = carrier(f"SL-990600-7{number:03d}", f"载体{number}", world.regions["other"], run_by)
        stay(one, tenant(2000 + number))
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(url, {"page_size": "100"}).json()["results"]) == 100
    assert len(many) <= len(few)


def test_each_address_is_documented_with_its_filters() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    paths = schema["paths"]
    for name in ("carriers", "operators", "tenants", "regions"):
        (path,) = [path for path in paths if path.endswith(f"/{name}/")]
        assert set(paths[path]["get"]["responses"]) >= {"200", "400", "404"}
    (path,) = [path for path in paths if path.endswith("/carriers/")]
    named = {one["name"] for one in paths[path]["get"]["parameters"]}
    assert named >= {"kind", "level", "region", "q", "updated_since", "cursor"}
