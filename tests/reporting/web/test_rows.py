"""The rows of a table on line: opened in place, told apart when two save, counted in so many queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from office.models import AuditEntry
from office.services import jobs
from reporting.models import RosterRow, WorkbookImport
from reporting.rules.form_reading import load_form
from reporting.rules.roster import stored
from tests.reporting.conftest import FORM, TENANTS, World, credit_code, fill

ClientOf = Callable[[Actor], Client]
HTMX = {"HX-Request": "true"}
ROSTER = load_form(FORM).table("roster")


def base(world: World) -> str:
    return f"/returns/{world.mine.pk}/tables/roster/"


def many(world: World, number: int) -> None:
    """So many rows, straight into the draft."""
    found = world.mine
    RosterRow.objects.bulk_create(
        RosterRow(
            version=found.current,
            table="roster",
            key=credit_code(at),
            position=at,
            **stored(ROSTER, {**TENANTS[0], "name": f"企业{at:05d}", "credit_code": credit_code(at)}),
        )
        for at in range(1, number + 1)
    )


@pytest.mark.parametrize("number", [1, 2000])
def test_a_page_of_rows_takes_the_same_queries_whatever_the_size(
    world: World, client_of: ClientOf, number: int
) -> None:
    many(world, number)
    client = client_of(world.staff)
    client.get("/returns/")
    for query in ("", "?only=on", "?q=企业", "?sort=-revenue&page=2"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(base(world) + query).status_code == 200
        asked = [one["sql"] for one in captured if "django_session" not in one["sql"]]
        assert len(asked) <= 11, query


@pytest.mark.parametrize("number", [1, 2000])
def test_saving_a_row_takes_the_same_queries_whatever_the_size(
    world: World, client_of: ClientOf, number: int
) -> None:
    many(world, number)
    client, key = client_of(world.staff), credit_code(1)
    client.get("/returns/")
    with CaptureQueriesContext(connection) as captured:
        data = {"value-revenue": "130", "seen-revenue": "120.5"}
        answer = client.post(f"{base(world)}row/?key={key}", data, headers=HTMX)
    assert answer.status_code == 200
    asked = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len([sql for sql in asked if "django_session" not in sql]) <= 18


def test_rows_are_sorted_by_what_the_database_can_order(world: World, client_of: ClientOf) -> None:
    fill(world)
    client = client_of(world.staff)

    def order(sort: str) -> list[int]:
        text = client.get(f"{base(world)}?sort={sort}").content.decode()
        return sorted((0, 1), key=lambda at: text.index(TENANTS[at]["name"]))

    assert order("revenue") == [1, 0] and order("-revenue") == [0, 1]
    assert order("founded") == [1, 0] and order("nothing") == [0, 1]


def test_a_row_opens_in_its_place_and_is_shut_again(world: World, client_of: ClientOf) -> None:
    fill(world)
    client, row = client_of(world.staff), RosterRow.objects.get(credit_code=TENANTS[0]["credit_code"])
    url = f"{base(world)}row/?key={row.key}"
    opened = client.get(url, headers=HTMX).content.decode()
    assert opened.lstrip().startswith(f'<tbody id="row-{row.pk}"') and 'name="value-revenue"' in opened
    shut = client.get(f"{url}&shut=1", headers=HTMX).content.decode()
    assert shut.lstrip().startswith(f'<tbody id="row-{row.pk}"') and "<input" not in shut


def test_a_row_saved_in_its_place_answers_itself_with_sums_and_counts(
    world: World, client_of: ClientOf
) -> None:
    fill(world)
    client, key = client_of(world.staff), TENANTS[0]["credit_code"]
    data = {"value-revenue": "１,130.5", "seen-revenue": "120.5"}
    text = client.post(f"{base(world)}row/?key={key}", data, headers=HTMX).content.decode()
    assert "1,130.5" in text and 'id="totals" hx-swap-oob="true"' in text and "1,210.5" in text
    new = client.post(f"{base(world)}row/", {"value-name": "丙公司"}, headers=HTMX).content.decode()
    assert 'id="row-new"' in new and "丙公司" in new and "必须填写" in new


def test_of_two_values_of_a_cell_one_is_chosen(world: World, client_of: ClientOf) -> None:
    fill(world)
    client, key = client_of(world.staff), TENANTS[0]["credit_code"]
    url = f"{base(world)}row/?key={key}"
    mine = {"value-revenue": "130", "seen-revenue": "1", "value-name": "甲", "seen-name": TENANTS[0]["name"]}
    clash = client.post(url, mine, headers=HTMX)
    text = clash.content.decode()
    assert clash.status_code == 409
    assert "保留已存的 120.5" in text and "改为我填的 130" in text and "填报甲 于 03-18 14:32" in text
    assert client.post(url, {**mine, "over-revenue": "120.5"}, headers=HTMX).status_code == 409
    kept = client.post(url, {**mine, "over-revenue": "120.5", "keep-revenue": "theirs"}, headers=HTMX)
    assert kept.status_code == 200
    row = RosterRow.objects.get(key=key)
    assert (row.name, str(row.revenue.normalize() if row.revenue else "")) == ("甲", "120.5")


def test_who_has_left_is_taken_out_with_the_reason_in_the_audit(world: World, client_of: ClientOf) -> None:
    fill(world)
    client, key = client_of(world.staff), TENANTS[0]["credit_code"]
    assert client.post(f"{base(world)}row/remove/", {"key": key, "why": "x"}, headers=HTMX).status_code == 302
    answer = client.post(f"{base(world)}row/remove/", {"key": key, "why": "left"}, headers=HTMX)
    assert "“甲科技公司”已从名单中去掉" in answer.content.decode()
    assert not RosterRow.objects.filter(key=key).exists()
    entry = AuditEntry.objects.get(action="return.row_left")
    assert entry.detail == {"table": "roster", "key": key, "name": "甲科技公司", "why": "left"}


# Pasting.


def run_jobs() -> None:
    """What a worker does with the newest upload."""
    jobs.run(job_id=str(WorkbookImport.objects.get().job_id))


HEAD = "企业名称\t统一社会信用代码\t成立日期\t入驻日期\t营业收入"


def pasted(rows: list[dict[str, str]]) -> str:
    codes = ("name", "credit_code", "founded", "entered", "revenue")
    return "\n".join([HEAD, *("\t".join(row.get(code, "") for code in codes) for row in rows)])


def decide(text: str, **more: str) -> dict[str, str]:
    """The form as the page filled it in after it matched the columns."""
    codes = ("name", "credit_code", "founded", "entered", "revenue")
    columns = {f"column-{at}": code for at, code in enumerate(codes, start=1)}
    return {"text": text, "step": "check", "width": "5", "has_heading": "1", **columns, **more}


def test_the_matching_of_columns_is_shown_before_anything_is_kept(world: World, client_of: ClientOf) -> None:
    answer = client_of(world.staff).post(f"{base(world)}paste/", {"text": pasted(TENANTS)})
    text = answer.content.decode()
    assert answer.status_code == 200 and "按表头对应，共 2 行" in text
    assert '<option value="credit_code" selected>' in text and "甲科技公司" in text
    assert not RosterRow.objects.exists()


def test_columns_that_tell_no_rows_apart_are_refused_with_the_way_out(
    world: World, client_of: ClientOf
) -> None:
    url = f"{base(world)}paste/"
    answer = client_of(world.staff).post(url, decide(pasted(TENANTS), **{"column-2": ""}))
    assert answer.status_code == 422 and "请指明哪一列是“统一社会信用代码”" in answer.content.decode()
    assert client_of(world.staff).post(url, {"text": ""}).status_code == 422


def test_a_pasted_table_is_checked_shown_and_written_as_an_upload_is(
    world: World, client_of: ClientOf, storage: object
) -> None:
    fill(world)
    client = client_of(world.staff)
    new = {**TENANTS[0], "name": "丙公司", "credit_code": credit_code(103), "revenue": "１,000"}
    bad = {**TENANTS[0], "name": "丁公司", "credit_code": "123"}
    text = pasted([{**TENANTS[0], "revenue": "130"}, new, bad])
    page = client.post(f"{base(world)}paste/", decide(text))
    assert page.status_code == 302
    run_jobs()
    found = WorkbookImport.objects.get()
    assert found.report["tables"] == {"roster": {"new": 1, "changed": 1, "same": 0, "left": 0, "bad": 1}}
    assert [one["place"] for one in found.report["problems"]] == ["粘贴的内容!B4"]
    assert RosterRow.objects.count() == 2
    shown = client.get(page["Location"]).content.decode()
    assert "130" in shown and "丙公司" in shown
    client.post(f"{page['Location']}apply/", {})
    run_jobs()
    kept = dict(RosterRow.objects.values_list("key", "revenue"))
    assert kept == {credit_code(101): 130, credit_code(102): 80, credit_code(103): 1000}
    assert RosterRow.objects.get(key=credit_code(101)).field == "ict", "what was not pasted stays"


def test_of_a_whole_pasted_list_who_is_not_in_it_is_a_proposed_leaving(
    world: World, client_of: ClientOf, storage: object
) -> None:
    fill(world)
    client = client_of(world.staff)
    page = client.post(f"{base(world)}paste/", decide(pasted(TENANTS[:1]), whole="1"))
    run_jobs()
    assert WorkbookImport.objects.get().report["tables"]["roster"]["left"] == 1
    refused = client.post(f"{page['Location']}apply/", {})
    assert refused.status_code == 422
    client.post(f"{page['Location']}apply/", {"leaving-roster": "leave"})
    run_jobs()
    assert list(RosterRow.objects.values_list("key", flat=True)) == [TENANTS[0]["credit_code"]]


def test_to_others_the_page_of_pasting_is_not_there(world: World, client_of: ClientOf) -> None:
    url = f"{base(world)}paste/"
    for actor in (world.other_staff, world.county_officer, world.officer, world.auditor):
        client = client_of(actor)
        assert client.get(url).status_code == 404
        assert client.post(url, decide(pasted(TENANTS))).status_code == 404
    assert client_of(world.staff).get(url).status_code == 200
