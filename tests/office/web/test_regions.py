"""Regions by file: looked at, then loaded; and the days of a notice at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import Role
from office.models import AuditEntry, StoredFile, WorkdayOverride

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
REGIONS = "/office/regions/"
HEAD = "code,name,name_en,level,parent,is_zone,prefix,tile_column,tile_row,valid_from,valid_to\n"
ROOT = "990000,示例省,,province,,0,,,,,\n"


@pytest.fixture
def client(admin: Actor, storage: Path) -> Client:
    made = Client()
    assert admin.user is not None
    made.force_login(admin.user, backend="django.contrib.auth.backends.ModelBackend")
    return made


def handed_in(client: Client, text: str) -> Any:
    return client.post(REGIONS, {"file": SimpleUploadedFile("regions.csv", text.encode())})


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMINISTRATOR])
def test_others_do_not_know_these_pages(cast: Cast, role: Role) -> None:
    stranger, actor = Client(), cast("某人", role)
    assert actor.user is not None
    stranger.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(REGIONS).status_code == 404
    assert handed_in(stranger, HEAD + ROOT).status_code == 404


def test_a_file_is_shown_before_it_is_loaded(client: Client) -> None:
    first = HEAD + ROOT + "990100,北澄市,,city,990000,0,,,,,\n990101,鹤泉区,,county,990100,0,,,,,\n"
    client.post(handed_in(client, first)["Location"])
    text = (
        HEAD
        + ROOT
        + (
            "990100,北澄新市,,city,990000,0,,,,,\n"
            "990101,鹤泉区,,county,990100,0,,,,,2025-12-31\n"
            "990102,新设区,,county,990100,1,,,,,\n"
        )
    )
    place = handed_in(client, text)["Location"]
    shown = client.get(place)
    counts = {name: shown.context[name] for name in ("new", "changed", "same", "ends")}
    assert counts == {"new": 1, "changed": 2, "same": 1, "ends": 1}
    for words in ("北澄新市", "载入 3 项改动", "2025-12-31", "撤销"):
        assert words in shown.content.decode()
    assert Region.objects.get(code="990100").name == "北澄市", "nothing is written yet"
    assert client.post(place)["Location"] == REGIONS
    assert Region.objects.get(code="990100").name == "北澄新市"
    assert AuditEntry.objects.filter(action="regions.load").count() == 2
    page = client.get(REGIONS)
    assert page.context["calendar"].loaded_at is not None
    assert (page.context["calendar"].counties, page.context["calendar"].ended) == (1, 1)
    assert "不需要载入" in client.get(place).content.decode()


def test_every_fault_with_its_line_and_nothing_kept(client: Client) -> None:
    answer = handed_in(client, HEAD + ROOT + "99,,,town,888,0,,x,,2025-02-30,\n")
    assert answer.status_code == 422
    codes = [(problem.code, problem.place) for problem in answer.context["problems"]]
    assert codes == [
        (f"regions.{name}", "3") for name in ("code", "name", "level", "parent", "tile", "tile", "date")
    ]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"", HEAD.encode(), b'code,"name\n', (HEAD + ROOT).encode() * 40_000],
    ids=["encoding", "empty", "no rows", "quote", "size"],
)
def test_what_is_no_such_file_is_refused(client: Client, content: bytes) -> None:
    answer = client.post(REGIONS, {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422


def test_levels_go_down(client: Client) -> None:
    text = HEAD + ROOT + "990101,甲区,,county,990102,0,,,,,\n990102,乙区,,county,990000,0,,,,,\n"
    answer = handed_in(client, text)
    assert [problem.code for problem in answer.context["problems"]] == ["regions.parent_level"]


def test_another_persons_file_is_404(client: Client, cast: Cast) -> None:
    place = handed_in(client, HEAD + ROOT)["Location"]
    other, actor = Client(), cast("另一人", Role.SYSTEM_ADMINISTRATOR)
    assert actor.user is not None
    other.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(place).status_code == 404
    assert other.post(place).status_code == 404


def test_the_tree_asks_as_often_for_many_as_for_few(client: Client) -> None:
    counts = []
    for count in (1, 60):
        rows = "".join(f"9901{n:02},区{n},,county,990100,0,,,,,\n" for n in range(1, count + 1))
        client.post(handed_in(client, HEAD + ROOT + "990100,市,,city,990000,0,,,,,\n" + rows)["Location"])
        client.get(REGIONS)
        with CaptureQueriesContext(connection) as queries:
            client.get(REGIONS)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_notice_is_set_whole_or_not_at_all(client: Client) -> None:
    wrong = {
        "days": "2027-02-20 上班\n2027-02-30 放假\n2027-02-20 放假\n2027-02-23",
        "note": "示办发〔2026〕9号",
    }
    answer = client.post("/office/workdays/notice/", wrong)
    assert answer.status_code == 422
    assert [(p.place, p.code) for p in answer.context["line_problems"]] == [
        ("2", "workday.day"),
        ("3", "workday.twice"),
        ("4", "workday.word"),
    ]
    assert "2027-02-30" in answer.content.decode(), "what was written is still there"
    assert not WorkdayOverride.objects.exists()
    good = {**wrong, "days": "2027-02-20 上班\n\n2027-02-23\t放假"}
    assert client.post("/office/workdays/notice/", good).status_code == 302
    assert dict(WorkdayOverride.objects.values_list("day", "is_working")) == {
        date(2027, 2, 20): True,
        date(2027, 2, 23): False,
    }
