"""Findings by API: what the pages show, the verbs of the pages, every refusal in their words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from registry.models import FindingStatement, Stay, TenancyFinding
from registry.services import findings, tenancy
from tests.registry.world import AT, World, credit_code, signed_in, stay, tenant

LIST = reverse("api-findings")


@pytest.fixture
def claimed(world: World) -> TenancyFinding:
    who = tenant(700, "双认公司")
    stay(world.carriers["mine"], who, date(2024, 6, 1))
    stay(world.carriers["away"], who, date(2025, 2, 3))
    tenancy.refresh(at=AT, root=world.regions["province"])
    found: TenancyFinding = TenancyFinding.objects.get()
    findings.say(actor=world.people["other_staff"], finding_id=found.pk, text="合同在西江", at=AT)
    return found


def url(found: TenancyFinding, name: str = "finding") -> str:
    return reverse(f"api-{name}", args=[found.pk])


def send(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer.json()["problems"]]


def test_a_finding_as_one_city_may_read_it(world: World, claimed: TenancyFinding) -> None:
    found = signed_in(world.people["city"]).get(url(claimed)).json()
    assert (found["kind"], found["state"], found["tenant"]) == ("double_claim", "explained", credit_code(700))
    assert found["message"] == "两家载体都登记为在驻。" and "第九条" in found["clause"]
    assert found["sides"] == [
        {"own": True, "carrier": "SL-990500-0001", "name": "青禾孵化器", "entered": "2024-06-01",
         "ended": None, "stay": claimed.stay_a_id},
        {"own": False, "carrier": "SL-990600-0001", "name": "星澜孵化器", "entered": "2025-02-03",
         "ended": None, "stay": None},
    ]  # fmt: skip
    assert found["statements"] == []
    told = signed_in(world.people["province"]).get(url(claimed)).json()["statements"]
    assert [(one["carrier"], one["text"]) for one in told] == [("SL-990600-0001", "合同在西江")]


@pytest.mark.parametrize("who", ["finance", "editor", "expert", "administrator"])
def test_others_find_nothing(world: World, claimed: TenancyFinding, who: str) -> None:
    client = signed_in(world.people[who])
    assert client.get(LIST).status_code == client.get(url(claimed)).status_code == 404
    assert send(client, url(claimed, "finding-say"), text="x").status_code == 404
    assert send(client, url(claimed, "finding-decide"), action="accept", text="x").status_code == 404
    assert Client().get(LIST).status_code == 401


def test_filters_are_those_of_the_page_and_strangers_are_named(world: World, claimed: TenancyFinding) -> None:
    client = signed_in(world.people["province"])

    def listed(**asked: str) -> int:
        return len(client.get(LIST, asked).json()["results"])

    assert listed() == listed(kind="double_claim", region="990600", q=credit_code(700).lower()) == 1
    assert listed(state="gone") == listed(kind="over_age") == 0
    for asked in ({"kind": "luck"}, {"tenant": "1"}):
        assert client.get(LIST, asked).status_code == 400


def test_said_and_decided_with_every_reason_against_it(world: World, claimed: TenancyFinding) -> None:
    staff, city = signed_in(world.people["staff"]), signed_in(world.people["city"])
    answer = send(staff, url(claimed, "finding-say"), text="在我处办公")
    assert answer.status_code == 200 and answer.json()["statements"][0]["text"] == "在我处办公"
    refused = send(city, url(claimed, "finding-decide"), action="accept", text="核")
    assert (refused.status_code, codes(refused)) == (422, ["finding.both_sides"])
    refused = send(city, url(claimed, "finding-decide"), action="end", text="核", stay=claimed.stay_b_id)
    assert codes(refused) == ["finding.other_side", "finding.ended"]
    about = {"action": "end", "text": "核", "stay": claimed.stay_a_id, "ended": "2026-03-01"}
    done = send(city, url(claimed, "finding-decide"), **about)
    assert done.status_code == 200 and done.json()["state"] == "decided"
    assert Stay.objects.get(pk=claimed.stay_a_id).ended == date(2026, 3, 1)
    assert codes(send(city, url(claimed, "finding-decide"), **about)) == ["move.state"]
    assert send(city, url(claimed, "finding-decide"), action="burn", text="核").status_code == 400


def test_one_key_is_one_act(world: World, claimed: TenancyFinding) -> None:
    client = signed_in(world.people["staff"])
    for _ in range(2):
        answer = client.post(
            url(claimed, "finding-say"), {"text": "在我处"}, content_type="application/json",
            headers={"Idempotency-Key": "one-and-the-same"},
        )  # fmt: skip
        assert answer.status_code == 200
    assert FindingStatement.objects.filter(text="在我处").count() == 1


def test_tenants_are_found_by_codes_as_people_type_them(world: World) -> None:
    client = signed_in(world.people["staff"])
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in credit_code(101).lower())
    for q in (wide, credit_code(101)[:12], "甲科"):
        found = client.get(reverse("api-tenants"), {"q": q}).json()["results"]
        assert [one["name"] for one in found] == ["甲科技公司"], q


def test_the_schema_tells_the_sides(db: None) -> None:
    schema = SchemaGenerator().get_schema(public=True)
    assert "/api/v1/findings/{id}/decision/" in schema["paths"]
    sides = schema["components"]["schemas"]["Finding"]["properties"]["sides"]
    assert "Side" in str(sides)
