"""Filling on line: each field by itself, with script and without; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from reporting.models import PeerMeasure, Return, ReturnVersion
from reporting.services import filling, rows
from tests.reporting.conftest import DAY, SOUND, TENANTS, World, fill, open_campaign

ClientOf = Callable[[Actor], Client]
HTMX = {"HX-Request": "true"}


def field(
    client: Client, world: World, code: str, value: str, seen: str = "", **more: object
) -> tuple[int, str]:
    answer = client.post(
        f"/returns/{world.mine.pk}/fields/{code}/",
        {f"value-{code}": value, f"seen-{code}": seen},
        headers=HTMX,
        **more,
    )
    return answer.status_code, answer.content.decode()


def test_a_save_answers_the_line_with_the_computed_lines_beside_it(world: World, client_of: ClientOf) -> None:
    client = client_of(world.staff)
    field(client, world, "area_total", "1,000")
    status, text = field(client, world, "area_tenants", "400")
    assert status == 200
    assert 'id="field-area_tenants"' in text and "已保存 14:32" in text
    assert 'id="field-use_rate"' in text and 'hx-swap-oob="true"' in text and ">40<" in text
    assert world.mine.current.values == {"area_total": "1000", "area_tenants": "400"}


def test_what_is_wrong_is_kept_as_typed_with_the_reason_under_its_own_line(
    world: World, client_of: ClientOf
) -> None:
    status, text = field(client_of(world.staff), world, "area_total", "三千")
    assert status == 200
    assert 'value="三千"' in text and "已保存，有错误" in text and "cell.number" in text
    assert world.mine.current.values == {"area_total": "三千"}


def test_a_stale_save_shows_both_values_and_changes_nothing(world: World, client_of: ClientOf) -> None:
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="area_total", value="100", seen="", at=DAY
    )
    status, text = field(client_of(world.staff), world, "area_total", "300", seen="")
    assert status == 409
    assert "已由填报甲于 03-18 14:32 改为“100”" in text and 'value="300"' in text
    assert "<b>100</b>" in text and "填报甲 · 03-18 14:32" in text and "<b>300</b>" in text
    assert world.mine.current.values == {"area_total": "100"}


def choose(client: Client, world: World, value: str, over: str) -> tuple[int, str]:
    """The button of a value, with all that the page of the clash sends."""
    data = {"use": f"area_total:{value}", "over-area_total": over, "value-area_total": "300"}
    url = f"/returns/{world.mine.pk}/fields/area_total/"
    answer = client.post(url, {**data, "seen-area_total": ""}, headers=HTMX)
    return answer.status_code, answer.content.decode()


def test_of_two_values_the_one_that_is_chosen_stays(world: World, client_of: ClientOf) -> None:
    client = client_of(world.staff)
    field(client, world, "area_total", "100")
    _, text = field(client, world, "area_total", "300", seen="")
    assert 'name="over-area_total" value="100"' in text and 'value="area_total:300"' in text
    assert field(client, world, "area_total", "300", seen="")[0] == 409, "saving again is no choice"
    status, text = choose(client, world, "100", "100")
    assert status == 200 and 'value="100"' in text
    assert choose(client, world, "300", "100")[0] == 200
    assert world.mine.current.values == {"area_total": "300"}


def test_who_chooses_against_a_value_that_changed_once_more_is_told_again(
    world: World, client_of: ClientOf
) -> None:
    client = client_of(world.staff)
    field(client, world, "area_total", "100")
    field(client, world, "area_total", "200", seen="100")
    status, text = choose(client, world, "300", "100")
    assert status == 409 and "<b>200</b>" in text
    assert world.mine.current.values == {"area_total": "200"}


def test_without_script_choosing_one_leaves_the_other_clash_undecided(
    world: World, client_of: ClientOf
) -> None:
    client = client_of(world.staff)
    field(client, world, "area_total", "100")
    field(client, world, "area_tenants", "10")
    data = {
        "use": "area_total:300", "over-area_total": "100",
        "value-area_total": "300", "seen-area_total": "",
        "value-area_tenants": "30", "seen-area_tenants": "", "over-area_tenants": "10",
    }  # fmt: skip
    answer = client.post(f"/returns/{world.mine.pk}/sections/site/", data)
    assert answer.status_code == 409
    assert world.mine.current.values == {"area_total": "300", "area_tenants": "10"}


def test_a_save_by_the_page_asks_the_database_eight_times(world: World, client_of: ClientOf) -> None:
    fill(world)
    client = client_of(world.staff)
    client.get(f"/returns/{world.mine.pk}/")
    with CaptureQueriesContext(connection) as captured:
        assert field(client, world, "area_total", "5200", seen="5000")[0] == 200
    asked = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len([sql for sql in asked if "django_session" not in sql]) <= 8, "sessions live in the cache"


def test_control_characters_and_computed_fields_are_refused_in_the_line(
    world: World, client_of: ClientOf
) -> None:
    client = client_of(world.staff)
    assert field(client, world, "operator_note", "a\x00b")[0] == 422
    assert field(client, world, "use_rate", "5")[0] == 422
    assert field(client, world, "nothing", "5")[0] == 404
    assert world.mine.current.values == {}


def test_without_script_one_form_saves_what_was_changed_in_the_section(
    world: World, client_of: ClientOf
) -> None:
    data = {f"value-{code}": value for code, value in SOUND.items()} | {f"seen-{code}": "" for code in SOUND}
    answer = client_of(world.staff).post(f"/returns/{world.mine.pk}/sections/site/", data)
    assert (answer.status_code, answer["Location"]) == (302, f"/returns/{world.mine.pk}/sections/site/")
    assert world.mine.current.values == SOUND


def test_a_number_shown_with_thousands_is_no_change(world: World, client_of: ClientOf) -> None:
    fill(world)
    before = world.mine.current.saved_at
    data = {"value-area_total": "5,000", "seen-area_total": "5000"}
    client_of(world.staff).post(f"/returns/{world.mine.pk}/sections/site/", data)
    assert world.mine.current.saved_at == before


def test_of_a_whole_section_the_stale_field_stays_out_and_the_others_are_saved(
    world: World, client_of: ClientOf
) -> None:
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="area_total", value="100", seen="", at=DAY
    )
    data = {
        "value-area_total": "300", "seen-area_total": "",
        "value-area_tenants": "40", "seen-area_tenants": "",
    }  # fmt: skip
    answer = client_of(world.staff).post(f"/returns/{world.mine.pk}/sections/site/", data)
    assert answer.status_code == 409
    assert "改为“100”" in answer.content.decode()
    assert world.mine.current.values == {"area_total": "100", "area_tenants": "40"}


def ask(world: World) -> str:
    """A question: the number of tenants is not that of the roster."""
    fill(world)
    save = {"actor": world.staff, "return_id": world.mine.pk, "at": DAY}
    filling.save_field(code="tenants_reported", value="9", seen="2", **save)
    return "K2:tenants_reported"


def test_a_question_is_answered_where_it_stands(world: World, client_of: ClientOf) -> None:
    key = ask(world)
    client = client_of(world.staff)
    url = f"/returns/{world.mine.pk}/explain/?key={key}"
    short = client.post(url, {f"reason-{key}": "", f"text-{key}": "迁入七家"}, headers=HTMX)
    assert short.status_code == 422
    assert "请选择原因类别" in short.content.decode() and "迁入七家" in short.content.decode()
    answer = client.post(url, {f"reason-{key}": "real", f"text-{key}": "年末迁入七家"}, headers=HTMX)
    assert answer.status_code == 200 and "已说明" in answer.content.decode()
    assert world.mine.current.explanations[key]["text"] == "年末迁入七家"


def test_a_reason_can_be_given_in_the_form_of_the_section(world: World, client_of: ClientOf) -> None:
    key = ask(world)
    data = {"key": key, f"reason-{key}": "scope", f"text-{key}": "口径不同"}
    answer = client_of(world.staff).post(f"/returns/{world.mine.pk}/sections/site/", data)
    assert answer.status_code == 302
    assert world.mine.current.explanations[key]["reason"] == "scope"


def test_a_prefilled_value_is_confirmed_with_one_click(world: World, client_of: ClientOf) -> None:
    version = world.mine.current
    version.values, version.sources = (
        {"area_total": "500"},
        {"area_total": {"kind": "previous", "confirmed": False}},
    )
    version.save()
    client = client_of(world.staff)
    assert "确认未变" in client.get(f"/returns/{world.mine.pk}/sections/site/").content.decode()
    answer = client.post(f"/returns/{world.mine.pk}/fields/area_total/confirm/", headers=HTMX)
    assert answer.status_code == 200 and "确认未变" not in answer.content.decode()
    assert world.mine.current.sources["area_total"]["confirmed"] is True


def test_after_the_deadline_the_page_is_to_read_and_a_save_is_refused(
    world: World, client_of: ClientOf, at: Callable[..., datetime]
) -> None:
    fill(world)
    at(2026, 3, 31, 17, 0)
    client = client_of(world.staff)
    page = client.get(f"/returns/{world.mine.pk}/sections/site/").content.decode()
    assert "已过填报截止时间" in page and 'name="value-area_total"' not in page
    status, text = field(client, world, "area_total", "6000", seen="5000")
    assert status == 422 and "已过填报截止时间" in text
    assert world.mine.current.values["area_total"] == "5000"


# Beside last year and peers.


def last_year(world: World, **values: str) -> ReturnVersion:
    """A version submitted the year before, with a reason for a change."""
    before = open_campaign(world.officer, world.form, world.province, 2024)
    found = Return.objects.get(carrier=world.carrier, campaign=before)
    version = found.current
    assert version is not None
    version.values, version.commitment, version.digest = values, "承诺", f"sha256:{world.carrier.pk}"
    version.explanations = {
        "variance:area_service": {"reason": "real", "text": "二期投入使用", "found": "本年 9，上年 1"}
    }
    version.submitted_at = DAY
    version.save()
    return version


def test_a_slip_is_named_at_its_line_and_mended_with_one_click(world: World, client_of: ClientOf) -> None:
    last_year(world, area_service="1000")
    client = client_of(world.staff)
    _, text = field(client, world, "area_service", "１,050,000")
    assert "疑似单位或位数填错：约为上年的 1,000 倍" in text and "改为 1,050 m²" in text
    assert 'name="use" value="area_service:1050"' in text
    data = {"use": "area_service:1050", "value-area_service": "1,050,000", "seen-area_service": "1050000"}
    answer = client.post(f"/returns/{world.mine.pk}/fields/area_service/", data, headers=HTMX)
    assert answer.status_code == 200 and "疑似单位" not in answer.content.decode()
    assert world.mine.current.values == {"area_service": "1050"}


def test_last_years_reason_stands_beside_the_question(world: World, client_of: ClientOf) -> None:
    last_year(world, area_service="1000")
    _, text = field(client_of(world.staff), world, "area_service", "3000")
    assert "上年的说明：" in text and "二期投入使用" in text and "情况属实，确有较大变动" in text


def test_a_reason_stays_while_the_value_does_though_peers_are_measured_anew(
    world: World, client_of: ClientOf
) -> None:
    last_year(world, area_service="1000")
    client, key = client_of(world.staff), "variance:area_service"
    field(client, world, "area_service", "3000")
    url = f"/returns/{world.mine.pk}/explain/?key={key}"
    client.post(url, {f"reason-{key}": "real", f"text-{key}": "三期投入使用"}, headers=HTMX)
    PeerMeasure.objects.create(
        campaign=world.campaign,
        kind="incubator",
        carriers=9,
        measures={"bounds": [], "groups": [], "all": {"area_service": [9, "1200", "0.2"]}},
        made_at=DAY,
    )
    page = client.get(f"/returns/{world.mine.pk}/sections/site/").content.decode()
    assert "已说明" in page and "同类 9 家上年的中位数为 1,200" in page
    _, text = field(client, world, "area_service", "4000", seen="3000")
    assert "已说明" not in text and "请说明" in text


# Tables.


def test_a_row_is_added_changed_and_removed(world: World, client_of: ClientOf) -> None:
    client = client_of(world.staff)
    base = f"/returns/{world.mine.pk}/tables/roster/"
    row = {f"value-{code}": value for code, value in TENANTS[0].items()}
    assert client.post(f"{base}row/", row)["Location"] == base
    key = TENANTS[0]["credit_code"]
    changed = {"value-revenue": "130", "seen-revenue": "120.5"}
    assert client.post(f"{base}row/?key={key}", changed)["Location"] == base
    assert "130" in client.get(base).content.decode()
    assert client.post(f"{base}row/remove/", {"key": key})["Location"] == base
    again = client.post(f"{base}row/remove/", {"key": key}, follow=True)
    assert "这一行已不存在" in again.content.decode()


def test_a_stale_row_is_told_with_both_values(world: World, client_of: ClientOf) -> None:
    fill(world)
    key = TENANTS[0]["credit_code"]
    url = f"/returns/{world.mine.pk}/tables/roster/row/?key={key}"
    answer = client_of(world.staff).post(url, {"value-revenue": "130", "seen-revenue": "1"})
    assert answer.status_code == 409
    assert "120.5" in answer.content.decode() and "130" in answer.content.decode()


def test_rows_are_searched_and_narrowed_to_those_with_something_wrong(
    world: World, client_of: ClientOf
) -> None:
    fill(world)
    bad = {**TENANTS[0], "name": "丙材料公司", "credit_code": "", "entered": "2020-01-01"}
    rows.add_row(actor=world.staff, return_id=world.mine.pk, table="roster", values=bad, at=DAY)
    client = client_of(world.staff)
    base = f"/returns/{world.mine.pk}/tables/roster/"
    wrong = client.get(f"{base}?only=on").content.decode()
    assert "丙材料公司" in wrong and "甲科技公司" not in wrong and "入驻日期早于成立日期" in wrong
    found = client.get(f"{base}?q=乙生物").content.decode()
    assert "乙生物公司" in found and "甲科技公司" not in found
    assert client.get(f"/returns/{world.mine.pk}/tables/nothing/").status_code == 404
