"""The numbers of the year's progress: they add up, money too, and lags are marked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actors import Actor
from portal.progress import progress_of, scope_of
from portal.progress.counting import NUMBERS, Counted, counted
from portal.progress.money import money_of
from portal.progress.page import Progress
from portal.progress.scope import Scope
from portal.progress.table import steps_of
from tests.evaluation.world import carrier
from tests.portal.progress.world import NOW, World, put


def seen(actor: Actor, year: int | None = None, code: str = "") -> Scope:
    scope = scope_of(actor, NOW, year=year, code=code)
    assert scope is not None
    return scope


def page(actor: Actor, year: int | None = None, **more: str) -> Progress:
    return progress_of(seen(actor, year), **more)


def numbers(found: Counted) -> dict[str, dict[str, object]]:
    return {row.region.name: dict(row.numbers) for row in found.rows}


def test_a_return_counts_for_every_office_that_it_has_passed(world: World) -> None:
    east = numbers(counted(seen(world.officer)))["东市"]
    assert [east[key] for key in ("due", "filed", "county", "city", "accepted")] == [4, 4, 3, 2, 1]
    west = numbers(counted(seen(world.officer)))["西市"]
    assert [west[key] for key in ("due", "filed", "county")] == [2, 0, 0]


@pytest.mark.parametrize("year", [2026, 2025])
def test_the_sums_of_the_rows_are_the_totals_on_every_level(world: World, year: int) -> None:
    world.confirmed()
    top = counted(seen(world.officer, year))
    for name in NUMBERS:
        assert top.total[name] == sum(row.numbers[name] for row in top.rows), name
    east = counted(seen(world.officer, year, "990100"))
    assert numbers(top)["东市"] == east.total


def test_what_lies_elsewhere_is_not_in_a_regions_numbers(world: World) -> None:
    found = counted(seen(world.officer, code="990201"))
    assert found.total["due"] == 2 and found.stamps["carriers"] == 2


def test_last_years_money_stands_until_this_year_has_any(world: World) -> None:
    allocation = world.confirmed()
    scope = seen(world.officer)
    assert scope.year == 2026 and scope.money_year == 2025
    found = counted(scope)
    assert found.total["claimed"] == allocation.claimed
    assert found.total["decided"] == allocation.allocated


def test_what_waits_for_a_second_person_is_claimed_and_not_decided(world: World) -> None:
    world.draft()
    found = counted(seen(world.officer))
    assert found.total["claimed"] > 0 and found.total["decided"] == 0
    assert counted(seen(world.city)).total["claimed"] == 0


def test_the_parts_of_a_budget_are_the_budget(world: World) -> None:
    policy = world.load(
        "policy: whole\nversion: 1\ntitle: 全额\nawards:\n"
        "  - {code: one, payer: 省级, amount: {by: grade, A: 800000, B: 400000}}\n"
        "budget: {total: 5000000, when_short: prorate}\n"
    )
    made = world.draft(policy=policy)
    money = money_of(seen(world.officer))
    assert money is not None and money.year == 2025
    programme = money.programmes[0]
    assert programme.budget == 500
    assert {part.key: part.amount for part in programme.parts} == {
        "confirmed": 0,
        "draft": made.allocated / 10_000,
        "free": 500 - made.allocated / 10_000,
    }
    assert sum(part.share for part in programme.parts) == pytest.approx(Decimal(100), abs=Decimal("0.2"))
    assert money_of(seen(world.officer, code="990100")) is None


def test_columns_are_those_that_the_data_can_tell(world: World) -> None:
    table = page(world.officer).table
    assert table is not None
    assert [head.key for head in table.heads] == ["name", "due", "filed", "county", "city", "accepted"]
    judged = page(world.officer, 2025).table
    assert judged is not None
    assert [head.key for head in judged.heads] == ["name", "due", "filed", "city", "accepted", "graded"]


def test_a_share_far_below_the_whole_is_marked_unless_it_is_less_than_one(world: World) -> None:
    table = page(world.officer).table
    assert table is not None
    low = {line.name: [cell.column.key for cell in line.cells if cell.is_low] for line in table.lines}
    assert low == {"东市": [], "西市": ["filed", "county"]}
    assert not any(cell.is_low for cell in table.total.cells)


def test_rows_are_in_the_asked_order(world: World) -> None:
    for n in range(3):
        put(world.asked, carrier(f"S-{n}", world.west), "not_started")

    def names(sort: str) -> list[str]:
        table = page(world.officer, sort=sort).table
        assert table is not None
        return [line.name for line in table.lines]

    assert names("") == names("nothing") == ["东市", "西市"]
    assert names("-name") == ["西市", "东市"]
    assert names("filed") == ["西市", "东市"]
    assert names("-filed") == ["东市", "西市"]
    assert names("-due") == ["西市", "东市"]


def test_a_head_says_its_order_and_turns_it(world: World) -> None:
    table = page(world.officer, sort="filed").table
    assert table is not None
    head = next(head for head in table.heads if head.key == "filed")
    assert head.order == "ascending" and "sort=-filed" in head.url and "measure=filed" in head.url
    assert all(not other.order for other in table.heads if other is not head)


def test_the_map_repeats_the_measure_or_the_sorted_column(world: World) -> None:
    world.many_cities(2)
    for asked, title in (({}, "已报"), ({"sort": "-city"}, "市级通过"), ({"measure": "county"}, "县区通过")):
        shown = page(world.officer, **asked).map
        assert shown is not None and str(shown.title) == title
        assert [choice[2] for choice in shown.choices].count(True) == 1


@pytest.mark.parametrize(
    "shares", [[], ["100", "100"], ["0"], ["67.5", "92.0"], ["18.7", "30.6"], ["0", "100"], ["99.1", "100"]]
)
def test_steps_rise_and_stay_within_the_percents(shares: list[str]) -> None:
    values = [Decimal(one) for one in shares]
    steps = steps_of(values)
    assert len(steps) == 4 and steps == sorted(set(steps))
    assert steps[0] > 0 and steps[-1] <= 100
    if values and max(values) - min(values) > 5:
        reached = {sum(value >= step for step in steps) for value in values}
        assert len(reached) > 1
