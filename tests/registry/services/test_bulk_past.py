"""The past by workbook: levels as dated facts in any order; grades, awards, totals with their documents."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from core.problems import Refused
from office.models import AuditEntry, ImportState
from registry.excel import register
from registry.models import Carrier, PastRecord
from registry.queries import history_of, levels_of
from registry.services import bulk
from tests.registry.books import check, confirm, saved, told
from tests.registry.world import AT, World
from tests.reporting.workbooks import whole_database

pytestmark = pytest.mark.usefixtures("storage")
CODE = "SL-990500-0001"
DOCUMENT = {"依据": "认定通知", "文号": "示科孵〔2021〕8 号"}
LEVEL = {"载体编号": CODE, "载体名称": "青禾孵化器", "级别": "市级", "决定日期": date(2019, 5, 1), **DOCUMENT}
GRADE = {"载体编号": CODE, "年度": 2021, "评价名称": "孵化器绩效评价", "等级": "A", **DOCUMENT}
AWARD = {"载体编号": CODE, "年度": "2021", "奖补项目": "运营补助", "金额": 300000.5, **DOCUMENT}
TOTAL = {"载体编号": CODE, "年度": "2020", "指标": "在孵企业数", "数值": 42, "单位": "家", **DOCUMENT}
ALL = {"级别": [LEVEL], "等级": [GRADE], "奖补": [AWARD], "汇总数": [TOTAL]}


def past(sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """The template filled in under its headings; sheets that are not named are taken out."""
    made = load_workbook(io.BytesIO(register.template("past")))
    for name in list(register.past_sheet.SHEETS_OF_PAST):
        if name not in sheets:
            del made[name]
            continue
        heads = [str(cell.value).strip(" *").partition("（")[0] for cell in made[name][1]]
        for number, row in enumerate(sheets[name], start=2):
            for title, value in row.items():
                made[name].cell(number, heads.index(title) + 1).value = value
    return saved(made)


def test_all_sheets_are_seen_first_written_once_and_marked_with_their_document(world: World) -> None:
    province, carrier = world.people["province"], world.carriers["mine"]
    found = check(province, "past", past(ALL))
    assert found.report["counts"] == {"new": 3, "changed": 1, "same": 0, "bad": 0}
    assert not PastRecord.objects.exists()
    assert confirm(province, found).state == ImportState.APPLIED
    assert [(one.kind, one.year, one.item, one.value, one.unit) for one in PastRecord.objects.all()] == [
        ("award", 2021, "运营补助", "300000.5", "元"),
        ("grade", 2021, "孵化器绩效评价", "A", ""),
        ("total", 2020, "在孵企业数", "42", "家"),
    ]
    assert levels_of(history_of(carrier)) == [(date(2019, 5, 1), "city", "认定通知 · 示科孵〔2021〕8 号")]
    assert AuditEntry.objects.filter(action="past.record", object_key=CODE).count() == 3
    assert AuditEntry.objects.filter(action="carrier.level", object_key=CODE).count() == 1
    again = check(province, "past", past(ALL))
    assert again.report["counts"] == {"new": 0, "changed": 0, "same": 4, "bad": 0}


def test_levels_of_one_carrier_in_any_order_tell_one_history(world: World) -> None:
    carrier = world.carriers["mine"]
    rows = [
        {**LEVEL, "级别": "国家级", "决定日期": date(2022, 3, 1), "依据": "丙"},
        LEVEL,
        {**LEVEL, "级别": "省级", "决定日期": date(2020, 6, 1), "依据": "乙"},
    ]
    confirm(world.people["province"], check(world.people["province"], "past", past({"级别": rows})))
    assert [(day, level) for day, level, _basis in levels_of(history_of(carrier))] == [
        (date(2019, 5, 1), "city"), (date(2020, 6, 1), "provincial"), (date(2022, 3, 1), "national"),
    ]  # fmt: skip
    assert Carrier.objects.get(pk=carrier.pk).level == "national"
    later = check(world.people["province"], "past", past({"级别": rows[::-1]}))
    assert later.report["counts"]["same"] == 3


def test_a_value_said_otherwise_is_shown_old_and_new_and_corrected(world: World) -> None:
    province = world.people["province"]
    confirm(province, check(province, "past", past({"等级": [GRADE]})))
    found = check(province, "past", past({"等级": [{**GRADE, "等级": "B"}]}))
    (row,) = found.changes["changed"]
    assert row["cells"] == [{"title": "等级", "old": "A", "new": "B"}]
    confirm(province, found)
    assert PastRecord.objects.get().value == "B"


@pytest.mark.parametrize(
    ("sheet", "row", "code", "place"),
    [
        ("级别", {**LEVEL, "决定日期": date(2027, 1, 1)}, "date.future", "D2"),
        ("级别", {**LEVEL, "级别": "标准级"}, "carrier.level_day", "C2"),
        ("级别", {**LEVEL, "载体名称": "晨光众创空间"}, "import.two_bodies", "B2"),
        ("等级", {**GRADE, "年度": "2027"}, "import.year", "C2"),
        ("等级", {**GRADE, "依据": None}, "cell.required", "F2"),
        ("奖补", {**AWARD, "金额": -1}, "cell.min", "E2"),
        ("汇总数", {**TOTAL, "载体编号": "SL-1"}, "import.carrier", "A2"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(
    world: World, sheet: str, row: dict[str, Any], code: str, place: str
) -> None:
    found = check(world.people["province"], "past", past({sheet: [row]}))
    assert (found.state, told(found)[code][0]) == (ImportState.DROPPED, f"{sheet}!{place}")


def test_one_thing_twice_and_a_file_without_a_sheet_of_the_past(world: World) -> None:
    province = world.people["province"]
    found = check(province, "past", past({"等级": [GRADE, {**GRADE, "等级": "B"}]}))
    assert found.report["counts"]["bad"] == 2
    assert "import.twice" in told(found)
    made = load_workbook(io.BytesIO(past({"等级": [GRADE]})))
    made["等级"].title = "别的"
    assert check(province, "past", saved(made)).report["outcome"] == "refused"


def test_only_the_province_takes_over_the_past(world: World) -> None:
    for who in ("city", "county", "auditor"):
        with pytest.raises(Refused):
            bulk.upload(actor=world.people[who], sheet="past", content=b"", name="x.xlsx", at=AT)


def test_grades_are_public_and_money_is_not(world: World) -> None:
    province = world.people["province"]
    confirm(province, check(province, "past", past(ALL)))
    assert {one.kind for one in PastRecord.objects.visible_to(world.people["visitor"])} == {"grade"}
    assert PastRecord.objects.visible_to(world.people["staff"]).count() == 3
    assert PastRecord.objects.visible_to(world.people["other_staff"]).count() == 1


def test_the_command_looks_writes_and_reports(world: World, tmp_path: Path) -> None:
    source, report = tmp_path / "past.xlsx", tmp_path / "report.json"
    source.write_bytes(past({**ALL, "等级": [GRADE, {**GRADE, "年度": "二〇"}]}))
    before = whole_database()
    call_command("import_history", str(source), "--dry-run", "--json", str(report))
    assert whole_database() == before
    dry = json.loads(report.read_text(encoding="utf-8"))
    call_command("import_history", str(source), "--json", str(report))
    done = json.loads(report.read_text(encoding="utf-8"))
    assert (dry["applied"], done["applied"]) == (False, True)
    assert {**dry, "applied": True} == done
    assert done["counts"] == {"new": 3, "changed": 1, "same": 0, "bad": 1}
    call_command("import_history", str(source), "--json", str(report))
    assert json.loads(report.read_text(encoding="utf-8"))["counts"]["same"] == 4
    source.write_bytes(b"none")
    with pytest.raises(CommandError):
        call_command("import_history", str(source), "--json", str(report))
    assert json.loads(report.read_text(encoding="utf-8"))["outcome"] == "refused"
    call_command("import_history", "--template", str(source))
    assert load_workbook(source).sheetnames[:4] == ["级别", "等级", "奖补", "汇总数"]
