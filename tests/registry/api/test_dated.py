"""Dated facts by API: the directory and a carrier as of a day, its versions, the vocabulary of levels."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from office.services import files
from registry.models import Carrier, Operator
from registry.services import carriers
from registry.services.carriers import NewCarrier
from tests.registry.world import AT, World, credit_code, signed_in

CARRIERS, DAY = reverse("api-carriers"), "2023-12-31"


def registered(world: World, number: int = 1) -> Carrier:
    """Registered in 2020, national since 2022, renamed in 2024."""
    province = world.people["province"]
    one = carriers.register_carrier(
        actor=province,
        new=NewCarrier(
            name=f"潮生孵化器{number}", kind="incubator", carrier_class="comprehensive",
            operator=Operator.objects.get(credit_code=credit_code(1)), region=world.regions["near"],
            listed_year=2020, valid_from=date(2020, 1, 1), basis="列入统计",
        ),
        at=AT,
    )  # fmt: skip
    carriers.record_level(
        actor=province, code=one.code, level="national", decided_on=date(2022, 6, 1), basis="认定通知", at=AT
    )
    carriers.change_carrier(
        actor=province, code=one.code, changes={"name": f"望潮孵化器{number}"}, valid_from=date(2024, 6, 1),
        basis="更名批复", at=AT, document_number="示科〔2024〕5号", batch="第二批",
    )  # fmt: skip
    return one


def versions(client: Client, code: str) -> Any:
    answer = client.get(reverse("api-carrier-versions", args=[code]))
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_list_and_one_carrier_as_of_a_day(world: World) -> None:
    one = registered(world)
    (listed,) = Client().get(CARRIERS, {"on": DAY, "level": "national"}).json()["results"]
    single = Client().get(reverse("api-carrier", args=[one.code]), {"on": DAY}).json()
    assert listed == single
    assert (single["name"], single["level"], single["level_name"]) == ("潮生孵化器1", "national", "国家级")
    assert (single["as_of"], single["former_names"]) == (DAY, [])
    now = Client().get(reverse("api-carrier", args=[one.code])).json()
    assert (now["name"], now["level_name"], now["as_of"], now["former_names"]) == (
        "望潮孵化器1", "标准级", None, ["潮生孵化器1"],
    )  # fmt: skip


def test_before_its_first_fact_a_carrier_is_not_there(world: World) -> None:
    one = registered(world)
    assert Client().get(CARRIERS, {"on": "2019-12-31"}).json()["results"] == []
    assert Client().get(reverse("api-carrier", args=[one.code]), {"on": "2019-12-31"}).status_code == 404


@pytest.mark.parametrize("given", ["2026-03-19", "yesterday", "2023-02-30", "0"])
def test_a_day_that_is_none_is_a_sentence(world: World, given: str) -> None:
    for url in (CARRIERS, reverse("api-carrier", args=["SL-990500-0001"])):
        answer = Client().get(url, {"on": given})
        assert answer.status_code == 400
        assert [one["field"] for one in answer.json()["problems"]] == ["on"]


def test_contacts_are_told_by_todays_scope(world: World) -> None:
    one = registered(world)
    carriers.change_carrier(
        actor=world.people["province"], code=one.code, changes={"region_id": world.regions["far"].pk},
        valid_from=date(2025, 1, 1), basis="迁址", at=AT,
    )  # fmt: skip
    for who, inside in (("county", False), ("city", True)):
        told = signed_in(world.people[who]).get(CARRIERS, {"on": DAY}).json()["results"][0]
        assert told["region"] == "990502" and ("phone" in told["operator"]) == inside


def test_versions_tell_each_document_the_newest_first(world: World, storage: Path) -> None:
    one, province = registered(world), world.people["province"]
    file = files.receive(
        content=b"%PDF", name="更正.pdf", content_type="application/pdf", actor=province, at=AT
    )
    carriers.change_carrier(
        actor=province, code=one.code, changes={"name": "望潮科技孵化器"}, valid_from=date(2024, 6, 1),
        basis="更正", at=AT, basis_file=file,
    )  # fmt: skip
    told = versions(Client(), one.code)
    assert [(row["valid_from"], row["named"], row["basis"], row["level_name"]) for row in told[:2]] == [
        ("2024-06-01", ["name"], "更正", "国家级"),
        ("2022-06-01", ["level"], "认定通知", "国家级"),
    ]
    assert told[0]["basis_file"] is None and all(row["holds"] for row in told)
    inside = versions(signed_in(province), one.code)
    replaced = [row for row in inside if not row["holds"]]
    assert [(row["document_number"], row["batch"], row["name"]) for row in replaced] == [
        ("示科〔2024〕5号", "第二批", "望潮孵化器1")
    ]
    answer = signed_in(province).get(inside[0]["basis_file"])
    assert b"".join(answer) == b"%PDF"  # type: ignore[arg-type]


def test_versions_of_a_closed_carrier_answer_as_those_of_a_missing_one(world: World) -> None:
    hidden, missing = (
        Client().get(reverse("api-carrier-versions", args=[code])) for code in ("SL-990600-0002", "SL-9")
    )
    assert (hidden.status_code, hidden.content) == (404, missing.content)


def test_the_vocabulary_of_levels_is_public(world: World) -> None:
    told = Client().get(reverse("api-levels")).json()
    assert [(row["name"], row["valid_from"], row["valid_to"]) for row in told if row["rank"] >= 40] == [
        ("国家级", None, "2024-12-31"),
        ("标准级", "2025-01-01", None),
        ("卓越级", "2025-01-01", None),
    ]
    english = Client().get(reverse("api-carrier", args=["SL-990600-0001"]), headers={"Accept-Language": "en"})
    assert english.json()["level_name"] == "Standard level"


def test_as_many_queries_with_many_carriers_as_with_one(world: World) -> None:
    registered(world)
    client = signed_in(world.people["province"])
    client.get(CARRIERS, {"on": DAY})
    with CaptureQueriesContext(connection) as few:
        client.get(CARRIERS, {"on": DAY})
    for number in range(2, 20):
        registered(world, number)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(CARRIERS, {"on": DAY}).json()["results"]) == 19
    assert len(many) == len(few)


def test_each_address_and_the_day_are_documented() -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    named: dict[str, set[str]] = {}
    for path, one in paths.items():
        named[path.split("/api/v1")[-1]] = (
            {row["name"] for row in one["get"].get("parameters", ())} if "get" in one else set()
        )
    assert "on" in named["/carriers/"] and "on" in named["/carriers/{code}/"]
    assert "/carriers/{code}/versions/" in named and "/levels/" in named
