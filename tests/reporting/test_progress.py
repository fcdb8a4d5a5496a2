"""Counts of returns by region and stage: set-wise, in the scope of who asks."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting import queries
from reporting.services import campaigns
from tests.reporting.conftest import DAY, World, carrier, fill, region


def test_returns_are_counted_by_the_regions_just_below(world: World) -> None:
    fill(world)
    away = region("990600", "西川市", "city", world.province)
    made = [carrier(7, "云帆孵化器", away), carrier(8, "直管孵化器", world.province)]
    campaigns.add_returns(campaign=world.campaign, carriers=made, at=DAY)
    rows = queries.progress_by_region(world.officer, [world.campaign.pk])
    assert [(str(one.region), one.total, one.is_own) for one in rows] == [
        ("东江市", 2, False),
        ("西川市", 1, False),
        ("示例省", 1, True),
    ]
    assert (rows[0].counts["filling"], rows[0].counts["not_started"]) == (1, 1)
    (county,) = queries.progress_by_region(world.officer, [world.campaign.pk], base=world.city)
    assert (county.region, county.total, county.is_own) == (world.county, 2, False)


def test_another_regions_returns_are_not_counted(world: World) -> None:
    away = region("990600", "西川市", "city", world.province)
    campaigns.add_returns(campaign=world.campaign, carriers=[carrier(7, "云帆孵化器", away)], at=DAY)
    (row,) = queries.progress_by_region(world.city_officer, [world.campaign.pk])
    assert (row.region, row.total) == (world.county, 2)
    assert sum(one.total for one in queries.progress_by_region(world.city_officer, [])) == 0
    asked = queries.progress_by_region(world.city_officer, [world.campaign.pk], base=away)
    assert [one.total for one in asked] == [0]
    assert queries.progress_by_region(world.staff, [world.campaign.pk]) == []


def test_the_count_takes_two_queries_whatever_the_size(world: World) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.progress_by_region(world.officer, [world.campaign.pk])
        return len(captured)

    assert count() == 2
    made = [carrier(number, f"第{number}号孵化器", world.county) for number in range(10, 60)]
    campaigns.add_returns(campaign=world.campaign, carriers=made, at=DAY)
    assert count() == 2
