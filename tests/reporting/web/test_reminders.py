"""The page of reminders: whom a word would reach, sent once; the days of the ladder."""

from __future__ import annotations

from office.models import Notice
from reporting.models import Reminder
from tests.reporting.api.test_dates import client_of as api_of
from tests.reporting.api.test_dates import post
from tests.reporting.conftest import World
from tests.reporting.web.conftest import ClientOf


def test_it_is_looked_at_and_sent(world: World, client_of: ClientOf) -> None:
    client, base = client_of(world.county_officer), f"/returns/campaigns/{world.campaign.pk}/"
    page = client.get(f"{base}reminders/").content.decode()
    assert "催办 2 家" in page and "青禾孵化器" in page and "提醒天数" not in page
    assert not Reminder.objects.exists()
    done = client.post(f"{base}nudges/", {"text": "请本周内开始"}, follow=True).content.decode()
    assert "已催办 2 家载体的 2 人。" in done and "现在没有需要催办的载体" in done
    assert Notice.objects.filter(recipient=world.staff.user, link=f"/returns/{world.mine.pk}/").count() == 1
    again = client.post(f"{base}nudges/", {"text": ""})
    assert again.status_code == 422 and "现在没有需要催办的载体。" in again.content.decode()


def test_the_owner_sets_the_days(world: World, client_of: ClientOf) -> None:
    client, base = client_of(world.officer), f"/returns/campaigns/{world.campaign.pk}/"
    assert client.post(f"{base}ladder/", {"ladder": "x"}).status_code == 422
    client.post(f"{base}ladder/", {"ladder": "20，5"})
    assert "到期前 20，5 天各提醒一次" in client.get(f"{base}reminders/").content.decode()
    assert client_of(world.city_officer).post(f"{base}ladder/", {"ladder": "1"}).status_code == 404


def test_an_auditor_reads_and_carriers_find_nothing(world: World, client_of: ClientOf) -> None:
    base = f"/returns/campaigns/{world.campaign.pk}/"
    assert client_of(world.auditor).get(f"{base}reminders/").status_code == 200
    assert client_of(world.auditor).post(f"{base}nudges/").status_code == 404
    assert client_of(world.staff).get(f"{base}reminders/").status_code == 404


def test_by_api_it_is_tried_and_done_once(world: World) -> None:
    client, url = api_of(world.city_officer), f"/api/v1/campaigns/{world.campaign.pk}/nudges/"
    tried = post(client, f"{url}?dry_run=true", {})
    assert (tried.data["told"], tried.data["names"]) == (2, ("青禾孵化器", "星河孵化器"))
    assert not Reminder.objects.exists()
    for _twice in range(2):
        assert post(client, url, {"text": "请尽快"}, "k-1").data["told"] == 2
    assert Reminder.objects.count() == 2
    assert post(client, url, {}).data["problems"][0]["code"] == "nudge.nobody"
    assert post(api_of(world.staff), url, {}).status_code == 404
