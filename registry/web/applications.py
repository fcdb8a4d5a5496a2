"""Applications to register a carrier: the list for both sides, and the applicant's pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Region
from accounts.rules.roles import CHECKING
from core import clock
from core.http import download, page, said
from core.pages import paged
from core.problems import Problem, Refused, blocking
from core.ui import Action
from office.services import access, files
from office.web.requests import DeskRequest, tell
from registry.excel.applications import APPLICATIONS
from registry.models import Application, ApplicationFile
from registry.permissions import may_apply
from registry.rules import registering
from registry.rules.registering import EVIDENCE, SECTIONS
from registry.rules.registering_moves import OPEN_TO_APPLICANT, State
from registry.services import applications
from registry.services.registering import table_of
from registry.web import application_words as words
from registry.web import exporting
from registry.web.application_forms import ApplicationFilter, EvidenceForm, SectionForm, typed
from registry.web.deciding import review


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """One's own; for officers those of their region too, by state, region and words. 404 for others."""
    officer = request.actor.role in CHECKING
    if not officer and not may_apply(request.actor):
        raise Http404
    asked, _problems = APPLICATIONS.read(request.GET if officer else {}, clock.now())
    layout = exporting.layout(request, APPLICATIONS, asked)
    found = paged(layout.ordered(APPLICATIONS.rows(request.actor, asked, clock.now())), request)
    rows = exporting.cells(APPLICATIONS, asked, layout, found.items)
    context = {
        "officer": officer,
        "form": _filter(request) if officer else None,
        "page": found,
        "layout": layout,
        "rows": [(one, words.status_of(one), cells) for one, cells in rows],
        "actions": [*_begin_action(request), *exporting.action(request, APPLICATIONS, asked)],
    }
    return render(request, "registry/applications.html", context)


def _begin_action(request: DeskRequest) -> list[Action]:
    if not may_apply(request.actor):
        return []
    return [Action(_("登记载体"), reverse("registry:application_new"), "plus", "primary")]


def _filter(request: DeskRequest) -> ApplicationFilter:
    below = Region.objects.filter(path__startswith=request.actor.region_path).order_by("path")
    return ApplicationFilter(below, request.GET)


@login_required
@page("GET", "POST")
def new(request: DeskRequest) -> HttpResponse:
    """What it takes; begins one."""
    if not may_apply(request.actor):
        raise Http404
    if request.method == "POST":
        try:
            made = applications.begin(actor=request.actor, at=clock.now())
        except Refused as refusal:
            tell(request, refusal)
            return redirect("registry:applications")
        return redirect("registry:application", application_id=made.pk)
    crumbs = [(_("载体登记"), reverse("registry:applications")), (_("新的申请"), "")]
    shown = {"sections": SECTIONS, "evidence": EVIDENCE, "crumbs": crumbs}
    return render(request, "registry/application_new.html", shown)


def _seen(request: DeskRequest, application_id: uuid.UUID) -> Application:
    rows = Application.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("region", "office", "carrier", "applicant"), pk=application_id
    )


def _mine(request: DeskRequest, application_id: uuid.UUID) -> Application:
    found = _seen(request, application_id)
    if found.applicant_id != request.actor.user_id:
        raise Http404
    return found


@login_required
@page("GET")
def detail(request: DeskRequest, application_id: uuid.UUID) -> HttpResponse:
    """To the applicant the list of what is to be done, to offices what was handed in."""
    found = _seen(request, application_id)
    access.seen(actor=request.actor, what="registry.application", key=str(found.pk), at=clock.now())
    if found.applicant_id != request.actor.user_id:
        return review(request, found)
    table, remarks = table_of(found), words.remarks_of(found)
    open_remarks = words.open_remarks(remarks)
    problems = applications.problems_of(found, clock.now())
    writable = found.state in OPEN_TO_APPLICANT
    context = {
        "found": found,
        "status": words.status_of(found),
        "crumbs": words.crumbs_of(found),
        "steps": words.steps_of(found, applications.offices_of(found.region)),
        "parts": words.parts_of(found, problems, open_remarks),
        "remarks": [(registering.title_of(item), one) for item, one in open_remarks.items()],
        "sections": [] if writable else _sections(found, found.submitted),
        "shelves": [] if writable else words.shelves_of(found.files.filter(detached_at=None)),
        "writable": writable,
        "wrong": len(blocking(problems)),
        "entries": words.entries_of(found, table, names=False),
        "may_withdraw": any(move.action == "withdraw" for move in table.open_to(found.state, "applicant")),
    }
    return render(request, "registry/application.html", context)


def _sections(found: Application, facts: Any) -> list[tuple[Any, list[words.Line]]]:
    region = applications.region_in(facts)
    return [
        (title, words.lines_of(code, facts, region)) for code, title in SECTIONS.items() if code != "evidence"
    ]


@login_required
@page("GET", "POST")
def section(request: DeskRequest, application_id: uuid.UUID, code: str) -> HttpResponse:
    """One section, written and saved whatever it says."""
    found = _mine(request, application_id)
    if code not in SECTIONS or code == "evidence":
        raise Http404
    if request.method == "POST":
        given = typed(code, request.POST.dict())
        try:
            applications.fill(actor=request.actor, application_id=found.pk, given=given, at=clock.now())
        except Refused as refusal:
            tell(request, refusal)
            return redirect("registry:application", application_id=found.pk)
        messages.success(request, _("已保存。"))
        after = _after(code) if "next" in request.POST else code
        name = "registry:application_evidence" if after == "evidence" else "registry:application_section"
        return redirect(name, found.pk, *([after] if after != "evidence" else []))
    return render(request, "registry/application_section.html", _section_shown(found, code))


