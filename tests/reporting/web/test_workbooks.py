"""A workbook by page: what cannot be right is refused at once with a sentence, nothing changed; the rest is
checked, shown, confirmed once."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.actors import Actor
from core.workbook import gate
from office.models import ImportState
from office.services import jobs
from reporting.models import RosterRow, WorkbookImport
from tests.reporting.conftest import SOUND, World, credit_code, fill
from tests.reporting.workbooks import blank, put_fields, put_rows, saved, whole_database

ClientOf = Callable[[Actor], Client]
pytestmark = pytest.mark.usefixtures("storage")
DAY = dt.date(2024, 5, 1)


def row(number: int, **more: Any) -> dict[str, Any]:
    founded = dt.date(2024, 1, 1)
    return {"name": f"企业{number}", "credit_code": credit_code(number), "founded": founded, "entered": DAY,
            "field": "电子信息", "revenue": 10, **more}  # fmt: skip


def content(world: World, *numbers: int) -> bytes:
    book = blank(world.mine)
    put_fields(book, {code: int(value) for code, value in SOUND.items()})
    put_rows(book, [row(number) for number in numbers])
    return saved(book)


def sent(client: Client, world: World, file: bytes, name: str = "年报 改3.xlsx") -> Any:
    upload = SimpleUploadedFile(name, file)
    return client.post(f"/returns/{world.mine.pk}/workbooks/", {"file": upload})


def checked(client: Client, world: World, file: bytes) -> WorkbookImport:
    assert sent(client, world, file).status_code == 302
    found = WorkbookImport.objects.latest("pk")
    jobs.run(job_id=str(found.job.pk))
    return WorkbookImport.objects.get(pk=found.pk)


def page_of(world: World, found: WorkbookImport) -> str:
    return f"/returns/{world.mine.pk}/workbooks/{found.pk}/"


def test_the_download_carries_its_chinese_name_and_is_for_saving_only(
    world: World, client_of: ClientOf
) -> None:
    answer = client_of(world.staff).get(f"/returns/{world.mine.pk}/workbook/")
    name = quote("青禾孵化器_2025年度报表.xlsx")
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store, private"
    assert load_workbook(io.BytesIO(b"".join(answer.streaming_content))).sheetnames[-1] == "_meta"


@pytest.mark.parametrize(
    "file", [b"", b"no workbook", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_a_broken_file_is_refused_with_a_sentence_and_nothing_changes(
    world: World, client_of: ClientOf, file: bytes
) -> None:
    client = client_of(world.staff)
    client.get(f"/returns/{world.mine.pk}/")
    before = whole_database()
    answer = sent(client, world, file)
    assert answer.status_code == 422
    assert "文件没有采用，报表没有任何改动" in answer.content.decode()
    assert whole_database() == before


def test_no_file_at_all_is_refused(world: World, client_of: ClientOf) -> None:
    answer = client_of(world.staff).post(f"/returns/{world.mine.pk}/workbooks/")
    assert answer.status_code == 422 and "请先选择要上传的工作簿" in answer.content.decode()


def test_an_oversized_file_is_refused_before_it_is_read(world: World, client_of: ClientOf) -> None:
    answer = sent(client_of(world.staff), world, b"PK\x03\x04" + bytes(gate.Limits().file))
    assert answer.status_code == 422 and "文件超过 20 MB" in answer.content.decode()
    assert not WorkbookImport.objects.exists()


def test_another_carriers_workbook_is_refused_with_the_reason(world: World, client_of: ClientOf) -> None:
    client = client_of(world.staff)
    before = whole_database()
    answer = sent(client, world, saved(blank(world.theirs)))
    assert answer.status_code == 422 and "这是另一家单位的模板，不能上传" in answer.content.decode()
    assert whole_database() == before


def test_the_preview_says_what_would_happen_and_writes_nothing(world: World, client_of: ClientOf) -> None:
    client = client_of(world.staff)
    found = checked(client, world, content(world, 1, 2))
    page = client.get(page_of(world, found)).content.decode()
    assert "全部可以导入" in page and "尚未写入任何数据" in page
    assert "确认导入 6 项变更" in page
    assert world.mine.current.values == {} and not RosterRow.objects.exists()


def test_a_confirmation_writes_once_and_a_second_click_is_told(world: World, client_of: ClientOf) -> None:
    client = client_of(world.staff)
    found = checked(client, world, content(world, 1, 2))
    url = page_of(world, found)
    assert client.post(f"{url}apply/").status_code == 302
    second = client.post(f"{url}apply/")
    assert second.status_code == 409 and "正在写入，请稍候" in second.content.decode()
    found.refresh_from_db()
    jobs.run(job_id=str(found.job.pk))
    third = client.post(f"{url}apply/")
    assert third.status_code == 409 and "已经写入" in third.content.decode()
    done = client.get(url).content.decode()
    assert "已写入报表" in done and "看报表还差什么" in done and "确认导入" not in done
    assert RosterRow.objects.count() == 2 and world.mine.current.values == SOUND


def test_every_leaving_has_its_fate_before_anything_is_written(world: World, client_of: ClientOf) -> None:
    fill(world)
    client = client_of(world.staff)
    book = blank(world.mine)
    book["在孵企业名单"].delete_rows(3)
    found = checked(client, world, saved(book))
    url = page_of(world, found)
    assert "1 行不在文件中" in client.get(url).content.decode()
    refused = client.post(f"{url}apply/")
    assert refused.status_code == 422 and "去向" in refused.content.decode()
    assert client.post(f"{url}apply/", {"leaving-roster": "leave"}).status_code == 302
    found.refresh_from_db()
    jobs.run(job_id=str(found.job.pk))
    assert [one.name for one in RosterRow.objects.all()] == ["甲科技公司"]


def test_a_partly_good_file_shows_the_groups_and_comes_back_marked(world: World, client_of: ClientOf) -> None:
    client = client_of(world.staff)
    book = blank(world.mine)
    put_rows(book, [row(1), row(2, revenue="35万元"), row(3, revenue="36万元")])
    found = checked(client, world, saved(book))
    page = client.get(page_of(world, found)).content.decode()
    assert "部分可以导入" in page and "等 2 处" in page and "在孵企业名单!" in page
    answer = client.get(f"{page_of(world, found)}marked/")
    marked = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert quote("年报 改3_标注.xlsx") in answer["Content-Disposition"]
    assert any(cell.comment for line in marked["在孵企业名单"] for cell in line)


def test_a_dropped_file_is_not_used(world: World, client_of: ClientOf) -> None:
    client = client_of(world.staff)
    found = checked(client, world, content(world, 1))
    assert client.post(f"{page_of(world, found)}drop/").status_code == 302
    assert client.post(f"{page_of(world, found)}apply/").status_code == 422
    assert WorkbookImport.objects.get().state == ImportState.DROPPED
    assert world.mine.current.values == {}


def test_a_file_is_as_private_as_the_draft(world: World, client_of: ClientOf) -> None:
    found = checked(client_of(world.staff), world, content(world, 1))
    url = page_of(world, found)
    for actor in (world.other_staff, world.county_officer, world.city_officer, world.officer):
        client = client_of(actor)
        got = [client.get(url), client.get(f"{url}marked/"), client.get(f"/returns/imports/{found.pk}/")]
        put = [client.post(f"{url}apply/"), client.post(f"{url}drop/")]
        assert {answer.status_code for answer in got + put} == {404}
    other = f"/returns/{world.theirs.pk}/workbooks/{found.pk}/"
    assert client_of(world.staff).get(other).status_code == 404
    moved = client_of(world.staff).get(f"/returns/imports/{found.pk}/")
    assert (moved.status_code, moved["Location"]) == (302, url)
