"""Opening a year: who is asked, with what the drafts begin, who may open it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules.roles import Role
from core import clock
from core.problems import Refused
from registry.models import Carrier, CarrierState
from reporting import queries
from reporting.models import Campaign, Return, ReturnVersion
from reporting.services import campaigns, filling, forms, returns
from tests.reporting.conftest import DAY, FORM, World, carrier, fill, open_campaign, person, region


def test_running_carriers_of_the_forms_kinds_below_the_region_are_asked(world: World) -> None:
    carrier(3, "木棉众创空间", world.county, kind="makerspace")
    closed = carrier(4, "旧址孵化器", world.county)
    Carrier.objects.filter(pk=closed.pk).update(state=CarrierState.CLOSED)
    elsewhere = region("980000", "邻省", "province", None)
    carrier(5, "邻省孵化器", elsewhere)
    direct = carrier(6, "市直孵化器", world.city)
    campaign = open_campaign(world.officer, world.form, world.province, year=2026)
    found = Return.objects.filter(campaign=campaign).order_by("carrier__code")
    assert [(one.carrier, one.chain) for one in found] == [
        (world.carrier, "county_city"),
        (world.other, "county_city"),
        (direct, "city"),
    ]
    assert all(one.current is not None and one.current.number == 1 for one in found)


def test_a_carrier_of_the_city_goes_straight_to_the_city(world: World) -> None:
    direct = carrier(6, "市直孵化器", world.city)
    staff = person("填报丁", Role.CARRIER_STAFF, carrier_code=direct.code)
    campaign = open_campaign(world.officer, world.form, world.province, year=2026)
    found = Return.objects.get(campaign=campaign, carrier=direct)
    then = campaign.opens_at
    fill(world, found, staff, at=then)
    returns.submit(actor=staff, return_id=found.pk, expected=0, commitment="承诺属实", at=then)
    found = returns.pass_on(actor=world.city_officer, return_id=found.pk, expected=1, at=then)
    assert (found.state, found.county_passed_at) == ("at_province", None)
    assert returns.accept(actor=world.officer, return_id=found.pk, expected=2, at=then).state == "accepted"


def test_a_citys_own_campaign_is_accepted_by_the_city(world: World) -> None:
    campaign = open_campaign(world.city_officer, world.form, world.city, year=2026)
    found = Return.objects.get(campaign=campaign, carrier=world.carrier)
    then = campaign.opens_at
    fill(world, found, at=then)
    returns.submit(actor=world.staff, return_id=found.pk, expected=0, commitment="承诺属实", at=then)
    returns.pass_on(actor=world.county_officer, return_id=found.pk, expected=1, at=then)
    with pytest.raises(Refused):
        returns.accept(actor=world.officer, return_id=found.pk, expected=2, at=then)
    found = returns.accept(actor=world.city_officer, return_id=found.pk, expected=2, at=then)
    assert found.state == "accepted"


def test_drafts_begin_with_last_years_values_and_the_register(world: World) -> None:
    text = FORM.replace("version: 1", "version: 2").replace(
        "title: 孵化场地总面积,", "title: 孵化场地总面积, prefill: previous,"
    )
    text = text.replace("title: 情况说明,", "title: 情况说明, prefill: registry.operator,")
    form = forms.import_form(actor=world.officer, source=text, at=DAY)
    fill(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺属实", at=DAY)
    campaign = open_campaign(world.officer, form, world.province, year=2026)
    draft = ReturnVersion.objects.get(return_of__campaign=campaign, return_of__carrier=world.carrier)
    assert draft.values == {"area_total": "5000", "operator_note": "青禾孵化器运营公司"}
    assert draft.sources["area_total"] == {"kind": "previous", "confirmed": False}
    found = draft.return_of
    then = campaign.opens_at
    assert filling.confirm(actor=world.staff, return_id=found.pk, codes=["area_total", "x"], at=then) == [
        "area_total"
    ]
    draft.refresh_from_db()
    assert draft.sources["area_total"]["confirmed"] is True


def test_opening_takes_the_same_queries_for_one_carrier_as_for_thirty(world: World) -> None:
    def count(year: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            open_campaign(world.officer, world.form, world.province, year=year)
        return len(captured)

    few = count(2026)
    for number in range(10, 40):
        carrier(number, f"孵化器{number}", world.county)
    assert count(2027) == few


def test_a_year_is_opened_once(world: World) -> None:
    with pytest.raises(Refused) as refused:
        open_campaign(world.officer, world.form, world.province)
    assert refused.value.problems[0].code == "campaign.open"
    assert Campaign.objects.count() == 1


def test_officers_open_for_their_own_region_only(world: World) -> None:
    open_campaign(world.county_officer, world.form, world.county, year=2026)
    for actor in (world.county_officer, world.staff, world.auditor):
        with pytest.raises(Refused):
            open_campaign(actor, world.form, world.province, year=2027)


def test_dates_out_of_order_are_named_all_at_once(world: World) -> None:
    day = datetime(2027, 3, 1, tzinfo=clock.SHANGHAI)
    with pytest.raises(Refused) as refused:
        campaigns.open_campaign(
            actor=world.officer,
            year=2026,
            form=world.form,
            region=world.province,
            title="年报",
            opens_at=day,
            last_start_at=day,
            due_at=day - timedelta(days=1),
            correct_by=day - timedelta(days=2),
            at=day,
        )
    assert [p.field for p in refused.value.problems] == ["last_start_at", "due_at", "correct_by"]


def test_nothing_is_filled_in_a_closed_campaign(world: World) -> None:
    campaigns.close_campaign(actor=world.officer, campaign_id=world.campaign.pk, at=DAY)
    with pytest.raises(Refused) as refused:
        fill(world)
    assert str(refused.value.problems[0].message) == "本次填报已关闭。"


@pytest.mark.parametrize(
    ("who", "seen"),
    [("staff", 1), ("county_officer", 1), ("city_officer", 1), ("officer", 1), ("auditor", 1)],
)
def test_who_is_concerned_sees_a_campaign(world: World, who: str, seen: int) -> None:
    actor: Any = getattr(world, who)
    assert Campaign.objects.visible_to(actor).count() == seen


def test_an_expert_sees_no_campaign_and_no_return(world: World) -> None:
    expert = person("专家甲", Role.EXPERT, region=world.province)
    assert not Campaign.objects.visible_to(expert).exists()
    assert not Return.objects.visible_to(expert).exists()


def test_the_last_stop_of_a_citys_campaign_lies_in_the_citys_queue_alone(world: World) -> None:
    campaign = open_campaign(world.city_officer, world.form, world.city, year=2026)
    Return.objects.filter(campaign=campaign, carrier=world.carrier).update(
        state="at_province", submitted_at=DAY, county_passed_at=DAY
    )
    found = Return.objects.get(campaign=campaign, carrier=world.carrier)
    assert list(queries.queue(world.city_officer)) == [found]
    assert list(queries.queue(world.officer)) == [] == list(queries.queue(world.county_officer))
