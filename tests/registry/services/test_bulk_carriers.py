"""Carriers by workbook: seen before written, dated with a basis, once, and never two bodies made one."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from core.problems import Refused
from office.models import AuditEntry, ImportState, Job, JobState
from office.services import files, jobs
from registry.excel import register
from registry.excel.carriers import CARRIERS, columns
from registry.models import Carrier, CarrierVersion, DesignationTerm, LevelTerm, Operator, RegisterImport
from registry.queries import facts_on
from registry.queries.listed import Leaving
from registry.rules.listing import Asked
from registry.services import bulk, exports
from tests.registry.books import again, applied, book, check, confirm, exported, saved, told
from tests.registry.world import AT, World, credit_code, region
from tests.reporting.workbooks import whole_database

pytestmark = pytest.mark.usefixtures("storage")
BASIS = {"valid_from": date(2025, 3, 1), "basis": "示科孵〔2025〕3 号"}
NEW = {
    "name": "河湾新港孵化器", "kind": "科技企业孵化器", "carrier_class": "综合", "region": "河湾区",
    "operator": "新港运营有限公司", "credit_code": credit_code(9), "listed_year": "2025",
    "area_total": 1200.5, **BASIS,
}  # fmt: skip
MINE = {"code": "SL-990500-0001", "name": "青禾孵化器"}


def test_what_is_new_changed_and_the_same_is_seen_first_and_then_written(world: World) -> None:
    province = world.people["province"]
    rows: list[dict[str, Any]] = [
        NEW,
        {**MINE, "field": "生物医药", "document_number": "3 号", "batch": "第一批", **BASIS},
        {"code": "SL-990500-0002", "name": "晨光众创空间"},
    ]
    found = check(province, "carriers", book("carriers", rows))
    assert found.report["counts"] == {"new": 1, "changed": 1, "same": 1, "bad": 0}
    (changed,) = found.changes["changed"]
    assert changed["cells"] == [{"title": "技术领域", "old": "", "new": "生物医药"}]
    assert Carrier.objects.count() == 4
    done = confirm(province, found)
    assert (done.state, done.job.outcome["new"]) == (ImportState.APPLIED, 1)
    made = Carrier.objects.get(name=NEW["name"])
    assert (made.code, made.area_total, made.operator.name) == (
        "SL-990500-0003", Decimal("1200.50"), "新港运营有限公司",
    )  # fmt: skip
    version = CarrierVersion.objects.filter(carrier=world.carriers["mine"]).get()
    assert (version.valid_from, version.document_number, version.batch) == (
        date(2025, 3, 1),
        "3 号",
        "第一批",
    )
    assert version.named == ["field"]
    entry = AuditEntry.objects.get(action="carrier.change")
    assert (entry.object_key, entry.detail["sha256"]) == (MINE["code"], done.file.sha256)
    assert AuditEntry.objects.get(action="register.import").detail["changed"] == 1


def test_a_look_writes_nothing_of_the_register_and_a_second_import_changes_nothing(world: World) -> None:
    province = world.people["province"]
    rows = [NEW, {**MINE, "name": "青禾二号孵化器", "level": "标准级", **BASIS}]
    look = bulk.SUBJECTS["carriers"]
    first = check(province, "carriers", book("carriers", rows))
    before = whole_database()
    lines = register.read(book("carriers", rows), "carriers")
    plan = look.look(actor=province, read=lines, at=AT)
    assert whole_database() == before
    assert plan.counts == first.report["counts"] == {"new": 1, "changed": 1, "same": 0, "bad": 0}
    confirm(province, first)
    carrier = Carrier.objects.get(code=MINE["code"])
    assert (carrier.name, carrier.level, carrier.former_names) == (
        "青禾二号孵化器",
        "national",
        ["青禾孵化器"],
    )
    second = check(province, "carriers", book("carriers", rows))
    assert second.report["counts"] == {"new": 0, "changed": 0, "same": 2, "bad": 0}
    assert second.state == ImportState.DROPPED


@pytest.mark.parametrize("who", ["county", "city", "province"])
def test_the_register_s_own_workbook_changes_nothing(world: World, who: str) -> None:
    Carrier.objects.filter(pk=world.carriers["mine"].pk).update(
        area_total=Decimal("20.50"), designation="offshore", opened_on=date(2019, 1, 1), name_en="Green"
    )
    content = exported(world.people[who], "carriers")
    found = check(world.people[who], "carriers", content)
    assert found.report["outcome"] == "accepted"
    assert found.report["counts"]["same"] == Carrier.objects.managed_by(world.people[who]).count() > 0
    assert not found.changes["new"]
    assert not found.changes["changed"]


def test_the_exported_list_of_the_screen_changes_nothing_either(world: World) -> None:
    actor = replace(world.people["province"], confirmed_at=AT)
    leaving = Leaving(CARRIERS, Asked(), columns=tuple(one.key for one in columns(Asked())))
    done = exports.export(actor=actor, leaving=leaving, at=AT)
    found = check(world.people["province"], "carriers", files.content_of(done.result))
    assert found.report["counts"] == {"new": 0, "changed": 0, "same": 4, "bad": 0}


def fault(world: World, *rows: dict[str, Any], who: str = "province") -> dict[str, tuple[str, str]]:
    found = check(world.people[who], "carriers", book("carriers", rows))
    assert found.report["counts"]["new"] == found.report["counts"]["changed"] == 0
    return told(found)


DESIGNATED = {"basis": "标杆名单", "valid_from": date(2025, 3, 1)}


def test_a_designation_is_given_by_its_word_and_taken_by_who_may_decide_it(world: World) -> None:
    row = {**MINE, **DESIGNATED, "designation": "标杆（引领类）"}
    word = DesignationTerm.objects.get(code="benchmark_leading").name
    found = fault(world, {**row, "designation": word}, who="county")
    assert found["carrier.designation_role"][0] == "载体!G2"
    assert fault(world, {**row, "designation": "标兵"})["carrier.designation"][0] == "载体!G2"
    applied(world.people["province"], "carriers", [{**row, "designation": word}])
    assert world.carrier("mine").designation == "benchmark_leading"


def test_an_enclave_beyond_the_province_names_its_place_and_loses_both_when_it_is_none(world: World) -> None:
    province = world.people["province"]
    home = world.carrier("mine").region.parent
    assert home is not None
    asked = {"designation": "科创飞地", "home_region": home.code}
    assert "carrier.enclave_at_home" in fault(world, {**MINE, **DESIGNATED, **asked})
    rows = [{**MINE, **DESIGNATED, **asked, "host_place": "上海市"}]
    applied(province, "carriers", rows)
    assert (world.carrier("mine").home_region, world.carrier("mine").host_place) == (home, "上海市")
    assert "carrier.enclave_elsewhere" in fault(world, {**MINE, **DESIGNATED, "region": "临水区"})
    later = {
        **DESIGNATED, "valid_from": date(2025, 6, 1), "designation": "离岸孵化器",
        "home_region": home.code, "host_place": "上海市",  # as the filled workbook has them
    }  # fmt: skip
    applied(province, "carriers", [{**MINE, **later}])
    assert (world.carrier("mine").home_region, world.carrier("mine").host_place) == (None, "")


def test_a_credit_code_with_a_wrong_last_sign_is_offered_the_right_one(world: World) -> None:
    right = credit_code(9)
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    place, words = fault(world, {**NEW, "credit_code": wrong})["credit_code.check"]
    assert (place, right in words) == ("载体!L2", True)


def test_a_code_in_full_width_or_lower_case_is_read_and_the_right_one_is_told(world: World) -> None:
    right = credit_code(9)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in right)
    for given in (wide, right.lower()):
        found = check(world.people["province"], "carriers", book("carriers", [{**NEW, "credit_code": given}]))
        assert found.report["counts"]["new"] == 1
        (note,) = found.report["problems"]
        assert (note["severity"], note["allowed"], right in note["fix"]) == ("note", right, True)


def test_a_day_in_the_future_is_refused_with_its_bound(world: World) -> None:
    found = check(
        world.people["province"], "carriers", book("carriers", [{**NEW, "valid_from": date(2027, 1, 1)}])
    )
    (one,) = found.report["problems"]
    assert (one["code"], one["place"], "2026-03-18" in one["allowed"]) == ("date.future", "载体!U2", True)


def test_a_region_that_has_ended_names_its_successor(world: World) -> None:
    old = region("990509", "旧城区", "county", world.regions["east"], valid_to=date(2022, 12, 31),
                 replaced_by=world.regions["near"])  # fmt: skip
    for given in (old.name, old.code):
        place, words = fault(world, {**NEW, "region": given})["carrier.region_ended"]
        assert (place, "河湾区（990502）" in words) == ("载体!H2", True)


def test_the_old_and_the_new_name_of_one_carrier_in_two_rows_are_told(world: World) -> None:
    Carrier.objects.filter(code=MINE["code"]).update(former_names=["青禾创业中心"])
    operator = {"operator": "青禾运营有限公司", "credit_code": credit_code(1)}
    words = fault(world, {**MINE}, {"name": "青禾创业中心", **operator})
    assert "import.former_name" in words
    assert MINE["code"] in words["import.former_name"][1]
    words = fault(world, {**MINE, **BASIS}, {**MINE, "name": "青禾创业中心", **BASIS})
    place, sentence = words["import.twice"]
    assert place == "载体!B2"
    assert "“青禾孵化器”是现名，“青禾创业中心”是另一个名称" in sentence


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        # The code of one carrier with the name of another.
        ({**MINE, "name": "晨光众创空间", **BASIS}, "import.two_bodies", "载体!B2"),
        # The credit code of one operator with the name of another.
        (
            {**MINE, "credit_code": credit_code(1), "operator": "星澜运营有限公司"},
            "import.two_bodies",
            "载体!K2",
        ),
        # The name of a registered operator with a code that is another's.
        ({**NEW, "operator": "星澜运营有限公司"}, "import.two_bodies", "载体!L2"),
        # No code, the name of a carrier, another operator.
        ({**NEW, "name": "青禾孵化器"}, "import.same_name", "载体!B2"),
    ],
)
def test_a_row_that_would_merge_two_bodies_stays_out(
    world: World, row: dict[str, Any], code: str, place: str
) -> None:
    found = fault(world, row)[code]
    assert found[0] == place
    assert "请" in found[1]


def test_two_rows_with_one_credit_code_and_two_names_stay_out(world: World) -> None:
    other = {**NEW, "name": "另一家孵化器", "operator": "别的运营有限公司"}
    found = check(world.people["province"], "carriers", book("carriers", [NEW, other]))
    assert found.report["counts"]["bad"] == 2
    place, words = told(found)["import.two_operators"]
    assert place == "载体!K2"
    assert "L2、L3" in words


def test_good_rows_are_kept_and_bad_ones_stay_out_with_every_reason(world: World) -> None:
    bad = {**MINE, "area_total": 10, "area_tenants": 20, "kind": "饭店"}
    late = {"code": "SL-990600-0001", "name": "星澜孵化器", "area_total": 10, "area_tenants": 20}
    found = check(world.people["province"], "carriers", book("carriers", [NEW, bad, late]))
    assert found.report["counts"] == {"new": 1, "changed": 0, "same": 0, "bad": 2}
    assert set(told(found)) == {"cell.choice", "import.basis", "carrier.area_parts"}
    confirm(world.people["province"], found)
    assert Carrier.objects.filter(name=NEW["name"]).exists()
    assert Carrier.objects.get(code=MINE["code"]).area_total is None
    marked = load_workbook(io.BytesIO(files.content_of(again(found).marked)))
    assert marked["载体"]["C3"].comment is not None


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 cut off"])
def test_what_is_no_workbook_is_refused_whole(world: World, content: bytes) -> None:
    found = check(world.people["province"], "carriers", content)
    assert (found.report["outcome"], found.state) == ("refused", ImportState.DROPPED)
    assert found.report["problems"][0]["message"]
    assert Carrier.objects.count() == 4


def test_a_heading_that_is_missing_or_doubled_is_refused_whole(world: World) -> None:
    found = check(world.people["province"], "carriers", book("carriers", [NEW], without=["name"]))
    assert told(found)["header.missing"]
    made = load_workbook(io.BytesIO(book("carriers", [NEW])))
    made["载体"]["Z1"] = "名称"
    found = check(world.people["province"], "carriers", saved(made))
    assert told(found)["header.twice"][0] == "载体!Z1"
    assert found.report["outcome"] == "refused"


def test_a_county_writes_in_its_county_only_and_no_level_above_its_own(world: World) -> None:
    away = {"code": "SL-990600-0001", "name": "星澜孵化器"}
    elsewhere = {**NEW, "region": "临水区"}
    level = {**MINE, "level": "标准级", **BASIS}
    found = told(check(world.people["county"], "carriers", book("carriers", [away, elsewhere, level])))
    assert set(found) == {"import.carrier", "carrier.role", "carrier.level_role"}


def test_a_change_between_preview_and_writing_makes_the_preview_anew(world: World) -> None:
    province = world.people["province"]
    found = check(province, "carriers", book("carriers", [{**MINE, "field": "生物医药", **BASIS}]))
    Carrier.objects.filter(code=MINE["code"]).update(field="ict")
    done = confirm(province, found)
    assert (done.state, done.job.outcome) == (ImportState.CHECKED, {"outcome": "preview_changed"})
    assert done.changes["changed"][0]["cells"][0]["old"] == "电子信息"
    assert not CarrierVersion.objects.exists()


def test_a_back_dated_row_does_not_undo_what_was_said_later(world: World) -> None:
    province, carrier = world.people["province"], world.carriers["mine"]
    applied(
        province, "carriers", [{**MINE, "name": "青禾三号", "valid_from": date(2025, 1, 1), "basis": "甲"}]
    )
    row = {"code": MINE["code"], "name": "青禾二号", "valid_from": date(2024, 1, 1), "basis": "乙"}
    applied(province, "carriers", [row])
    assert (facts_on(carrier, date(2024, 6, 1)) or {})["name"] == "青禾二号"
    assert Carrier.objects.get(pk=carrier.pk).name == "青禾三号"
    assert check(province, "carriers", book("carriers", [row])).report["counts"]["same"] == 1


def test_one_s_upload_is_one_s_own_and_waits_for_one_file_at_a_time(world: World) -> None:
    found = check(world.people["province"], "carriers", book("carriers", [NEW]))
    assert not RegisterImport.objects.visible_to(world.people["city"]).exists()
    with pytest.raises(RegisterImport.DoesNotExist):
        bulk.confirm(actor=world.people["city"], import_id=found.pk, at=AT)
    with pytest.raises(Refused):
        bulk.upload(actor=world.people["staff"], sheet="carriers", content=b"", name="x", at=AT)
    check(world.people["province"], "carriers", book("carriers", [NEW]), "二.xlsx")
    assert again(found).state == ImportState.DROPPED
    with pytest.raises(Refused):
        bulk.confirm(actor=world.people["province"], import_id=found.pk, at=AT)


def test_the_queries_do_not_grow_with_the_rows(world: World, django_assert_max_num_queries: Any) -> None:
    rows = [
        {
            **NEW,
            "name": f"新港{number}号",
            "operator": f"运营{number}",
            "credit_code": credit_code(50 + number),
        }
        for number in range(60)
    ]
    found = check(world.people["province"], "carriers", book("carriers", rows))
    held = bulk.confirm(actor=world.people["province"], import_id=found.pk, at=AT)
    with django_assert_max_num_queries(60):
        jobs.run(job_id=str(held.job.pk))
    assert Job.objects.get(pk=held.job_id).state == JobState.DONE
    assert Operator.objects.count() == 62
    changed = [
        {"code": one.code, "name": one.name, "address": "新址", **BASIS, "field": "电子信息"}
        for one in Carrier.objects.filter(name__startswith="新港")
    ]
    found = check(world.people["province"], "carriers", book("carriers", changed))
    assert found.report["counts"]["changed"] == 60
    held = bulk.confirm(actor=world.people["province"], import_id=found.pk, at=AT)
    with django_assert_max_num_queries(60):
        jobs.run(job_id=str(held.job.pk))
    assert Carrier.objects.filter(address="新址", field="ict").count() == 60
    assert LevelTerm.objects.exists()
