"""Peers of a campaign: measured once, set-wise, from what was submitted the year before."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting import queries
from reporting.models import PeerMeasure, Return, ReturnFigure
from reporting.services.peers import measure_peers
from tests.reporting.conftest import DAY, World, carrier, open_campaign


def file_last_year(world: World, number: int) -> None:
    """So many carriers that filed an income of 1,001, 1,002, … the year before."""
    for at in range(number):
        carrier(100 + at, f"同类{at}", world.county)
    before = open_campaign(world.officer, world.form, world.province, 2024)
    found = Return.objects.filter(campaign=before).select_related("current").order_by("pk")
    for at, one in enumerate(found[:number], start=1):
        version = one.current
        assert version is not None
        version.commitment, version.digest, version.submitted_at = "承诺", f"sha256:{at}", DAY
        ReturnFigure.objects.create(version=version, code="area_service", number=Decimal(1000 + at))
        version.save()


def test_a_campaign_is_measured_in_the_same_queries_however_many_filed(world: World) -> None:
    file_last_year(world, 12)
    with CaptureQueriesContext(connection) as captured:
        measure_peers(campaign=world.campaign, at=DAY)
    assert len([one for one in captured if "SAVEPOINT" not in one["sql"]]) == 4
    (found,) = PeerMeasure.objects.all()
    assert (found.kind, found.carriers) == ("incubator", 12)
    assert found.measures["all"]["area_service"][:2] == [12, "1006.5"]
    measure_peers(campaign=world.campaign, at=DAY)
    assert PeerMeasure.objects.count() == 1


def test_a_return_is_opened_with_its_peers_in_no_query_more(world: World) -> None:
    file_last_year(world, 12)
    measure_peers(campaign=world.campaign, at=DAY)
    mine = queries.with_all(Return.objects.filter(pk=world.mine.pk)).get()
    with CaptureQueriesContext(connection) as captured:
        opened = queries.opened(mine, at=DAY)
    assert not any("peermeasure" in one["sql"] for one in captured)
    assert opened.peers["area_service"].number == 12
    assert queries.opened(world.mine, at=DAY).peers == opened.peers


def test_the_first_year_has_no_peers(world: World) -> None:
    assert not PeerMeasure.objects.exists()
    assert queries.opened(world.mine, at=DAY).peers == {}
