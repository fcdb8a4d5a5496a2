"""Designations are recorded by province officers with day and document; enclaves are seen by pairs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.problems import Refused
from office.models import AuditEntry
from registry.models import Carrier, DesignationTerm
from registry.models import levels as models_of_levels
from registry.queries import facts_on
from registry.services import carriers, levels
from registry.services.designations import record_designation
from tests.registry.web.test_chains import rows
from tests.registry.web.test_directory import cells
from tests.registry.world import AT, World, carrier, operator, signed_in

PAGE, LIST = reverse("registry:enclaves"), reverse("registry:directory")
DAY = date(2026, 3, 2)
GIVEN = {"designation": "benchmark_leading", "decided_on": "2026-03-02", "basis": "标杆名单",
         "document_number": "示科〔2026〕5号"}  # fmt: skip


@pytest.fixture(autouse=True)
def vocabulary() -> Iterator[None]:
    """Read anew: a test may change it."""
    models_of_levels._kept_designations = None
    yield
    models_of_levels._kept_designations = None


def page_of(name: str) -> str:
    return reverse("registry:designation", args=[name])


def designate(world: World, name: str, designation: str, day: date = DAY, **more: Any) -> Carrier:
    who = more.pop("actor", world.people["province"])
    return record_designation(
        actor=who, code=world.carriers[name].code, designation=designation, decided_on=day, basis="批复",
        at=AT, **more,
    )  # fmt: skip


def refused(act: Callable[[], Any]) -> set[str]:
    with pytest.raises(Refused) as refusal:
        act()
    return {one.code for one in refusal.value.problems}


@pytest.fixture
def paired(world: World) -> World:
    """西江 keeps one in 东江, 东江 one beyond the province."""
    designate(world, "mine", "enclave", home_region=world.regions["other"])
    designate(world, "sibling", "enclave", home_region=world.regions["east"], host_place="申江市临港区")
    return world


def test_a_designation_holds_from_its_day_with_its_document(world: World) -> None:
    client = signed_in(world.people["province"])
    answer = client.post(page_of("SL-990500-0001"), GIVEN)
    assert answer.status_code == 302
    one = world.carrier("mine")
    assert one.designation == "benchmark_leading"
    before, on = facts_on(one, date(2026, 3, 1)), facts_on(one, DAY)
    assert before is None and on is not None and on["designation"] == "benchmark_leading"
    entry = AuditEntry.objects.get(action="carrier.designation")
    assert entry.detail["document_number"] == "示科〔2026〕5号"
    html = client.get(answer["Location"]).content.decode()
    assert "标杆（引领类）" in html and "示科〔2026〕5号" in html
    assert "标杆（引领类）" in client.get("/carriers/SL-990500-0001/").content.decode()


def test_it_is_seen_filtered_and_counted_in_the_directory(world: World) -> None:
    designate(world, "mine", "benchmark_nurturing")
    designate(world, "away", "future_park")
    answer = Client().get(LIST)
    assert cells(answer.content.decode())[0][2] == "省级 标杆（培育类）"
    (facet,) = [one for one in answer.context["facets"] if str(one.label) == "称号"]
    assert {one.words: one.count for one in facet.choices} == {"标杆（培育类）": 1, "未来产业科技园": 1}
    found = Client().get(LIST, {"designation": "future_park"})
    assert [row[0] for row in cells(found.content.decode())] == ["星澜孵化器"]
    api = Client().get("/api/v1/carriers/", {"designation": "future_park"}).json()["results"]
    assert [one["code"] for one in api] == ["SL-990600-0001"]


@pytest.mark.parametrize("who", ["visitor", "staff", "county", "city", "finance", "auditor", "expert"])
def test_none_but_province_officers_record_it(world: World, who: str) -> None:
    client = signed_in(world.people[who])
    answer = client.get(page_of("SL-990500-0001"))
    assert answer.status_code == (302 if who == "visitor" else 404)
    client.post(page_of("SL-990500-0001"), GIVEN)
    client.post("/api/v1/carriers/SL-990500-0001/designation/", GIVEN, content_type="application/json")
    assert not Carrier.objects.exclude(designation="").exists()


def test_an_officer_of_the_city_may_where_the_vocabulary_says_so(world: World) -> None:
    DesignationTerm.objects.filter(code="offshore").update(decided_by="city")
    city = world.people["city"]
    assert designate(world, "mine", "offshore", actor=city).designation == "offshore"
    assert "carrier.designation_role" in refused(lambda: designate(world, "mine", "future_park", actor=city))
    designate(world, "mine", "future_park")
    assert "carrier.designation_role" in refused(lambda: designate(world, "mine", "", actor=city))


def test_every_reason_is_told_at_once_on_page_and_by_api(world: World) -> None:
    client = signed_in(world.people["province"])
    wrong = {**GIVEN, "designation": "enclave", "decided_on": "2099-01-01", "home_region": "990500"}
    answer = client.post(page_of("SL-990500-0001"), wrong)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "科创飞地不能在派出地之内" in html and "不能晚于" in html
    api = client.post(
        "/api/v1/carriers/SL-990500-0001/designation/", wrong, content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip
    assert api.status_code == 422
    assert {one["code"] for one in api.json()["problems"]} >= {"carrier.enclave_at_home"}
    assert not Carrier.objects.exclude(designation="").exists()


def test_no_other_door_takes_a_designation(world: World) -> None:
    for changes in ({"designation": "offshore"}, {"home_region_id": 1}, {"host_place": "申江市"}):
        with pytest.raises(ValueError, match="no such facts"):
            carriers.change_carrier(
                actor=world.people["province"], code="SL-990500-0001", changes=changes, valid_from=DAY,
                basis="文件", at=AT,
            )  # fmt: skip


def test_a_new_word_is_a_choice_at_once(world: World) -> None:
    levels.save_designation_term(
        actor=world.people["administrator"],
        term=DesignationTerm(code="pilot", name="试点", name_en="Pilot", rank=9, decided_by="province"),
        at=AT,
    )
    designate(world, "mine", "试点")
    models_of_levels._kept_designations = None
    assert "试点" in Client().get(LIST).content.decode()
    with pytest.raises(Refused):
        levels.save_designation_term(
            actor=world.people["province"],
            term=DesignationTerm(code="x", name="甲", name_en="A", rank=10, decided_by="province"),
            at=AT,
        )


def test_enclaves_stand_by_pairs_with_counts_both_ways(paired: World) -> None:
    html = Client().get(PAGE).content.decode()
    pairs = re.findall(
        r'<th scope="row">(\S+)</th>\s*<td>(.*?)</td>\s*<td class="num"[^>]*>(.*?)</td>', html, re.S
    )
    plain = [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in pair] for pair in pairs]
    assert plain[:2] == [["东江市", "申江市临港区 省外", "1"], ["西江市", "东江市", "1"]]
    assert "西江市 临水区 → 东江市 河湾区" in html
    counts = rows(html)
    assert (counts["东江市"], counts["西江市"], counts["申江市临港区"]) == (
        ["1", "1"],
        ["1", "0"],
        ["0", "1"],
    )


def test_both_ends_narrow_the_pairs_and_lead_to_the_directory(paired: World) -> None:
    html = Client().get(PAGE, {"host": "beyond"}).content.decode()
    assert "晨光众创空间" in html and "青禾孵化器" not in html
    html = Client().get(PAGE, {"home": "990600"}).content.decode()
    (url,) = re.findall(r'<td class="num"[^>]*><a href="(/registry/\?[^"]+)">1</a>', html)
    found = Client().get(url.replace("&amp;", "&"))
    assert [row[0] for row in cells(found.content.decode())] == ["青禾孵化器"]
    assert ("派出地", "西江市") in [(str(one.label), one.words) for one in found.context["chips"]]
    wrong = Client().get(PAGE, {"home": "x", "host": "y", "by": "z", "on": "2099-01-01"})
    assert {one.field for one in wrong.context["problems"]} == {"home", "region", "by", "on"}
    assert (
        "没有符合条件的科创飞地" in Client().get(PAGE, {"home": "990500", "host": "990600"}).content.decode()
    )


def test_the_pairs_of_a_day(paired: World) -> None:
    designate(paired, "mine", "", date(2026, 3, 10))
    assert "青禾孵化器" not in Client().get(PAGE).content.decode()
    assert "青禾孵化器" in Client().get(PAGE, {"on": "2026-03-05"}).content.decode()
    assert "没有符合条件" in Client().get(PAGE, {"on": "2026-03-01"}).content.decode()


def test_the_carriers_page_and_programs_say_both_ends(paired: World) -> None:
    html = Client().get("/carriers/SL-990500-0002/").content.decode()
    assert "东江市" in html and "设在申江市临港区" in html
    one = Client().get("/api/v1/carriers/SL-990500-0002/").json()
    assert (one["home_region"], one["host_place"]) == ("990500", "申江市临港区")
    found = Client().get("/api/v1/enclaves/", {"host": "beyond"}).json()
    assert [(each["code"], each["home"]["code"], each["host"]["name"]) for each in found] == [
        ("SL-990500-0002", "990500", "申江市临港区")
    ]
    words = Client().get("/api/v1/designations/").json()
    assert [each["code"] for each in words][:2] == ["benchmark_leading", "benchmark_nurturing"]


def test_as_many_queries_with_many_enclaves_as_with_few(paired: World) -> None:
    client = Client()
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(30):
        carrier(
            f"SL-990500-6{number:03d}", f"飞地{number}", paired.regions["near"],
            operator(600 + number, f"运营{number}"), designation="enclave",
            home_region=paired.regions["west"],
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        assert "飞地29" in client.get(PAGE).content.decode()
    assert len(many) == len(few) <= 4
