"""Long work as people see it: what runs, how far, how it ended, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import download, page
from core.pages import paged
from core.problems import Refused
from core.ui import Status
from office.models import Job, JobState
from office.permissions import may_download, may_run
from office.queries import problems_of
from office.services import files, jobs, standing, upkeep
from office.web.forms import JobFilter
from office.web.requests import DeskRequest, next_of, tell

TONES = {
    JobState.WAITING: ("muted", "clock"),
    JobState.RUNNING: ("info", "loader-circle"),
    JobState.DONE: ("ok", "circle-check"),
    JobState.FAILED: ("bad", "circle-alert"),
    JobState.CANCELLED: ("muted", "ban"),
}
STOP_POLLING = 286  # htmx asks no more after this status


def status_of(job: Job) -> Status:
    tone, icon = TONES[JobState(job.state)]
    return Status(str(JobState(job.state).label), tone, icon)


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """One's own jobs; for those who keep the portal running all, the failed ones first."""
    actor, at = request.actor, clock.now()
    rows = Job.objects.visible_to(actor).select_related("owner")
    if may_run(actor):
        rows = rows.order_by(
            Case(When(state=JobState.FAILED, then=Value(0)), default=Value(1)), "-created_at"
        )
    form = JobFilter(request.GET)
    chosen = form.cleaned_data["state"] if form.is_valid() else ""
    states = _states(rows, chosen)
    found = paged(rows.filter(state=chosen) if chosen else rows, request)
    shown = {
        "page": found,
        "rows": [_row(job, at) for job in found.items],
        "states": states,
        "chosen": chosen,
    }
    shown["all"] = sum(count for _state, _label, count in states)
    shown["no_worker"] = may_run(actor) and upkeep.worker_seen() is None
    return render(request, "office/jobs.html", {**shown, "may_run": may_run(actor)})


def _states(rows: QuerySet[Job], chosen: str) -> list[tuple[str, str, int]]:
    """Each state with how many jobs are in it: the filter. One query."""
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return [
        (state.value, str(state.label), counted.get(state.value, 0))
        for state in (JobState.RUNNING, JobState.WAITING, JobState.FAILED, JobState.DONE, JobState.CANCELLED)
        if counted.get(state.value) or chosen == state.value
    ]


def _row(job: Job, at: datetime) -> tuple[Job, Status, standing.Standing]:
    return job, status_of(job), standing.standing(job, at=at, listed=True)


@login_required
@page("GET")
def detail(request: DeskRequest, job_id: UUID) -> HttpResponse:
    job = get_object_or_404(
        Job.objects.visible_to(request.actor).select_related("owner", "source", "result"), pk=job_id
    )
    return render(request, "office/job.html", {**_shown(request, job), "problems": problems_of(job)})


@page("GET")
def strip(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """The part that asks again every two seconds, until the job has ended; who signed out gets 404, so that
    no sign-in page appears inside the page."""
    job = get_object_or_404(Job.objects.visible_to(request.actor).select_related("result"), pk=job_id)
    ended = bool(job.has_ended and request.htmx)
    answer = render(request, "ui/job.html", _strip(request, job), status=STOP_POLLING if ended else 200)
    if ended and request.GET.get("refresh") == "1":
        answer["HX-Refresh"] = "true"  # the page that waits for it shows more: result, problems, retry
    return answer


def _strip(request: DeskRequest, job: Job) -> dict[str, object]:
    at = clock.now()
    can_download = may_download(request.actor, job, clock.day_of(at))
    told = standing.standing(job, at=at, may_download=can_download)
    refresh = request.GET.get("refresh") == "1"
    return {"job": job, "told": told, "can_download": can_download, "refresh": refresh}


def _shown(request: DeskRequest, job: Job) -> dict[str, object]:
    shown = {**_strip(request, job), "status": status_of(job), "may_run": may_run(request.actor)}
    home, all_jobs = reverse("portal:home"), reverse("office:jobs")
    shown["crumbs"] = [(_("我的任务"), home), (_("任务"), all_jobs), (job.title, "")]
    if job.state == JobState.FAILED:
        shown["advice"] = standing.of_failure(job)
    return shown


@login_required
@page("POST")
def cancel(request: DeskRequest, job_id: UUID) -> HttpResponse:
    return _act(request, job_id, jobs.cancel, _("已请求取消。"))


@login_required
@page("POST")
def retry(request: DeskRequest, job_id: UUID) -> HttpResponse:
    return _act(request, job_id, jobs.retry, _("已重新提交。"))


def _act(request: DeskRequest, job_id: UUID, verb: Callable[..., Job], done: str) -> HttpResponse:
    try:
        verb(actor=request.actor, job_id=str(job_id), at=clock.now())
    except Job.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, done)
    return redirect(next_of(request, reverse("office:job", args=[job_id])))


@login_required
@page("GET")
def result(request: DeskRequest, job_id: UUID) -> HttpResponseBase:
    """What the job made, for its owner alone."""
    job = get_object_or_404(Job.objects.visible_to(request.actor).select_related("result"), pk=job_id)
    if job.result is None or not may_download(request.actor, job, clock.day_of(clock.now())):
        raise Http404
    return download(files.opened(job.result), name=job.result.name, content_type=job.result.content_type)
