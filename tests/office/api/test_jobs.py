"""Jobs by API: one's own, with the same refusals as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from accounts.actors import Actor
from office.models import IdempotentRequest, Job, JobState
from office.services import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(staff: Actor, now: datetime) -> Job:
    return jobs.begin(actor=staff, handler="tests.office.handlers.import_rows", title="导入名单", at=now)


def by_token(actor: Actor, **headers: str) -> dict[str, Any]:
    _row, token = AuthToken.objects.create(actor.user)
    return {"headers": {"Authorization": f"Token {token}", **headers}}


def test_ones_own_jobs_are_listed_and_shown(staff: Actor, cast: Any, job: Job) -> None:
    mine = Client().get("/api/v1/jobs/", **by_token(staff)).json()
    assert [(row["id"], row["state"], row["progress"]) for row in mine["results"]] == [
        (str(job.pk), "waiting", None)
    ]
    assert Client().get(f"/api/v1/jobs/{job.pk}/", **by_token(staff)).json()["title"] == "导入名单"
    stranger = by_token(cast("路人"))
    assert Client().get("/api/v1/jobs/", **stranger).json()["results"] == []
    assert Client().get(f"/api/v1/jobs/{job.pk}/", **stranger).status_code == 404
    assert Client().post(f"/api/v1/jobs/{job.pk}/cancel/", **stranger).status_code == 404
    assert Client().get("/api/v1/jobs/").status_code == 401


def test_cancel_by_api_once_whatever_is_sent_again(staff: Actor, job: Job) -> None:
    keyed = by_token(staff, **{"Idempotency-Key": "c-1"})
    url = f"/api/v1/jobs/{job.pk}/cancel/"
    answers = [Client().post(url, content_type="application/json", **keyed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert Job.objects.get().state == JobState.CANCELLED
    assert IdempotentRequest.objects.get().status == 200
    again = Client().post(url, content_type="application/json", **by_token(staff))
    assert again.status_code == 422
    assert again.json()["problems"][0]["code"] == "job.ended"
