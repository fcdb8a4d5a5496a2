"""What the public reads: sections, articles, issues of the bulletin."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core import clock
from core.http import download, page
from core.pages import paged
from core.text import T
from core.ui import Action
from evaluation.rules.entered import is_plain
from news import queries
from news.models import Article, Attachment, Section
from news.permissions import may_edit
from news.rules.bulletin_out import Imprint, bulletin_html
from news.rules.cleaning import cleaned
from news.rules.particulars import issue_name, kind_of_file, lines_of, size_words
from news.services.bulletin_print import bulletin_docx, bulletin_pdf
from news.web.listing import ListForm
from office.queries import workdays
from office.services import files
from office.web.requests import DeskRequest

PER_PAGE, OTHERS = 20, 5
LAW = (queries.POLICY, queries.GUIDES)  # the sections that one menu entry leads to
NOTES = {
    queries.POLICY: T("文件写明文号、发文机关和施行日期；已废止的仍可查阅。"),
    queries.GUIDES: T("每件事写明谁可以办、截止到什么时候、准备什么、怎么办、问谁。"),
    queries.PUBLICITY: T("公示期内可以提出异议；逐项得分的依据由载体登录后查看。"),
}
PRINTS = {
    "pdf": (bulletin_pdf, "application/pdf"),
    "docx": (bulletin_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def _list(request: DeskRequest, found: Section | None, at: datetime) -> HttpResponse:
    """A list with its filter; whether each document holds today, whether each call is open."""
    form = ListForm(queries.published_articles(at=at, section=found), request.GET)
    rows = paged(form.narrowed(), request, PER_PAGE)
    calendar = workdays()
    context = {
        "page": rows,
        "rows": [
            (one, queries.standing_of(one, at), queries.call_of(one, at, calendar)) for one in rows.items
        ],
        "form": form,
        "sections": queries.open_sections(at),
        "section": found,
        "heading": _name_of(found) if found else T("全部资讯"),
        "note": NOTES.get(found.code, "") if found else "",
        "menu_path": _menu_path(found),
    }
    return render(request, "news/list.html", context)


def _name_of(found: Section) -> str:
    """The section in the reader's language, where it has a name in it."""
    return found.title_en if get_language() == "en" and found.title_en else found.title


def _menu_path(found: Section | None) -> str:
    """The entry of the menu that a section stands under; its own address where it has none."""
    if found is None:
        return reverse("news:index")
    if found.code in LAW:
        return reverse("news:policies")
    return (
        reverse("news:notices")
        if found.code == queries.NOTICES
        else reverse("news:section", args=[found.code])
    )


@page("GET", private=False)
def index(request: DeskRequest) -> HttpResponse:
    """Everything that is out, the newest first."""
    return _list(request, None, clock.now())


@page("GET", private=False)
def section(request: DeskRequest, code: str) -> HttpResponse:
    """One section."""
    at = clock.now()
    return _list(request, get_object_or_404(queries.open_sections(at), code=code), at)


def _first(request: DeskRequest, code: str) -> HttpResponse:
    """A section that the menu leads to; everything that is out where there is no such section yet."""
    at = clock.now()
    return _list(request, queries.open_sections(at).filter(code=code).first(), at)


@page("GET", private=False)
def notices(request: DeskRequest) -> HttpResponse:
    """What is announced and called for."""
    return _first(request, queries.NOTICES)


@page("GET", private=False)
def policies(request: DeskRequest) -> HttpResponse:
    """Policies and guides begin with the policies."""
    return _first(request, queries.POLICY)


def _files(found: Article) -> list[tuple[Attachment, str, str]]:
    """What is attached, each with its type and size in words."""
    rows = found.attachments.select_related("file")
    return [(one, kind_of_file(one.file.name), size_words(one.file.size)) for one in rows]


@page("GET")
def article(request: DeskRequest, article_id: int) -> HttpResponse:
    """One article. Its rich text is cleaned again before it is shown."""
    at = clock.now()
    rows = queries.readable(request.actor, at).select_related("section", "bulletin", "guide")
    found = get_object_or_404(rows, pk=article_id)
    issue, guide = found.bulletin, found.guide
    context = {
        "article": found,
        "menu_path": _menu_path(found.section),
        "crumbs": [(_name_of(found.section), reverse("news:section", args=[found.section.code]))],
        "is_guide": found.section.code == queries.GUIDES,
        "standing": queries.standing_of(found, at),
        "call": queries.call_of(found, at, workdays()),
        "hidden": not queries.is_out(found, at),
        "bulletin": issue if issue and queries.is_out(issue, at) else None,
        "guide": guide if guide and queries.is_out(guide, at) else None,
        "may_edit": may_edit(request.actor),
        "html": SafeString(cleaned(found.html)),
        "materials": lines_of(found.materials),
        "attachments": _files(found),
        "others": queries.published_articles(at=at, section=found.section).exclude(pk=found.pk)[:OTHERS],
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
    at = clock.now()
    words = " ".join(request.GET.get("q", "").split())[:100]
    found = queries.found_bulletins(at, words if is_plain(words) else "")
    rows = paged(found, request, PER_PAGE)
    held = queries.contents_of(rows.items, at)
    context = {"page": rows, "rows": [(one, held.get(one.pk, ())) for one in rows.items], "words": words}
    return render(request, "news/bulletins.html", context)


@page("GET")
def bulletin(request: DeskRequest, bulletin_id: int) -> HttpResponse:
    """An issue as a page; editors see its doubts and its moves."""
    at = clock.now()
    found = get_object_or_404(queries.readable_bulletins(request.actor, at), pk=bulletin_id)
    hidden = found.state != "published"
    issue = queries.issue_of(found, at=at, drafts=hidden)
    rows = found.articles.select_related("section").order_by("position", "pk")
    context = {
        "bulletin": found,
        "menu_path": reverse("news:bulletins"),
        "crumbs": [(T("简报"), reverse("news:bulletins"))],
        "actions": [
            Action(T("下载 PDF"), reverse("news:bulletin_pdf", args=[found.pk]), "download"),
            Action(T("下载 DOCX"), reverse("news:bulletin_docx", args=[found.pk]), "download"),
        ],
        "name": issue_name(found.title, found.number, found.date),
        "near": queries.beside(found, at),
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
