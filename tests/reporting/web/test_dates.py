"""The page of dates: seen by officers, set after a look at whom it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.models import CampaignTerm, Extension
from tests.reporting.conftest import TENANTS, World, fill
from tests.reporting.services.test_terms import extend, on, set_term
from tests.reporting.web.conftest import ClientOf

TERM = {
    "region": "990500",
    "level": "",
    "last_start_at": "2026-03-22T00:00",
    "due_at": "2026-03-28T17:00",
    "correct_by": "2026-04-20T17:00",
    "reason": "市里提前汇总",
}


def test_dates_are_looked_at_before_they_are_set(world: World, client_of: ClientOf) -> None:
    client, url = client_of(world.city_officer), f"/returns/campaigns/{world.campaign.pk}/dates/"
    assert "另设期限" in client.get(url).content.decode()
    looked = client.post(url, TERM).content.decode()
    assert "范围内有 2 家载体，其中 2 家的期限会改变" in looked and not CampaignTerm.objects.exists()
    assert 'name="reason" value="市里提前汇总"' in looked
    assert client.post(url, {**TERM, "sure": "1"}).status_code == 302
    page = client.get(url).content.decode()
    assert "市里提前汇总" in page and CampaignTerm.objects.count() == 1
    one = CampaignTerm.objects.get()
    client.post(f"/returns/campaigns/{world.campaign.pk}/terms/{one.pk}/remove/", {"reason": "改按省里"})
    assert not CampaignTerm.objects.exists()


def test_faults_stand_at_the_form(world: World, client_of: ClientOf) -> None:
    url = f"/returns/campaigns/{world.campaign.pk}/dates/"
    answer = client_of(world.city_officer).post(url, {**TERM, "due_at": "2026-04-20T17:00"})
    assert answer.status_code == 422 and "填报截止不能晚于主管部门定的" in answer.content.decode()
    answer = client_of(world.city_officer).post(url, {**TERM, "due_at": "soon"})
    assert answer.status_code == 422


def test_longer_time_is_granted_and_taken_back(world: World, client_of: ClientOf) -> None:
    client, base = client_of(world.officer), f"/returns/campaigns/{world.campaign.pk}/"
    given = {"carrier": world.carrier.code, "region": "", "until": "2026-04-10T17:00", "clause": "第九条"}
    looked = client.post(f"{base}extensions/", given)
    assert "其中 1 家的期限会改变" in looked.content.decode()
    client.post(f"{base}extensions/", {**given, "sure": "1"})
    one = Extension.objects.get()
    assert "第九条" in client.get(f"{base}dates/").content.decode()
    client.post(f"{base}extensions/{one.pk}/revoke/", {"reason": "误批"})
    assert "已撤销" in client.get(f"{base}dates/").content.decode()


def test_an_auditor_reads_and_carriers_see_nothing(world: World, client_of: ClientOf) -> None:
    url = f"/returns/campaigns/{world.campaign.pk}/dates/"
    page = client_of(world.auditor).get(url)
    assert page.status_code == 200 and "另设期限" not in page.content.decode()
    assert client_of(world.auditor).post(url, TERM).status_code == 404
    assert client_of(world.staff).get(url).status_code == 404


def test_many_dates_cost_no_more_queries_than_one(world: World, client_of: ClientOf) -> None:
    client, url = client_of(world.officer), f"/returns/campaigns/{world.campaign.pk}/dates/"

    def count() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    extend(world, world.officer, on(4, 10))
    set_term(world, world.city_officer)
    few = count()
    for day in range(11, 20):
        extend(world, world.officer, on(4, day))
    for level in ("national", "county", "city"):
        set_term(world, world.officer, level=level)
    assert count() == few


def test_what_was_typed_stays_on_the_page_when_the_time_has_passed(
    world: World, client_of: ClientOf, at: Callable[..., datetime]
) -> None:
    fill(world)
    at(2026, 3, 31, 17, 0)
    client, base = client_of(world.staff), f"/returns/{world.mine.pk}/"
    typed = {"value-area_total": "6100", "seen-area_total": "5000"}
    for answer in (
        client.post(f"{base}fields/area_total/", typed, headers={"HX-Request": "true"}),
        client.post(f"{base}fields/area_total/", typed),
        client.post(f"{base}sections/site/", typed),
    ):
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "已过填报截止时间（2026-03-31 17:00）" in text and "可批准延期" in text
        assert "没有保存，您填的是" in text and "6100" in text
    key = TENANTS[0]["credit_code"]
    row = client.post(f"{base}tables/roster/row/?key={key}", {"value-name": "改名公司", "seen-name": ""})
    text = row.content.decode()
    assert row.status_code == 422 and "没有保存的内容" in text and "改名公司" in text
    assert world.mine.current.values["area_total"] == "5000"
