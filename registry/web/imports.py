"""The register by workbook: template, upload, what was found, written or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core import clock
from core.http import download, page
from core.problems import Problem, Refused, Severity
from core.text import T
from office.models import ImportState, JobState
from office.services import files, importing
from office.services.standing import standing
from office.web.requests import DeskRequest, tell
from registry.excel import register
from registry.models import RegisterImport
from registry.permissions import may_import
from registry.rules.bulk import SHEETS
from registry.services import bulk
from registry.web import import_words

SHOWN = 20


def _allowed(request: DeskRequest, sheet: str = "carriers") -> None:
    if sheet not in SHEETS or not may_import(request.actor, sheet):
        raise Http404


@login_required
@page("GET", "POST")
def listing(request: DeskRequest) -> HttpResponse:
    """Where a workbook is begun and handed in, and one's earlier ones. 404 for who may not."""
    _allowed(request)
    problems: tuple[Problem, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            content, name = importing.taken(request.FILES.get("file"))
            sheet = request.POST.get("sheet", "")
            at = clock.now()
            found = bulk.upload(actor=request.actor, sheet=sheet, content=content, name=name, at=at)
            return redirect("registry:import", import_id=found.pk)
        except Refused as refusal:
            problems, status = refusal.problems, getattr(refusal, "status", 422)
    context = {
        "problems": problems,
        "sheets": [one for one in SHEETS.items() if may_import(request.actor, one[0])],
        "books": register.COLUMNS,
        "chosen": request.POST.get("sheet", "carriers"),
        "imports": _imports(request)[:SHOWN],
        "crumbs": [(T("载体"), reverse("registry:manage")), (T("成批登记"), "")],
    }
    return render(request, "registry/imports.html", context, status=status)


def _imports(request: DeskRequest) -> Any:
    return RegisterImport.objects.visible_to(request.actor).select_related("file", "job", "marked")


@login_required
@page("GET")
def template(request: DeskRequest, sheet: str) -> HttpResponseBase:
    """The empty workbook."""
    _allowed(request, sheet)
    content = BytesIO(register.template(sheet))
    return download(content, name=f"{SHEETS[sheet]}登记表.xlsx", content_type=files.XLSX)


@login_required
@page("POST")
def book(request: DeskRequest, sheet: str) -> HttpResponse:
    """Begins the making of the workbook with what the register holds."""
    _allowed(request, sheet)
    if sheet not in register.COLUMNS:
        raise Http404  # of the past nothing is given out to be mended
    try:
        job = bulk.make_book(actor=request.actor, sheet=sheet, at=clock.now())
    except Refused:
        return redirect("office:jobs")  # the one that runs is there
    return redirect("office:job", job_id=job.pk)


@login_required
@page("GET")
def result(request: DeskRequest, import_id: int) -> HttpResponse:
    """What was found in a file, what it would change, and the next step; the same address all the way."""
    _allowed(request)
    found = get_object_or_404(_imports(request), pk=import_id)
    report: Mapping[str, Any] = found.report
    writing = importing.is_writing(found, writer=bulk.APPLY)
    context = {
        "file": found,
        "problems": problems_of(report),
        "headline": import_words.headline(found),
        "steps": import_words.steps_of(found),
        "counts": import_words.counts_of(found),
        "shows_job": found.job and not (found.job.state == JobState.DONE and report),
        "told": standing(found.job, at=clock.now()) if found.job else None,
        "awaits": found.state == ImportState.CHECKED and not writing,
        "applied": found.state == ImportState.APPLIED,
        "crumbs": [
            (T("载体"), reverse("registry:manage")),
            (T("成批登记"), reverse("registry:imports")),
            (T("检查结果"), ""),
        ],
    }
    return render(request, "registry/import.html", context)


def problems_of(report: Mapping[str, Any]) -> list[Problem]:
    """The findings of a report as they were told."""
    return [
        Problem(**{**problem, "severity": Severity(problem["severity"])})
        for problem in report.get("problems", [])
    ]


@login_required
@page("POST")
def apply(request: DeskRequest, import_id: int) -> HttpResponse:
    """Begins the writing."""
    return _act(request, import_id, "apply")


@login_required
@page("POST")
def drop(request: DeskRequest, import_id: int) -> HttpResponse:
    """Not wanted after all."""
    return _act(request, import_id, "drop")


def _act(request: DeskRequest, import_id: int, act: str) -> HttpResponse:
    _allowed(request)
    get_object_or_404(_imports(request), pk=import_id)
    try:
        if act == "apply":
            bulk.confirm(actor=request.actor, import_id=import_id, at=clock.now())
        else:
            bulk.drop(actor=request.actor, import_id=import_id)
    except Refused as refusal:
        tell(request, refusal)
    return redirect("registry:import", import_id=import_id)


@login_required
@page("GET")
def marked(request: DeskRequest, import_id: int) -> HttpResponseBase:
    """The officer's own file back, every finding in its cell."""
    _allowed(request)
    found = get_object_or_404(_imports(request), pk=import_id)
    if found.marked is None:
        raise Http404
    return download(files.opened(found.marked), name=found.marked.name, content_type=files.XLSX)
