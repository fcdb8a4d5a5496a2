"""A return by workbook: down, up, what was found in it, applied or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core import clock
from core.http import download, page
from core.problems import Problem, Refused, Severity
from core.text import T
from office.models import ImportState, JobState
from office.services import files, importing
from office.services.standing import standing
from office.web.requests import DeskRequest
from reporting import queries
from reporting.excel import making, marking
from reporting.excel.receiving import received
from reporting.models import WorkbookImport
from reporting.permissions import may_fill
from reporting.services import workbooks
from reporting.web.loading import crumbs, opened_or_404, return_or_404, seen_or_none, status_code, tell
from reporting.web.outcome import Leaving, changes_in, headline, leavings, parts_of, steps_of, sums_of

XLSX = files.XLSX


@page("GET")
def blank(request: DeskRequest, return_id: int) -> HttpResponseBase:
    """The workbook of the return as it stands for this reader."""
    found = return_or_404(request.actor, return_id)
    opened = seen_or_none(request.actor, found, at=clock.now())
    if opened is None:
        raise Http404
    name = _("{carrier}_{year}年度报表.xlsx").format(carrier=found.carrier.name, year=opened.year)
    return download(BytesIO(making.make(opened)), name=name, content_type=XLSX)


@page("GET", "POST")
def upload(request: DeskRequest, return_id: int) -> HttpResponse:
    """Where a filled workbook is handed in. A file that cannot be this return's is refused at once."""
    at = clock.now()
    opened = opened_or_404(request.actor, return_id, at=at)
    problems: tuple[Problem, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            content, name = received(request.FILES.get("file"), opened)
            found = workbooks.upload(
                actor=request.actor, return_id=return_id, content=content, name=name, at=at
            )
            return redirect("reporting:workbook_import", return_id=return_id, import_id=found.pk)
        except Refused as refusal:
            problems, status = refusal.problems, status_code(refusal)
    context = {
        "found": opened.of,
        "opened": opened,
        "problems": problems,
        "imports": _imports(request.actor).filter(return_of_id=return_id)[:10],
        "crumbs": crumbs((opened.of.campaign.title, f"/returns/{return_id}/"), (T("用工作簿填"), "")),
    }
    return render(request, "reporting/upload.html", context, status=status)


def _imports(actor: Actor) -> Any:
    return WorkbookImport.objects.visible_to(actor).select_related("file", "job", "by")


def import_or_404(actor: Actor, return_id: int, import_id: int) -> WorkbookImport:
    found: WorkbookImport = get_object_or_404(_imports(actor), pk=import_id, return_of_id=return_id)
    return found


def problems_of(report: Mapping[str, Any]) -> list[Problem]:
    """The findings of a report as they were told."""
    return [
        Problem(**{**problem, "severity": Severity(problem["severity"])})
        for problem in report.get("problems", [])
    ]


@page("GET")
def moved(request: DeskRequest, import_id: int) -> HttpResponse:
    """The address that notices and jobs know."""
    found = get_object_or_404(_imports(request.actor), pk=import_id)
    return redirect("reporting:workbook_import", return_id=found.return_of_id, import_id=found.pk)


@page("GET")
def result(request: DeskRequest, return_id: int, import_id: int) -> HttpResponse:
    """What was found in a file, what it would change, and the next step; the same address all the way."""
    found = import_or_404(request.actor, return_id, import_id)
    return _shown(request, found, ())


def _shown(
    request: DeskRequest, found: WorkbookImport, problems: tuple[Problem, ...], status: int = 200
) -> HttpResponse:
    of = return_or_404(request.actor, found.return_of_id)
    report = found.report
    fields, tables = parts_of(queries.definition(of.campaign.form), report, found.changes)
    fields = [] if "pasted" in found.decisions else fields
    context = {
        "found": of,
        "file": found,
        "report": report,
        "problems": problems_of(report),
        "refused": problems,
        "headline": headline(found),
        "steps": steps_of(found),
        "fields": fields,
        "tables": tables,
        "changes": changes_in(fields, tables),
        "sums": sums_of([*tables, *fields]),
        "shows_job": found.job and not (found.job.state == JobState.DONE and report),
        "leavings": leavings(found, request.POST),
        "told": standing(found.job, at=clock.now()) if found.job else None,
        "may_act": may_fill(request.actor, of),
        "awaits": found.state == ImportState.CHECKED
        and not importing.is_writing(found, writer=workbooks.APPLY),
        "states": ImportState,
        "crumbs": crumbs((of.campaign.title, f"/returns/{of.pk}/"), (T("上传工作簿"), "")),
    }
    return render(request, "reporting/import.html", context, status=status)


@page("POST")
def apply(request: DeskRequest, return_id: int, import_id: int) -> HttpResponse:
    """Begins the writing, when every leaving has its fate."""
    found = import_or_404(request.actor, return_id, import_id)
    try:
        fates = _fates(leavings(found, request.POST))
        workbooks.confirm(actor=request.actor, import_id=import_id, at=clock.now(), leaving=fates)
    except Refused as refusal:
        found = import_or_404(request.actor, return_id, import_id)
        return _shown(request, found, refusal.problems, status_code(refusal))
    return redirect("reporting:workbook_import", return_id=return_id, import_id=import_id)


def _fates(asked: list[Leaving]) -> dict[str, bool]:
    """Whether the rows that are no longer in the file leave, by table; `Refused` where nobody decided."""
    open_ones = [one for one in asked if one.fate not in ("leave", "keep")]
    if open_ones:
        raise Refused(
            Problem(
                "import.leaving",
                T("请先选择“{table}”中不在文件里的各行去向。", table=one.title),
                field=one.code,
            )
            for one in open_ones
        )
    return {one.code: one.fate == "leave" for one in asked}


@page("POST")
def drop(request: DeskRequest, return_id: int, import_id: int) -> HttpResponse:
    """Not wanted after all."""
    import_or_404(request.actor, return_id, import_id)
    try:
        workbooks.drop(actor=request.actor, import_id=import_id, at=clock.now())
    except Refused as refusal:
        tell(request, refusal.problems)
        return redirect("reporting:workbook_import", return_id=return_id, import_id=import_id)
    return redirect("reporting:workbook_upload", return_id=return_id)


@page("GET")
def marked(request: DeskRequest, return_id: int, import_id: int) -> HttpResponseBase:
    """The carrier's own file back, every finding in its cell."""
    found = import_or_404(request.actor, return_id, import_id)
    content = marking.marked_file(found, at=clock.now())
    return download(BytesIO(content), name=marked_name(found), content_type=XLSX)


def marked_name(found: WorkbookImport) -> str:
    stem = found.file.name.rpartition(".")[0] or found.file.name
    return _("{name}_标注.xlsx").format(name=stem)
