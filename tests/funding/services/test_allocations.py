"""Money: worked out exactly, by one person; confirmed by another; never twice, never above the budget."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from core.problems import Refused
from evaluation.queries import definition
from evaluation.rules.exact import half_up
from funding.models import Allocation, Award
from funding.rules.offline import allocate_files
from funding.services import allocations
from funding.services.policies import import_policy
from office.models import AuditEntry, Notice
from tests.evaluation.world import accepted, carrier, person
from tests.funding.world import AT, POLICY, World


def codes(act: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return [problem.code for problem in refused.value.problems]


def confirm(world: World, made: Allocation, actor: Any = None, **more: Any) -> Allocation:
    asked: dict[str, Any] = {"expected": made.version, "at": AT, **more}
    return allocations.confirm(actor=actor or world.second_payer, allocation_id=made.pk, **asked)


def drop(world: World, made: Allocation, actor: Any = None, comment: str = "有误") -> Allocation:
    return allocations.drop(
        actor=actor or world.payer, allocation_id=made.pk, expected=made.version, at=AT, comment=comment
    )


def csv_of(world: World) -> bytes:
    """What somebody would write down of the published result and the register."""
    lines = ["carrier,grade,total,rank,level,kind,class,region,area"]
    entries = world.published.entries.exclude(grade="").select_related("carrier__region")
    places = definition(world.scheme).decimals
    for entry in entries.order_by("-carrier__code"):
        one = entry.carrier
        total = half_up(entry.total or Decimal(0), places)
        cells = [one.code, entry.grade, format(total, "f"), str(entry.rank or ""), one.level, one.kind]
        cells += [one.carrier_class, one.region.code, entry.frozen["this"].get("area", "")]
        lines.append(",".join(cells))
    return "\n".join(lines).encode()


def test_the_amounts_are_those_of_the_same_inputs_off_line(world: World) -> None:
    made = world.draft()
    _, wanted = allocate_files(POLICY.encode(), csv_of(world), year=2025)
    found = [
        (row.carrier.code, row.code, row.payer, row.claimed, row.amount, tuple(row.because))
        for row in made.awards.order_by("carrier__code", "pk").select_related("carrier")
    ]
    assert found == [
        (one.carrier, one.award, one.payer, one.claimed, one.amount, tuple(map(str, one.because)))
        for one in wanted.awards
    ]
    assert len(found) == 8
    assert (made.claimed, made.allocated) == (wanted.claimed, wanted.allocated)
    assert made.allocated == sum(row[4] for row in found)
    assert {(row.programme, row.year) for row in made.awards.all()} == {("small-money", 2025)}


def test_caps_and_budgets_hold(world: World) -> None:
    made = world.draft()
    by_payer = dict(made.awards.order_by().values_list("payer").annotate(Sum("amount")))
    assert by_payer["省级"] == Decimal(1_100_000)
    assert made.budget is None  # the city's money has no limit
    for row in made.awards.order_by().values("carrier").annotate(sum=Sum("claimed")):
        assert row["sum"] <= 700_000
    assert [payer["payer"] for payer in made.result["payers"]] == ["市级", "省级"]


@pytest.mark.parametrize("state", ["draft", "frozen", "scored", "publicised"])
def test_a_result_pays_once_it_is_published(db: None, state: str) -> None:
    world = World(state)
    who = world.payer if state == "publicised" else world.officer
    asked = {"policy_id": world.policy.pk, "run_id": world.published.pk, "at": AT}
    assert codes(lambda: allocations.prepare(actor=who, **asked)) == ["allocation.run"]


def test_who_works_it_out(world: World) -> None:
    asked = {"policy_id": world.policy.pk, "run_id": world.published.pk, "at": AT}
    for name, actor in world.everyone():
        if name in ("officer", "second", "finance", "second_payer"):
            continue
        with pytest.raises((Refused, type(world.policy).DoesNotExist)):
            allocations.prepare(actor=actor, **asked)
    assert not Allocation.objects.exists()
    made = allocations.prepare(actor=world.officer, **asked)
    assert made.prepared_by == world.officer.user
    assert set(Notice.objects.filter(link=f"/funding/allocations/{made.pk}/").values_list(
        "recipient__username", flat=True
    )) == {"财务", "财务二"}  # fmt: skip


def test_one_live_allocation_a_policy_and_run(world: World) -> None:
    made = world.draft()
    assert codes(world.draft) == ["allocation.twice"]
    drop(world, made)
    again = world.draft()
    assert again.result_digest == made.result_digest
    assert Award.objects.filter(is_live=True).count() == again.awards.count()


def test_nobody_is_paid_twice_for_a_year_by_a_newer_version_or_another_run(world: World) -> None:
    world.confirmed()
    newer = world.load(POLICY.replace("version: 1", "version: 2"))
    assert set(codes(lambda: world.draft(newer))) == {"allocation.paid"}
    corrected = world.run("published", at=AT)
    assert set(codes(lambda: world.draft(run=corrected))) == {"allocation.paid"}
    assert Allocation.objects.count() == 1


SHARED = """
policy: shared
version: {version}
title: 共用预算
awards: [{{code: space, when: area {compare} 5000, amount: {{each: 100, count: area}}}}]
budget: {{total: 1500000, when_short: prorate}}
"""


def test_a_budget_holds_over_all_runs_and_versions_of_the_year(world: World) -> None:
    first = confirm(world, world.draft(world.load(SHARED.format(version=1, compare="<"))))
    assert (first.allocated, first.budget) == (1_000_000, 1_500_000)
    accepted(world.campaign, carrier("GH-1", world.regions["990101"]), {"area": "9000"})
    run = world.run("published", at=AT)
    second = world.draft(world.load(SHARED.format(version=2, compare=">")), run)
    assert second.allocated == 900_000
    assert codes(lambda: confirm(world, second)) == ["allocation.budget"]
    second.refresh_from_db()
    assert second.state == "draft"


def test_a_policy_that_reads_what_the_run_has_not_names_every_field(world: World) -> None:
    source = POLICY.replace("small-money", "other").replace("count: area", "count: patents")
    policy = world.load(source.replace("by: level", "by: city_level"))
    with pytest.raises(Refused) as refused:
        world.draft(policy)
    assert [problem.place for problem in refused.value.problems] == [
        "awards[1].amount.count",
        "awards[2].amount.by",
    ]


def test_a_short_budget_that_may_not_be_cut_allocates_nothing(world: World) -> None:
    source = POLICY.replace("small-money", "other").replace("prorate", "refuse")
    policy = world.load(source)
    assert codes(lambda: world.draft(policy)) == ["allocation.short"]
    assert not Allocation.objects.exists()


def test_a_sum_beyond_reason_is_refused(world: World) -> None:
    source = (
        POLICY.replace("small-money", "other")
        .replace("at_most: 350000", "")
        .replace("each: 100", "each: 1" + "0" * 15)
    )
    source = source.split("caps:")[0]
    policy = world.load(source)
    assert codes(lambda: world.draft(policy)) == ["allocation.large"]


def test_a_citys_policy_pays_the_carriers_of_that_city(world: World) -> None:
    east = world.regions["990100"]
    asked = {"source": POLICY.replace("small-money", "east"), "region": east, "at": AT}
    policy = import_policy(actor=world.officer, **asked)
    made = allocations.prepare(actor=world.city_payer, policy_id=policy.pk, run_id=world.published.pk, at=AT)
    assert set(made.awards.values_list("carrier__code", flat=True)) == {"FH-1", "FH-2", "FH-3"}
    other = person("西市财务", "finance_officer", region=world.regions["990200"])  # type: ignore[arg-type]
    with pytest.raises(Allocation.DoesNotExist):
        confirm(world, made, other)
    confirm(world, made)  # the province's finance covers the city


def test_a_second_finance_officer_confirms(world: World) -> None:
    made = world.draft()
    assert codes(lambda: confirm(world, made, world.payer)) == ["allocation.second_person"]
    for name in ("officer", "second", "auditor"):
        assert codes(lambda name=name: confirm(world, made, getattr(world, name))) == ["move.role"]
    for name in ("city", "county", "expert", "editor", "staff", "city_payer"):
        with pytest.raises(Allocation.DoesNotExist):
            confirm(world, made, getattr(world, name))
    Notice.objects.all().delete()
    done = confirm(world, made, comment="同意")
    assert (done.state, done.version, done.comment) == ("confirmed", 1, "同意")
    assert done.confirmed_by == world.second_payer.user
    assert AuditEntry.objects.filter(action="allocation.confirm").count() == 1
    assert set(Notice.objects.values_list("recipient__username", flat=True)) == {"填报一", "填报五"}


def test_a_stale_page_a_second_click_and_an_unknown_move_change_nothing(world: World) -> None:
    made = world.draft()
    assert codes(lambda: confirm(world, made, expected=7)) == ["allocation.moved"]
    done = confirm(world, made)
    assert codes(lambda: confirm(world, made)) == ["allocation.moved"]
    assert codes(lambda: confirm(world, done)) == ["move.state"]
    assert codes(lambda: drop(world, done)) == ["move.state"]
    asked: dict[str, Any] = {"allocation_id": made.pk, "expected": 1, "at": AT}
    assert codes(lambda: allocations.act(actor=world.payer, action="pay", **asked)) == ["allocation.action"]


def test_who_drops_a_draft_and_with_a_reason(world: World) -> None:
    made = world.draft()
    assert codes(lambda: drop(world, made, comment=" ")) == ["move.comment"]
    assert codes(lambda: drop(world, made, comment="\x00")) == ["words.control"]
    assert codes(lambda: drop(world, made, comment="长" * 2001)) == ["move.comment"]
    assert codes(lambda: drop(world, made, world.auditor)) == ["move.role"]
    done = drop(world, made, world.officer)
    assert (done.state, done.dropped_by, done.comment) == ("dropped", world.officer.user, "有误")


def test_a_draft_whose_amounts_were_touched_is_not_confirmed(world: World) -> None:
    made = world.draft()
    row = made.awards.filter(code="space").first()
    assert row is not None
    Award.objects.filter(pk=row.pk).update(amount=row.amount - 1)
    assert codes(lambda: confirm(world, made)) == ["allocation.stale"]


def test_moves_offered_are_those_that_work(world: World) -> None:
    made = world.draft()

    def offered(name: str) -> list[str]:
        return [move.action for move in allocations.moves_for(made, getattr(world, name))]

    assert offered("second_payer") == ["confirm", "drop"]
    assert offered("payer") == offered("officer") == ["drop"]
    assert offered("auditor") == offered("staff") == offered("city_payer") == []


def test_working_out_takes_the_same_queries_at_every_size(
    world: World, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        few = allocations.work_out(world.policy, world.published)
    for n in range(100):
        accepted(world.campaign, carrier(f"GH-{n}", world.regions["990101"]), {"area": "500"})
    run = world.run("published", at=AT + timedelta(days=1))
    run = type(run).objects.select_related("scheme", "region").get(pk=run.pk)
    with django_assert_num_queries(4):
        many = allocations.work_out(world.policy, run)
    assert len(many.result.awards) >= len(few.result.awards) + 100
