"""Each page as each role, of one's own, the sibling's, the parent's, the child's region: 200 or 404."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.rules.roles import Role
from reporting.services import returns
from tests.reporting.conftest import DAY, World, fill, person, region

ClientOf = Callable[[Actor], Client]
FILLING = ["sections/site/", "tables/roster/", "tables/roster/row/", "workbooks/", "submit/"]
READING = ["", "workbook/", "receipt/"]


def submitted(world: World) -> None:
    found = fill(world)
    returns.submit(actor=world.staff, return_id=found.pk, expected=0, commitment="承诺", at=DAY)


def statuses(client: Client, world: World, paths: list[str]) -> list[int]:
    return [client.get(f"/returns/{world.mine.pk}/{path}").status_code for path in paths]


def test_the_carriers_own_staff_open_every_page_of_filling(world: World, client_of: ClientOf) -> None:
    assert statuses(client_of(world.staff), world, FILLING) == [200] * 5


def test_another_carriers_staff_find_none_of_them(world: World, client_of: ClientOf) -> None:
    submitted(world)
    assert set(statuses(client_of(world.other_staff), world, FILLING + READING)) == {404}


@pytest.mark.parametrize("name", ["county_officer", "city_officer", "officer"])
def test_officers_see_where_a_draft_is_but_none_of_its_values(
    world: World, client_of: ClientOf, name: str
) -> None:
    fill(world)
    client = client_of(getattr(world, name))
    answer = client.get(f"/returns/{world.mine.pk}/")
    assert answer.status_code == 200
    assert "还没有提交过" in answer.content.decode() and "5,000" not in answer.content.decode()
    assert statuses(client, world, [*FILLING, "workbook/", "receipt/"]) == [404] * 7


@pytest.mark.parametrize("name", ["county_officer", "city_officer", "officer", "auditor"])
def test_who_checks_reads_what_was_submitted_and_fills_nothing(
    world: World, client_of: ClientOf, name: str
) -> None:
    submitted(world)
    client = client_of(getattr(world, name))
    assert statuses(client, world, READING) == [200] * 3
    assert "5,000" in client.get(f"/returns/{world.mine.pk}/?tab=all").content.decode()
    assert statuses(client, world, FILLING) == [404] * 5


def test_officers_of_a_sibling_county_and_city_find_nothing(world: World, client_of: ClientOf) -> None:
    submitted(world)
    county = region("990503", "湖滨区", "county", world.city)
    city = region("990600", "西川市", "city", world.province)
    beside = person("县区乙", Role.COUNTY_OFFICER, region=county)
    away = person("市级乙", Role.CITY_OFFICER, region=city)
    for actor in (beside, away):
        assert set(statuses(client_of(actor), world, READING + FILLING)) == {404}
        assert world.carrier.name not in client_of(actor).get("/returns/?state=").content.decode()


@pytest.mark.parametrize("role", [Role.EXPERT, Role.EDITOR, Role.FINANCE_OFFICER])
def test_those_who_have_nothing_to_do_with_returns_do_not_know_the_room(
    world: World, client_of: ClientOf, role: Role
) -> None:
    client = client_of(person(f"其他{role}", role, region=world.province))
    paths = ["", "queue/", "campaigns/", "campaigns/new/", f"campaigns/{world.campaign.pk}/", "forms/"]
    assert {client.get(f"/returns/{path}").status_code for path in paths} == {404}
    assert set(statuses(client, world, READING + FILLING)) == {404}


def test_a_visitor_finds_nothing(world: World) -> None:
    assert Client().get(f"/returns/{world.mine.pk}/").status_code == 404


def test_nothing_changes_for_whom_a_return_is_hidden(world: World, client_of: ClientOf) -> None:
    client = client_of(world.other_staff)
    own = f"/returns/{world.mine.pk}/"
    posts = [
        ("fields/area_total/", {"value-area_total": "1", "seen-area_total": ""}),
        ("sections/site/", {"value-area_total": "1", "seen-area_total": ""}),
        ("tables/roster/row/", {"value-name": "甲"}),
        ("tables/roster/row/remove/", {"key": "x"}),
        ("explain/?key=K2:area_total", {}),
        ("moves/", {"action": "withdraw", "version": "0"}),
        ("submit/", {"agreed": "1", "version": "0"}),
        ("open/", {}),
        ("workbooks/", {}),
    ]
    assert {client.post(own + path, data).status_code for path, data in posts} == {404}
    assert world.mine.started_at is None and world.mine.version == 0


def test_campaigns_and_forms_are_the_officers(world: World, client_of: ClientOf) -> None:
    paths = ["campaigns/", f"campaigns/{world.campaign.pk}/", "forms/", f"forms/{world.form.pk}/"]
    for actor in (world.county_officer, world.city_officer, world.officer, world.auditor):
        assert [client_of(actor).get(f"/returns/{path}").status_code for path in paths] == [200] * 4
    assert {client_of(world.staff).get(f"/returns/{path}").status_code for path in paths} == {404}
