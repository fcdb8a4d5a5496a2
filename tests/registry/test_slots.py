"""What the register offers to the pages above it."""

from __future__ import annotations

from datetime import date

import pytest

from registry import slots
from registry.models import CarrierVersion
from tests.registry.world import AT, World, credit_code


@pytest.mark.parametrize("who", ["visitor", "staff", "county", "province", "expert"])
def test_nothing_of_the_register_waits_for_anybody(world: World, who: str) -> None:
    assert slots.tasks_for(world.people[who]) == []


@pytest.mark.parametrize(
    ("who", "inside"),
    [("visitor", False), ("staff", True), ("other_staff", False), ("city", True), ("expert", False)],
)
def test_contacts_and_tenants_are_told_to_those_who_work_with_the_carrier(
    world: World, who: str, inside: bool
) -> None:
    panels = slots.panels_for(world.carrier("mine"), world.people[who])
    told = [str(panel.context) for panel in panels]
    assert any("0990-5550001" in words for words in told) == inside
    assert len(panels) == int(inside)
    if inside:
        assert ("在驻企业", "1") in panels[0].context["facts"]  # type: ignore[operator]


def test_the_history_of_levels_is_public(world: World) -> None:
    one = world.carriers["mine"]
    CarrierVersion.objects.create(
        carrier=one, valid_from=date(2024, 1, 1), recorded_at=AT, basis="示例文件", name=one.name,
        kind=one.kind, carrier_class=one.carrier_class, level="provincial", operator=one.operator,
        region=one.region,
    )  # fmt: skip
    (panel,) = slots.panels_for(world.carrier("mine"), world.people["visitor"])
    assert panel.context == {"levels": [(date(2024, 1, 1), "省级", "示例文件")]}


def test_search_answers_with_the_public_page(world: World) -> None:
    (hit,) = slots.search(world.people["visitor"], "qhf")
    assert (hit.title, hit.url) == ("青禾孵化器", "/carriers/SL-990500-0001/")
    assert slots.search(world.people["visitor"], credit_code(1)) == []
    assert [one.title for one in slots.search(world.people["staff"], credit_code(1))] == ["青禾孵化器"]
    assert slots.search(world.people["visitor"], "旧港") == []
