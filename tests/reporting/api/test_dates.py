"""Dates and longer time by API: tried without writing, done once, read back."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from reporting.models import CampaignTerm, Extension
from tests.reporting.conftest import World

TERM = {
    "region": "990500",
    "last_start_at": "2026-03-22T00:00:00+08:00",
    "due_at": "2026-03-28T17:00:00+08:00",
    "correct_by": "2026-04-20T17:00:00+08:00",
    "reason": "市里提前汇总",
}


def client_of(actor: Any) -> APIClient:
    client = APIClient()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client: APIClient, url: str, body: Any, key: str = "") -> Any:
    return client.post(url, body, format="json", **({"HTTP_IDEMPOTENCY_KEY": key} if key else {}))


def test_dates_are_tried_set_read_and_taken_away(world: World) -> None:
    client, base = client_of(world.city_officer), f"/api/v1/campaigns/{world.campaign.pk}/terms/"
    tried = post(client, f"{base}?dry_run=true", TERM)
    assert (tried.status_code, tried.data) == (200, {"returns": 2, "changed": 2, "still_open": 2})
    assert not CampaignTerm.objects.exists()
    for _twice in range(2):
        assert post(client, base, TERM, "a-key-1").data["changed"] == 2
    (one,) = client.get(base).data
    assert (one["region"], one["by_owner"], one["reason"]) == ("990500", False, "市里提前汇总")
    late = post(client, base, {**TERM, "due_at": "2026-04-20T17:00:00+08:00"})
    assert (late.status_code, late.data["problems"][0]["code"]) == (422, "term.late")
    assert post(client, f"{base}{one['id']}/remove/", {"reason": "改按省里"}).data["changed"] == 2


def test_longer_time_is_granted_and_taken_back(world: World) -> None:
    client, base = client_of(world.officer), f"/api/v1/campaigns/{world.campaign.pk}/extensions/"
    given = {"carrier": world.carrier.code, "until": "2026-04-10T17:00:00+08:00", "clause": "第九条"}
    assert post(client, f"{base}?dry_run=true", given).data["changed"] == 1 and not Extension.objects.exists()
    assert post(client, base, given).status_code == 200
    (one,) = client.get(base).data
    assert (one["carrier"], one["region"], one["clause"]) == (world.carrier.code, None, "第九条")
    assert post(client, f"{base}{one['id']}/revoke/", {"reason": "误批"}).data["revoked_why"] == "误批"


def test_carriers_find_no_such_lists(world: World) -> None:
    client = client_of(world.staff)
    for name in ("terms", "extensions"):
        url = f"/api/v1/campaigns/{world.campaign.pk}/{name}/"
        assert client.get(url).status_code == 404 and post(client, url, TERM).status_code == 404
