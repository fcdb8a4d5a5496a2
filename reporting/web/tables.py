"""A table of a return: its rows page by page, one row in a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.columns import Column
from core.http import page
from core.pages import Page, paged
from core.problems import Problem, Refused
from core.text import T
from core.ui import Action
from office.web.requests import DeskRequest
from reporting.models import RosterRow
from reporting.queries import Opened, questions
from reporting.rules import form as rules
from reporting.rules.checking import Checked
from reporting.rules.roster import texts_of
from reporting.services import filling, rows
from reporting.web.forms import RowFilter
from reporting.web.lines import Found, found, in_input, kind_of, options_of, words_of
from reporting.web.loading import crumbs, opened_or_404, status_code, tell, words
from reporting.web.standing import standing, status_of


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row as shown, as typed, and what is wrong with it."""

    column: Column
    shown: str
    in_input: str
    seen: str
    is_wrong: bool = False
    is_locked: bool = False

    @property
    def kind(self) -> str:
        return kind_of(self.column)

    @property
    def options(self) -> list[tuple[str, str]]:
        return options_of(self.column)

    @property
    def is_number(self) -> bool:
        return self.kind == "number"


@dataclass(frozen=True, slots=True)
class ShownRow:
    key: str
    number: int
    cells: list[Cell]
    found: list[Found]
    url: str

    @property
    def tone(self) -> str:
        tones = [one.tone for one in self.found]
        return next((tone for tone in ("bad", "warn") if tone in tones), "")


def table_of(form: rules.Form, code: str) -> rules.Table:
    try:
        return form.table(code)
    except KeyError:
        raise Http404 from None


def findings_by_row(opened: Opened, checked: Checked, table: str) -> dict[str, list[Found]]:
    reasons = {finding.key: reason for finding, reason in questions(opened, checked)}
    answer: dict[str, list[Found]] = {}
    for finding in checked.findings:
        if finding.table == table:
            answer.setdefault(finding.row, []).append(found(finding, reasons))
    return answer


def narrowed(
    all_rows: QuerySet[RosterRow], form: RowFilter, by_row: dict[str, list[Found]]
) -> QuerySet[RosterRow]:
    """The rows that the filter asks for."""
    form.is_valid()
    if words := form.cleaned_data.get("q"):
        all_rows = all_rows.filter(
            Q(name__icontains=words) | Q(key__icontains=words) | Q(credit_code__icontains=words)
        )
    if form.cleaned_data.get("only"):
        wrong = [key for key, mine in by_row.items() if any(one.tone in ("bad", "warn") for one in mine)]
        all_rows = all_rows.filter(key__in=wrong)
    return all_rows


def shown_rows(
    opened: Opened, table: rules.Table, found_page: Page, by_row: dict[str, list[Found]]
) -> list[ShownRow]:
    numbers = {row.key: row.number for row in opened.rows[table.code]}
    return [
        ShownRow(
            row.key,
            numbers.get(row.key, 0),
            cells_of(table, texts_of(table, row), by_row.get(row.key, [])),
            by_row.get(row.key, []),
            row_url(opened, table, row.key),
        )
        for row in found_page.items
    ]


def row_url(opened: Opened, table: rules.Table, key: str) -> str:
    address = reverse("reporting:row", args=[opened.of.pk, table.code])
    return f"{address}?{urlencode({'key': key})}" if key else address


def cells_of(table: rules.Table, texts: dict[str, str], mine: list[Found]) -> list[Cell]:
    wrong = {one.finding.problem.field for one in mine if one.tone in ("bad", "warn")}
    return [
        Cell(
            column,
            words_of(texts.get(column.code, ""), column),
            in_input(texts.get(column.code, ""), column),
            texts.get(column.code, ""),
            column.code in wrong,
            table.key_is_given and column.code == table.key,
        )
        for column in table.columns
    ]


def _frame(opened: Opened, checked: Checked, table: rules.Table) -> dict[str, object]:
    state = standing(opened, checked, table.code)
    return {
        "opened": opened,
        "found": opened.of,
        "table": table,
        "standing": state,
        "next": state.following(table.code),
        "status": status_of(opened.of),
        "reasons": filling.REASONS,
        "actions": [Action(T("用工作簿填"), f"/returns/{opened.of.pk}/workbooks/", "file-spreadsheet")],
        "crumbs": crumbs((opened.of.campaign.title, f"/returns/{opened.of.pk}/"), (table.title, "")),
    }


