"""The page of the year's progress: who sees what of it, how it is drilled, what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Region
from accounts.rules.roles import Role
from evaluation.models import Run
from portal.progress import home_parts_for, scope_of
from tests.evaluation.world import person
from tests.portal.progress.world import NOW, World, put, signed_in

URL = "/progress/"
SEEING = {"officer", "second", "auditor", "city", "county", "other_county"}


def test_officers_and_auditors_have_the_page_and_nobody_else(world: World) -> None:
    for name, actor in world.everyone():
        status = signed_in(actor).get(URL).status_code
        assert status == (200 if name in SEEING else 404), name


def test_a_visitor_is_asked_to_sign_in(world: World, client: Client) -> None:
    answer = client.get(URL)
    assert answer.status_code == 302 and "sign-in" in answer["Location"]


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("officer", "990201", 200),
        ("city", "990101", 200),
        ("city", "990200", 404),
        ("city", "990000", 404),
        ("county", "990101", 200),
        ("county", "990100", 404),
        ("county", "990201", 404),
        ("officer", "123456", 404),
        ("officer", "9901\x00", 404),
    ],
)
def test_a_region_outside_the_scope_is_not_there(world: World, name: str, code: str, status: int) -> None:
    assert signed_in(getattr(world, name)).get(URL, {"region": code}).status_code == status


@pytest.mark.parametrize(
    ("year", "status"), [("2026", 200), ("2025", 200), ("1999", 404), ("x", 404), ("9" * 40, 404)]
)
def test_a_year_without_campaign_is_not_there(world: World, year: str, status: int) -> None:
    assert signed_in(world.officer).get(URL, {"year": year}).status_code == status


def test_before_any_campaign_the_page_says_so(world: World) -> None:
    lonely = Region.objects.create(code="880000", name="别省", level="province", path="/880000/")
    newcomer = person("别省甲", Role.PROVINCE_OFFICER, region=lonely)
    assert "还没有年度填报" in signed_in(newcomer).get(URL).content.decode()
    assert home_parts_for(newcomer) == []


def test_it_is_drilled_from_the_province_to_a_return(world: World) -> None:
    client = signed_in(world.officer)
    top = client.get(URL).content.decode()
    assert "region=990100" in top and "N-accepted孵化器" not in top
    city = client.get(URL, {"region": "990100"}).content.decode()
    assert "region=990101" in city and "各县（市、区）进度" in city
    county = client.get(URL, {"region": "990101"}).content.decode()
    assert reverse("reporting:return", args=[world.returns["accepted"].pk]) in county
    assert "N-accepted孵化器" in county and "N-filling孵化器" not in county
    assert "示例省" in county and "东市" in county


def test_a_carrier_of_the_city_itself_is_counted_and_listed(world: World) -> None:
    one = world.returns["at_city"].carrier
    one.region = world.regions["990100"]
    one.save()
    words = signed_in(world.city).get(URL).content.decode()
    assert "东市本级" in words and "N-at_city孵化器" in words


def test_a_county_officer_sees_their_own_numbers_alone(world: World) -> None:
    words = signed_in(world.other_county).get(URL).content.decode()
    assert "N-filling孵化器" in words
    assert "N-accepted孵化器" not in words and "东县" not in words


@pytest.mark.parametrize("sort", ["filed", "-filed", "name", "-due", "nothing", "';--", "-moved", "state"])
def test_any_order_that_is_asked_for_is_answered(world: World, sort: str) -> None:
    for code in ("990000", "990101"):
        asked = {"sort": sort, "measure": sort, "region": code}
        assert signed_in(world.officer).get(URL, asked).status_code == 200


@pytest.mark.parametrize("code", ["990000", "990101"])
def test_queries_do_not_grow_with_cities_or_carriers(world: World, code: str) -> None:
    client = signed_in(world.officer)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL, {"region": code}).status_code == 200
        return len(queries)

    asked()
    before = asked()
    world.many_cities(18)
    for carrier in world.carriers[:3]:
        put(world.asked, carrier, "at_county")
    assert asked() == before
    assert before <= 30


def test_the_home_of_the_province_alone_has_the_parts(world: World) -> None:
    places = [(part.place, part.template) for part in home_parts_for(world.officer)]
    assert places[:2] == [
        ("main", "portal/_progress_stages.html"),
        ("main", "portal/_progress_table.html"),
    ]
    assert ("aside", "portal/_progress_decisions.html") in places
    for name, actor in world.everyone():
        if name not in ("officer", "second"):
            assert home_parts_for(actor) == [], name


def test_the_map_is_drawn_where_tiles_are_laid(world: World) -> None:
    client = signed_in(world.officer)
    assert "ui-tiles" not in client.get(URL).content.decode()
    world.many_cities(2)
    words = client.get(URL, {"measure": "county"}).content.decode()
    assert "ui-tiles" in words and "县区通过比例" in words


def test_the_page_is_in_the_menu_of_those_who_have_it(world: World) -> None:
    for name, actor in world.everyone():
        words = signed_in(actor).get("/home/").content.decode()
        assert (f'href="{URL}"' in words) == (name in SEEING), name


def test_runs_of_other_provinces_are_not_counted(world: World) -> None:
    other = Region.objects.create(code="880000", name="别省", level="province", path="/880000/")
    run = Run.objects.get(pk=world.published.pk)
    run.pk, run.region = None, other
    run.save(force_insert=True)
    scope = scope_of(world.officer, NOW, year=2025)
    assert scope is not None and [one.pk for one in scope.runs] == [world.published.pk]
