"""What an officer looks at in a return: figures in question first, then everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.pages import paged
from core.text import T, Text
from office.web.requests import DeskRequest
from reporting.models import ReturnVersion, RosterRow
from reporting.queries import Opened
from reporting.rules.checking import Checked
from reporting.rules.form import Table
from reporting.web.forms import RowFilter
from reporting.web.lines import Line, changes_between, lines_of
from reporting.web.tables import findings_by_row, shown_rows

TABS: tuple[tuple[str, Text], ...] = (
    ("questions", T("重点指标")),
    ("all", T("全部指标")),
    ("problems", T("检查结果")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    title: Text | str
    count: int
    current: bool
    waits: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that differs from the version that was handed in before."""

    title: str
    unit: str
    old: str
    new: str


def sections_of(opened: Opened, checked: Checked) -> list[tuple[Any, list[Line]]]:
    """Every section with its lines."""
    return [(section, lines_of(opened, checked, section.fields)) for section in opened.form.sections]


def before(request: DeskRequest, version: ReturnVersion) -> ReturnVersion | None:
    """The version handed in before this one, as far as this reader may see it."""
    versions = ReturnVersion.objects.visible_to(request.actor).filter(
        return_of=version.return_of_id, number__lt=version.number, submitted_at__isnull=False
    )
    return versions.order_by("-number").first()


def review_context(request: DeskRequest, opened: Opened) -> dict[str, Any]:
    checked = opened.checked()
    earlier = before(request, opened.version)
    changed = changes_between(opened, earlier)
    sections = sections_of(opened, checked)
    lines = [line for _, found in sections for line in found]
    for line in lines:
        line.typed = request.POST.get(f"reason-{line.code}")
    asked = [line for line in lines if line.found or line.strong or line.code in changed]
    asked.sort(key=lambda line: (not line.found, line.code not in changed))
    tab = request.GET.get("tab", "questions")
    context: dict[str, Any] = {
        "opened": opened,
        "checked": checked,
        "tabs": tabs_of(opened, checked, len(asked), len(lines), tab),
        "tab": tab,
        "asked": [(line, changed.get(line.code)) for line in asked],
        "sections": [
            (section, [(line, changed.get(line.code)) for line in found]) for section, found in sections
        ],
        "changes": [
            Changed(line.field.title, line.column.shown_unit, changed[line.code] or "—", line.shown or "—")
            for line in lines
            if line.code in changed
        ],
        "earlier": earlier,
        "year": opened.year,
        "last_year": opened.year - 1,
        "is_draft": opened.version.submitted_at is None,
    }
    return context | _table_context(request, opened, checked, tab)


def tabs_of(opened: Opened, checked: Checked, asked: int, lines: int, tab: str) -> list[Tab]:
    counts = {"questions": asked, "all": lines, "problems": len(checked.findings)}
    found = [Tab(code, title, counts[code], code == tab) for code, title in TABS]
    rows = [
        Tab(
            f"table-{one.code}",
            one.title,
            len(opened.rows[one.code]),
            tab == f"table-{one.code}",
            len({f.row for f in checked.findings if f.table == one.code}),
        )
        for one in opened.form.tables
    ]
    return [*found[:2], *rows, found[2]]


def _table_context(request: DeskRequest, opened: Opened, checked: Checked, tab: str) -> dict[str, Any]:
    """The rows of the table whose tab is open, page by page."""
    table: Table | None = next((one for one in opened.form.tables if tab == f"table-{one.code}"), None)
    if table is None:
        return {"table": None}
    stored = RosterRow.objects.filter(version=opened.version, table=table.code).order_by("position", "pk")
    form = RowFilter(request.GET)
    words = form.cleaned_data.get("q", "") if form.is_valid() else ""
    if words:
        stored = stored.filter(Q(name__icontains=words) | Q(key__icontains=words))
    found = paged(stored, request)
    by_row = findings_by_row(opened, checked, table.code)
    return {"table": table, "page": found, "rows": shown_rows(opened, table, found, by_row), "words": words}
