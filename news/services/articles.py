"""Articles: written, checked by a second editor, published at an instant, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from core.locks import locked
from core.moves import Move
from core.problems import Problem, Refused
from core.text import T
from news.models import Article, ArticleMove, Bulletin, Section
from news.permissions import refuse_strangers
from news.rules.cleaning import LARGEST, cleaned, plain
from news.rules.lifecycle import ARTICLE
from office.services import audit

SUMMARY = 160


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor wrote. `text` is plain paragraphs, one a line; `html` the editor's; one of both."""

    title: str
    section: str
    text: str = ""
    html: str = ""
    source: str = ""
    document_number: str = ""


def _checked(draft: Draft) -> dict[str, Any]:
    problems = []
    if not 2 <= len(draft.title.strip()) <= 200:
        problems.append(Problem("article.title", T("标题须为 2 至 200 个字。"), field="title"))
    if len(draft.html) > LARGEST or len(draft.text) > LARGEST:
        problems.append(Problem("article.length", T("正文不能超过 20 万字符。"), field="text"))
    joined = draft.title + draft.text + draft.html + draft.source + draft.document_number
    if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in joined):
        problems.append(Problem("article.control", T("文字里有不可见的控制字符，请删去。"), field="text"))
    section = Section.objects.filter(code=draft.section).first()
    if section is None:
        problems.append(Problem("article.section", T("请选择栏目。"), field="section"))
    html = cleaned(draft.html)
    lines = [line.strip() for line in draft.text.splitlines() if line.strip()]
    if not lines and not plain(html):
        problems.append(Problem("article.empty", T("正文不能为空。"), field="text"))
    if problems:
        raise Refused(problems)
    return {
        "title": draft.title.strip(),
        "section": section,
        "html": html if not lines else "",
        "blocks": [{"kind": "paragraph", "text": line} for line in lines],
        "summary": (lines[0] if lines else plain(html))[:SUMMARY],
        "source_text": draft.source.strip()[:120],
        "document_number": draft.document_number.strip()[:60],
    }


def write(*, actor: Actor, draft: Draft, at: datetime, article_id: int | None = None) -> Article:
    """A new draft, or the changed one; what is published or in review is not changed in place."""
    refuse_strangers(actor)
    fields = _checked(draft)
    with transaction.atomic():
        if article_id is None:
            article = Article(created_by=actor.user, created_at=at)
        else:
            article = locked(Article.objects.visible_to(actor), pk=article_id)
            if article.state != "draft":
                raise Refused(Problem("article.state", T("只有草稿可以修改；请先退回或撤下。")))
        for name, value in fields.items():
            setattr(article, name, value)
        article.updated_at = at
        article.save()
        audit.record(actor=actor, action="article.write", on=article, at=at, detail={"title": article.title})
    return article


def act(
    *,
    actor: Actor,
    article_id: int,
    action: str,
    state: str,
    at: datetime,
    comment: str = "",
    out_at: datetime | None = None,
) -> Article:
    """Moves an article. `state` is the one that the person saw; `out_at` a later instant of publication."""
    with transaction.atomic():
        article = locked(Article.objects.visible_to(actor), pk=article_id)
        refuse_strangers(actor)
        move = _legal(article, action, state, actor, comment)
        if action == "publish":
            _second_person(article, actor)
            article.published_at, article.published_by = max(at, out_at or at), actor.user
        if action == "reopen":
            article.published_at = article.published_by = None
        _finish(article, move, actor, at, comment)
    return article


def _legal(article: Article, action: str, state: str, actor: Actor, comment: str) -> Move:
    if article.state != state:
        raise Refused(Problem("article.moved", T("这篇文章已由他人办理，请刷新后再看。")))
    return ARTICLE.move(action, state=article.state, role=actor.role, comment=comment)


def _second_person(article: Article, actor: Actor) -> None:
    last = article.moves.filter(action="submit").order_by("-pk").first()
    if last is not None and last.by_id == actor.user_id:
        raise Refused(Problem("article.second_person", T("送审的人不能发布，须由另一位编辑审核发布。")))


def _finish(article: Article, move: Move, actor: Actor, at: datetime, comment: str) -> None:
    source = article.state
    article.state, article.updated_at = move.target, at
    article.save()
    log(article=article, move=move, source=source, actor=actor, at=at, comment=comment)
    detail = {"from": source, "to": move.target}
    audit.record(
        actor=actor, action=f"article.{move.action}", on=article, at=at, detail=detail, reason=comment
    )


def log(
    *,
    move: Move,
    source: str,
    actor: Actor,
    at: datetime,
    comment: str,
    article: Article | None = None,
    bulletin: Bulletin | None = None,
) -> None:
    """The row of one move."""
    person = actor.user
    if person is None:
        raise Refused(Problem("news.role", T("只有信息编辑可以办理。")))
    ArticleMove.objects.create(
        article=article,
        bulletin=bulletin,
        action=move.action,
        source=source,
        target=move.target,
        by=person,
        at=at,
        comment=comment.strip(),
    )


def blocks_of(pieces: list[Mapping[str, str]]) -> str:
    """The text of blocks, one a line, as the edit form shows it."""
    return "\n".join(piece["text"] for piece in pieces)
