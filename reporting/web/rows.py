"""One row of a table: opened in its place on the page, or on a page of its own without script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.http import page, said
from core.problems import Problem, Refused
from core.text import T, Text
from office.web.requests import DeskRequest
from reporting.models import RosterRow
from reporting.queries import Opened
from reporting.rules import form as rules
from reporting.rules.roster import texts_of
from reporting.services import rows
from reporting.services.filling import Saved
from reporting.web.lines import words_of
from reporting.web.loading import opened_or_404, status_code, tell, words
from reporting.web.tables import Cell, cells_of, findings_by_row, frame, row_url, shown_row, table_of

NONE: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of the form of a row. `clash` is what somebody else stored there in the meantime, exact, and
    `clash_shown` for people; which of the two stays is chosen there."""

    cell: Cell
    text: str
    seen: str
    clash: str | None = None
    clash_shown: str = ""


@page("GET", "POST")
def row(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """`?key=` names the row, without it is a new one; `?shut=1` is the row as it stands in the list."""
    opened = opened_or_404(request.actor, return_id, at=clock.now())
    table, key = table_of(opened.form, code), request.GET.get("key", "")
    stored = stored_row(opened, table, key)
    if key and stored is None and (request.method == "GET" or not key.isprintable()):
        raise Http404
    problems, status = NONE, 200
    if request.method == "POST":
        try:
            return _save(request, opened, table, key)
        except Refused as refusal:
            problems, status = refusal.problems, status_code(refusal)
    elif request.htmx and "shut" in request.GET:
        return _shut(request, opened, table, stored)
    context = _form(request, opened, table, stored, key, problems)
    template = "reporting/_row_form.html" if request.htmx else "reporting/row.html"
    return render(request, template, context, status=status)


def stored_row(opened: Opened, table: rules.Table, key: str) -> RosterRow | None:
    if not key or not key.isprintable():
        return None
    return RosterRow.objects.filter(version=opened.version, table=table.code, key=key).first()


def _form(
    request: DeskRequest,
    opened: Opened,
    table: rules.Table,
    stored: RosterRow | None,
    key: str,
    problems: tuple[Problem, ...],
) -> dict[str, object]:
    """The form of a row, with what was typed last where that was refused."""
    checked = opened.checked()
    mine = findings_by_row(opened, checked, table.code).get(key, []) if key else []
    texts = texts_of(table, stored) if stored else {}
    stale = {one.field: one.found for one in problems if one.code == "return.stale"}
    entries = [_entry(request, cell, stale) for cell in cells_of(table, texts, mine)]
    return {
        **frame(request, opened, checked, table),
        "entries": entries,
        "key": key,
        "pk": stored.pk if stored else "new",
        "mine": mine,
        "url": row_url(opened, table, key),
        "title": texts.get(table.naming) or (T("修改一行") if key else T("新增一行")),
        "problems": problems,
        "leavings": rows.LEAVINGS,
        "last_saved": opened.version if stale else None,
    }


def _entry(request: DeskRequest, cell: Cell, stale: dict[str, str]) -> Entry:
    column = cell.column
    if request.method != "POST":
        return Entry(cell, cell.in_input, cell.seen)
    text, theirs = request.POST.get(f"value-{column.code}", ""), stale.get(column.code)
    seen = request.POST.get(f"seen-{column.code}", "")
    return Entry(cell, text, seen, theirs, words_of(theirs, column) if theirs else "")


def _given(request: DeskRequest, table: rules.Table) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed and what was seen, by column; where two values stood, what was chosen of them."""
    values, seen = {}, {}
    for column in table.columns:
        code = column.code
        typed = request.POST.get(f"value-{code}")
        if typed is None or (table.key_is_given and code == table.key):
            continue
        values[code], seen[code] = typed, request.POST.get(f"seen-{code}", "")
        over, chosen = request.POST.get(f"over-{code}"), request.POST.get(f"keep-{code}", "")
        if over is not None and chosen in ("mine", "theirs"):
            seen[code] = over
            values[code] = typed if chosen == "mine" else over
    return values, seen


def _save(request: DeskRequest, opened: Opened, table: rules.Table, key: str) -> HttpResponse:
    values, seen = _given(request, table)
    about: dict[str, Any] = {
        "actor": request.actor,
        "return_id": opened.of.pk,
        "table": table.code,
        "at": clock.now(),
    }
    if key:
        new_key, answer = rows.save_row(key=key, values=values, seen=seen, **about)
    else:
        new_key, answer = rows.add_row(values=values, **about)
    if request.htmx:
        return _saved(request, table, new_key, answer, is_new=not key)
    if answer.problems:
        messages.warning(request, _("已保存，本行还有 {n} 处要处理。").format(n=len(answer.problems)))
        return redirect(row_url(opened, table, new_key))
    messages.success(request, _("已保存。"))
    return redirect("reporting:table", return_id=opened.of.pk, code=table.code)


def _saved(
    request: DeskRequest, table: rules.Table, key: str, answer: Saved, *, is_new: bool
) -> HttpResponse:
    """The row in its place again, with the counts and sums that it changed."""
    opened, checked = answer.opened, answer.checked
    stored = stored_row(opened, table, key)
    context = frame(request, opened, checked, table)
    if stored is not None:
        number = next((one.number for one in opened.rows[table.code] if one.key == key), 0)
        by_row = findings_by_row(opened, checked, table.code)
        context["line"] = shown_row(opened, table, stored, number, by_row)
    return render(request, "reporting/row_saved.html", {**context, "is_new": is_new})


def _shut(request: DeskRequest, opened: Opened, table: rules.Table, stored: RosterRow | None) -> HttpResponse:
    """Nothing was changed: the row as it was, or no row at all."""
    checked = opened.checked()
    context = frame(request, opened, checked, table)
    if stored is not None:
        number = next((one.number for one in opened.rows[table.code] if one.key == stored.key), 0)
        by_row = findings_by_row(opened, checked, table.code)
        context["line"] = shown_row(opened, table, stored, number, by_row)
    return render(request, "reporting/_row.html" if stored else "reporting/_row_new.html", context)


@page("POST")
def remove(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """Takes one row out, with why; a second click finds it gone and says so."""
    opened = opened_or_404(request.actor, return_id, at=clock.now())
    table = table_of(opened.form, code)
    try:
        key, why = words(request, "key"), request.POST.get("why", "")
        answer = rows.remove_row(
            actor=request.actor, return_id=return_id, table=table.code, key=key, why=why, at=clock.now()
        )
    except Refused as refusal:
        tell(request, refusal.problems)
    else:
        if request.htmx:
            context = frame(request, answer.opened, answer.checked, table)
            return render(request, "reporting/row_gone.html", {**context, "gone": _gone(opened, table, key)})
        messages.success(request, _("“{name}”已从名单中去掉。").format(name=said(_gone(opened, table, key))))
    return redirect("reporting:table", return_id=return_id, code=code)


def _gone(opened: Opened, table: rules.Table, key: str) -> Text | str:
    """The name of a row that stood there before."""
    before = next((one for one in opened.rows[table.code] if one.key == key), None)
    return (before.values.get(table.naming) if before else "") or T("一行")
