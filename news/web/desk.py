"""The editors' desk: articles in every state, writing, moves, files."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.http import page
from core.pages import paged
from core.problems import Problem, Refused
from core.text import T
from core.ui import Status
from evaluation.rules.entered import is_plain
from news import queries
from news.models import Article, Bulletin
from news.permissions import may_edit
from news.rules.lifecycle import ARTICLE
from news.services import articles, attachments
from news.web.forms import ArticleForm, AttachmentForm, ScheduleForm, SearchForm, typed_of
from office.web.confirming import confirmed
from office.web.requests import DeskRequest

TONES = {"draft": "muted", "in_review": "warn", "published": "ok", "withdrawn": "bad"}
View = Callable[..., HttpResponseBase]


def for_editors(view: View) -> View:
    """For signed-in editors; to everybody else the page is not there."""

    @login_required
    @wraps(view)
    def inner(request: DeskRequest, *args: int, **kwargs: int) -> HttpResponseBase:
        if not may_edit(request.actor):
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def status_of(thing: Article | Bulletin) -> Status:
    """The state in words; published for a later instant has its own."""
    if thing.state == "published" and not queries.is_out(thing, clock.now()):
        return Status(T("定时发布"), "info")
    return Status(ARTICLE.title_of(thing.state), TONES[thing.state])


def log_of(thing: Article | Bulletin) -> list[dict[str, object]]:
    """Its moves as the timeline shows them, the newest first."""
    labels = {move.action: move.label for move in ARTICLE.moves}
    rows = thing.moves.select_related("by").order_by("-pk")
    return [
        {"at": one.at, "who": str(one.by), "what": labels[one.action], "comment": one.comment} for one in rows
    ]


@for_editors
@page("GET")
def desk(request: DeskRequest) -> HttpResponse:
    """Articles in any state, the last changed first; issues that are not out yet above them."""
    form = SearchForm(request.GET)
    sought = form.cleaned_data if form.is_valid() else {"q": "", "state": ""}
    words = sought["q"] if is_plain(sought["q"]) else ""
    rows = queries.desk_articles(request.actor, at=clock.now(), words=words, state=sought["state"])
    found = paged(rows, request)
    issues = Bulletin.objects.visible_to(request.actor).filter(state__in=("draft", "in_review"))[:20]
    context = {
        "page": found,
        "rows": [(one, status_of(one)) for one in found.items],
        "issues": [(one, status_of(one)) for one in issues],
        "form": form,
    }
    return render(request, "news/desk.html", context)


def _found(request: DeskRequest, article_id: int) -> Article:
    rows = Article.objects.visible_to(request.actor).select_related("section", "bulletin")
    return get_object_or_404(rows, pk=article_id)


def _shown(
    request: DeskRequest,
    found: Article | None,
    form: ArticleForm | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of one article: its form while it is a draft, its files, its next moves."""
    with_issue = found and found.bulletin and found.bulletin.state in ("draft", "in_review")
    moves = ARTICLE.open_to(found.state, request.actor.role) if found and not with_issue else []
    context = {
        "form": form or ArticleForm(initial=typed_of(found)),
        "article": found,
        "status": status_of(found) if found else None,
        "attachments": found.attachments.all() if found else [],
        "attachment_form": AttachmentForm(),
        "accepted": ",".join(attachments.ENDINGS),
        "problems": problems,
        "moves": moves,
        "schedule": ScheduleForm() if any(one.action == "publish" for one in moves) else None,
        "version": articles.version_of(found) if found else "",
        "log": log_of(found) if found else [],
    }
    return render(request, "news/edit.html", context, status=status)


@for_editors
@page("GET", "POST")
def edit(request: DeskRequest, article_id: int | None = None) -> HttpResponse:
    """Writes a draft; a refused one keeps what was typed."""
    found = _found(request, article_id) if article_id else None
    if request.method != "POST":
        return _shown(request, found)
    form = ArticleForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    try:
        kept = articles.write(
            actor=request.actor,
            draft=form.draft(),
            at=clock.now(),
            article_id=article_id,
            version=form.cleaned_data["version"],
        )
    except Refused as refused:
        return _shown(request, found, form, refused.problems, 422)
    messages.success(request, _("草稿已保存。"))
    return redirect("news:edit", article_id=kept.pk)


@for_editors
@page("POST")
@confirmed("publish")
def move(request: DeskRequest, article_id: int) -> HttpResponse:
    """One move of an article; publishing may name a later instant."""
    found = _found(request, article_id)
    schedule = ScheduleForm(request.POST)
    try:
        if not schedule.is_valid() or ("out_at" in request.POST and not schedule.cleaned_data["out_at"]):
            raise Refused(Problem("article.out_at", T("请填写发布时间。"), field="out_at"))
        articles.act(
            actor=request.actor,
            article_id=article_id,
            action=request.POST.get("action", "")[:20],
            version=request.POST.get("version", ""),
            comment=request.POST.get("comment", ""),
            at=clock.now(),
            out_at=schedule.cleaned_data["out_at"],
        )
    except Refused as refused:
        return _shown(request, found, problems=refused.problems, status=409)
    return redirect("news:edit", article_id=article_id)


@for_editors
@page("POST")
def attach(request: DeskRequest, article_id: int) -> HttpResponse:
    """Adds a file to a draft."""
    found = _found(request, article_id)
    upload = request.FILES.get("file")
    try:
        if upload is None or (upload.size or 0) > attachments.MOST_BYTES:
            raise Refused(Problem("attachment.size", T("请选择一个不超过 20 MB 的文件。"), field="file"))
        attachments.attach(
            actor=request.actor,
            article_id=article_id,
            content=upload.read(),
            name=upload.name or "",
            title=request.POST.get("title", ""),
            at=clock.now(),
        )
    except Refused as refused:
        status = getattr(refused, "status", 422)
        return _shown(request, found, problems=refused.problems, status=status)
    return redirect("news:edit", article_id=article_id)


@for_editors
@page("POST")
def detach(request: DeskRequest, article_id: int, attachment_id: int) -> HttpResponse:
    """Takes a file from a draft."""
    found = _found(request, article_id)
    try:
        attachments.detach(
            actor=request.actor, article_id=article_id, attachment_id=attachment_id, at=clock.now()
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        return _shown(request, found, problems=refused.problems, status=409)
    return redirect("news:edit", article_id=article_id)
