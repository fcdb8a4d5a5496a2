"""A carrier says that it has nothing to report, or that it no longer runs: a short form, no figures."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.http import download, page
from core.problems import Problem, Refused
from core.text import T
from office.services import files
from office.services.evidence import Upload
from office.web.requests import DeskRequest
from reporting import queries
from reporting.models import ReturnVersion
from reporting.services import answers
from reporting.web.forms import AnswerForm
from reporting.web.loading import crumbs, return_or_404, status_code, submitter_or_404, tell


@page("GET", "POST")
def answer(request: DeskRequest, return_id: int) -> HttpResponse:
    """The short form; it is handed in, and goes the chain, as a return does."""
    found = submitter_or_404(request.actor, return_id)
    opened = queries.opened(found, at=clock.now())
    form = AnswerForm(request.POST or None, request.FILES or None, version=opened.version)
    problems: Sequence[Problem] = ()
    status = 200 if request.method == "GET" else 422
    if request.method == "POST" and form.is_valid():
        try:
            _say(request, return_id, form)
            return redirect("reporting:return", return_id=return_id)
        except Refused as refusal:
            problems, status = refusal.problems, status_code(refusal)
    context = {
        "found": found,
        "opened": opened,
        "form": form,
        "problems": problems,
        "crumbs": crumbs((found.campaign.title, f"/returns/{found.pk}/"), (T("不填数据的申报"), "")),
    }
    return render(request, "reporting/answer.html", context, status=status)


def _say(request: DeskRequest, return_id: int, form: AnswerForm) -> None:
    given = dict(form.cleaned_data)
    file = given.pop("evidence")
    upload = Upload(file.name or "", file.read()) if file else None
    answers.say(actor=request.actor, return_id=return_id, upload=upload, at=clock.now(), **given)
    messages.success(request, _("已保存，还须核对并提交。"))


@page("POST")
def take_back(request: DeskRequest, return_id: int) -> HttpResponse:
    """Figures after all."""
    submitter_or_404(request.actor, return_id)
    try:
        answers.take_back(actor=request.actor, return_id=return_id, at=clock.now())
    except Refused as refusal:
        tell(request, refusal.problems)
    return redirect("reporting:return", return_id=return_id)


@page("GET")
def evidence(request: DeskRequest, return_id: int, number: int) -> HttpResponseBase:
    """What an answer rests on, for those who may see that version."""
    found = return_or_404(request.actor, return_id)
    rows = ReturnVersion.objects.visible_to(request.actor).filter(return_of=found)
    version = get_object_or_404(rows.select_related("evidence"), number=number)
    file = version.evidence
    if file is None:
        raise Http404
    return download(files.opened(file), name=file.name, content_type=file.content_type)
