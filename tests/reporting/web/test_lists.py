"""Lists cost the same with one row and with a hundred; filters come from a list; a year is opened once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from reporting.models import Campaign, RosterRow
from reporting.services import campaigns, returns
from tests.reporting.conftest import DAY, World, carrier, credit_code, fill

ClientOf = Callable[[Actor], Client]


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def more_carriers(world: World) -> None:
    made = [carrier(number, f"第{number}号孵化器", world.county) for number in range(10, 110)]
    campaigns.add_returns(campaign=world.campaign, carriers=made, at=DAY)


@pytest.mark.parametrize("url", ["/returns/?state=", "/returns/?state=filling", "/returns/campaigns/"])
def test_an_officers_lists_cost_the_same_with_a_hundred_rows(
    world: World, client_of: ClientOf, url: str
) -> None:
    client = client_of(world.officer)
    before = queries(client, url)
    more_carriers(world)
    assert queries(client, url) == before


def test_the_roster_costs_the_same_with_a_hundred_rows(world: World, client_of: ClientOf) -> None:
    fill(world)
    client, url = client_of(world.staff), f"/returns/{world.mine.pk}/tables/roster/"
    before = queries(client, url)
    RosterRow.objects.bulk_create(
        RosterRow(
            version=world.mine.current, table="roster", key=credit_code(n), position=n, name=f"企业{n}",
            credit_code=credit_code(n),
        )
        for n in range(1000, 1100)
    )  # fmt: skip
    assert queries(client, url) == before


def test_the_queue_begins_with_what_waits_for_the_officer_the_oldest_first(
    world: World, client_of: ClientOf
) -> None:
    for actor, found in ((world.other_staff, world.theirs), (world.staff, world.mine)):
        fill(world, found, actor)
        returns.submit(actor=actor, return_id=found.pk, expected=0, commitment="承诺", at=DAY)
    page = client_of(world.county_officer).get("/returns/").content.decode()
    assert page.index("星河孵化器") > 0 and page.index("青禾孵化器") > 0
    assert "剩 5 个工作日" in page and "待我审核" in page
    assert "没有等您审核的报表" in client_of(world.officer).get("/returns/").content.decode()


def test_after_the_limit_it_is_said_in_words(
    world: World, client_of: ClientOf, at: Callable[..., Any]
) -> None:
    found = fill(world)
    returns.submit(actor=world.staff, return_id=found.pk, expected=0, commitment="承诺", at=DAY)
    at(2026, 3, 26, 9, 0)
    assert "已超时限 1 个工作日" in client_of(world.county_officer).get("/returns/").content.decode()
    at(2026, 3, 25, 9, 0)
    assert "今天到期" in client_of(world.county_officer).get("/returns/").content.decode()


def listed(client: Client, query: str) -> set[str]:
    """The carriers in the list itself (not those at the side)."""
    text = client.get(f"/returns/?{query}").content.decode().split("desk-aside")[0]
    return {name for name in ("青禾孵化器", "星河孵化器") if name in text}


def test_filters_narrow_and_what_is_no_filter_narrows_nothing(world: World, client_of: ClientOf) -> None:
    fill(world)
    client = client_of(world.officer)
    both = {"青禾孵化器", "星河孵化器"}
    assert listed(client, "state=") == both
    assert listed(client, "state=filling") == {"青禾孵化器"}
    assert listed(client, "state=not_started") == {"星河孵化器"}
    assert listed(client, "state=&q=星河") == {"星河孵化器"}
    assert listed(client, "state=&region=990502&kind=incubator") == both
    assert listed(client, "state=&kind=makerspace") == set()
    assert listed(client, "state=&carrier__operator__name__startswith=x&_connector=OR") == both
    assert client.get("/returns/?state=strange&region=x&page=9999999999").status_code == 200


NEW = {
    "year": "2026", "title": "2026 年度孵化器年报", "opens_at": "2027-03-01T00:00",
    "last_start_at": "2027-03-25T00:00", "due_at": "2027-03-31T17:00", "correct_by": "2027-04-30T17:00",
}  # fmt: skip


def test_an_officer_opens_a_year_once(world: World, client_of: ClientOf) -> None:
    client = client_of(world.officer)
    data = {**NEW, "form": str(world.form.pk)}
    answer = client.post("/returns/campaigns/new/", data)
    made = Campaign.objects.get(year=2026)
    assert answer["Location"] == f"/returns/campaigns/{made.pk}/"
    assert made.returns.count() == 2 and made.due_at.isoformat() == "2027-03-31T09:00:00+00:00"
    second = client.post("/returns/campaigns/new/", data)
    assert second.status_code == 422 and "已经有了" in second.content.decode()


def test_dates_out_of_order_are_named_all_at_once(world: World, client_of: ClientOf) -> None:
    data = {
        **NEW,
        "form": str(world.form.pk),
        "last_start_at": "2027-02-01T00:00",
        "correct_by": "2027-03-01T00:00",
    }
    answer = client_of(world.officer).post("/returns/campaigns/new/", data)
    assert answer.status_code == 422
    assert "最迟开始填报须晚于开始时间" in answer.content.decode()
    assert "修改截止不能早于填报截止" in answer.content.decode()
    assert client_of(world.officer).post("/returns/campaigns/new/", {}).status_code == 422
    assert not Campaign.objects.filter(year=2026).exists()


def test_a_campaign_is_closed_by_its_owner_alone(world: World, client_of: ClientOf) -> None:
    url = f"/returns/campaigns/{world.campaign.pk}/"
    assert client_of(world.city_officer).post(f"{url}close/").status_code == 302
    assert Campaign.objects.get(pk=world.campaign.pk).state == "open"
    assert "确认关闭" not in client_of(world.city_officer).get(url).content.decode()
    client_of(world.officer).post(f"{url}close/")
    assert Campaign.objects.get(pk=world.campaign.pk).state == "closed"
