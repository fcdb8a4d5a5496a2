"""Tenants and teams by workbook: each stay once, nobody made of two, what others registered not told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from office.models import AuditEntry, ImportState
from office.services import jobs
from registry.models import Stay, Team, Tenant
from registry.services import bulk
from tests.registry.books import applied, book, check, confirm, exported, told
from tests.registry.world import AT, World, credit_code, stay, tenant

pytestmark = pytest.mark.usefixtures("storage")
CODE = "SL-990500-0001"
NEW = {"code": CODE, "credit_code": credit_code(201), "name": "新企业有限公司", "entered": date(2025, 2, 1)}
HELD = {"code": CODE, "credit_code": credit_code(101), "entered": date(2024, 6, 1)}


def problems(world: World, *rows: dict[str, Any], who: str = "county") -> dict[str, tuple[str, str]]:
    found = check(world.people[who], "stays", book("stays", rows))
    assert found.report["counts"]["new"] == found.report["counts"]["changed"] == 0, found.changes
    return told(found)


def test_new_stays_corrected_ones_and_those_that_ended_are_written_once(world: World) -> None:
    county = world.people["county"]
    rows = [
        {**NEW, "founded": date(2024, 5, 1), "field": "生物医药"},
        {"code": CODE, "team_no": "T-1", "name": "新团队", "entered": date(2025, 3, 1)},
        {**HELD, "ended": date(2025, 6, 1), "graduated_by": "已毕业，条件待补", "name": "甲科技集团公司"},
    ]
    found = check(county, "stays", book("stays", rows))
    assert found.report["counts"] == {"new": 2, "changed": 1, "same": 0, "bad": 0}
    assert [cell["title"] for cell in found.changes["changed"][0]["cells"]] == [
        "企业名称", "离开日期", "毕业条件",
    ]  # fmt: skip
    assert Stay.objects.count() == 2
    done = confirm(county, found)
    assert done.state == ImportState.APPLIED
    one = Stay.objects.get(tenant__credit_code=credit_code(201))
    assert (one.entered, one.tenant.founded, one.tenant.field) == (date(2025, 2, 1), date(2024, 5, 1), "bio")
    assert Team.objects.get().name == "新团队"
    held = Stay.objects.get(tenant__credit_code=credit_code(101))
    assert (held.ended, held.graduated_by, held.tenant.name) == (
        date(2025, 6, 1), "unstated", "甲科技集团公司",
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="stay.import")
    assert (entry.object_key, entry.detail["new"], entry.detail["changed"]) == (CODE, 2, 1)
    assert check(county, "stays", book("stays", rows)).report["counts"]["same"] == 3


def test_another_day_of_entry_corrects_the_open_stay(world: World) -> None:
    row = {**HELD, "entered": date(2024, 5, 20)}
    applied(world.people["county"], "stays", [row])
    assert Stay.objects.get(tenant__credit_code=credit_code(101)).entered == date(2024, 5, 20)
    assert check(world.people["county"], "stays", book("stays", [row])).report["counts"]["same"] == 1


def test_who_was_there_before_gets_a_stay_of_its_own(world: World) -> None:
    row = {**HELD, "entered": date(2020, 1, 1), "ended": date(2021, 1, 1)}
    applied(world.people["county"], "stays", [row])
    assert Stay.objects.filter(tenant__credit_code=credit_code(101)).count() == 2
    assert check(world.people["county"], "stays", book("stays", [row])).report["counts"]["same"] == 1


@pytest.mark.parametrize("who", ["county", "city", "province"])
def test_the_register_s_own_workbook_changes_nothing(world: World, who: str) -> None:
    Team.objects.create(team_no="T-9", name="旧团队", formed=date(2020, 1, 1))
    Stay.objects.create(carrier=world.carriers["mine"], team=Team.objects.get(), entered=date(2021, 1, 1),
                        ended=date(2022, 1, 1), graduated_by="revenue", updated_at=AT)  # fmt: skip
    found = check(world.people[who], "stays", exported(world.people[who], "stays"))
    assert found.report["outcome"] == "accepted"
    assert found.report["counts"] == {
        "new": 0, "changed": 0, "same": Stay.objects.visible_to(world.people[who]).count(), "bad": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ([{**NEW, "entered": date(2027, 1, 1)}], "date.future", "H2"),
        ([{**NEW, "founded": date(2025, 3, 1)}], "stay.founded", "H2"),
        ([{**NEW, "ended": date(2025, 1, 1)}], "stay.order", "I2"),
        ([{**NEW, "graduated_by": "已毕业，条件待补"}], "stay.graduated_when", "I2"),
        ([{**NEW, "ended": date(2026, 2, 1), "graduated_by": "认定为高新技术企业"}], "stay.evidence", "J2"),
        ([{**NEW, "team_no": "T-1"}], "import.whose", "B2"),
        ([{"code": CODE, "name": "无码", "entered": date(2025, 1, 1)}], "import.whose", "B2"),
        ([{**NEW, "code": "SL-990600-0001"}], "import.carrier", "A2"),
        ([{**NEW, "name": None}], "import.required", "D2"),
        ([NEW, {**NEW, "entered": date(2025, 4, 1)}], "stay.twice", "H2"),
        ([NEW, NEW], "stay.twice", "H2"),
        ([NEW, {**NEW, "name": "别的名称", "entered": date(2020, 1, 1), "ended": date(2021, 1, 1)}],
         "import.two_bodies", "D2"),
        ([{"code": CODE, "team_no": "T-1", "name": "队", "entered": date(2025, 3, 1),
           "high_tech_since": date(2025, 3, 1)}], "import.team", "G2"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell_with_the_way_out(
    world: World, rows: list[dict[str, Any]], code: str, place: str
) -> None:
    found = problems(world, *rows)
    assert found[code][0] == f"在孵企业和团队!{place}"
    assert len(found[code][1]) > 8


def test_a_known_code_with_the_name_of_another_company_stays_out(world: World) -> None:
    stay(world.carriers["mine"], tenant(103, "丙材料公司"))
    place, words = problems(world, {**HELD, "name": "丙材料公司"})["import.two_bodies"]
    assert place.endswith("!D2")
    assert credit_code(103) in words


def test_a_company_of_elsewhere_is_not_told_of(world: World) -> None:
    """A county may take in who was in another city; what is registered of it is not shown to it."""
    row = {"code": CODE, "credit_code": credit_code(102), "entered": date(2025, 2, 1)}
    words = problems(world, {**row, "name": "猜的名字"})["import.registered_otherwise"]
    assert "乙生物公司" not in "".join(words)
    applied(world.people["county"], "stays", [{**row, "name": "乙生物公司", "founded": date(2024, 9, 1)}])
    assert Tenant.objects.get(credit_code=credit_code(102)).founded == date(2024, 9, 1)
    assert Stay.objects.filter(tenant__credit_code=credit_code(102)).count() == 2


def test_an_overlap_with_a_stay_that_ended_is_told(world: World) -> None:
    Stay.objects.filter(tenant__credit_code=credit_code(101)).update(ended=date(2025, 6, 1))
    place, words = problems(world, {**HELD, "entered": date(2025, 1, 1)})["import.overlap"]
    assert place.endswith("!H2")
    assert "2024-06-01" in words


def test_the_queries_do_not_grow_with_the_rows(world: World, django_assert_max_num_queries: Any) -> None:
    rows = [
        {**NEW, "credit_code": credit_code(1000 + number), "name": f"企业{number}号"} for number in range(300)
    ]
    found = check(world.people["county"], "stays", book("stays", rows))
    held = bulk.confirm(actor=world.people["county"], import_id=found.pk, at=AT)
    with django_assert_max_num_queries(50):
        jobs.run(job_id=str(held.job.pk))
    assert Stay.objects.count() == 302
