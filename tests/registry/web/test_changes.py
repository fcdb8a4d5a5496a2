"""The pages of change requests: asked, checked, decided; nobody sees what is not theirs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import ChangeRequest
from tests.registry.changes import PDF, ask
from tests.registry.world import World, credit_code, signed_in

pytestmark = pytest.mark.usefixtures("storage")
ASK = "/registry/manage/SL-990500-0001/change/"
FIRST = date(2025, 1, 1)
GIVEN = {
    "name": "青园孵化器", "happened_on": "2026-02-01", "reason": "核准更名", "basis": "变更通知书",
    "document_number": "12 号",
}  # fmt: skip


def notice() -> SimpleUploadedFile:
    return SimpleUploadedFile("青禾孵化器更名为青园孵化器.pdf", PDF)


def send(world: World, who: str = "staff", step: str = "send", **more: Any) -> Any:
    given = {**GIVEN, "registration": notice(), "step": step, **more}
    return signed_in(world.people[who]).post(
        ASK, {name: one for name, one in given.items() if one is not None}
    )


def test_todays_values_stand_beside_empty_fields(world: World) -> None:
    html = signed_in(world.people["staff"]).get(ASK).content.decode()
    for words in (
        "青禾孵化器",
        f"青禾运营有限公司（{credit_code(1)}）",
        "东江市 河湾区",
        "科技企业孵化器",
        "级别和称号由认定",
    ):
        assert words in html
    assert 'name="level"' not in html and 'name="designation"' not in html


def test_before_it_goes_off_what_changes_is_shown(world: World) -> None:
    html = send(world, step="check").content.decode()
    assert '<del class="rg-old">青禾孵化器</del>' in html and "<b>青园孵化器</b>" in html
    assert "先由县区签署意见，再由省级决定。" in html and "登记机关的变更通知书" in html
    assert "场地证明" not in html and not ChangeRequest.objects.exists()


def test_a_request_goes_off_and_is_shown(world: World) -> None:
    answer = send(world)
    found = ChangeRequest.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/registry/changes/{found.pk}/"
    html = signed_in(world.people["county"]).get(answer["Location"]).content.decode()
    for words in (
        "青禾孵化器",
        "青园孵化器",
        "待县区办理",
        "签署意见并上报",
        "青禾孵化器更名为青园孵化器.pdf",
        "核准更名",
    ):
        assert words in html
    assert send(world).status_code == 422
    assert ChangeRequest.objects.count() == 1


def test_only_filled_fields_are_taken(world: World) -> None:
    send(world, address=" ", operator="", kind="")
    assert list(ChangeRequest.objects.get().facts) == ["name"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "没有填写要变更的事项"),
        ({"name": "青禾孵化器"}, "新的名称与现登记相同"),
        ({"name": "青禾孵化器变更为青园孵化器"}, "只填新名称"),
        ({"happened_on": "2026-03-19"}, "日期不能晚于今天"),
        ({"happened_on": "昨天"}, "变更发生日期"),
        ({"operator": credit_code(9)}, "信用代码与名称须同时填写"),
        ({"operator": credit_code(9)[:17] + "?", "operator_name": "甲公司"}, "信用代码"),
        ({"operator": credit_code(9).lower()[:17] + "0", "operator_name": "甲公司"}, credit_code(9)),
        ({"area_total": "5000 平方米"}, "请只填数字：5000"),
        ({"region": "990503"}, "须同时填写新地址"),
        ({"region": "110000"}, "110000"),
        ({"reason": ""}, "变更原因"),
        ({"registration": None}, "请上传：登记机关的变更通知书"),
        ({"registration": SimpleUploadedFile("a.pdf", b"MZ")}, "只收 PDF、PNG 或 JPEG"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_kept(world: World, more: dict[str, Any], words: str) -> None:
    answer = send(world, **more)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_a_code_in_small_and_wide_letters_is_read(world: World) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in credit_code(9).lower())
    send(world, name="", operator=wide, operator_name="青园公司", agreement=notice())
    assert ChangeRequest.objects.get().facts["operator"]["new"] == f"{credit_code(9)} 青园公司"


def test_back_from_the_look_everything_is_still_there(world: World) -> None:
    html = send(world, step="edit").content.decode()
    assert 'value="青园孵化器"' in html and "核准更名" in html


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("county", 200), ("city", 200), ("province", 200), ("auditor", 404), ("finance", 404),
     ("editor", 404), ("other_staff", 404), ("expert", 404), ("administrator", 404), ("visitor", 302)],
)  # fmt: skip
def test_who_may_ask(world: World, who: str, status: int) -> None:
    assert signed_in(world.people[who]).get(ASK).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("county", 200), ("city", 200), ("province", 200), ("auditor", 200), ("finance", 404),
     ("editor", 404), ("other_staff", 404), ("expert", 404), ("administrator", 404), ("visitor", 302)],
)  # fmt: skip
def test_who_may_see_a_request_and_its_documents(world: World, who: str, status: int) -> None:
    found = ask(world)
    client = signed_in(world.people[who])
    file = found.files.order_by("pk")[0].pk
    assert client.get(f"/registry/changes/{found.pk}/").status_code == status
    answer = client.get(f"/registry/changes/{found.pk}/files/{file}/")
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
        assert "attachment" in answer["Content-Disposition"]


def test_a_document_of_another_request_is_not_reached_through_ones_own(world: World) -> None:
    mine, other = ask(world), ask(world, "other_staff", "away")
    file = other.files.order_by("pk")[0].pk
    client = signed_in(world.people["staff"])
    assert client.get(f"/registry/changes/{mine.pk}/files/{file}/").status_code == 404


def act(world: World, who: str, found: ChangeRequest, action: str, **more: Any) -> str:
    """The page that comes after a move."""
    given = {"action": action, "version": found.version, **more}
    answer = signed_in(world.people[who]).post(f"/registry/changes/{found.pk}/act/", given, follow=True)
    found.refresh_from_db()
    return str(answer.content.decode())


def test_an_officer_returns_with_reasons_and_staff_mends(world: World) -> None:
    found = ask(world)
    assert "须填写意见" in act(world, "county", found, "return")
    html = act(world, "county", found, "return", comment="请核对", reason_name="与通知书不一致")
    assert "退回意见：与通知书不一致" in html and found.state == "returned"
    client = signed_in(world.people["staff"])
    page = client.get(f"/registry/changes/{found.pk}/mend/").content.decode()
    assert 'value="青园科技孵化器"' in page
    given = {**GIVEN, "version": found.version, "step": "send"}
    answer = client.post(f"/registry/changes/{found.pk}/mend/", given)
    found.refresh_from_db()
    assert answer.status_code == 302 and found.state == "at_county"
    assert found.facts["name"]["new"] == "青园孵化器"


def test_what_is_not_with_them_cannot_be_mended(world: World) -> None:
    found = ask(world)
    for who in ("staff", "county"):
        answer = signed_in(world.people[who]).get(f"/registry/changes/{found.pk}/mend/")
        assert answer.status_code == 302


def test_a_second_press_is_told(world: World) -> None:
    found = ask(world)
    stale = found.version
    act(world, "county", found, "pass", comment="属实")
    found.version = stale
    assert "已有人办理" in act(world, "county", found, "pass")
    assert found.moves.count() == 2


@pytest.mark.parametrize("action", ["resubmit", "drop", ""])
def test_a_move_that_does_not_exist_is_told(world: World, action: str) -> None:
    assert "没有这种办理" in act(world, "county", ask(world), action)


def test_doubts_are_told_to_the_office(world: World) -> None:
    found = ask(world, wanted={"name": "晨光孵化器"})
    for who, told in (("county", True), ("staff", False)):
        html = signed_in(world.people[who]).get(f"/registry/changes/{found.pk}/").content.decode()
        assert ("晨光众创空间" in html) is told


def test_late_ones_say_so_in_words(world: World) -> None:
    found = ask(world, happened_on=FIRST)
    for path in ("/registry/changes/", f"/registry/changes/{found.pk}/"):
        assert "逾期申请" in signed_in(world.people["county"]).get(path).content.decode()


def test_the_list_is_narrowed_by_state_region_and_lateness(world: World) -> None:
    late = ask(world, happened_on=FIRST)
    other = ask(world, "other_staff", "away")

    def shown(who: str, query: str) -> set[str]:
        html = signed_in(world.people[who]).get(f"/registry/changes/?{query}").content.decode()
        return {one.number for one in (late, other) if one.number in html}

    both = {late.number, other.number}
    assert shown("province", "") == both
    assert shown("province", "late=1") == {late.number}
    assert shown("province", "late=0") == {other.number}
    assert shown("province", "region=990600") == {other.number}
    assert shown("province", "state=at_county") == both
    assert shown("province", "state=approved") == set()
    assert shown("province", "state=mine") == set()
    assert shown("province", "q=星澜") == {other.number}
    assert shown("county", "state=mine") == {late.number}
    assert shown("staff", "") == {late.number}
    assert shown("county", "region=990600") == set()  # as of every list: nothing of theirs lies there


def test_the_list_costs_the_same_for_one_and_for_many(world: World) -> None:
    client = signed_in(world.people["county"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/registry/changes/")
        return len(seen)

    found = ask(world)
    client.get("/registry/changes/")
    one = cost()
    columns = [field.attname for field in ChangeRequest._meta.concrete_fields if not field.primary_key]
    same = {name: getattr(found, name) for name in columns}
    ChangeRequest.objects.bulk_create(ChangeRequest(**same) for _ in range(100))
    assert cost() == one


def test_the_carriers_page_leads_to_its_requests(world: World) -> None:
    found = ask(world)
    html = signed_in(world.people["staff"]).get("/registry/manage/SL-990500-0001/").content.decode()
    assert ASK in html and found.number in html
    html = signed_in(world.people["auditor"]).get("/registry/manage/SL-990500-0001/").content.decode()
    assert ASK not in html and found.number in html