@page("GET")
def listing(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    opened = opened_or_404(request.actor, return_id, at=clock.now())
    table = table_of(opened.form, code)
    checked = opened.checked()
    by_row = findings_by_row(opened, checked, code)
    form = RowFilter(request.GET)
    stored = RosterRow.objects.filter(version=opened.version, table=code).order_by("position", "pk")
    found_page = paged(narrowed(stored, form, by_row), request)
    shown_here = shown_rows(opened, table, found_page, by_row)
    context = {**_frame(opened, checked, table), "page": found_page, "rows": shown_here, "form": form}
    context["totals"] = [(one, checked.computed_text(one.code)) for one in table.totals]
    return render(request, "reporting/table.html", context)


@page("GET", "POST")
def row(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """One row in a form: `?key=` names it, without it is a new one."""
    at = clock.now()
    opened = opened_or_404(request.actor, return_id, at=at)
    table, key = table_of(opened.form, code), request.GET.get("key", "")
    stored = next((one for one in opened.rows[code] if one.key == key), None)
    if key and stored is None and (request.method == "GET" or not key.isprintable()):
        raise Http404
    texts = dict(stored.values) if stored else {}
    problems: tuple[Problem, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            return _save(request, opened, table, key)
        except Refused as refusal:
            problems, status = refusal.problems, status_code(refusal)
    context = _row_context(request, opened, table, key, texts)
    return render(request, "reporting/row.html", {**context, "problems": problems}, status=status)


def _row_context(
    request: DeskRequest, opened: Opened, table: rules.Table, key: str, texts: dict[str, str]
) -> dict[str, object]:
    """The form of a row, with what was typed last where that was refused."""
    checked = opened.checked()
    mine = findings_by_row(opened, checked, table.code).get(key, []) if key else []
    cells = cells_of(table, texts, mine)
    typed = {cell.column.code: request.POST.get(f"value-{cell.column.code}", "") for cell in cells}
    kept = typed if request.method == "POST" else {cell.column.code: cell.in_input for cell in cells}
    return {
        **_frame(opened, checked, table),
        "fields": [(cell, kept[cell.column.code]) for cell in cells],
        "key": key,
        "mine": mine,
        "url": row_url(opened, table, key),
        "title": texts.get(table.naming) or (T("修改一行") if key else T("新增一行")),
    }


def _save(request: DeskRequest, opened: Opened, table: rules.Table, key: str) -> HttpResponse:
    locked = {table.key} if table.key_is_given else set()
    values = {
        column.code: request.POST[f"value-{column.code}"]
        for column in table.columns
        if f"value-{column.code}" in request.POST and column.code not in locked
    }
    about: dict[str, Any] = {
        "actor": request.actor,
        "return_id": opened.of.pk,
        "table": table.code,
        "at": clock.now(),
    }
    if key:
        seen = {code: request.POST.get(f"seen-{code}", "") for code in values}
        new_key, answer = rows.save_row(key=key, values=values, seen=seen, **about)
    else:
        new_key, answer = rows.add_row(values=values, **about)
    if answer.problems:
        messages.warning(request, _("已保存，本行还有 {n} 处要处理。").format(n=len(answer.problems)))
        return redirect(row_url(opened, table, new_key))
    messages.success(request, _("已保存。"))
    return redirect("reporting:table", return_id=opened.of.pk, code=table.code)


@page("POST")
def remove(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """Takes one row out; a second click finds it gone and says so."""
    opened = opened_or_404(request.actor, return_id, at=clock.now())
    table = table_of(opened.form, code)
    try:
        key = words(request, "key")
        rows.remove_row(actor=request.actor, return_id=return_id, table=table.code, key=key, at=clock.now())
    except Refused as refusal:
        tell(request, refusal.problems)
    else:
        messages.success(request, _("已删除一行。"))
    return redirect("reporting:table", return_id=return_id, code=code)
