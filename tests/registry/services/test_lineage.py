"""Mergers and splits: who ends is closed, who stays goes on, the past follows the line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.problems import Refused
from office.models import AuditEntry, Notice
from registry.models import Carrier, CarrierLink, Stay
from registry.queries import directory
from registry.queries.lineage import line_of
from registry.rules.lineage import LinkKind
from registry.rules.listing import Asked
from registry.services import lineage
from registry.services.lineage import Heir, Passing
from tests.registry.changes import ask
from tests.registry.world import AT, TODAY, World, carrier, credit_code, operator, region, stay, tenant

MINE, SIBLING, AWAY = "SL-990500-0001", "SL-990500-0002", "SL-990600-0001"
DAY = date(2026, 1, 1)


def passing(kind: str = "merger", **more: Any) -> Passing:
    given: dict[str, Any] = {
        "kind": LinkKind(kind),
        "codes": [SIBLING],
        "heirs": [Heir(code=MINE)],
        "happened_on": DAY,
        "basis": "合并批复",
        "document_number": "东科〔2026〕1 号",
    }
    if kind == "split":
        given |= {
            "codes": [MINE],
            "heirs": [
                Heir(name="青禾一园", share=Decimal("0.6")),
                Heir(name="青禾二园", share=Decimal("0.4")),
            ],
        }
    return Passing(**{**given, **more})


def carry_out(world: World, who: str = "province", **more: Any) -> list[CarrierLink]:
    return lineage.carry_out(actor=world.people[who], passing=passing(**more), at=AT)


def codes_of(act: Callable[[], Any]) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return [problem.code for problem in refused.value.problems]


def staying(code: str) -> set[str]:
    rows = Stay.objects.filter(carrier__code=code).current().select_related("tenant")
    return {one.tenant.name for one in rows if one.tenant}


def test_one_goes_into_another_with_all_who_stay(world: World) -> None:
    stay(world.carriers["sibling"], tenant(201, "丙公司"), date(2024, 5, 1))
    (link,) = carry_out(world)
    assert (link.predecessor.code, link.successor.code, link.share) == (SIBLING, MINE, Decimal(1))
    assert world.carrier("sibling").state == "closed" and world.carrier("mine").state == "active"
    assert staying(MINE) == {"甲科技公司", "丙公司"} and staying(SIBLING) == set()
    assert Stay.objects.get(tenant__name="丙公司").entered == date(2024, 5, 1)
    detail = AuditEntry.objects.get(action="carrier.merger").detail
    assert (detail["from"], detail["to"], detail["stays"]) == ([SIBLING], [[MINE, "1"]], 1)
    assert Notice.objects.filter(recipient=world.people["staff"].user).exists()


def test_who_is_in_both_stays_once(world: World) -> None:
    shared = Stay.objects.get(carrier__code=MINE).tenant
    assert shared is not None
    old = stay(world.carriers["sibling"], shared, date(2025, 1, 1))
    carry_out(world)
    old.refresh_from_db()
    assert (old.carrier.code, old.ended) == (SIBLING, DAY)
    assert Stay.objects.filter(carrier__code=MINE).current().count() == 1


def test_several_become_a_new_one_without_a_level(world: World) -> None:
    links = carry_out(world, codes=[MINE, SIBLING], heirs=[Heir(name="青晨联合孵化器")])
    made = links[0].successor
    assert len(links) == 2 and {link.successor_id for link in links} == {made.pk}
    assert (made.code, made.level, made.state, made.region_id, made.opened_on) == (
        "SL-990500-0003", "none", "active", world.regions["near"].pk, DAY,
    )  # fmt: skip
    version = made.versions.get()
    assert (version.basis, version.document_number) == ("合并批复", "东科〔2026〕1 号")
    assert staying(made.code) == {"甲科技公司"}


def test_a_split_shares_those_who_stay_as_named(world: World) -> None:
    stay(world.carriers["mine"], tenant(201, "丙公司"))
    heirs = [
        Heir(name="青禾一园", share=Decimal("0.6")),
        Heir(name="青禾二园", share=Decimal("0.4"), stays=[credit_code(201).lower()]),
    ]
    first, second = carry_out(world, kind="split", heirs=heirs)
    assert staying(first.successor.code) == {"甲科技公司"} and staying(second.successor.code) == {"丙公司"}
    assert world.carrier("mine").state == "closed"
    assert [link.share for link in (first, second)] == [Decimal("0.6"), Decimal("0.4")]


def test_a_plan_says_what_would_happen_and_writes_nothing(world: World) -> None:
    stay(world.carriers["sibling"], tenant(201, "丙公司"))
    found = lineage.plan(actor=world.people["province"], passing=passing(), at=AT)
    assert found.problems == [] and [one.code for one in found.ending] == [SIBLING]
    assert [(there.code if there else "", count) for _heir, there, count in found.heirs] == [(MINE, 1)]
    assert not CarrierLink.objects.exists() and world.carrier("sibling").state == "active"


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"codes": []}, ["lineage.ending"]),
        ({"codes": ["SL-990500-9999"]}, ["lineage.unknown"]),
        ({"codes": [SIBLING, SIBLING]}, ["lineage.twice"]),
        ({"codes": ["SL-990600-0002"]}, ["lineage.closed"]),
        ({"codes": [MINE]}, ["lineage.self"]),
        ({"heirs": [Heir(code="SL-990600-0002")]}, ["lineage.closed"]),
        ({"heirs": [Heir()]}, ["lineage.ending", "lineage.heir"]),
        ({"heirs": [Heir(name="新园")]}, ["lineage.ending"]),
        ({"heirs": [Heir(code=MINE), Heir(code=AWAY)]}, ["lineage.heirs"]),
        ({"happened_on": TODAY + timedelta(1)}, ["date.future"]),
        ({"basis": " "}, ["carrier.basis"]),
        ({"basis": "甲" * 121}, ["lineage.long"]),
        ({"kind": "split", "codes": [MINE, SIBLING]}, ["lineage.ending"]),
        ({"kind": "split", "heirs": [Heir(name="一园", share=Decimal(1))]}, ["lineage.heirs"]),
        ({"kind": "split", "heirs": [Heir(name="一园", share=Decimal("0.5"))] * 2}, ["lineage.twice"]),
        (
            {"kind": "split", "heirs": [Heir(name="一园", share=Decimal("0.5")),
                                        Heir(name="二园", share=Decimal("0.4"))]},
            ["lineage.shares"],
        ),
        (
            {"kind": "split", "heirs": [Heir(name="一园", share=Decimal("0.5"), stays=[credit_code(999)]),
                                        Heir(name="二园", share=Decimal("0.5"))]},
            ["lineage.stay"],
        ),
        (
            {"kind": "split", "heirs": [
                Heir(name="一园", share=Decimal("0.5"), stays=[credit_code(101)]),
                Heir(name="二园", share=Decimal("0.5"), stays=[credit_code(101)])]},
            ["lineage.stay_twice"],
        ),
    ],
)  # fmt: skip
def test_nonsense_is_told_and_nothing_happens(world: World, more: dict[str, Any], codes: list[str]) -> None:
    before = Carrier.objects.count()
    assert codes_of(lambda: carry_out(world, **more)) == codes
    assert not CarrierLink.objects.exists() and Carrier.objects.count() == before
    assert Carrier.objects.filter(state="active").count() == 3


@pytest.mark.usefixtures("storage")
def test_an_open_request_is_decided_first(world: World) -> None:
    ask(world)
    assert codes_of(lambda: carry_out(world)) == ["lineage.open_change"]


def test_carriers_of_two_provinces_do_not_merge(world: World) -> None:
    other = region("880000", "另省", "province", None, prefix="XX")
    far = carrier("XX-880000-0001", "另省孵化器", other, operator(8, "另省公司"))
    found = codes_of(
        lambda: lineage.carry_out(
            actor=world.people["portal"], passing=passing(heirs=[Heir(code=far.code)]), at=AT
        )
    )
    assert "lineage.root" in found


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("county", ["lineage.unknown", "lineage.role"]),
        ("city", ["lineage.role"]),
        ("staff", ["lineage.unknown", "lineage.role"]),
        ("auditor", ["lineage.role", "lineage.role"]),
        ("finance", ["lineage.role", "lineage.role"]),
        ("visitor", ["lineage.unknown", "lineage.unknown"]),
    ],
)  # fmt: skip
def test_only_the_office_of_the_level_or_above(world: World, who: str, codes: list[str]) -> None:
    assert codes_of(lambda: carry_out(world, who)) == codes


def test_the_city_merges_what_has_no_higher_level(world: World) -> None:
    Carrier.objects.filter(code=MINE).update(level="city")
    assert len(carry_out(world, "city")) == 1


def test_nobody_goes_twice(world: World) -> None:
    carry_out(world)
    again = codes_of(lambda: carry_out(world, heirs=[Heir(code=AWAY)]))
    assert again == ["lineage.closed", "lineage.gone"]


def test_the_line_is_told_from_everywhere(world: World) -> None:
    carry_out(world)
    first, second = carry_out(world, kind="split", happened_on=DAY + timedelta(10))
    line = line_of(first.successor)
    assert [one.code for one in line.ancestors] == [MINE, SIBLING] and line.descendants == []
    assert len(line.links) == 3
    line = line_of(world.carrier("sibling"))
    assert [one.code for one in line.descendants] == [MINE, first.successor.code, second.successor.code]
    assert line_of(world.carrier("away")).links == ()


def test_who_looks_for_a_carrier_that_ended_finds_the_one_that_goes_on(world: World) -> None:
    carry_out(world)
    found = directory(world.people["visitor"], Asked(q="晨光"))
    assert [one.code for one in found] == [MINE]


def test_figures_follow_the_line_and_add_up(world: World) -> None:
    carry_out(world)
    links = carry_out(world, kind="split", happened_on=DAY + timedelta(10))
    figures = {world.carriers["mine"].pk: Decimal("100.01"), world.carriers["sibling"].pk: Decimal("0.02")}
    parts = [line_of(link.successor).carried(figures) for link in links]
    assert parts == [Decimal("60.02"), Decimal("40.01")]
    assert line_of(world.carrier("away")).carried(figures) is None


def test_a_line_costs_a_bounded_number_of_queries(world: World) -> None:
    def cost(one: Carrier) -> int:
        with CaptureQueriesContext(connection) as seen:
            line_of(one)
        return len(seen)

    assert cost(world.carrier("away")) == 1
    carry_out(world)
    few = cost(world.carriers["mine"])
    carry_out(world, kind="split", happened_on=DAY + timedelta(10))
    assert cost(world.carriers["mine"]) == few == 3


@pytest.mark.parametrize(
    "wrong",
    [{"share": Decimal(0)}, {"share": Decimal("1.5")}, {"share": Decimal("0.5")}, {"itself": True}],
)
def test_the_database_holds_what_a_link_is(world: World, wrong: dict[str, Any]) -> None:
    (link,) = carry_out(world)
    if wrong.pop("itself", False):
        wrong = {"predecessor": link.successor}
    with pytest.raises(IntegrityError), transaction.atomic():
        CarrierLink.objects.filter(pk=link.pk).update(**wrong)
