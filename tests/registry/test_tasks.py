"""The list leaves as a workbook: what the screen shows, as far as its owner may see it when the job runs."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Appointment
from office.models import AuditEntry, Job, JobState
from office.services import files, jobs
from registry.excel.carriers import columns
from registry.models import Carrier
from tests.registry.web.test_directory import cells
from tests.registry.world import World, operator, signed_in

EXPORT, MANAGE = reverse("registry:export"), reverse("registry:manage")


def export(world: World, who: str, **asked: str) -> Job:
    """Asked for on the page, run by the worker."""
    answer = signed_in(world.people[who]).post(f"{EXPORT}?{urlencode(asked)}")
    job = Job.objects.latest("created_at")
    assert (answer.status_code, answer["Location"]) == (302, reverse("office:job", args=[job.pk]))
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    return job


def sheet(job: Job) -> tuple[str, list[tuple[Any, ...]]]:
    assert job.result is not None
    book = load_workbook(io.BytesIO(files.content_of(job.result)))
    return book.worksheets[0].title, list(book.worksheets[0].iter_rows(values_only=True))


@pytest.mark.parametrize("who", ["county", "city", "province", "finance", "auditor"])
@pytest.mark.parametrize(
    "asked",
    [{}, {"sort": "level"}, {"kind": "incubator", "sort": "-listed_year"}, {"q": "孵化"}, {"q": "无"}],
)
def test_the_workbook_holds_every_column_and_the_rows_of_the_screen_in_their_order(
    world: World, storage: Path, who: str, asked: dict[str, str]
) -> None:
    answer = signed_in(world.people[who]).get(MANAGE, asked)
    html = answer.content.decode()
    shown = [row[1] for row in cells(html)] if "<tbody>" in html else []
    (leave,) = [one for one in answer.context["actions"] if one.method == "post"]
    job = export(world, who, **dict(parse_qsl(urlsplit(leave.url).query)))
    assert (job.state, job.outcome) == (JobState.DONE, {"count": len(shown)})
    _title, (heads, *rows) = sheet(job)
    assert list(heads) == [column.column().header for column in columns(managed=True)]
    assert [row[0] for row in rows] == shown


def test_the_file_says_who_took_it_away_and_when(world: World, storage: Path) -> None:
    job = export(world, "county", kind="incubator")
    title, _rows = sheet(job)
    assert "县区甲" in title and "20260318 1432" in title
    entry = AuditEntry.objects.get(action="carrier.exported")
    assert entry.detail == {"count": 1, "filters": {"kind": "incubator"}}
    assert AuditEntry.objects.filter(action="carrier.export").count() == 1


@pytest.mark.parametrize("who", ["staff", "other_staff", "editor", "expert", "administrator"])
def test_who_may_not_take_the_list_away_finds_no_export(world: World, who: str) -> None:
    assert signed_in(world.people[who]).post(EXPORT).status_code == 404
    assert not Job.objects.exists()


def test_a_visitor_is_asked_to_sign_in(world: World) -> None:
    assert signed_in(world.people["visitor"]).post(EXPORT).status_code == 302
    assert not Job.objects.exists()


def test_the_right_is_asked_again_when_the_job_runs(world: World, storage: Path) -> None:
    signed_in(world.people["county"]).post(EXPORT)
    Appointment.objects.filter(user=world.people["county"].user).update(valid_to=date(2026, 3, 1))
    job = Job.objects.get()
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, None)


def test_another_persons_export_is_not_there(world: World, storage: Path) -> None:
    job = export(world, "province")
    for who in ("staff", "county"):
        assert signed_in(world.people[who]).get(reverse("office:job", args=[job.pk])).status_code == 404


def test_a_second_click_starts_no_second_export(world: World) -> None:
    client = signed_in(world.people["province"])
    client.post(EXPORT)
    assert client.post(EXPORT)["Location"] == reverse("office:jobs")
    assert Job.objects.count() == 1


def test_a_long_list_leaves_whole(world: World, storage: Path) -> None:
    run_by = operator(900, "长名单运营")
    Carrier.objects.bulk_create(
        Carrier(
            code=f"SL-990500-{number:05d}", name=f"载体{number}", kind="incubator", operator=run_by,
            carrier_class="comprehensive", region=world.regions["near"], listed_year=2020,
            updated_at=world.carriers["mine"].updated_at,
        )
        for number in range(20_000, 22_100)
    )  # fmt: skip
    job = export(world, "county")
    _title, (_heads, *rows) = sheet(job)
    assert (job.outcome["count"], len(rows), rows[-1][0]) == (2101, 2101, "SL-990500-22099")
