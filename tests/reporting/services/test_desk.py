"""How many returns stand where, as each of those who check sees it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules.roles import Role
from core import clock
from reporting.models import Return
from reporting.services import campaigns, desk
from tests.reporting.conftest import DAY, World, person, region
from tests.reporting.desks import more, one_of_each, owned_by, placed


def standing(world: World, role: Role, **asked: object) -> desk.Standing:
    actor = world.actor(role)
    return desk.Standing(actor, desk.narrowed(actor, desk.in_scope(actor), asked), asked)


# Two returns of the world are untouched, and one is in each state.
SEEN = {
    Role.COUNTY_OFFICER: {"not_started": 3, "filling": 1, "mine": 1, "returned": 1, "passed": 3},
    Role.CITY_OFFICER: {
        "not_started": 3, "filling": 1, "at_county": 1, "mine": 1, "returned": 1, "passed": 2,
    },
    Role.PROVINCE_OFFICER: {
        "not_started": 3, "filling": 1, "at_county": 1, "at_city": 1, "mine": 1, "returned": 1, "passed": 1,
    },
    Role.AUDITOR: {
        "not_started": 3, "filling": 1, "at_county": 1, "at_city": 1, "at_province": 1, "returned": 1,
        "accepted": 1,
    },
}  # fmt: skip


@pytest.mark.parametrize("role", SEEN)
def test_each_role_sees_what_lies_before_with_and_beyond_it(world: World, role: Role) -> None:
    one_of_each(world)
    found = standing(world, role)
    assert found.counts == SEEN[role] and found.total == 9


def test_another_county_is_seen_by_the_city_and_not_by_this_county(world: World) -> None:
    beside = region("990503", "湖滨区", "county", world.city)
    away = region("990600", "西川市", "city", world.province)
    more(world, 3, region=beside)
    more(world, 4, first=20, region=away)
    assert standing(world, Role.COUNTY_OFFICER).total == 2
    assert standing(world, Role.CITY_OFFICER).total == 5
    assert standing(world, Role.PROVINCE_OFFICER).total == 9
    assert standing(world, Role.CARRIER_STAFF).total == 1


def test_the_last_stop_is_the_owners_of_the_campaign(world: World) -> None:
    made = owned_by(world, world.city)
    campaigns.add_returns(campaign=made, carriers=[world.carrier], at=DAY)
    found = Return.objects.get(campaign=made)
    Return.objects.filter(pk=found.pk).update(
        chain="county", state="at_province", submitted_at=DAY, county_passed_at=DAY
    )
    assert standing(world, Role.COUNTY_OFFICER).counts["passed"] == 1
    assert standing(world, Role.CITY_OFFICER).counts["mine"] == 1
    assert standing(world, Role.PROVINCE_OFFICER).counts["at_city"] == 1
    other = person("市级乙", Role.CITY_OFFICER, region=region("990600", "西川市", "city", world.province))
    assert desk.Standing(other, desk.in_scope(other), {}).total == 0


def test_a_closed_campaign_is_off_the_desk(world: World) -> None:
    campaigns.close_campaign(actor=world.officer, campaign_id=world.campaign.pk, at=DAY)
    found = standing(world, Role.COUNTY_OFFICER)
    assert found.total == 0 and found.table() is None


def test_counters_are_shares_of_one_bar_and_open_their_list(world: World) -> None:
    placed(more(world, 2)[0], "at_county")
    counters = {
        one.code: one for one in standing(world, Role.CITY_OFFICER, kind="incubator").counters("mine")
    }
    assert (counters[""].number, str(counters[""].title)) == (4, "应报")
    assert (counters["at_county"].share_words, counters["at_county"].place) == ("25.0 %", "75.000")
    assert counters["mine"].current and not counters[""].current
    query = parse_qs(urlsplit(counters["at_county"].url).query)
    assert query == {"kind": ["incubator"], "state": ["at_county"]}


def test_an_office_of_the_chain_that_has_none_is_left_out(world: World) -> None:
    codes = [one.code for one in standing(world, Role.CITY_OFFICER).counters()]
    assert "at_county" not in codes and "mine" in codes


def test_a_city_reads_its_counties_and_those_that_are_its_own(world: World) -> None:
    beside = region("990503", "湖滨区", "county", world.city)
    region("990504", "空区", "county", world.city)
    placed(more(world, 4, region=beside)[0], "at_county")
    more(world, 1, first=20, region=world.city)
    table = standing(world, Role.CITY_OFFICER).table()
    assert table is not None
    assert [(str(row.title), row.total.number) for row in table.rows] == [
        ("河湾区", 2),
        ("湖滨区", 4),
        ("东江市本级", 1),
    ]
    waits = table.rows[1].cells[2]
    assert (waits.number, waits.step) == (1, 2)
    assert parse_qs(urlsplit(waits.url).query) == {"region": ["990503"], "state": ["at_county"]}
    assert [cell.number for cell in table.sum.cells] == [6, 0, 1, 0, 0, 0]
    own = standing(world, Role.CITY_OFFICER, region="990500")
    assert own.total == table.rows[2].total.number


def test_a_county_reads_the_kinds_of_its_carriers(world: World) -> None:
    more(world, 3, kind="makerspace")
    table = standing(world, Role.COUNTY_OFFICER).table()
    assert table is not None and str(table.head) == "类型"
    assert [(str(row.title), row.total.number) for row in table.rows] == [
        ("众创空间", 3),
        ("科技企业孵化器", 2),
    ]
    assert "kind=makerspace" in table.rows[0].total.url and table.days_title == ""


def test_the_pace_is_the_median_of_working_days(world: World) -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 3, day, 10, tzinfo=clock.SHANGHAI)

    # Friday to Monday is one working day; Monday to the Tuesday of the week after six.
    first, second, third = more(world, 3)
    placed(first, "at_city", submitted_at=at(6), county_passed_at=at(9))
    table = standing(world, Role.CITY_OFFICER).table()
    assert table is not None
    assert (table.rows[0].days, table.rows[0].is_slow) == (1, False)
    assert str(table.days_title) == "县区用时中位数（工作日）"
    for one in (second, third):
        placed(one, "at_city", submitted_at=at(9), county_passed_at=at(17))
    table = standing(world, Role.CITY_OFFICER).table()
    assert table is not None
    assert (table.rows[0].days, table.rows[0].is_slow, table.sum.days) == (6, True, 6)


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER])
def test_counters_and_table_take_the_same_queries_with_5_and_with_50(world: World, role: Role) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = standing(world, role)
            found.counters()
            found.table()
        return len(captured)

    one_of_each(world)
    before = count()
    for one in more(world, 50, first=30)[:25]:
        placed(one, "at_city")
    assert count() == before <= 4
