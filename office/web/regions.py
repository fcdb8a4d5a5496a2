"""The tree of regions: what there is, and a file that is looked at before it is loaded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Region, RegionLevel
from accounts.services.regions import Change
from core import clock, formats
from core.http import page
from core.problems import Problem, Refused
from core.text import T, Text
from office.models import StoredFile
from office.permissions import may_load_regions
from office.services import regions, upkeep
from office.web.forms import RegionsFile
from office.web.requests import DeskRequest, tell

COLUMNS: dict[str, Text] = {
    "name": T("名称"),
    "name_en": T("英文名称"),
    "level": T("级次"),
    "parent": T("上级"),
    "is_zone": T("开发区"),
    "prefix": T("编号前缀"),
    "tile_column": T("图块列"),
    "tile_row": T("图块行"),
    "valid_from": T("自"),
    "valid_to": T("至"),
    "replaced_by": T("接续"),
}


def _known(request: DeskRequest) -> None:
    if not may_load_regions(request.actor):
        raise Http404


@login_required
@page("GET", "POST")
def listing(request: DeskRequest) -> HttpResponse:
    """The tree, and where a file is handed in; a file with faults is shown with each and its line."""
    _known(request)
    form, problems = RegionsFile(request.POST or None, request.FILES or None), ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            kept = regions.receive(actor=request.actor, content=given.read(), name=given.name, at=clock.now())
            return redirect("office:regions_file", file_id=kept.pk)
        except Refused as refusal:
            problems = refusal.problems  # type: ignore[assignment]
    status = 422 if problems or form.errors else 200
    return render(request, "office/regions.html", _tree(request, form, problems), status=status)


def _tree(request: DeskRequest, form: RegionsFile, problems: tuple[Problem, ...]) -> dict[str, object]:
    """Every region above the counties, each with the counties right below it."""
    at = clock.now()
    counties: dict[int | None, list[Region]] = {}
    above: list[Region] = []
    for row in Region.objects.visible_to(request.actor).order_by("path"):
        if row.level == RegionLevel.COUNTY and row.parent_id:
            counties.setdefault(row.parent_id, []).append(row)
        else:
            above.append(row)
    shown = {"tree": [(row, counties.get(row.pk, [])) for row in above], "today": clock.day_of(at)}
    return {**shown, "form": form, "problems": problems, "calendar": upkeep.calendar(at)}


@login_required
@page("GET", "POST")
def file(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """What one's file would change; POST loads it."""
    _known(request)
    kept = get_object_or_404(StoredFile.objects.visible_to(request.actor), pk=file_id, is_upload=True)
    try:
        if request.method == "POST":
            done = regions.apply(actor=request.actor, file_id=kept.pk, at=clock.now())
            told = {"new": done.new, "changed": done.changed}
            messages.success(request, _("区域已载入：新增 %(new)d，变更 %(changed)d。") % told)
            return redirect("office:regions")
        changes = regions.preview(kept)
    except Refused as refusal:
        tell(request, refusal)
        return redirect("office:regions")
    crumbs = [(_("区域管理"), reverse("office:regions")), (kept.name, "")]
    return render(request, "office/regions_file.html", {"file": kept, "crumbs": crumbs, **_changes(changes)})


def _plain(value: object) -> str:
    """A column's value as the file would write it; a parent by its name."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(int(value))
    return formats.day(value) if isinstance(value, date) else str(value)


def _changes(changes: list[Change]) -> dict[str, object]:
    """Counts, and each region that would not stay as it is with its columns old and new."""
    told = []
    for change in changes:
        if not change.is_same:
            changed = [one for one in change.changed if one[0] in COLUMNS]
            columns = [(COLUMNS[name], _plain(old), _plain(new)) for name, old, new in changed]
            told.append((change, columns))
    new = sum(change.is_new for change in changes)
    same = sum(change.is_same for change in changes)
    return {
        "told": told,
        "new": new,
        "same": same,
        "changed": len(changes) - new - same,
        "ends": sum(change.ends for change in changes),
    }
