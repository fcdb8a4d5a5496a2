"""The editors' desk: drafts, review, publication, bulletins read in."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from core import clock
from core.http import page
from core.pages import paged
from core.problems import Problem, Refused
from core.text import T
from news import queries
from news.models import Article, Bulletin, Publication, Section
from news.permissions import may_edit
from news.rules.bulletin import read
from news.rules.lifecycle import ARTICLE, BULLETIN
from news.services import articles, bulletins
from news.services.bulletin_files import LARGEST_FILE, bulletin_text
from office.services import files
from office.web.requests import DeskRequest


class ArticleForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=200)
    section = forms.ChoiceField(label=_("栏目"))
    text = forms.CharField(label=_("正文"), widget=forms.Textarea(attrs={"rows": 16}), required=False)
    source = forms.CharField(label=_("来源"), max_length=120, required=False)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(one.code, one.title) for one in Section.objects.all()]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]


class SearchForm(forms.Form):
    q = forms.CharField(label=_("标题"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *Publication.choices]
    )


def _editor(request: DeskRequest) -> None:
    if not may_edit(request.actor):
        raise Http404


@login_required
@page("GET")
def desk(request: DeskRequest) -> HttpResponse:
    """Every article in any state, the last changed first."""
    _editor(request)
    form = SearchForm(request.GET)
    rows = Article.objects.visible_to(request.actor).select_related("section").order_by("-updated_at")
    if form.is_valid():
        if form.cleaned_data["q"]:
            rows = rows.filter(title__icontains=form.cleaned_data["q"])
        if form.cleaned_data["state"]:
            rows = rows.filter(state=form.cleaned_data["state"])
    return render(request, "news/desk.html", {"page": paged(rows, request), "form": form})


@login_required
@page("GET", "POST")
def edit(request: DeskRequest, article_id: int | None = None) -> HttpResponse:
    """Writes a draft; a refused one keeps what was typed."""
    _editor(request)
    rows = Article.objects.visible_to(request.actor)
    found = get_object_or_404(rows, pk=article_id) if article_id else None
    problems: tuple[Problem, ...] = ()
    form = ArticleForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            draft = articles.Draft(**form.cleaned_data)
            kept = articles.write(actor=request.actor, draft=draft, at=clock.now(), article_id=article_id)
            return redirect("news:edit", article_id=kept.pk)
        except Refused as refused:
            problems = refused.problems
    moves = ARTICLE.open_to(found.state, request.actor.role) if found else []
    context = {"form": form, "article": found, "problems": problems, "moves": moves}
    return render(request, "news/edit.html", context, status=422 if problems else 200)


def _initial(found: Article | None) -> dict[str, str]:
    if found is None:
        return {}
    return {
        "title": found.title,
        "section": found.section.code,
        "text": articles.blocks_of(found.blocks),
        "source": found.source_text,
        "document_number": found.document_number,
    }


@login_required
@page("POST")
def move(request: DeskRequest, article_id: int) -> HttpResponse:
    """One move of an article."""
    _editor(request)
    found = get_object_or_404(Article.objects.visible_to(request.actor), pk=article_id)
    try:
        articles.act(
            actor=request.actor,
            article_id=article_id,
            action=_action(request, [one.action for one in ARTICLE.moves]),
            state=request.POST.get("version", ""),
            comment=request.POST.get("comment", ""),
            at=clock.now(),
        )
    except Refused as refused:
        context = {"form": ArticleForm(initial=_initial(found)), "article": found}
        context |= {"problems": refused.problems, "moves": ARTICLE.open_to(found.state, request.actor.role)}
        return render(request, "news/edit.html", context, status=409)
    return redirect("news:edit", article_id=article_id)


def _action(request: DeskRequest, known: list[str]) -> str:
    action = request.POST.get("action", "")
    if action not in known:
        raise Refused(Problem("move.unknown", T("没有这个动作。"), field="action"))
    return action


@login_required
@page("GET", "POST")
def import_file(request: DeskRequest) -> HttpResponse:
    """Reads a past bulletin into drafts."""
    _editor(request)
    problems: tuple[Problem, ...] = ()
    upload = request.FILES.get("file")
    if request.method == "POST":
        try:
            if upload is None or (upload.size or 0) > LARGEST_FILE:
                raise Refused(Problem("bulletin.file", T("请选择一个不超过 20 MB 的文件。"), field="file"))
            content, name = upload.read(), upload.name or ""
            found = bulletin_text(name=name, content=content)
            issue = read(found.text, wrapped=found.wrapped)
            kept, _made = bulletins.import_issue(
                actor=request.actor, issue=issue, content=content, name=name, at=clock.now()
            )
            return redirect("news:bulletin", bulletin_id=kept.pk)
        except Refused as refused:
            problems = refused.problems
    return render(request, "news/import.html", {"problems": problems}, status=422 if problems else 200)


@login_required
@page("GET", "POST")
def review(request: DeskRequest, bulletin_id: int) -> HttpResponse:
    """An issue side by side with its original, with every doubt, and its next moves."""
    _editor(request)
    found = get_object_or_404(queries.readable_bulletins(request.actor, clock.now()), pk=bulletin_id)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            bulletins.act(
                actor=request.actor,
                bulletin_id=bulletin_id,
                action=_action(request, [one.action for one in BULLETIN.moves]),
                state=request.POST.get("version", ""),
                comment=request.POST.get("comment", ""),
                at=clock.now(),
            )
            return redirect("news:review", bulletin_id=bulletin_id)
        except Refused as refused:
            problems = refused.problems
    return render(
        request, "news/review.html", _beside(found, problems, request), status=409 if problems else 200
    )


def _beside(found: Bulletin, problems: tuple[Problem, ...], request: DeskRequest) -> dict[str, object]:
    """The issue and its original side by side."""
    return {
        "bulletin": found,
        "articles": found.articles.select_related("section").order_by("position"),
        "original": _original(found),
        "moves": BULLETIN.open_to(found.state, request.actor.role),
        "problems": problems,
    }


def _original(found: Bulletin) -> str:
    source = found.source
    if source is None:
        return ""

    return bulletin_text(name=source.name, content=files.content_of(source)).text
