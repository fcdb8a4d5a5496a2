"""A table of a return: its rows page by page, in the order, with the columns and the narrowing one likes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core import clock
from core.columns import Column
from core.http import page
from core.pages import Page, paged
from core.tables import Column as TableColumn
from core.tables import Layout, layout_of
from core.text import T
from core.ui import Action
from office.web.requests import DeskRequest
from reporting.models import RosterRow
from reporting.queries import Opened, questions
from reporting.rules import form as rules
from reporting.rules.checking import Checked
from reporting.rules.roster import TYPED, texts_of
from reporting.services import filling
from reporting.web.forms import RowFilter
from reporting.web.lines import Found, found, in_input, kind_of, options_of, words_of
from reporting.web.loading import crumbs, opened_or_404
from reporting.web.standing import standing, status_of

SHOWN = 8  # columns, until the reader chooses others


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
    """`pk` is what its place on the page is called by: a row's key changes with its key column."""

    pk: int
    key: str
    name: str
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


def layout(request: DeskRequest, table: rules.Table) -> Layout:
    """The columns that this reader chose. Only what has a column of the database's own can order."""
    columns = [TableColumn("position", T("序号"), number=True, sort=("position",), fixed=True)]
    for at, column in enumerate(table.columns):
        typed = column.type in TYPED.get(column.code, ())
        columns.append(
            TableColumn(
                column.code,
                column.title,
                unit=column.shown_unit,
                number=kind_of(column) == "number",
                sort=(column.code,) if typed else ("key",) if column.code == table.key else (),
                shown=at < SHOWN,
                fixed=column.code == table.naming,
            )
        )
    columns.append(TableColumn("do", T("操作"), fixed=True))
    return layout_of(request, f"rows-{table.code}", columns, by="position")


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
    return [shown_row(opened, table, row, numbers.get(row.key, 0), by_row) for row in found_page.items]


def shown_row(
    opened: Opened, table: rules.Table, row: RosterRow, number: int, by_row: dict[str, list[Found]]
) -> ShownRow:
    mine, texts = by_row.get(row.key, []), texts_of(table, row)
    return ShownRow(
        pk=row.pk,
        key=row.key,
        name=texts.get(table.naming, "") or row.key,
        number=number,
        cells=cells_of(table, texts, mine),
        found=mine,
        url=row_url(opened, table, row.key),
    )


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


def frame(request: DeskRequest, opened: Opened, checked: Checked, table: rules.Table) -> dict[str, object]:
    """What the page of a table and each of its rows are drawn from."""
    state = standing(opened, checked, table.code)
    return {
        "opened": opened,
        "found": opened.of,
        "table": table,
        "layout": layout(request, table),
        "standing": state,
        "next": state.following(table.code),
        "status": status_of(opened.of),
        "reasons": filling.REASONS,
        "may_edit": opened.lock.open,
        "may_explain": opened.lock.open,
        "totals": [(one, checked.computed_text(one.code)) for one in table.totals],
        "actions": [Action(T("用工作簿填"), f"/returns/{opened.of.pk}/workbooks/", "file-spreadsheet")],
        "crumbs": crumbs((opened.of.campaign.title, f"/returns/{opened.of.pk}/"), (table.title, "")),
    }


@page("GET")
def listing(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    opened = opened_or_404(request.actor, return_id, at=clock.now())
    table = table_of(opened.form, code)
    checked = opened.checked()
    by_row = findings_by_row(opened, checked, code)
    form, context = RowFilter(request.GET), frame(request, opened, checked, table)
    stored = layout(request, table).ordered(RosterRow.objects.filter(version=opened.version, table=code))
    found_page = paged(narrowed(stored, form, by_row), request)
    shown_here = shown_rows(opened, table, found_page, by_row)
    waiting = sum(1 for mine in by_row.values() if any(one.tone in ("bad", "warn") for one in mine))
    context |= {"page": found_page, "rows": shown_here, "form": form, "waiting": waiting}
    return render(request, "reporting/table.html", context)
