"""The chain by page: one click one effect, a stale tab is told, reasons reach the carrier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.actors import Actor
from reporting.models import ReturnMove
from reporting.services import filling, returns
from tests.reporting.conftest import DAY, World, fill

ClientOf = Callable[[Actor], Client]


def submit(client: Client, world: World, **more: str) -> Any:
    data = {"agreed": "1", "version": str(world.mine.version), **more}
    return client.post(f"/returns/{world.mine.pk}/submit/", data)


def move(client: Client, world: World, action: str, **more: str) -> Any:
    data = {"action": action, "version": str(world.mine.version), **more}
    return client.post(f"/returns/{world.mine.pk}/moves/", data)


def test_what_is_missing_stands_on_the_button_and_keeps_it_from_being_submitted(
    world: World, client_of: ClientOf
) -> None:
    client = client_of(world.staff)
    assert "提交（还差 1 处）" in client.get(f"/returns/{world.mine.pk}/").content.decode()
    answer = submit(client, world)
    assert answer.status_code == 422 and "孵化场地总面积" in answer.content.decode()
    assert world.mine.state == "filling"


def test_a_return_is_submitted_with_the_commitment_and_a_receipt(world: World, client_of: ClientOf) -> None:
    fill(world)
    client = client_of(world.staff)
    page = client.get(f"/returns/{world.mine.pk}/submit/").content.decode()
    assert "承诺" in page and "填报甲" in page and "追回奖补资金" in page and "5,000" in page
    assert submit(client, world, agreed="").status_code == 422
    answer = submit(client, world)
    assert answer["Location"] == f"/returns/{world.mine.pk}/receipt/"
    receipt = client.get(answer["Location"]).content.decode()
    assert world.mine.current.digest in receipt and "第 1 版" in receipt


def test_a_second_click_on_submit_is_told_and_has_no_effect(world: World, client_of: ClientOf) -> None:
    fill(world)
    client = client_of(world.staff)
    data = {"agreed": "1", "version": "0"}
    url = f"/returns/{world.mine.pk}/submit/"
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 409]
    assert ReturnMove.objects.count() == 1


def test_county_city_and_province_each_once(world: World, client_of: ClientOf) -> None:
    fill(world)
    submit(client_of(world.staff), world)
    steps = [
        (world.county_officer, "pass", "at_city"),
        (world.city_officer, "pass", "at_province"),
        (world.officer, "accept", "accepted"),
    ]
    for actor, action, state in steps:
        client, version = client_of(actor), str(world.mine.version)
        assert move(client, world, action, comment="已核对").status_code == 302
        assert world.mine.state == state
        again = move(client, world, action, comment="已核对", version=version)
        assert again.status_code == 409 and "请刷新后再" in again.content.decode()
        assert world.mine.state == state
    assert ReturnMove.objects.count() == 4


def test_a_move_from_a_tab_that_saw_an_earlier_round_is_told(world: World, client_of: ClientOf) -> None:
    fill(world)
    submit(client_of(world.staff), world)
    county = client_of(world.county_officer)
    move(county, world, "return", comment="补面积")
    submit(client_of(world.staff), world)
    stale = move(county, world, "pass", version="1")
    assert stale.status_code == 409 and "已经有了变化" in stale.content.decode()
    assert move(county, world, "pass", version="many").status_code == 409
    assert world.mine.state == "at_county"


def test_one_who_is_not_at_that_stop_is_refused_and_unknown_actions_too(
    world: World, client_of: ClientOf
) -> None:
    fill(world)
    submit(client_of(world.staff), world)
    assert move(client_of(world.city_officer), world, "pass").status_code == 403
    assert move(client_of(world.county_officer), world, "delete").status_code == 422
    assert world.mine.state == "at_county"


def test_sent_back_needs_a_word_and_the_carrier_reads_the_reasons_by_field(
    world: World, client_of: ClientOf
) -> None:
    fill(world)
    submit(client_of(world.staff), world)
    county = client_of(world.county_officer)
    assert move(county, world, "return").status_code == 422
    reasons = {"reason-area_total": "与租赁合同不符", "reason-area_tenants": ""}
    assert move(county, world, "return", comment="请核对面积", **reasons).status_code == 302
    page = client_of(world.staff).get(f"/returns/{world.mine.pk}/").content.decode()
    assert "请核对面积" in page and "与租赁合同不符" in page and "县区甲" in page
    assert ReturnMove.objects.latest("pk").reasons == {"area_total": "与租赁合同不符"}


def test_what_was_changed_since_the_last_round_is_shown_to_who_checks(
    world: World, client_of: ClientOf
) -> None:
    fill(world)
    submit(client_of(world.staff), world)
    move(client_of(world.county_officer), world, "return", comment="请核对面积")
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="area_total", value="6100", seen="5000", at=DAY
    )
    submit(client_of(world.staff), world)
    page = client_of(world.county_officer).get(f"/returns/{world.mine.pk}/").content.decode()
    assert "上次提交后的改动" in page and "<del>5,000</del>" in page and "6,100" in page


def test_once_an_office_has_opened_it_the_carrier_cannot_take_it_back(
    world: World, client_of: ClientOf
) -> None:
    fill(world)
    submit(client_of(world.staff), world)
    staff, county = client_of(world.staff), client_of(world.county_officer)
    url = f"/returns/{world.mine.pk}/"
    assert "撤回" in staff.get(url).content.decode()
    county.get(url)
    assert world.mine.opened_by_officer_at is None  # to look writes nothing
    assert county.post(f"{url}open/", headers={"HX-Request": "true"}).status_code == 204
    assert 'value="withdraw"' not in staff.get(url).content.decode()
    assert move(staff, world, "withdraw").status_code == 422
    assert world.mine.state == "at_county"


def test_withdrawn_before_it_was_opened_it_is_a_draft_again(world: World, client_of: ClientOf) -> None:
    fill(world)
    submit(client_of(world.staff), world)
    assert move(client_of(world.staff), world, "withdraw").status_code == 302
    assert (world.mine.state, world.mine.current.number) == ("filling", 2)


def test_figures_in_question_come_with_the_reason_that_was_given(world: World, client_of: ClientOf) -> None:
    fill(world)
    about = {"actor": world.staff, "return_id": world.mine.pk, "at": DAY}
    filling.save_field(code="tenants_reported", value="9", seen="2", **about)
    filling.explain(key="K2:tenants_reported", reason="real", text="年末迁入七家", **about)
    returns.submit(commitment="承诺", expected=0, **about)
    page = client_of(world.county_officer).get(f"/returns/{world.mine.pk}/").content.decode()
    assert "在孵企业数与名单不一致" in page and "年末迁入七家" in page
    assert "情况属实，确有较大变动" in page


def test_characters_that_no_text_has_are_refused_with_a_sentence(world: World, client_of: ClientOf) -> None:
    fill(world)
    submit(client_of(world.staff), world)
    county = client_of(world.county_officer)
    for more in ({"comment": "面\x00积"}, {"comment": "面积", "reason-area_total": "a\x00"}):
        answer = move(county, world, "return", **more)
        assert answer.status_code == 422 and "控制字符" in answer.content.decode()
    assert county.get(f"/returns/{world.mine.pk}/?tab=table-roster&q=%00").status_code == 200
    assert world.mine.state == "at_county"
