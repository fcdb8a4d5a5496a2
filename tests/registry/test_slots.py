"""What the register offers to the pages above it."""

from __future__ import annotations

import pytest

from registry import slots
from tests.registry.world import World, credit_code


@pytest.mark.parametrize("who", ["visitor", "city", "province", "expert"])
def test_nothing_of_the_register_waits_for_others(world: World, who: str) -> None:
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
        assert ("在驻企业", "1 家") in panels[0].context["facts"]  # type: ignore[operator]


def test_who_fills_for_the_carrier_is_told_to_its_officers(world: World) -> None:
    (panel,) = slots.panels_for(world.carrier("mine"), world.people["county"])
    assert ("填报人", "填报甲") in panel.context["facts"]  # type: ignore[operator]


def test_search_answers_with_the_public_page(world: World) -> None:
    (hit,) = slots.search(world.people["visitor"], "qhf")
    assert (hit.title, hit.url) == ("青禾孵化器", "/carriers/SL-990500-0001/")
    assert slots.search(world.people["visitor"], credit_code(1)) == []
    assert [one.title for one in slots.search(world.people["staff"], credit_code(1))] == ["青禾孵化器"]
    assert slots.search(world.people["visitor"], "旧港") == []
