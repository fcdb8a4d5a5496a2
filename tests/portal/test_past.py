"""What was taken over from before this portal stands on the carrier's page, marked as that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.urls import reverse

from registry.models import CarrierVersion, PastRecord
from registry.models.versions import facts_of
from registry.rules.past_sheet import PastKind
from tests.registry.world import AT, World, make_world, signed_in


@pytest.fixture
def world(db: None, at: Callable[..., datetime]) -> World:
    at(2026, 3, 18, 14, 32)
    made = make_world()
    about = {"carrier": made.carriers["mine"], "basis": "示科孵〔2021〕8 号", "recorded_at": AT}
    PastRecord.objects.create(kind=PastKind.GRADE, year=2021, item="绩效评价", value="A", **about)
    PastRecord.objects.create(
        kind=PastKind.AWARD, year=2021, item="运营补助", value="300000", unit="元", **about
    )
    CarrierVersion.objects.create(
        carrier=made.carriers["mine"], valid_from=date(2018, 1, 1), recorded_at=AT, basis="列入统计",
        **facts_of(made.carriers["mine"]),
    )  # fmt: skip
    return made


@pytest.mark.parametrize(("who", "sees"), [("visitor", False), ("other_staff", False), ("staff", True)])
def test_the_grade_is_public_with_its_document_and_the_money_is_not(
    world: World, who: str, sees: bool
) -> None:
    address = reverse("portal:carrier", args=[world.carriers["mine"].code])
    html = signed_in(world.people[who]).get(address).content.decode()
    assert "示科孵〔2021〕8 号（接收）" in html
    assert ("运营补助" in html, "300000" in html) == (sees, sees)


def test_as_of_a_day_before_it_nothing_is_told(world: World) -> None:
    address = reverse("portal:carrier", args=[world.carriers["mine"].code])
    html = signed_in(world.people["visitor"]).get(address, {"on": "2020-12-31"}).content.decode()
    assert "（接收）" not in html
