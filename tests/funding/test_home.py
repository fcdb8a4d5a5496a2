"""A finance officer's home: money by programme and year, by city, exact in 万元; no draft for outsiders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from accounts.actors import VISITOR, Actor
from accounts.rules.roles import Role
from core.slots import HomePart
from evaluation.models import Run
from funding import slots
from funding.models import Allocation, Award, Policy
from funding.services import allocations
from funding.slots import home
from tests.evaluation.world import carrier, person
from tests.funding.world import AT, POLICY, World


def parts_of(actor: Actor) -> dict[str, HomePart]:
    return {part.template: part for part in slots.home_for(actor)}


def shown(part: HomePart) -> str:
    return render_to_string(part.template, {"part": part.context})


def text_of(actor: Actor) -> str:
    return "".join(shown(part) for part in slots.home_for(actor))


def rows(part: HomePart) -> list[tuple[Any, Mapping[str, str]]]:
    return [(one[0], one[1]) for one in part.context["rows"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("yuan", "wan"),
    [
        (["180000000.00", "221600000.00"], ["18000", "22160"]),
        (["12345.67", "10000.00", "0.00"], ["1.234567", "1.000000", "0"]),
        (["999999999999.99"], ["99999999.999999"]),
        (["-25000.00", None], ["-2.5", ""]),
        ([], []),
    ],
)
def test_yuan_are_shown_in_wan_exactly(yuan: Sequence[str | None], wan: list[str]) -> None:
    assert home.in_wan([None if one is None else Decimal(one) for one in yuan]) == wan


def money(state: str, claimed: str, allocated: str) -> home.Sum:
    found = home.Sum("某奖补", 2025, Decimal(100))
    found.add(state, Decimal(claimed), Decimal(allocated))
    return found


def test_budget_is_decided_and_waiting_and_free() -> None:
    found = money("confirmed", "70", "60")
    found.add("draft", Decimal(20), Decimal(15))
    assert (found.decided, found.waiting, found.reduced, found.free) == (60, 15, 15, 25)
    total = home.total_of([found, money("draft", "10", "10")])
    assert (total.budget, total.decided, total.waiting, total.free) == (200, 60, 25, 115)
    without = home.Sum("不限", 2025)
    assert home.total_of([found, without]).free is None


def test_the_budget_counts_once_for_all_runs_of_a_year(world: World) -> None:
    source = POLICY.replace("total: 1100000", "total: 3000000").replace("payer: 市级", "payer: 省级")
    policy = world.load(source.replace("policy: small-money", "policy: other-money"))
    first = world.draft(policy)
    second = Run.objects.get(pk=world.run("published").pk)
    Award.objects.filter(allocation=first).update(year=2000)  # so that nothing is paid twice
    world.draft(policy, second)
    (one,) = home.sums_of(list(Allocation.objects.order_by("-pk").select_related("policy", "run")))
    assert (one.budget, one.waiting) == (Decimal(3000000), first.allocated * 2)


def test_the_home_adds_up_to_what_is_stored(world: World) -> None:
    made = world.confirmed()
    parts = parts_of(world.payer)
    assert set(parts) == {
        "funding/_home_money.html",
        "funding/_home_cities.html",
        "funding/_home_last.html",
        "funding/_home_how.html",
    }
    cities = parts["funding/_home_cities.html"]
    awards = Award.objects.filter(allocation=made)
    sums = {one.name: one.decided for one, _wan in rows(cities)}
    assert sums == {
        name: sum(award.amount for award in awards.filter(city__name=name)) for name in ("东市", "西市")
    }
    total, wan, _share = cities.context["total"]  # type: ignore[misc]
    assert (total.decided, total.claimed) == (made.allocated, made.claimed)
    paid = awards.filter(amount__gt=0).values_list("carrier_id", flat=True)
    assert len(total.carriers) == len(set(paid))
    assert Decimal(wan["decided"]) * 10000 == made.allocated
    ((_one, year),) = rows(parts["funding/_home_money.html"])
    assert Decimal(year["decided"]) * 10000 == made.allocated
    assert (year["waiting"], year["budget"], year["free"]) == ("0", "", "")
    text = shown(parts["funding/_home_money.html"])
    assert "不限" in text and "有出资方未设预算" in text


def test_the_bar_parts_the_budget(world: World) -> None:
    one_budget = "budget: {total: 4000000, when_short: prorate}"
    budget = POLICY.replace(POLICY[POLICY.index("budgets:") : POLICY.index("rounding:")], one_budget + "\n")
    policy = world.load(budget.replace("policy: small-money", "policy: other-money"))
    made = world.draft(policy)
    part = parts_of(world.payer)["funding/_home_money.html"]
    decided, waiting, free = part.context["parts"]  # type: ignore[misc]
    share = made.allocated * 100 / 4000000
    assert (decided["amount"], decided["share"]) == ("0", "0.0")
    assert Decimal(waiting["wide"]) == share.quantize(Decimal("0.01"))
    assert Decimal(free["x"]) == share.quantize(Decimal("0.01"))
    assert Decimal(waiting["wide"]) + Decimal(free["wide"]) == 100
    assert part.context["over"] is False
    assert str(part.note) == "2025 年度，单位：万元"


def test_sums_of_several_policies_say_so(world: World) -> None:
    world.confirmed()
    world.draft(world.load(POLICY.replace("policy: small-money", "policy: other-money")))
    parts = parts_of(world.payer)
    for name in ("money", "cities"):
        assert str(parts[f"funding/_home_{name}.html"].note) == "2025 年度，2 项政策合计，单位：万元"
    total, _wan, _share = parts["funding/_home_cities.html"].context["total"]  # type: ignore[misc]
    both = Allocation.objects.all()
    assert (total.decided, total.waiting) == (
        both.get(state="confirmed").allocated,
        both.get(state="draft").allocated,
    )


def test_a_draft_is_shown_to_its_region_and_to_nobody_below(world: World) -> None:
    made = world.draft()
    for actor in (world.payer, world.second_payer):
        text = text_of(actor)
        assert f"/{made.pk}/" in text and "测算" in text
    text = text_of(world.city_payer)
    assert "还没有测算过奖补资金" in text
    assert set(parts_of(world.city_payer)) == {"funding/_home_money.html"}
    assert world.policy.title not in text and f"/{made.pk}/" not in text


def test_a_city_sees_what_was_decided_for_its_own(world: World) -> None:
    world.confirmed()
    (one, _wan) = rows(parts_of(world.city_payer)["funding/_home_cities.html"])[0]
    cities = [found.name for found, _ in rows(parts_of(world.city_payer)["funding/_home_cities.html"])]
    assert cities == [one.name] == ["东市"]
    text = text_of(world.city_payer)
    assert world.policy.title in text and "西市" not in text


def test_a_county_elsewhere_sees_no_money_of_others(world: World) -> None:
    county = person("县财务", Role.FINANCE_OFFICER, region=world.regions["990201"])
    Policy.objects.update(region=world.regions["990100"])
    made = allocations.prepare(actor=world.payer, policy_id=world.policy.pk, run_id=world.published.pk, at=AT)
    allocations.confirm(actor=world.second_payer, allocation_id=made.pk, expected=0, at=AT)
    assert "还没有测算过奖补资金" in text_of(county)


def test_what_was_given_up_stays_in_the_list_and_in_no_sum(world: World) -> None:
    made = world.draft()
    allocations.drop(actor=world.payer, allocation_id=made.pk, expected=0, at=AT, comment="有误")
    assert "还没有测算过奖补资金" in text_of(world.payer)
    again = world.draft()
    parts = parts_of(world.payer)
    ((one, _wan),) = rows(parts["funding/_home_money.html"])
    assert one.waiting == again.allocated
    assert "已作废" in shown(parts["funding/_home_last.html"])


def test_the_side_says_how_carriers_are_paid_as_the_policy_does(world: World) -> None:
    world.confirmed()
    text = shown(parts_of(world.payer)["funding/_home_how.html"])
    for words in ("省级、市级", "运营补贴", "同比例折算", "付款和到账不在本平台登记"):
        assert words in text


def test_without_a_policy_there_is_only_what_would_come(db: None) -> None:
    found = World("scored")
    Policy.objects.all().delete()
    assert set(parts_of(found.payer)) == {"funding/_home_money.html"}
    assert "测算后，预算" in text_of(found.payer)


def test_nobody_else_has_these_parts(world: World) -> None:
    world.confirmed()
    have = {name for name, actor in [("visitor", VISITOR), *world.everyone()] if slots.home_for(actor)}
    assert have == {"finance", "second_payer", "city_payer"}


def test_ones_own_draft_waits_for_another(world: World) -> None:
    made = world.draft()
    (mine,) = slots.tasks_for(world.payer)
    (theirs,) = slots.tasks_for(world.second_payer)
    assert (str(mine.state), mine.tone, mine.url) == ("等第二人", "muted", theirs.url)
    assert f"{world.payer.user} 2026-06-29 测算 {made.allocated:,.0f} 元" in str(theirs.why)


@pytest.mark.parametrize("number", [3, 60])
def test_the_queries_do_not_grow(world: World, number: int) -> None:
    made = world.draft()
    more = [carrier(f"ZZ-{n:03}", world.regions["990201"]) for n in range(number)]
    Award.objects.bulk_create(
        Award(
            allocation=made, carrier=one, city=world.regions["990200"], programme="x", year=2025,
            code="x", title="x", claimed=Decimal(10), amount=Decimal(10),
        )
        for one in more
    )  # fmt: skip
    policies = [world.load(POLICY.replace("small-money", f"money-{n}")) for n in range(number // 3)]
    Allocation.objects.bulk_create(
        Allocation(
            policy=policy, run=world.published, claimed=10, allocated=10, budget=20, result_digest="x",
            prepared_at=AT, prepared_by=world.payer.user,
        )
        for policy in policies
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        text_of(world.payer)
    assert len(asked) == 4
    with CaptureQueriesContext(connection) as asked:
        slots.tasks_for(world.second_payer)
    assert len(asked) <= 4
