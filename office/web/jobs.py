"""Long work as people see it: what runs, how far, how it ended, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import download, page, said
from core.pages import paged
from core.problems import Refused
from core.ui import Status
from office.models import Job, JobState
from office.permissions import may_download, may_run
from office.queries import problems_of
from office.services import files, jobs
from office.web.forms import JobFilter
from office.web.requests import DeskRequest

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
    actor = request.actor
    rows = Job.objects.visible_to(actor).select_related("owner")
    if may_run(actor):
        rows = rows.order_by(
            Case(When(state=JobState.FAILED, then=Value(0)), default=Value(1)), "-created_at"
        )
    form = JobFilter(request.GET)
    if form.is_valid() and form.cleaned_data["state"]:
        rows = rows.filter(state=form.cleaned_data["state"])
    found = paged(rows, request)
    return render(
        request,
        "office/jobs.html",
        {"page": found, "form": form, "rows": [(job, status_of(job)) for job in found.items]},
    )


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
    job = get_object_or_404(Job.objects.visible_to(request.actor), pk=job_id)
    ended = bool(job.has_ended and request.htmx)
    shown = {"job": job, "progress": jobs.progress_of(job)}
    answer = render(request, "office/job_strip.html", shown, status=STOP_POLLING if ended else 200)
    if ended and request.htmx.current_url_abs_path == reverse("office:job", args=[job.pk]):
        answer["HX-Refresh"] = "true"  # its own page shows more than the strip: result, problems, retry
    return answer


def _shown(request: DeskRequest, job: Job) -> dict[str, object]:
    return {
        "job": job,
        "status": status_of(job),
        "progress": jobs.progress_of(job),
        "can_download": may_download(request.actor, job, clock.day_of(clock.now())),
        "can_retry": job.state in (JobState.FAILED, JobState.CANCELLED),
    }


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
        for problem in refusal.problems:
            messages.error(request, said(problem.message))
    else:
        messages.success(request, done)
    return redirect("office:job", job_id=job_id)


@login_required
@page("GET")
def result(request: DeskRequest, job_id: UUID) -> HttpResponseBase:
    """What the job made, for its owner alone."""
    job = get_object_or_404(Job.objects.visible_to(request.actor).select_related("result"), pk=job_id)
    if job.result is None or not may_download(request.actor, job, clock.day_of(clock.now())):
        raise Http404
    return download(files.opened(job.result), name=job.result.name, content_type=job.result.content_type)
