"""Facts with dates: whatever the order of recording, the same holds; each knows its document."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from core.problems import Refused
from office.models import AuditEntry
from office.services import files
from registry.models import Carrier, CarrierVersion, LevelTerm, Operator
from registry.models.levels import level_terms
from registry.queries import facts_on, history_of, levels_of
from registry.services import carriers
from registry.services.carriers import NewCarrier
from registry.services.designations import record_designation
from tests.registry.world import AT, World, credit_code, region

ENDED = date(2022, 12, 31)


def new(world: World, place: str = "near", **more: Any) -> NewCarrier:
    given: dict[str, Any] = {
        "name": "云州新港孵化器", "kind": "incubator", "carrier_class": "comprehensive",
        "operator": Operator.objects.get(credit_code=credit_code(1)), "region": world.regions[place],
        "listed_year": 2018, "valid_from": date(2018, 1, 1), "basis": "列入统计",
    }  # fmt: skip
    return NewCarrier(**{**given, **more})


def made(world: World, **more: Any) -> Carrier:
    return carriers.register_carrier(actor=world.people["province"], new=new(world, **more), at=AT)


def change(
    world: World, carrier: Carrier, on: date, changes: dict[str, Any], step: int = 1, **more: Any
) -> None:
    carriers.change_carrier(
        actor=world.people["province"], code=carrier.code, changes=changes, valid_from=on,
        basis=more.pop("basis", f"文件 {on}"), at=AT + timedelta(hours=step), **more,
    )  # fmt: skip


def refused(act: Any) -> dict[str, str]:
    with pytest.raises(Refused) as refusal:
        act()
    return {problem.code: str(problem.message) for problem in refusal.value.problems}


CHANGES: list[tuple[date, dict[str, Any]]] = [
    (date(2020, 5, 1), {"name": "新港二号"}),
    (date(2021, 5, 1), {"name": "新港三号"}),
    (date(2022, 5, 1), {"name": "新港三号"}),  # a document that says it again
    (date(2021, 5, 1), {"area_total": Decimal("1200.50")}),
    (date(2017, 5, 1), {"state": "suspended"}),  # before it was registered
]


def test_the_order_of_recording_changes_nothing_of_what_held(world: World) -> None:
    answers = set()
    for order in list(permutations(CHANGES))[::7]:
        one = made(world)
        for step, (on, facts) in enumerate(order, start=1):
            change(world, one, on, facts, step)
        days = [date(year, month, 15) for year in range(2016, 2026) for month in (1, 6)]
        answers.add(
            tuple(
                (held["name"], str(held["area_total"]), held["state"])
                if (held := facts_on(one, day))
                else None
                for day in days
            )
        )
        now = Carrier.objects.get(pk=one.pk)
        assert (now.name, now.area_total, now.state) == ("新港三号", Decimal("1200.50"), "active")
        assert now.former_names == ["云州新港孵化器", "新港二号"]
    assert len(answers) == 1


def test_two_acts_of_one_instant_and_day_both_hold(world: World) -> None:
    one, on = made(world), date(2024, 3, 1)
    change(world, one, on, {"name": "新港二号"}, basis="更名批复")
    carriers.record_level(
        actor=world.people["province"], code=one.code, level="provincial", decided_on=on, basis="认定通知",
        at=AT + timedelta(hours=1), document_number="示科孵〔2024〕8号", batch="第三批",
    )  # fmt: skip
    held = facts_on(one, on) or {}
    assert (held["name"], held["level"]) == ("新港二号", "provincial")
    assert levels_of(history_of(one))[-1] == (on, "provincial", "认定通知 · 示科孵〔2024〕8号 · 第三批")
    last = history_of(one)[-1]
    assert last.source_of("name").basis == "更名批复"
    level = last.source_of("level")
    assert (level.document_number, level.batch) == ("示科孵〔2024〕8号", "第三批")


def test_a_back_dated_change_does_not_take_another_facts_document(world: World) -> None:
    one = made(world)
    carriers.record_level(
        actor=world.people["province"], code=one.code, level="city", decided_on=date(2024, 1, 1),
        basis="市文件", at=AT,
    )  # fmt: skip
    change(world, one, date(2022, 1, 1), {"field": "bio"})
    assert levels_of(history_of(one)) == [
        (date(2018, 1, 1), "none", "列入统计"),
        (date(2024, 1, 1), "city", "市文件"),
    ]


def test_document_number_batch_and_file_are_kept_and_written_down(world: World, storage: Path) -> None:
    one, actor = made(world), world.people["province"]
    file = files.receive(content=b"%PDF", name="认定.pdf", content_type="application/pdf", actor=actor, at=AT)
    change(
        world, one, date(2024, 1, 1), {"field": "bio"}, document_number="示科〔2024〕3号",
        batch="第一批", basis_file=file,
    )  # fmt: skip
    row = CarrierVersion.objects.latest("pk")
    assert (row.document_number, row.batch, row.basis_file) == ("示科〔2024〕3号", "第一批", file)
    detail = AuditEntry.objects.filter(action="carrier.change").latest("pk").detail
    assert (detail["document_number"], detail["batch"], detail["file"]) == (
        "示科〔2024〕3号", "第一批", str(file.pk),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("areas", "code"),
    [
        ({"area_total": Decimal(-1)}, "carrier.area"),
        ({"area_total": Decimal(10) ** 9}, "carrier.area"),
        ({"area_total": Decimal("10.005")}, "carrier.area"),
        ({"area_total": Decimal("NaN")}, "carrier.area"),
        ({"area_tenants": Decimal(5)}, "carrier.area_total"),
        ({"area_total": 100, "area_tenants": 60, "area_public": Decimal("40.01")}, "carrier.area_parts"),
        ({"area_total": 100, "area_tenants": 60, "area_public": 40}, ""),
    ],
)
def test_areas_are_not_negative_and_their_parts_lie_within(world: World, areas: Any, code: str) -> None:
    one = made(world)
    if code:
        assert set(refused(lambda: change(world, one, date(2024, 1, 1), areas))) == {code}
        assert set(refused(lambda: made(world, **areas))) == {code}
    else:
        change(world, one, date(2024, 1, 1), areas)
        assert Carrier.objects.get(pk=one.pk).area_public == 40


def test_what_a_back_dated_change_would_break_on_a_later_day_is_told_with_that_day(world: World) -> None:
    one = made(world, area_total=Decimal(1000))
    change(world, one, date(2024, 1, 1), {"area_tenants": Decimal(900)})
    with pytest.raises(Refused) as refusal:
        change(world, one, date(2022, 1, 1), {"area_total": Decimal(500)})
    assert [(p.code, p.place) for p in refusal.value.problems] == [("carrier.area_parts", "2024-01-01")]


def test_an_enclave_names_its_home_and_nothing_else_does(world: World) -> None:
    one, home = made(world), world.regions["west"]
    on = date(2024, 1, 1)

    def designate(day: date, designation: str, **more: Any) -> Carrier:
        return record_designation(
            actor=world.people["province"], code=one.code, designation=designation, decided_on=day,
            basis="飞地批复", at=AT, **more,
        )  # fmt: skip

    assert "carrier.home_region" in refused(lambda: designate(on, "enclave"))
    assert "carrier.home_region" in refused(lambda: designate(on, "", home_region=home))
    assert "carrier.host_place" in refused(lambda: designate(on, "", host_place="申江市"))
    designate(on, "enclave", home_region=home)
    assert Carrier.objects.get(pk=one.pk).home_region == home
    designate(date(2025, 1, 1), "")
    assert Carrier.objects.get(pk=one.pk).home_region is None
    assert (facts_on(one, on) or {})["home_region_id"] == home.pk


def test_words_that_no_vocabulary_has_are_refused_together(world: World) -> None:
    one = made(world)
    wrong = {
        "kind": "hotel",
        "state": "gone",
        "field": "x",
        "name": " ",
        "region_id": 10**6,
        "operator_id": 10**6,
    }
    assert set(refused(lambda: change(world, one, date(2024, 1, 1), wrong))) == {
        "carrier.kind", "carrier.state", "carrier.field", "carrier.name", "carrier.region",
        "carrier.operator",
    }  # fmt: skip


@pytest.fixture
def ended(world: World) -> World:
    """The county 990508 ended with 2022; 990509, a development zone, goes on for it."""
    east = world.regions["east"]
    world.regions["zone"] = region(
        "990509", "东江高新区", "county", east, is_zone=True, valid_from=date(2023, 1, 1)
    )
    world.regions["gone"] = region(
        "990508", "旧湾县", "county", east, valid_to=ENDED, replaced_by=world.regions["zone"]
    )
    return world


def test_nothing_goes_into_a_region_that_has_ended(ended: World) -> None:
    one = made(ended)
    gone = {"region_id": ended.regions["gone"].pk}
    told = refused(lambda: change(ended, one, date(2023, 1, 1), gone))
    assert told == {
        "carrier.region_ended": "区域“旧湾县”已于 2022-12-31 撤销，由“东江高新区（990509）”接续。"
        "请选择“东江高新区（990509）”。"
    }
    assert "carrier.region_ended" in refused(lambda: made(ended, place="gone", valid_from=date(2024, 1, 1)))
    change(ended, one, ENDED, gone)  # on its last day it was there
    assert (facts_on(one, ENDED) or {})["region_id"] == gone["region_id"]


def test_nothing_goes_into_a_region_that_has_not_begun(ended: World) -> None:
    told = refused(lambda: made(ended, place="zone", valid_from=date(2022, 6, 1)))
    assert told == {"carrier.region_not_begun": "区域“东江高新区”自 2023-01-01 起设立，2022-06-01 还没有。"}


def test_a_development_zone_registers_as_a_county_does(ended: World) -> None:
    one = made(ended, place="zone", valid_from=date(2023, 6, 1))
    assert one.code == "SL-990500-0003"


def level(world: World, who: str, code: str, value: str, on: date) -> Carrier:
    return carriers.record_level(
        actor=world.people[who], code=code, level=value, decided_on=on, basis="认定文件", at=AT
    )


def test_a_level_is_recorded_by_the_word_of_the_day_decided(world: World) -> None:
    one = made(world)
    told = refused(lambda: level(world, "province", one.code, "国家级", date(2025, 3, 1)))
    assert told == {"carrier.level_day": "“国家级”用至 2024-12-31；2025-03-01 的决定请用“标准级”。"}
    assert "carrier.level_day" in refused(lambda: level(world, "province", one.code, "excellent", ENDED))
    assert level(world, "province", one.code, "国家级", ENDED).level == "national"
    assert level(world, "province", one.code, "卓越级", date(2025, 3, 1)).level == "excellent"


def test_a_level_given_at_registration_goes_by_the_same_rules(world: World) -> None:
    assert "carrier.level_day" in refused(lambda: made(world, level="excellent"))
    wrong = new(world, level="provincial")
    assert "carrier.level_role" in refused(
        lambda: carriers.register_carrier(actor=world.people["county"], new=wrong, at=AT)
    )
    assert made(world, level="national").level == "national"


def test_a_new_word_is_a_row_and_no_migration(world: World) -> None:
    LevelTerm.objects.create(code="star", name="星级", name_en="Star", rank=60, decided_by="city")
    try:
        one = made(world)
        assert level(world, "city", one.code, "star", date(2025, 3, 1)).level == "star"
    finally:
        LevelTerm.objects.filter(code="star").delete()
        level_terms(fresh=True)


def test_a_carrier_that_was_closed_is_closed_from_its_day_on(world: World) -> None:
    one = made(world)
    change(world, one, date(2025, 1, 1), {"state": "closed"}, basis="注销决定")
    assert Carrier.objects.get(pk=one.pk).state == "closed"
    assert (facts_on(one, date(2024, 12, 31)) or {})["state"] == "active"
    assert not Carrier.objects.visible_to(world.people["visitor"]).filter(pk=one.pk).exists()


def test_what_does_not_fit_is_told_before_it_is_kept(world: World) -> None:
    one = made(world)
    long = {"basis": "长" * 201, "document_number": "长" * 61, "batch": "长" * 61}
    with pytest.raises(Refused) as refusal:
        change(world, one, date(2024, 1, 1), {"name": "x"}, **long)
    assert [problem.field for problem in refusal.value.problems] == ["basis", "document_number", "batch"]
    change(world, one, date(2024, 1, 1), {"name": " 新港二号 "})
    assert Carrier.objects.get(pk=one.pk).name == "新港二号"
