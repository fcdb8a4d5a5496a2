"""The pages of the back office: who sees what, and nothing on a GET changes anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import Appointment
from core.text import T
from office.models import Job, JobState, Notice, NoticePreference, OutboxMessage, OutboxState, WorkdayOverride
from office.services import audit, files, jobs, notices, sealing
from office.services.running import progress_key

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Actor], Client]


@pytest.fixture
def signed_in() -> SignedIn:
    def make(actor: Actor) -> Client:
        client = Client()
        assert actor.user is not None
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def a_job(actor: Actor, at: datetime, **fields: Any) -> Job:
    return Job.objects.create(
        handler="tests.office.handlers.import_rows",
        title="导入名单",
        owner=actor.user,
        appointment=actor.appointment,
        created_at=at,
        **fields,
    )


def failed(actor: Actor, at: datetime, **fields: Any) -> Job:
    return a_job(actor, at, state=JobState.FAILED, ended_at=at, **fields)


def test_a_job_page_shows_every_problem_with_its_place(
    signed_in: SignedIn, staff: Actor, now: datetime
) -> None:
    job = jobs.begin(actor=staff, handler="tests.office.handlers.refuse", title="导入名单", at=now)
    jobs.run(job_id=str(job.pk))
    page = signed_in(staff).get(f"/office/jobs/{job.pk}/").content.decode()
    for words in ("导入名单", "未成功", "在孵企业名单!D17", "第一处不对。", "在孵企业名单!D18", "重试"):
        assert words in page


def test_the_strip_tells_how_far_and_stops_asking_at_the_end(
    signed_in: SignedIn, staff: Actor, now: datetime
) -> None:
    client, job = signed_in(staff), a_job(staff, now)
    jobs.claim(job_id=str(job.pk), at=now)
    cache.set(progress_key(job), {"done": 30, "total": 120, "words": "写入"}, 60)
    running = client.get(f"/office/jobs/{job.pk}/strip/", headers={"HX-Request": "true"})
    assert running.status_code == 200
    assert 'hx-trigger="every 2s"' in running.content.decode()
    assert "25" in running.content.decode()
    assert "<html" not in running.content.decode()
    Job.objects.update(state=JobState.DONE, ended_at=now, lease_until=None)
    ended = client.get(f"/office/jobs/{job.pk}/strip/", headers={"HX-Request": "true"})
    assert ended.status_code == 286
    assert "hx-trigger" not in ended.content.decode()
    assert "HX-Refresh" not in ended.headers
    waited_for = client.get(f"/office/jobs/{job.pk}/strip/?refresh=1", headers={"HX-Request": "true"})
    assert waited_for["HX-Refresh"] == "true"


def test_another_persons_job_is_404_everywhere(
    signed_in: SignedIn, staff: Actor, cast: Any, storage: Path, now: datetime
) -> None:
    made = files.store(content=b"x", name="x.xlsx", content_type=files.XLSX, actor=staff, at=now)
    job = a_job(staff, now, state=JobState.DONE, ended_at=now, result=made)
    stranger = signed_in(cast("路人"))
    base = f"/office/jobs/{job.pk}/"
    assert [stranger.get(base + part).status_code for part in ("", "strip/", "result/")] == [404] * 3
    assert [stranger.post(base + part).status_code for part in ("cancel/", "retry/")] == [404] * 2
    assert "导入名单" not in stranger.get("/office/jobs/").content.decode()
    assert Client().get(base).status_code == 302


def test_a_result_leaves_with_four_headers_for_its_owner_alone(
    signed_in: SignedIn, staff: Actor, admin: Actor, storage: Path, now: datetime
) -> None:
    name = '导出 "六月"\r\nX: y.html'
    made = files.store(content=b"<script>", name=name, content_type="text/html", actor=staff, at=now)
    job = a_job(staff, now, state=JobState.DONE, ended_at=now, result=made)
    url = f"/office/jobs/{job.pk}/result/"
    answer = signed_in(staff).get(url)
    assert b"".join(answer.streaming_content) == b"<script>"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%AF%BC")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    assert signed_in(admin).get(url).status_code == 404  # sees the job, not what is in it
    Appointment.objects.filter(user=staff.user).update(valid_to=date(2020, 2, 1))
    assert signed_in(staff).get(url).status_code == 404


def test_cancel_and_retry_by_button_and_a_second_click(
    signed_in: SignedIn, staff: Actor, now: datetime
) -> None:
    client, job = signed_in(staff), a_job(staff, now)
    for _click in range(2):
        assert client.post(f"/office/jobs/{job.pk}/cancel/")["Location"] == f"/office/jobs/{job.pk}/"
    assert Job.objects.get().state == JobState.CANCELLED
    assert "任务已经结束，不能取消。" in client.get(f"/office/jobs/{job.pk}/").content.decode()
    for _click in range(2):
        client.post(f"/office/jobs/{job.pk}/retry/")
    assert Job.objects.get().state == JobState.WAITING
    assert client.get(f"/office/jobs/{job.pk}/cancel/").status_code == 405


def test_administrators_see_all_jobs_the_failed_first(
    signed_in: SignedIn, staff: Actor, admin: Actor, now: datetime
) -> None:
    failed(staff, now - timedelta(days=1))
    a_job(admin, now)
    rows = signed_in(admin).get("/office/jobs/").context["rows"]
    assert [job.state for job, *_told in rows] == [JobState.FAILED, JobState.WAITING]
    filtered = signed_in(admin).get("/office/jobs/?state=waiting").context["rows"]
    assert [job.owner for job, *_told in filtered] == [admin.user]


@pytest.mark.parametrize("path", ["/office/jobs/", "/office/notices/", "/office/outbox/"])
def test_a_list_asks_as_often_for_one_row_as_for_a_hundred(
    signed_in: SignedIn, admin: Actor, staff: Actor, now: datetime, path: str
) -> None:
    def add(count: int) -> None:
        for _row in range(count):
            failed(staff, now)
            a_job(staff, now - timedelta(hours=1))
            notices.notify(people=[admin.user], sentence=T("已受理"), at=now)
            OutboxMessage.objects.create(channel="mail", address="a@example.org", body="", created_at=now)

    client = signed_in(admin)
    counts = []
    for rows in (1, 99):
        add(rows)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_notice_is_read_by_opening_it_and_leads_only_inside(
    signed_in: SignedIn, staff: Actor, now: datetime
) -> None:
    client = signed_in(staff)
    for link in ("/returns/1/", "https://elsewhere.example/", ""):
        notices.notify(people=[staff.user], sentence=T("{n} 项退回", n=2), at=now, link=link)
    assert "2 项退回" in client.get("/office/notices/").content.decode()
    assert Notice.objects.filter(read_at=None).count() == 3
    led = [client.post(f"/office/notices/{n.pk}/open/")["Location"] for n in Notice.objects.order_by("pk")]
    assert led == ["/returns/1/", "/office/notices/", "/office/notices/"]
    assert not Notice.objects.filter(read_at=None).exists()
    client.post("/office/notices/read/")


def test_the_outbox_is_the_administrators_and_sends_again(
    signed_in: SignedIn, staff: Actor, admin: Actor, now: datetime
) -> None:
    message = OutboxMessage.objects.create(
        channel="mail", address="a@example.org", body="", created_at=now, state=OutboxState.FAILED
    )
    assert signed_in(staff).get("/office/outbox/").status_code == 404
    assert signed_in(staff).post(f"/office/outbox/{message.pk}/again/").status_code == 404
    client = signed_in(admin)
    assert "a@example.org" in client.get("/office/outbox/").content.decode()
    for _click in range(2):
        client.post(f"/office/outbox/{message.pk}/again/")
    message.refresh_from_db()
    assert message.state == OutboxState.WAITING


def test_the_audit_is_the_auditors_and_is_filtered(
    signed_in: SignedIn, auditor: Actor, admin: Actor, staff: Actor, data_dir: Path, at: Any
) -> None:
    for day, who, action in (
        (17, staff, "return.submit"),
        (18, staff, "return.send"),
        (18, admin, "job.retry"),
    ):
        moment = at(2026, 3, day, 9, 0)
        with transaction.atomic():
            audit.record(
                actor=who, action=action, on="x", key=f"FH-{day}", at=moment, detail={"意见": "同意"}
            )
    sealing.seal(at=moment)
    client = signed_in(auditor)

    def found(query: str) -> list[str]:
        return [entry.action for entry in client.get(f"/office/audit/?{query}").context["page"].items]

    assert found("") == ["job.retry", "return.send", "return.submit"]
    assert found("person=柳") == ["return.send", "return.submit"]
    assert found("action=return.") == ["return.send", "return.submit"]
    assert found("thing=FH-17") == ["return.submit"]
    assert found("since=2026-03-18") == ["job.retry", "return.send"]
    assert found("until=2026-03-17") == ["return.submit"]
    assert found("since=2026-03-19&until=2026-03-17") == found("since=2026-03-19")
    page = client.get("/office/audit/").content.decode()
    for words in ("载体填报人", "意见", "同意", "FH-17"):
        assert words in page
    for other in (admin, staff):
        assert signed_in(other).get("/office/audit/").status_code == 404
    assert "audit" in next((data_dir / "access").iterdir()).read_text()


def test_working_days_are_set_by_form(signed_in: SignedIn, admin: Actor, staff: Actor) -> None:
    client = signed_in(admin)
    good = {"day": "2027-02-20", "is_working": "1", "note": "示办发〔2027〕1号"}
    assert client.post("/office/workdays/", {**good, "day": "2027-02-30", "note": ""}).status_code == 200
    assert not WorkdayOverride.objects.exists()
    assert client.post("/office/workdays/", good).status_code == 302
    assert "2027-02-20" in client.get("/office/workdays/").content.decode()
    assert signed_in(staff).get("/office/workdays/").status_code == 404


def test_visitors_are_asked_to_sign_in(db: None) -> None:
    for path in ("jobs", "notices", "outbox", "audit", "workdays"):
        answer = Client().get(f"/office/{path}/")
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"?next=/office/{path}/")


def test_kinds_are_counted_beside_the_other_filters(
    signed_in: SignedIn, auditor: Actor, staff: Actor, data_dir: Path, at: Any
) -> None:
    for day, action in ((17, "run.publish"), (18, "run.publish"), (18, "allocation.confirm")):
        with transaction.atomic():
            audit.record(
                actor=staff,
                action=action,
                on="evaluation.run",
                at=at(2026, 3, day, 9, 0),
                detail={"from": "a", "to": "b", "digest": "sha256:" + "0" * 64},
            )
    client = signed_in(auditor)
    page = client.get("/office/audit/?kind=release&since=2026-03-18")
    counted = {kind.value: count for kind, _title, count in page.context["kinds"]}
    assert (counted["release"], counted["money"], counted["rights"]) == (1, 1, 0)
    assert [entry.action for entry in page.context["page"].items] == ["run.publish"]
    text = page.content.decode()
    assert "公布评价结果" in text and "a → b" in text and "00000000…0000" in text
    assert "?kind=money&amp;since=2026-03-18&amp;page=1" in text, "the other filters stay"
    assert 'value="2026-03-18"' in text


def test_verifying_and_exporting_begin_by_button(
    signed_in: SignedIn, auditor: Actor, admin: Actor, data_dir: Path
) -> None:
    client = signed_in(auditor)
    for path in ("/office/audit/verify/", "/office/audit/export/?person=柳&kind=nonsense"):
        assert signed_in(admin).post(path).status_code == 404
        assert client.get(path).status_code == 405
        answer = client.post(path)
        assert answer["Location"].startswith("/office/jobs/")
    assert Job.objects.get(handler="office.tasks.export_audit").arguments == {"asked": {"person": "柳"}}
    assert client.post("/office/audit/verify/")["Location"] == "/office/audit/"
    assert "同一事项已有任务在进行" in client.get("/office/audit/").content.decode()


def test_the_audit_asks_as_often_for_one_row_as_for_a_hundred(
    signed_in: SignedIn, auditor: Actor, staff: Actor, data_dir: Path, now: datetime
) -> None:
    client, counts = signed_in(auditor), []
    for rows in (1, 99):
        with transaction.atomic():
            for _row in range(rows):
                audit.record(actor=staff, action="run.publish", on="evaluation.run", at=now)
        client.get("/office/audit/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/office/audit/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_job_page_says_what_was_kept_and_what_is_next(
    signed_in: SignedIn, staff: Actor, storage: Path, now: datetime
) -> None:
    file = files.receive(content=b"x", name="名单.xlsx", content_type=files.XLSX, actor=staff, at=now)
    job = failed(
        staff, now, failure="第一处不对。", source=file, link="/returns/1/", outcome={"problems": []}
    )
    page = signed_in(staff).get(f"/office/jobs/{job.pk}/").content.decode()
    for words in ("第一处不对。", "上传的文件“名单.xlsx”还在", "重试", "回到原来的页面", str(job.pk)):
        assert words in page
    made = files.store(content=b"x", name="x.csv", content_type="text/csv", actor=staff, at=now)
    done = a_job(staff, now, state=JobState.DONE, ended_at=now, result=made, outcome={"count": 2145})
    page = signed_in(staff).get(f"/office/jobs/{done.pk}/").content.decode()
    assert "共处理 2,145 条" in page
    assert page.count("下载结果") == 1


def test_a_person_chooses_how_to_be_told(signed_in: SignedIn, cast: Any, settings: Any) -> None:
    settings.SMS_ON = True
    reader = cast("甲", email="jia@example.org")
    client = signed_in(reader)
    page = client.get("/office/notices/ways/").content.decode()
    assert "邮件每天汇总成一封" in page and "没有开通短信，或您没有登记手机。" in page
    client.post("/office/notices/ways/", {"digest": "on", "sms": "on"})
    kept = NoticePreference.objects.get()
    assert (kept.mail, kept.sms, kept.digest) == (False, False, True)
    assert NoticePreference.objects.visible_to(cast("乙")).count() == 0
