"""An officer fills for a carrier: who may, what stays the carrier's own, what is marked for good."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from core.problems import Refused
from office.models import AuditEntry, Notice
from reporting.models import Return, ReturnVersion
from reporting.permissions import may_fill
from reporting.services import behalf, filling, returns
from tests.reporting.conftest import DAY, World, fill

pytestmark = pytest.mark.django_db


def begun(world: World, actor: Actor, reason: str = "载体停电，来电请代填") -> Return:
    return behalf.fill_for_carrier(actor=actor, return_id=world.mine.pk, reason=reason, at=DAY)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def client_of(actor: Actor) -> Client:
    client = Client()
    assert actor.user
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("who", ["county_officer", "city_officer"])
def test_an_officer_of_the_carriers_region_fills_after_saying_why(world: World, who: str) -> None:
    officer = getattr(world, who)
    field: dict[str, Any] = {"return_id": world.mine.pk, "code": "area_total", "value": "3000", "seen": ""}
    with pytest.raises(Refused):
        filling.save_field(actor=officer, at=DAY, **field)
    begun(world, officer)
    begun(world, officer)
    filling.save_field(actor=officer, at=DAY, **field)
    version = ReturnVersion.objects.get(return_of=world.mine)
    assert (version.on_behalf_by, version.saved_by) == (officer.user, officer.user)
    assert AuditEntry.objects.get(action="return.fill_for").reason == "载体停电，来电请代填"
    assert Notice.objects.filter(recipient=world.staff.user).count() == 1


@pytest.mark.parametrize("who", ["officer", "auditor", "staff"])
def test_nobody_else_does(world: World, who: str) -> None:
    with pytest.raises(Refused) as refusal:
        begun(world, getattr(world, who))
    assert codes(refusal) == ["permission_denied"]


def test_a_reason_is_wanted_and_one_fills_at_a_time(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        begun(world, world.county_officer, " ")
    assert codes(refusal) == ["behalf.reason"]
    begun(world, world.county_officer)
    with pytest.raises(Refused) as refusal:
        begun(world, world.city_officer)
    assert codes(refusal) == ["behalf.other"]
    assert not may_fill(world.city_officer, world.mine)


def test_handing_in_stays_the_carriers_and_the_mark_stays(world: World) -> None:
    begun(world, world.county_officer)
    fill(world)
    found = world.mine
    with pytest.raises(Refused):
        returns.submit(
            actor=world.county_officer, return_id=found.pk, expected=found.version, commitment="x", at=DAY
        )
    returns.submit(actor=world.staff, return_id=found.pk, expected=found.version, commitment="真实", at=DAY)
    assert not may_fill(world.county_officer, world.mine)
    version = ReturnVersion.objects.get(return_of=found)
    assert version.on_behalf_by == world.county_officer.user
    name = str(world.county_officer.user)
    assert AuditEntry.objects.get(action="return.submit").detail["filled_by"] == name
    for actor, path in (
        (world.staff, f"/returns/{found.pk}/receipt/"),
        (world.city_officer, f"/returns/{found.pk}/"),
    ):
        assert f"由 {name} 代填" in client_of(actor).get(path).content.decode()


def test_by_page(world: World) -> None:
    officer, path = client_of(world.county_officer), f"/returns/{world.mine.pk}/"
    assert "为载体代填" in officer.get(path).content.decode()
    assert "为载体代填" not in client_of(world.officer).get(path).content.decode()
    assert officer.post(f"{path}fill-for/", {"reason": ""}).status_code == 422
    assert officer.post(f"{path}fill-for/", {"reason": "停电"}).status_code == 302
    shown = officer.get(path).content.decode()
    assert "提交由载体本人办理" in shown and "/submit/" not in shown
    assert officer.get(f"{path}submit/").status_code == 404
    assert client_of(world.city_officer).get(path).status_code == 200
    assert "/submit/" in client_of(world.staff).get(path).content.decode()
