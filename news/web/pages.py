"""What the public reads: sections, articles, issues of the bulletin."""

from __future__ import annotations

from io import BytesIO

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString

from core import clock
from core.http import download, page
from core.pages import paged
from news import queries
from news.models import Bulletin
from news.permissions import may_edit
from news.rules.bulletin_out import Imprint, bulletin_html
from news.rules.cleaning import cleaned
from news.services.bulletin_print import bulletin_docx, bulletin_pdf
from office.services import files
from office.web.requests import DeskRequest

PRINTS = {
    "pdf": (bulletin_pdf, "application/pdf"),
    "docx": (bulletin_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@page("GET", private=False)
def index(request: DeskRequest) -> HttpResponse:
    """Everything that is out, the newest first."""
    at = clock.now()
    rows = paged(queries.published_articles(at=at), request)
    context = {"page": rows, "sections": queries.open_sections(at), "section": None}
    return render(request, "news/list.html", context)


@page("GET", private=False)
def section(request: DeskRequest, code: str) -> HttpResponse:
    """One section."""
    at = clock.now()
    sections = queries.open_sections(at)
    found = get_object_or_404(sections, code=code)
    rows = paged(queries.published_articles(at=at, section=found), request)
    return render(request, "news/list.html", {"page": rows, "sections": sections, "section": found})


@page("GET")
def article(request: DeskRequest, article_id: int) -> HttpResponse:
    """One article. Its rich text is cleaned again before it is shown."""
    at = clock.now()
    rows = queries.readable(request.actor, at).select_related("section", "bulletin")
    found = get_object_or_404(rows, pk=article_id)
    issue = found.bulletin
    context = {
        "article": found,
        "hidden": not queries.is_out(found, at),
        "bulletin": issue if issue and queries.is_out(issue, at) else None,
        "may_edit": may_edit(request.actor),
        "html": SafeString(cleaned(found.html)),
        "attachments": found.attachments.select_related("file"),
        "carriers": found.carriers.visible_to(request.actor),
    }
    return render(request, "news/article.html", context)


@page("GET")
def attachment(request: DeskRequest, article_id: int, attachment_id: int) -> FileResponse:
    """A file of an article, for those who may read the article."""
    found = get_object_or_404(queries.readable(request.actor, clock.now()), pk=article_id)
    held = get_object_or_404(found.attachments.select_related("file"), pk=attachment_id)
    return download(files.opened(held.file), name=held.file.name, content_type=held.file.content_type)


@page("GET", private=False)
def bulletins(request: DeskRequest) -> HttpResponse:
    """The issues that are out, for everybody alike; the others stand at the editors' desk."""
    rows = paged(Bulletin.objects.public(clock.now()).order_by("-published_at", "-pk"), request)
    return render(request, "news/bulletins.html", {"page": rows})


@page("GET")
def bulletin(request: DeskRequest, bulletin_id: int) -> HttpResponse:
    """An issue as a page; editors see its doubts and its moves."""
    at = clock.now()
    found = get_object_or_404(queries.readable_bulletins(request.actor, at), pk=bulletin_id)
    hidden = found.state != "published"
    issue = queries.issue_of(found, at=at, drafts=hidden)
    rows = found.articles.order_by("position", "pk")
    context = {
        "bulletin": found,
        "html": SafeString(bulletin_html(issue, _imprint(found.title))),
        "articles": rows if hidden else rows.public(at),
        "hidden": hidden,
        "may_edit": may_edit(request.actor),
    }
    return render(request, "news/bulletin.html", context)


def _imprint(title: str) -> Imprint:
    return Imprint(title, settings.SITE_SPONSOR)


@page("GET")
def printed(request: DeskRequest, bulletin_id: int, kind: str) -> FileResponse:
    """The issue as PDF or DOCX."""
    at = clock.now()
    found = get_object_or_404(queries.readable_bulletins(request.actor, at), pk=bulletin_id)
    make, content_type = PRINTS[kind]
    issue = queries.issue_of(found, at=at, drafts=found.state != "published")
    content = make(issue=issue, imprint=_imprint(found.title))
    return download(BytesIO(content), name=f"{found}.{kind}", content_type=content_type)
