"""The administration is to look at: only words that are data are changed there, and locks taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.actors import VISITOR, Actor, actor_of
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from registry.models import DesignationTerm, LevelTerm

pytestmark = pytest.mark.django_db
WORDS = (DesignationTerm, LevelTerm)
ACTS = ("add", "change", "delete")
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def people() -> Iterator[tuple[str, Actor]]:
    """Everybody by role, and the same with every right that the framework knows."""
    root = Region.objects.create(code="990000", name="示例省", level="province", path="/990000/")
    yield "visitor", VISITOR
    for role in Role:
        scope = {"carrier_code": "SL-1"} if role == Role.CARRIER_STAFF else {"region": root}
        for is_superuser in (False, True):
            name = f"{role}{' superuser' if is_superuser else ''}"
            user = User.objects.create_user(name[:40], is_staff=True, is_superuser=is_superuser)
            made = Appointment.objects.create(user=user, role=role, valid_from=date(2020, 1, 1), **scope)
            yield name, actor_of(made)


def test_nobody_changes_anything_but_words_and_locks() -> None:
    found = set()
    for name, actor in people():
        request = RequestFactory().get("/admin/")
        request.user, request.actor = actor.user, actor  # type: ignore[attr-defined]
        for model in MODELS:
            page = admin.site._registry[model]
            for act in ACTS:
                given = () if act == "add" else (model(),)
                if actor.user and getattr(page, f"has_{act}_permission")(request, *given):
                    found.add((model, act, name))
    words = {Role.SYSTEM_ADMINISTRATOR.value, f"{Role.SYSTEM_ADMINISTRATOR} superuser"}
    allowed = {(model, act, name) for model in WORDS for act in ("add", "change") for name in words}
    allowed |= {(AccessAttempt, "delete", f"{role} superuser") for role in Role}
    assert found == allowed


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_superuser_may_look_and_finds_no_form_to_write(model: type) -> None:
    root = Region.objects.create(code="990000", name="示例省", level="province", path="/990000/")
    user = User.objects.create_user("root", is_staff=True, is_superuser=True)
    Appointment.objects.create(user=user, role=Role.AUDITOR, region=root, valid_from=date(2020, 1, 1))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"  # type: ignore[attr-defined]
    looks = client.get(reverse(f"{name}_changelist")).status_code
    assert looks == (403 if model in WORDS else 200)
    assert client.get(reverse(f"{name}_add")).status_code == 403
    assert client.post(reverse(f"{name}_add"), {}).status_code == 403
