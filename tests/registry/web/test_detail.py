"""A carrier's page for those who work with it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.services import carriers
from tests.registry.world import AT, World, signed_in, stay, tenant


def url(world: World, name: str = "mine") -> str:
    return reverse("registry:carrier", args=[world.carriers[name].code])


def plain(content: bytes, code: str) -> bytes:
    """Without the address asked for and the token of the request."""
    return re.sub(rb"\b[A-Za-z0-9]{64}\b", b"TOKEN", content.replace(code.encode(), b"CODE"))


@pytest.mark.parametrize("who", ["staff", "county", "city", "province", "finance", "auditor"])
def test_those_who_work_with_it_see_facts_contacts_and_tenants(world: World, who: str) -> None:
    answer = signed_in(world.people[who]).get(url(world))
    html = answer.content.decode()
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store, private"
    for words in ("青禾孵化器", "0990-5550001", "甲科技公司", "东江市 河湾区"):
        assert words in html


@pytest.mark.parametrize("who", ["other_staff", "county", "city", "staff", "expert", "administrator"])
def test_a_hidden_carrier_answers_as_a_missing_one_to_the_byte(world: World, who: str) -> None:
    client = signed_in(world.people[who])
    hidden, missing = "SL-990600-0002", "SL-990600-9999"
    answers = [client.get(reverse("registry:carrier", args=[code])) for code in (hidden, missing)]
    assert [one.status_code for one in answers] == [404, 404]
    first, second = (plain(one.content, code) for one, code in zip(answers, (hidden, missing), strict=True))
    assert first == second


def test_a_visitor_is_asked_to_sign_in(world: World) -> None:
    answer = signed_in(world.people["visitor"]).get(url(world))
    assert answer.status_code == 302 and "next=" in answer["Location"]


def test_the_timeline_tells_what_changed_when_and_by_which_document(world: World) -> None:
    city = world.people["city"]
    carriers.change_carrier(
        actor=city, code="SL-990500-0002", changes={"name": "晨光空间"}, valid_from=date(2024, 1, 1),
        basis="更名通知", at=AT,
    )  # fmt: skip
    carriers.record_level(
        actor=city, code="SL-990500-0002", level="city", decided_on=date(2025, 1, 1), basis="认定通知",
        at=AT,
    )  # fmt: skip
    html = signed_in(city).get(url(world, "sibling")).content.decode()
    assert "级别：未定级 → 市级" in html and "认定通知" in html
    assert html.index("认定通知") < html.index("更名通知")


def test_stays_are_searched_and_paged(world: World) -> None:
    for number in range(200, 260):
        stay(world.carriers["mine"], tenant(number))
    client = signed_in(world.people["staff"])
    assert len(client.get(url(world)).context["page"].items) == 50
    assert len(client.get(url(world), {"page": "2"}).context["page"].items) == 11
    found = client.get(url(world), {"q": "企业255"}).context["page"].items
    assert [one.tenant.name for one in found] == ["企业255"]
    assert client.get(url(world), {"ended": "1"}).context["page"].items == []
    assert client.get(url(world), {"ended": "x", "q": "长" * 99}).status_code == 200


def test_as_many_queries_with_a_hundred_tenants_as_with_one(world: World) -> None:
    client = signed_in(world.people["county"])
    client.get(url(world))
    with CaptureQueriesContext(connection) as few:
        client.get(url(world))
    for number in range(200, 300):
        stay(world.carriers["mine"], tenant(number))
    with CaptureQueriesContext(connection) as many:
        client.get(url(world))
    assert len(many) <= len(few)
