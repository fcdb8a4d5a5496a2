"""The register in the administration: to look at, never to change; its words alone are changed there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from accounts.models import User
from core.problems import Refused
from office.models import AuditEntry
from registry.models import Carrier, CarrierVersion, LevelTerm, Operator, Stay, Team, Tenant
from registry.models import levels as models_of_levels
from registry.models.levels import level_terms
from registry.queries.levels import level_words
from registry.services import levels
from tests.registry.world import AT, TODAY, World, signed_in


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


PAGE = "/admin/registry/levelterm/"
OPEN = {"code": "star", "name": "星级", "name_en": "Star", "rank": "60", "decided_by": "province"}


@pytest.fixture
def vocabulary(world: World) -> Iterator[Client]:
    """A system administrator who may enter the administration; the vocabulary is read anew afterwards."""
    client = signed_in(world.people["administrator"])
    User.objects.filter(pk=world.people["administrator"].user_id).update(is_staff=True)
    yield client
    models_of_levels._kept = None


@pytest.mark.parametrize(("who", "may"), [("administrator", True), ("province", False), ("auditor", False)])
def test_words_are_changed_by_system_administrators_alone(world: World, who: str, may: bool) -> None:
    request = RequestFactory().get("/")
    request.user, request.actor = world.people[who].user, world.people[who]  # type: ignore[attr-defined]
    page = admin.site._registry[LevelTerm]
    assert page.has_add_permission(request) == page.has_change_permission(request) == may
    assert page.has_view_permission(request) == page.has_module_permission(request) == may
    assert not page.has_delete_permission(request)
    with pytest.raises(Refused) if not may else nullcontext():
        levels.save_term(actor=world.people[who], term=LevelTerm(**{**OPEN, "rank": 60}), at=AT)
    models_of_levels._kept = None


def test_a_new_word_is_added_with_an_entry_in_the_audit(world: World, vocabulary: Client) -> None:
    assert vocabulary.get(PAGE).status_code == 200
    assert vocabulary.post(f"{PAGE}add/", OPEN).status_code == 302
    entry = AuditEntry.objects.get(action="level.term")
    assert entry.detail["before"] == {} and entry.detail["after"]["name"] == "星级"
    again = vocabulary.post(f"{PAGE}add/", OPEN)
    assert again.status_code == 200 and LevelTerm.objects.filter(code="star").count() == 1


def test_a_word_ends_and_another_goes_on_and_the_code_stays(world: World, vocabulary: Client) -> None:
    standard = LevelTerm.objects.get(name="标准级")
    overlapping = {**OPEN, "code": "national", "name": "基准级", "rank": "40", "valid_from": "2026-01-01"}
    answer = vocabulary.post(f"{PAGE}add/", overlapping)
    assert answer.status_code == 200 and "使用时间重叠" in answer.content.decode()
    change = {
        "code": "other", "name": "标准级", "name_en": "Standard", "rank": "40", "decided_by": "province",
        "valid_from": "2025-01-01", "valid_to": "2025-12-31",
    }  # fmt: skip
    assert vocabulary.post(f"{PAGE}{standard.pk}/change/", change).status_code == 302
    standard.refresh_from_db()
    assert (standard.code, standard.valid_to) == ("national", date(2025, 12, 31))
    assert vocabulary.post(f"{PAGE}add/", overlapping).status_code == 302
    level_terms(fresh=True)
    assert level_words(TODAY)["national"].msgid == "基准级"
    assert vocabulary.post(f"{PAGE}{standard.pk}/delete/", {"post": "yes"}).status_code == 403
