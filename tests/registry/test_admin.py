"""The register in the administration: to look at, never to change."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import RequestFactory

from registry.models import Carrier, CarrierVersion, Operator, Stay, Team, Tenant
from tests.registry.world import World


@pytest.mark.parametrize("model", [Carrier, CarrierVersion, Operator, Stay, Team, Tenant])
@pytest.mark.parametrize("who", ["province", "administrator", "county"])
def test_nothing_is_changed_past_the_services(world: World, model: type, who: str) -> None:
    request = RequestFactory().get("/")
    request.user, request.actor = world.people[who].user, world.people[who]  # type: ignore[attr-defined]
    page = admin.site._registry[model]
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)
    seen = model._default_manager.visible_to(request.actor)  # type: ignore[attr-defined]
    assert set(page.get_queryset(request)) == set(seen)
