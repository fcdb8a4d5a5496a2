"""Every list of the register leaves the same way: what the screen shows, who took it and when, and nothing
that a spreadsheet would run."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import Appointment
from accounts.rules.roles import Role
from core.tables import cookie_of, kept
from office.models import AuditEntry, Job, JobState
from office.services import files, jobs
from registry.excel.lists import LISTS, write
from registry.models import Carrier, Tenant
from registry.queries.listed import Leaving, Listed, parts_of
from registry.services import exports, tenancy
from tests.registry import applying, changes
from tests.registry.world import AT, World, carrier, operator, person, signed_in, stay, tenant

PAGES = {
    "carriers": "registry:manage",
    "tenants": "registry:tenants",
    "findings": "registry:findings",
    "applications": "registry:applications",
    "changes": "registry:changes",
    "lacking": "registry:lacking_people",
}
FILTERS: dict[str, dict[str, list[str]]] = {
    "carriers": {
        "kind": ["incubator", "makerspace"],
        "level": ["provincial"],
        "q": ["孵化", "无"],
        "on": ["2025-01-01"],
    },
    "tenants": {"q": ["公司", "甲", "9199"], "carrier": ["SL-990500-0001"], "standing": ["here", "left"]},
    "findings": {"kind": ["double_claim", "over_stay"], "q": ["甲"], "region": ["990500"]},
    "applications": {"q": ["孵化"], "state": ["mine", "at_county"], "region": ["990502"]},
    "changes": {"q": ["青禾"], "state": ["mine", "at_city"], "late": ["0", "1"]},
    "lacking": {},
}
FORMULAE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "|x", "%y")


def url(name: str, **asked: str) -> str:
    return f"{reverse('registry:export', args=[name])}?{urlencode(asked)}"


def book_of(job: Job) -> Any:
    assert job.result is not None
    return load_workbook(io.BytesIO(files.content_of(job.result)))


def taken(client: Client, name: str, **asked: str) -> Job:
    """Taken away by the button of the page: a short list is there at once."""
    answer = client.post(url(name, **asked))
    assert (answer.status_code, answer["Location"].split("/")[-2]) == (302, "result")
    return Job.objects.get(pk=answer["Location"].split("/")[-3], state=JobState.DONE)


def rows_of(job: Job) -> list[tuple[Any, ...]]:
    """Heads and rows; empty cells as empty text, days as days."""
    sheet = book_of(job).worksheets[0]

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.date()
        return "" if value is None else value

    return [tuple(plain(value) for value in row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def busy(world: World, storage: Path) -> World:
    """Something in every list, names that sort otherwise than codes."""
    dice = random.Random(4)
    runs = operator(70, "港湾运营有限公司")
    for number in range(6):
        carrier(f"SL-990500-1{number:03}", f"{'丁乙己甲戊丙'[number]}孵化器", world.regions["near"], runs)
    mine = list(Carrier.objects.filter(region=world.regions["near"]))
    for number in range(14):
        who = tenant(300 + number, f"{'庚辛壬癸甲乙丙'[number % 7]}{number}公司")
        Tenant.objects.filter(pk=who.pk).update(
            founded=date(2020 + number % 5, 1, 2), field=("ict", "bio", "")[number % 3]
        )
        for where in dice.sample(mine, 1 + number % 2):
            begun = date(2019 + number % 6, 3, 1)
            ended = date(2025, 7, 1) if number % 4 == 3 else None
            stay(where, who, begun, ended=ended)
    tenancy.refresh(at=AT, root=world.regions["province"])
    changes.ask(world)
    changes.ask(world, who="province", carrier="sibling", wanted={"name": "晨曦众创空间"})
    applying.handed_in(applying.newcomer())
    applying.handed_in(applying.newcomer("申请乙"), name="青澜孵化器")
    return world


@st.composite
def views(draw: Any) -> tuple[str, dict[str, str], list[str]]:
    """A list, what it is asked for, and the columns that its reader chose (none: as it comes)."""
    name = draw(st.sampled_from(sorted(PAGES)))
    asked = {
        key: draw(st.sampled_from(values))
        for key, values in FILTERS[name].items()
        if (draw(st.booleans()) and key != "on") or (key == "on" and draw(st.integers(0, 3)) == 0)
    }
    listed = LISTS[name]
    known = listed.columns(listed.read({}, AT)[0])
    sorting = [column.key for column in known if column.sort]
    if draw(st.booleans()):
        asked["sort"] = draw(st.sampled_from(["", "-"])) + draw(st.sampled_from(sorting))
    chosen = draw(st.lists(st.sampled_from([column.key for column in known]), unique=True))
    return name, asked, chosen


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(view=views())
def test_the_file_holds_the_columns_and_rows_of_the_screen_in_its_order(
    busy: World, view: tuple[str, dict[str, str], list[str]]
) -> None:
    name, asked, chosen = view
    client = signed_in(busy.people["city"])
    if chosen:
        client.cookies[cookie_of(name)] = kept(chosen, dense=False)
    page = client.get(reverse(PAGES[name]), asked)
    shown = [cells for *_line, cells in page.context["rows"]]
    for number in range(2, page.context["page"].last + 1):
        more = client.get(reverse(PAGES[name]), {**asked, "page": number})
        shown += [cells for *_line, cells in more.context["rows"]]
    heads, *rows = rows_of(taken(client, name, **asked))
    assert len(rows) == len(shown)
    columns = (
        [column for column, _value in shown[0]]
        if shown
        else [
            one
            for one in LISTS[name].columns(LISTS[name].read(asked, AT)[0])
            if page.context["layout"].shows.get(one.key)
        ]
    )
    parts = parts_of(columns)
    assert list(heads) == [part.column().header for part in parts]
    first = [parts.index(column.parts[0]) for column in columns]
    for row, cells in zip(rows, shown, strict=True):
        told = [row[at] for at in first]
        assert told == ["" if value in (None, "") else plain_number(value) for _column, value in cells]


def plain_number(value: Any) -> Any:
    """Numbers are compared as numbers, whatever their type."""
    return value if isinstance(value, (str, date, int)) else float(value)


@pytest.mark.parametrize("text", FORMULAE)
def test_no_text_leaves_as_a_formula(world: World, storage: Path, text: str) -> None:
    Carrier.objects.filter(code="SL-990500-0001").update(name=text)
    Tenant.objects.update(name=text)
    client = signed_in(world.people["city"])
    for name in ("carriers", "tenants", "lacking"):
        job = taken(client, name)
        assert job.result is not None
        with zipfile.ZipFile(io.BytesIO(files.content_of(job.result))) as parts:
            sheets = [parts.read(one) for one in parts.namelist() if "worksheets/sheet" in one]
        assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
        cells = [cell for row in book_of(job).worksheets[0].iter_rows(min_row=2) for cell in row]
        assert text.strip("\t") in [str(cell.value).strip("\t�") for cell in cells if cell.data_type == "s"]
        assert all(cell.data_type != "f" for cell in cells)


def test_the_file_says_who_took_it_when_and_what_it_is(world: World, storage: Path) -> None:
    client = signed_in(world.people["county"])
    client.cookies[cookie_of("carriers")] = kept(["code", "phone"], dense=False)
    job = taken(client, "carriers", kind="incubator", sort="-code")
    sheet = book_of(job).worksheets[1]
    assert sheet.title == "导出说明"
    told = dict(list(sheet.iter_rows(values_only=True))[1:])
    assert told == {
        "名称": "载体名录",
        "导出人": "县区甲 · 县区审核 · 河湾区",
        "导出时间": "2026-03-18 14:32",
        "筛选条件": "类型：科技企业孵化器",
        "排序": "按载体编号从大到小",
        "列": "名称、载体编号、电话",
        "条数": "1",
    }
    asked = {"asked": {"kind": "incubator"}, "order": "-code", "columns": ["name", "code", "phone"]}
    assert AuditEntry.objects.get(action="carrier.export").detail == asked
    assert AuditEntry.objects.get(action="carrier.exported").detail == {"count": 1, **asked}


def test_the_look_of_the_file(busy: World) -> None:
    client = signed_in(busy.people["city"])
    client.cookies[cookie_of("tenants")] = kept(["credit_code", "founded", "months"], dense=False)
    sheet = book_of(taken(client, "tenants")).worksheets[0]
    assert sheet.title == "在孵企业" and sheet.freeze_panes == "A2" and sheet.auto_filter.ref
    assert sheet["A1"].font.bold and sheet["A1"].fill.fgColor.rgb == "FFDCE6F1"
    assert sheet["C2"].number_format == "yyyy-mm-dd" and sheet["D2"].number_format == "#,##0"
    assert sheet.column_dimensions["A"].width > 20


def test_a_list_without_rows_leaves_with_its_head(world: World, storage: Path) -> None:
    heads, *rows = rows_of(taken(signed_in(world.people["city"]), "findings"))
    assert heads[0] == "企业名称" and rows == []


@pytest.mark.parametrize("name", sorted(LISTS))
def test_whose_role_takes_no_list_away_finds_no_export(busy: World, name: str) -> None:
    asked = {"carrier": "SL-990500-0001"} if name == "people" else {}
    before = Job.objects.count()
    for who in ("editor", "expert", "administrator"):
        assert signed_in(busy.people[who]).post(url(name, **asked)).status_code == 404
    assert Client().post(url(name, **asked)).status_code == 302  # to the page that signs in
    assert Job.objects.count() == before
    assert signed_in(busy.people["province"]).post("/registry/lists/nothing/export/").status_code == 404


def test_the_people_of_a_carrier_leave_with_those_who_may_know_them(world: World, storage: Path) -> None:
    person("经办甲", Role.CARRIER_STAFF, carrier_code="SL-990500-0001")
    _heads, *rows = rows_of(taken(signed_in(world.people["county"]), "people", carrier="SL-990500-0001"))
    assert sorted(row[0] for row in rows) == ["填报甲", "经办甲"]
    for who, code in (("county", "SL-990600-0001"), ("city", "SL-990600-0001"), ("county", "")):
        assert signed_in(world.people[who]).post(url("people", carrier=code)).status_code == 404


@pytest.mark.parametrize("name", ["carriers", "people", "lacking"])
def test_personal_data_leave_after_who_takes_them_showed_who_they_are(
    world: World, storage: Path, settings: Any, name: str
) -> None:
    settings.CONFIRM_ACTS = True
    asked = {"carrier": "SL-990500-0001"} if name == "people" else {}
    client = signed_in(world.people["county"])
    answer = client.post(url(name, **asked))
    assert answer.status_code == 200 and "confirm_proof" in answer.content.decode()
    assert not Job.objects.exists()
    done = client.post(url(name, **asked), {"confirm_proof": "long-and-odd-9"})
    assert done["Location"] == reverse("office:job", args=[Job.objects.get().pk])
    with pytest.raises(exports.Refused):
        exports.export(actor=world.people["county"], leaving=wanted(LISTS[name], **asked), at=AT)


def wanted(listed: Listed, **asked: str) -> Leaving:
    return Leaving(listed, listed.read(asked, AT)[0])


def many(world: World, number: int) -> None:
    runs = operator(900, "长名单运营")
    Carrier.objects.bulk_create(
        Carrier(
            code=f"SL-990500-{one:05d}", name=f"载体{one}", kind="incubator", operator=runs,
            carrier_class="comprehensive", region=world.regions["near"], listed_year=2020,
            updated_at=world.carriers["mine"].updated_at,
        )
        for one in range(20_000, 20_000 + number)
    )  # fmt: skip


def test_a_long_list_is_a_job_and_leaves_whole(world: World, storage: Path) -> None:
    many(world, 4_100)
    client = signed_in(world.people["county"])
    answer = client.post(url("carriers"))
    job = Job.objects.get()
    assert (job.state, answer["Location"]) == (JobState.WAITING, reverse("office:job", args=[job.pk]))
    assert client.post(url("carriers"))["Location"] == reverse("office:jobs")  # a second click begins nothing
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    _heads, *rows = rows_of(job)
    assert (job.state, job.outcome["count"], len(rows)) == (JobState.DONE, 4_101, 4_101)
    assert rows[-1][1] == "SL-990500-24099"


def test_a_long_list_tells_how_far_it_is_and_stops_when_asked(
    world: World, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.excel.lists.BATCH", 2_000)
    many(world, 4_100)
    job = exports.export(actor=world.people["county"], leaving=wanted(LISTS["carriers"]), at=AT)
    run = jobs.claim(job_id=str(job.pk), at=AT)
    assert run is not None
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int, words: str = "") -> None:
        told.append((done, total))
        if done >= 4_000:
            jobs.cancel(actor=world.people["county"], job_id=str(job.pk), at=AT)
            run._told = 0
            jobs.Run.progress(run, done, total, words)

    seen = type("Seen", (), {"job": run.job, "actor": run.actor, "progress": staticmethod(progress)})
    with pytest.raises(jobs.Cancelled):
        exports.write_down(seen(), leaving=wanted(LISTS["carriers"]), write=write, at=AT)  # type: ignore[arg-type]
    assert told == [(2_000, 4_101), (4_000, 4_101)]
    assert Job.objects.get().result is None


def test_the_right_is_asked_again_when_the_job_runs(world: World, storage: Path) -> None:
    many(world, 2_100)
    job = exports.export(actor=world.people["county"], leaving=wanted(LISTS["carriers"]), at=AT)
    Appointment.objects.filter(user=world.people["county"].user).update(valid_to=date(2026, 3, 1))
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, None)


def test_another_persons_export_is_not_there(world: World, storage: Path) -> None:
    job = taken(signed_in(world.people["province"]), "carriers")
    for who in ("staff", "county"):
        assert signed_in(world.people[who]).get(reverse("office:job", args=[job.pk])).status_code == 404


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_page_offers_its_export_with_what_it_was_asked_for(busy: World, name: str) -> None:
    filters = {key: values[0] for key, values in FILTERS[name].items() if key != "on"}
    answer = signed_in(busy.people["city"]).get(reverse(PAGES[name]), filters)
    (leave,) = [one for one in answer.context["actions"] if one.method == "post"]
    assert leave.url.startswith(reverse("registry:export", args=[name]))
    assert all(urlencode({key: value}) in leave.url for key, value in filters.items())
