"""Issues of the bulletin at the editors' desk: read in, checked beside their original, moved."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core import clock
from core.http import page
from core.problems import Problem, Refused
from core.text import T
from news.models import Bulletin
from news.rules.bulletin import read
from news.rules.lifecycle import BULLETIN
from news.services import bulletins
from news.services.bulletin_files import LARGEST_FILE, bulletin_text
from news.web.desk import for_editors, log_of, status_of
from news.web.forms import IssueForm, described
from office.services import files
from office.web.confirming import confirmed
from office.web.requests import DeskRequest


@for_editors
@page("GET", "POST")
def import_file(request: DeskRequest) -> HttpResponse:
    """Reads a past bulletin into drafts."""
    if request.method != "POST":
        return render(request, "news/import.html")
    upload = request.FILES.get("file")
    try:
        if upload is None or (upload.size or 0) > LARGEST_FILE:
            raise Refused(Problem("bulletin.file", T("请选择一个不超过 20 MB 的文件。"), field="file"))
        content, name = upload.read(), upload.name or ""
        found = bulletin_text(name=name, content=content)
        issue = read(found.text, wrapped=found.wrapped)
        kept, _made = bulletins.import_issue(
            actor=request.actor, issue=issue, content=content, name=name, at=clock.now()
        )
    except Refused as refused:
        status = getattr(refused, "status", 422)
        return render(request, "news/import.html", {"problems": refused.problems}, status=status)
    return redirect("news:review", bulletin_id=kept.pk)


def _found(request: DeskRequest, bulletin_id: int) -> Bulletin:
    return get_object_or_404(Bulletin.objects.visible_to(request.actor), pk=bulletin_id)


def _shown(
    request: DeskRequest,
    found: Bulletin,
    problems: tuple[Problem, ...] = (),
    form: IssueForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The issue and its original side by side, with every doubt."""
    rows = found.articles.select_related("section").order_by("position", "pk")
    context = {
        "bulletin": found,
        "status": status_of(found),
        "articles": [(one, status_of(one)) for one in rows],
        "original": _original(found),
        "form": form or IssueForm(initial=described(found)),
        "moves": BULLETIN.open_to(found.state, request.actor.role),
        "version": bulletins.version_of(found),
        "log": log_of(found),
        "problems": problems,
    }
    return render(request, "news/review.html", context, status=status)


def _original(found: Bulletin) -> list[str]:
    """The lines as they were pulled out of the file; none for an issue that was made here."""
    source = found.source
    if source is None:
        return []
    text = bulletin_text(name=source.name, content=files.content_of(source)).text
    return [line.strip() for line in text.splitlines() if line.strip()]


@for_editors
@page("GET", "POST")
@confirmed("publish")
def review(request: DeskRequest, bulletin_id: int) -> HttpResponse:
    """An issue to check, and its next moves."""
    found = _found(request, bulletin_id)
    if request.method != "POST":
        return _shown(request, found)
    try:
        bulletins.act(
            actor=request.actor,
            bulletin_id=bulletin_id,
            action=request.POST.get("action", "")[:20],
            version=request.POST.get("version", ""),
            comment=request.POST.get("comment", ""),
            at=clock.now(),
        )
    except Refused as refused:
        return _shown(request, found, refused.problems, status=409)
    return redirect("news:review", bulletin_id=bulletin_id)


@for_editors
@page("POST")
def describe(request: DeskRequest, bulletin_id: int) -> HttpResponse:
    """Title, number and date of a draft."""
    found = _found(request, bulletin_id)
    form = IssueForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form, status=422)
    try:
        bulletins.describe(actor=request.actor, bulletin_id=bulletin_id, at=clock.now(), **form.cleaned_data)
    except Refused as refused:
        return _shown(request, found, refused.problems, form, 422)
    return redirect("news:review", bulletin_id=bulletin_id)
