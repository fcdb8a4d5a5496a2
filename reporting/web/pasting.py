"""Rows pasted out of a spreadsheet: the columns are matched and shown, then it goes the way of an upload."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render

from core import clock
from core.http import page
from core.problems import Problem, Refused
from core.text import T
from core.workbook.book import Sheet, letters
from office.web.requests import DeskRequest
from reporting.queries import Opened
from reporting.rules import form as rules
from reporting.rules.pasting import Matched, Paste, check_paste, match, sheet_of, width_of
from reporting.services import workbooks
from reporting.web.loading import crumbs, opened_or_404, status_code
from reporting.web.tables import table_of

SAMPLE = 5
NONE: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """One pasted column: its letter, its heading, which column it is taken for, its first cells."""

    at: int
    heading: str
    code: str
    sample: list[str]

    @property
    def letter(self) -> str:
        return letters(self.at)


@page("GET", "POST")
def paste(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """First the text, then its columns as they were matched, to be corrected; then the check begins."""
    at = clock.now()
    opened = opened_or_404(request.actor, return_id, at=at)
    table = table_of(opened.form, code)
    problems, status, matched, sheet = NONE, 200, None, None
    if request.method == "POST":
        try:
            sheet = sheet_of(request.POST.get("text", ""))
            matched = _chosen(request, sheet) or match(table, sheet)
            if request.POST.get("step") == "check":
                return _begin(request, opened, table, matched)
        except Refused as refusal:
            problems, status = refusal.problems, status_code(refusal)
    context = _context(request, opened, table, matched, sheet)
    return render(request, "reporting/paste.html", {**context, "problems": problems}, status=status)


def _chosen(request: DeskRequest, sheet: Sheet) -> Matched | None:
    """What the person made of the columns; none while they were not shown, or another text stands there."""
    width = width_of(sheet)
    if request.POST.get("step") != "check" or request.POST.get("width") != str(width):
        return None
    columns = tuple(request.POST.get(f"column-{at}", "") for at in range(1, width + 1))
    return Matched(columns, bool(request.POST.get("has_heading")))


def _begin(request: DeskRequest, opened: Opened, table: rules.Table, matched: Matched) -> HttpResponse:
    whole = request.POST.get("whole") == "1"
    decided = Paste(table.code, matched.columns, matched.has_heading, whole)
    if problems := check_paste(table, decided):
        raise Refused(problems)
    found = workbooks.paste(
        actor=request.actor,
        return_id=opened.of.pk,
        text=request.POST["text"],
        decided=decided,
        at=clock.now(),
    )
    return redirect("reporting:workbook_import", return_id=opened.of.pk, import_id=found.pk)


def _context(
    request: DeskRequest, opened: Opened, table: rules.Table, matched: Matched | None, sheet: Sheet | None
) -> dict[str, object]:
    return {
        "found": opened.of,
        "opened": opened,
        "table": table,
        "text": request.POST.get("text", ""),
        "whole": request.POST.get("whole") == "1",
        "matched": matched,
        "count": len(sheet.rows) - matched.has_heading if sheet and matched else 0,
        "matchings": _matchings(matched, sheet) if sheet and matched else [],
        "columns": table.columns,
        "crumbs": crumbs(
            (opened.of.campaign.title, f"/returns/{opened.of.pk}/"),
            (table.title, f"/returns/{opened.of.pk}/tables/{table.code}/"),
            (T("从 Excel 粘贴"), ""),
        ),
    }


def _matchings(matched: Matched, sheet: Sheet) -> list[Matching]:
    start = 1 if matched.has_heading else 0
    rows = sheet.rows[start : start + SAMPLE]
    return [
        Matching(
            at,
            sheet.rows[0][at].text[:60] if start else "",
            code,
            [row[at].text[:60] for row in rows],
        )
        for at, code in enumerate(matched.columns, start=1)
    ]
