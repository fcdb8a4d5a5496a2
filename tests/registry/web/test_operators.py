"""An operator takes over all carriers of another, on its page and by its service."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from office.models import AuditEntry
from registry.models import Carrier, OperatorLink, OperatorVersion
from registry.queries import facts_on
from tests.registry.changes import ask
from tests.registry.world import World, credit_code, signed_in

NEW = "/registry/lineage/operator/"
GIVEN = {
    "code": credit_code(2), "to_code": credit_code(9).lower(), "to_name": "新星运营有限公司",
    "happened_on": "2026-01-01", "basis": "吸收合并公告 1 号",
}  # fmt: skip


def post(world: World, who: str = "province", step: str = "carry", **more: Any) -> Any:
    return signed_in(world.people[who]).post(NEW, {**GIVEN, "step": step, **more})


@pytest.mark.parametrize(
    ("who", "status"),
    [("county", 200), ("province", 200), ("staff", 404), ("auditor", 404), ("expert", 404), ("visitor", 302)],
)
def test_who_comes_here(world: World, who: str, status: int) -> None:
    assert signed_in(world.people[who]).get(f"{NEW}?code={credit_code(2)}").status_code == status


def test_the_carriers_are_shown_before_they_change(world: World) -> None:
    html = post(world, step="check").content.decode()
    for words in ("晨光众创空间", "星澜孵化器", "“星澜运营有限公司”运营的 2 家载体"):
        assert words in html
    assert not OperatorLink.objects.exists()


def test_all_its_carriers_go_over_from_the_day(world: World) -> None:
    assert post(world).status_code == 302
    link = OperatorLink.objects.get()
    assert (link.predecessor.credit_code, link.successor.credit_code) == (credit_code(2), credit_code(9))
    assert {one.operator_id for one in Carrier.objects.filter(code__in=(
        "SL-990500-0002", "SL-990600-0001"))} == {link.successor_id}  # fmt: skip
    facts = facts_on(world.carrier("away"), date(2026, 1, 1)) or {}
    assert facts["operator_id"] == link.successor_id
    detail = AuditEntry.objects.get(action="operator.succeed").detail
    assert detail["carriers"] == ["SL-990500-0002", "SL-990600-0001"]
    again = post(world)
    assert again.status_code == 422 and OperatorLink.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"code": credit_code(99)}, "没有找到这家运营机构"),
        ({"to_code": credit_code(2)}, "更名请走变更申请"),
        ({"to_code": credit_code(9)[:17]}, "应为 18 位"),
        ({"to_code": credit_code(1)}, "青禾运营有限公司"),
        ({"to_name": " "}, "承继机构名称"),
        ({"happened_on": "2026-03-19"}, "日期不能晚于今天"),
        ({"basis": ""}, "依据文件"),
    ],
)
def test_what_is_wrong_is_told(world: World, more: dict[str, str], words: str) -> None:
    for step in ("check", "carry"):
        answer = post(world, step=step, **more)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert not OperatorLink.objects.exists()


def test_an_office_over_some_of_its_carriers_only_does_not_decide(world: World) -> None:
    answer = post(world, "city")
    assert answer.status_code == 422 and "须由更高一级办理" in answer.content.decode()
    unknown = post(world, "county")
    assert unknown.status_code == 422 and "没有找到这家运营机构" in unknown.content.decode()


@pytest.mark.usefixtures("storage")
def test_an_open_request_for_the_operator_is_decided_first(world: World) -> None:
    ask(world, "other_staff", "away", wanted={"operator": f"{credit_code(7)} 另一公司"})
    answer = post(world)
    assert answer.status_code == 422 and "在办" in answer.content.decode()


def test_the_former_name_stands_on_the_carriers_page(world: World) -> None:
    OperatorVersion.objects.create(
        operator=world.carriers["mine"].operator, former_name="青禾旧公司", name="青禾运营有限公司",
        valid_from=date(2024, 5, 1), basis="更名", recorded_at=world.carriers["mine"].updated_at,
    )  # fmt: skip
    html = signed_in(world.people["county"]).get("/registry/manage/SL-990500-0001/").content.decode()
    assert "青禾旧公司（至 2024-05-01）" in html


def test_the_database_holds_what_a_succession_is(world: World) -> None:
    post(world)
    link = OperatorLink.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        OperatorLink.objects.filter(pk=link.pk).update(predecessor=link.successor)
