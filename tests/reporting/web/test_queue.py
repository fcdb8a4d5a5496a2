"""The page of those who check: counters, filters, chips, order, pages, and what is said when it is empty."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import User
from accounts.rules.roles import Role
from reporting.services import campaigns
from tests.reporting.conftest import DAY, World, person, region
from tests.reporting.desks import more, one_of_each, placed

ClientOf = Callable[[Actor], Client]
QUEUE = "/returns/queue/"


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"{QUEUE}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def names(page: str) -> list[str]:
    """The carriers of the list, in its order."""
    return re.findall(r'<th scope="row"><a href="/returns/\d+/">([^<]+)</a>', page)


STAGES = [
    ("county_officer", {"mine": "at_county", "returned": "returned", "filling": "filling"}),
    ("city_officer", {"mine": "at_city", "at_county": "at_county"}),
    ("officer", {"mine": "at_province", "at_city": "at_city", "passed": "accepted"}),
    ("auditor", {"at_province": "at_province", "accepted": "accepted"}),
]


@pytest.mark.parametrize(("name", "states"), STAGES)
def test_a_counter_opens_the_returns_that_it_counted(
    world: World, client_of: ClientOf, name: str, states: dict[str, str]
) -> None:
    found = one_of_each(world)
    client = client_of(getattr(world, name))
    for stage, state in states.items():
        page = shown(client, f"?state={stage}")
        assert names(page) == [found[state].carrier.name]
        assert "第 1–1 份，共 1 份" in page


def test_what_was_passed_says_where_it_is_now(world: World, client_of: ClientOf) -> None:
    one_of_each(world)
    page = shown(client_of(world.county_officer), "?state=passed")
    assert len(names(page)) == 3
    assert all(words in page for words in ("待市级审核", "待省级受理", "已受理"))


def test_the_state_is_a_column_where_the_list_does_not_say_it(world: World, client_of: ClientOf) -> None:
    placed(world.mine, "at_county")
    client = client_of(world.county_officer)
    assert 'class="rt-state"' not in shown(client)
    everything = shown(client, "?state=")
    assert everything.count('class="rt-state"') == 2 and "第 1–2 份，共 2 份" in everything


def test_chips_name_what_is_set_and_lead_to_the_list_without_it(world: World, client_of: ClientOf) -> None:
    placed(world.mine, "at_city")
    page = shown(client_of(world.city_officer), "?state=mine&kind=incubator&region=990502&q=青禾")
    chips = dict(
        (words, link.replace("&amp;", "&"))
        for link, words in re.findall(r'<li><a href="([^"]+)"><span>([^<]+：[^<]+)</span>', page)
    )
    assert set(chips) == {"状态：在我处", "载体名称、编号：青禾", "区域：河湾区", "类型：科技企业孵化器"}
    assert chips["状态：在我处"].endswith("&state=") and "region=990502" in chips["状态：在我处"]
    assert "kind" not in chips["类型：科技企业孵化器"] and "state=mine" in chips["类型：科技企业孵化器"]
    assert names(page) == ["青禾孵化器"]


def test_a_county_is_not_asked_which_region(world: World, client_of: ClientOf) -> None:
    assert 'name="region"' not in shown(client_of(world.county_officer))
    page = shown(client_of(world.city_officer))
    assert 'name="region"' in page and "东江市本级" in page


def test_the_list_is_ordered_by_urgency_or_as_its_heads_say(world: World, client_of: ClientOf) -> None:
    placed(world.mine, "at_county", submitted_at=DAY)
    placed(world.theirs, "at_county")
    client = client_of(world.county_officer)
    assert names(shown(client)) == ["星河孵化器", "青禾孵化器"]
    assert names(shown(client, "?sort=-due")) == ["青禾孵化器", "星河孵化器"]
    page = shown(client, "?state=mine&sort=-carrier")
    assert names(page) == ["青禾孵化器", "星河孵化器"] and "按紧急程度排列" not in page


def test_pages_say_which_part_of_how_many(world: World, client_of: ClientOf) -> None:
    for one in more(world, 23):
        placed(one, "at_county")
    client = client_of(world.county_officer)
    assert "第 1–20 份，共 23 份" in shown(client)
    second = shown(client, "?page=2")
    assert "第 21–23 份，共 23 份" in second and len(names(second)) == 3


EMPTY = [
    ("", "报上来的会按紧急程度列在这里"),
    ("?state=returned", "退回后会列在这里，直到载体改好再交"),
    ("?state=passed", "您通过以后，报表去了哪里，在这里看"),
    ("?state=mine&q=没有这家", "去掉其他条件"),
]


@pytest.mark.parametrize(("query", "words"), EMPTY)
def test_an_empty_list_says_what_would_come(
    world: World, client_of: ClientOf, query: str, words: str
) -> None:
    assert words in shown(client_of(world.county_officer), query)


def test_another_countys_and_citys_returns_are_absent(world: World, client_of: ClientOf) -> None:
    beside = region("990503", "湖滨区", "county", world.city)
    away = region("990600", "西川市", "city", world.province)
    (near,) = more(world, 1, region=beside)
    below = region("990601", "西河县", "county", away)
    (far,) = more(world, 1, first=20, region=below)
    for one in (near, far):
        placed(one, "at_city")
    county = shown(client_of(world.county_officer), "?state=")
    city = shown(client_of(world.city_officer), "?state=")
    assert near.carrier.name not in county and "湖滨区" not in county and far.carrier.name not in county
    assert near.carrier.name in city and far.carrier.name not in city and "西川市" not in city
    other = person("市级乙", Role.CITY_OFFICER, region=away)
    page = shown(client_of(other), "?region=990502&state=")
    assert "青禾孵化器" not in page and names(shown(client_of(other))) == [far.carrier.name]


@pytest.mark.parametrize("name", ["county_officer", "city_officer"])
def test_the_page_takes_the_same_queries_with_5_and_with_50(
    world: World, client_of: ClientOf, name: str
) -> None:
    client = client_of(getattr(world, name))

    def count() -> int:
        shown(client)
        with CaptureQueriesContext(connection) as found:
            shown(client, "?state=")
        return len(found)

    for one in more(world, 5):
        placed(one, "at_county")
    before = count()
    for one in more(world, 45, first=20):
        placed(one, "at_city")
    assert count() == before


def test_a_campaigns_table_opens_its_lists_while_it_is_open(world: World, client_of: ClientOf) -> None:
    client, url = client_of(world.city_officer), f"/returns/campaigns/{world.campaign.pk}/"
    assert f"campaign={world.campaign.pk}&amp;region=990502" in client.get(url).content.decode()
    campaigns.close_campaign(actor=world.officer, campaign_id=world.campaign.pk, at=DAY)
    closed = client.get(url).content.decode()
    assert "河湾区" in closed and QUEUE not in closed.split("desk-content")[1]


def test_what_lies_with_carriers_names_who_fills_it(world: World, client_of: ClientOf) -> None:
    User.objects.filter(pk=world.staff.user_id).update(last_login=DAY)
    (nobody,) = more(world, 1)
    page = shown(client_of(world.county_officer), "?state=not_started")
    assert names(page) == [nobody.carrier.name, "星河孵化器", "青禾孵化器"]
    assert "没有填报人" in page and "从未登录" in page and "03-18 14:32 登录过" in page
    assert "待看说明</" not in page and page.count("星河孵化器") == 1


def test_a_view_of_the_queue_follows_who_reads_it(world: World, client_of: ClientOf) -> None:
    """Shared in the office, "mine" is what waits for the reader; all stages are kept as all."""
    placed(world.mine, "at_county")
    client = client_of(world.county_officer)
    keep = {
        "of": "returns",
        "name": "全部阶段",
        "query": "state=&kind=incubator&sort=-carrier",
        "next": QUEUE,
    }
    there = client.post("/office/views/", {**keep, "column": ["due", "carrier", "explained"]})["Location"]
    assert "state=&kind=incubator" in there
    page = shown(client, there.removeprefix(QUEUE))
    assert page.count('class="rt-state"') == 0 and 'aria-current="true">全部阶段</a>' in page
    assert "一项条件已不存在" not in page
    page = shown(client, there.replace("kind=incubator", "kind=hotel").removeprefix(QUEUE))
    assert "一项条件已不存在" in page and "hotel" in page


def test_the_first_view_of_the_queue_opens_with_it_and_can_be_cleared(
    world: World, client_of: ClientOf
) -> None:
    client = client_of(world.county_officer)
    keep = {"of": "returns", "name": "未开始", "query": "state=not_started", "next": QUEUE, "is_start": "1"}
    there = client.post("/office/views/", keep)["Location"]
    assert client.get(QUEUE)["Location"] == there
    page = shown(client, there.removeprefix(QUEUE))
    assert f'href="{QUEUE}?view=0"' in page and 'name="view"' in page
    shown(client, "?view=0")