def _after(code: str) -> str:
    codes = list(SECTIONS)
    return codes[codes.index(code) + 1]


def _section_shown(found: Application, code: str) -> dict[str, Any]:
    at = clock.now()
    problems = applications.problems_of(found, at)
    mine = [one for one in problems if registering.section_of(one.field) == code]
    remarks = words.open_remarks(words.remarks_of(found))
    title = SECTIONS[code]
    return {
        "found": found,
        "title": title,
        "form": SectionForm(code, found.facts, mine, clock.day_of(at)),
        "notes": [one for one in mine if one not in blocking(mine)],
        "remarks": [
            (registering.title_of(item), one)
            for item, one in remarks.items()
            if registering.section_of(item) == code
        ],
        "writable": found.state in OPEN_TO_APPLICANT,
        "crumbs": words.crumbs_of(found, said(title)),
        "parts": words.parts_of(found, problems, remarks),
        "code": code,
    }


@login_required
@page("GET", "POST")
def evidence(request: DeskRequest, application_id: uuid.UUID) -> HttpResponse:
    """The documents, by kind."""
    found = _mine(request, application_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        problems = _attached(request, found, form)
        if not problems:
            messages.success(request, _("已上传。"))
            return redirect("registry:application_evidence", application_id=found.pk)
    at = clock.now()
    wrong, remarks = applications.problems_of(found, at), words.open_remarks(words.remarks_of(found))
    context = {
        "found": found,
        "form": form,
        "problems": problems,
        "shelves": words.shelves_of(found.files.filter(detached_at=None).select_related("file"), remarks),
        "writable": found.state in OPEN_TO_APPLICANT,
        "crumbs": words.crumbs_of(found, _("证明材料")),
        "parts": words.parts_of(found, wrong, remarks),
        "code": "evidence",
    }
    status = 422 if problems or form.errors else 200
    return render(request, "registry/application_evidence.html", context, status=status)


def _attached(request: DeskRequest, found: Application, form: EvidenceForm) -> tuple[Problem, ...]:
    try:
        applications.attach(
            actor=request.actor,
            application_id=found.pk,
            kind=form.cleaned_data["kind"],
            upload=form.upload,
            at=clock.now(),
        )
    except Refused as refusal:
        return refusal.problems
    return ()


@login_required
@page("POST")
def detach(request: DeskRequest, application_id: uuid.UUID, file_id: int) -> HttpResponse:
    found = _mine(request, application_id)
    try:
        applications.detach(actor=request.actor, application_id=found.pk, file_id=file_id, at=clock.now())
    except ApplicationFile.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, _("已移除。"))
    return redirect("registry:application_evidence", application_id=found.pk)


@login_required
@page("GET")
def document(request: DeskRequest, application_id: uuid.UUID, file_id: int) -> HttpResponseBase:
    """A document, for the applicant and the offices; these get what was handed in."""
    found = _seen(request, application_id)
    rows = ApplicationFile.objects.visible_to(request.actor).filter(application=found)
    if found.applicant_id != request.actor.user_id:
        rows = rows.filter(attached_at__lte=found.submitted_at)
    row = get_object_or_404(rows.select_related("file"), pk=file_id)
    access.seen(actor=request.actor, what="registry.document", key=row.file.sha256, at=clock.now())
    return download(files.opened(row.file), name=row.file.name, content_type=row.file.content_type)


def _place_of(found: Application, item: str) -> str:
    """Where an item is filled."""
    code = registering.section_of(item)
    if code == "evidence":
        return reverse("registry:application_evidence", args=[found.pk])
    return f"{reverse('registry:application_section', args=[found.pk, code])}#id_{item}"


@login_required
@page("GET", "POST")
def submit(request: DeskRequest, application_id: uuid.UUID) -> HttpResponse:
    """Everything once more, what is still wrong, and the button."""
    found = _mine(request, application_id)
    refused: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            applications.submit(actor=request.actor, application_id=found.pk, at=clock.now())
        except Refused as refusal:
            refused = refusal.problems
        else:
            messages.success(request, _("申请已提交，办理进度会在消息中告知。"))
            return redirect("registry:application", application_id=found.pk)
    context = _submit_shown(found) | {"refused": refused}
    return render(request, "registry/application_submit.html", context, status=422 if refused else 200)


def _submit_shown(found: Application) -> dict[str, Any]:
    return {
        "found": found,
        "status": words.status_of(found),
        "todo": [
            (one, _place_of(found, one.field))
            for one in blocking(applications.problems_of(found, clock.now()))
        ],
        "sections": _sections(found, found.facts),
        "shelves": words.shelves_of(found.files.filter(detached_at=None).select_related("file")),
        "writable": found.state in OPEN_TO_APPLICANT,
        "again": found.state == State.RETURNED,
        "crumbs": words.crumbs_of(found, _("核对并提交")),
    }


@login_required
@page("POST")
def withdraw(request: DeskRequest, application_id: uuid.UUID) -> HttpResponse:
    found = _mine(request, application_id)
    try:
        applications.withdraw(actor=request.actor, application_id=found.pk, at=clock.now())
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, _("申请已撤回。"))
    return redirect("registry:application", application_id=found.pk)
