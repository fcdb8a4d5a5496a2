"""Articles: written, checked by a second editor, published at an instant, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from core.locks import locked
from core.moves import Move
from core.problems import Problem, Refused
from core.text import T, Text
from evaluation.rules.entered import unseen
from news.models import Article, ArticleMove, Bulletin, Section
from news.permissions import editors, refuse_strangers
from news.rules.bulletin_sources import kind_of
from news.rules.cleaning import LARGEST, cleaned, plain
from news.rules.lifecycle import ARTICLE
from news.rules.writing import blocks_of, seen_as
from office.services import audit, confirming, notices
from registry.models import Carrier

SUMMARY = 160
COMMENT = 2000
GUIDES = "guides"
_LIMITS = (
    ("source", T("来源"), 120),
    ("document_number", T("文号"), 60),
    ("issuer", T("发文机关"), 120),
    ("audience", T("办理对象"), 200),
    ("materials", T("所需材料"), 2000),
    ("contact", T("咨询方式"), 200),
)
_WORDS = ("document_number", "issuer", "audience", "materials", "contact")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor wrote. `text` is a paragraph a line (`## ` before a subhead), `html` the editor's; one
    of both. `carriers` are the codes of those that it is about; `valid_until` ends a notice; `guide` is the
    number of the guide that explains it."""

    title: str
    section: str
    text: str = ""
    html: str = ""
    source: str = ""
    document_number: str = ""
    issuer: str = ""
    effective_on: date | None = None
    repealed_on: date | None = None
    audience: str = ""
    materials: str = ""
    contact: str = ""
    guide: int | None = None
    carriers: tuple[str, ...] = ()
    valid_until: datetime | None = None


def version_of(article: Article) -> str:
    """What a person saw of an article; an act on another version is refused."""
    return seen_as(article.state, article.updated_at)


def _faults(draft: Draft) -> list[Problem]:
    problems = []
    if not 2 <= len(draft.title.strip()) <= 200:
        problems.append(Problem("article.title", T("标题须为 2 至 200 个字。"), field="title"))
    for name in ("title", "text", "html", *(one for one, _title, _most in _LIMITS)):
        problems += unseen(getattr(draft, name), name)
    for name, title, most in _LIMITS:
        if len(getattr(draft, name).strip()) > most:
            message = T("{title}最多 {n} 个字。", title=title, n=most)
            problems.append(Problem("article.length", message, field=name))
    for name in ("text", "html"):
        if len(getattr(draft, name).encode("utf-8", "replace")) > LARGEST:
            problems.append(Problem("article.length", T("正文不能超过 200 KB。"), field=name))
    if draft.text.strip() and draft.html.strip():
        problems.append(Problem("article.both", T("正文和富文本只能填一种。"), field="html"))
    if draft.effective_on and draft.repealed_on and draft.repealed_on <= draft.effective_on:
        problems.append(Problem("article.days", T("废止日期须晚于施行日期。"), field="repealed_on"))
    return problems


def _checked(draft: Draft, actor: Actor) -> tuple[dict[str, Any], list[Carrier]]:
    """The fields of a sound draft and its carriers; `Refused` with everything that is wrong."""
    problems = _faults(draft)
    section = Section.objects.filter(code=draft.section).first()
    if section is None:
        problems.append(Problem("article.section", T("请选择栏目。"), field="section"))
    guide = Article.objects.visible_to(actor).filter(section__code=GUIDES, pk=draft.guide or 0).first()
    if draft.guide and guide is None:
        problems.append(Problem("article.guide", T("没有这篇办事指南。"), field="guide"))
    carriers = list(Carrier.objects.visible_to(actor).filter(code__in=draft.carriers))
    for code in sorted(set(draft.carriers) - {one.code for one in carriers}):
        problems.append(Problem("article.carrier", T("没有这家载体。"), field="carriers", found=code[:40]))
    blocks, html = blocks_of(draft.text), cleaned(draft.html)
    words = blocks[0]["text"] if blocks else plain(html)
    if not words:
        problems.append(Problem("article.empty", T("正文不能为空。"), field="text"))
    if problems:
        raise Refused(problems)
    source = draft.source.strip()
    return {
        "title": draft.title.strip(),
        "section": section,
        "html": "" if blocks else html,
        "blocks": blocks,
        "summary": words[:SUMMARY],
        "source_text": source,
        "source_kind": kind_of(source).value if source else "",
        "guide": guide,
        "effective_on": draft.effective_on,
        "repealed_on": draft.repealed_on,
        "valid_until": draft.valid_until,
        **{name: getattr(draft, name).strip() for name in _WORDS},
    }, carriers


def write(
    *, actor: Actor, draft: Draft, at: datetime, article_id: int | None = None, version: str = ""
) -> Article:
    """A new draft, or the changed one if nobody changed it since `version` was seen. What is published or in
    review, itself or with its issue, is not changed in place."""
    refuse_strangers(actor)
    fields, carriers = _checked(draft, actor)
    with transaction.atomic():
        if article_id is None:
            article = Article(created_by=actor.user, created_at=at)
        else:
            article = taken(actor, article_id)
            refuse_unless_draft(article)
            _refuse_stale(article, version)
        for name, value in fields.items():
            setattr(article, name, value)
        article.updated_at = at
        article.save()
        article.carriers.set(carriers)
        audit.record(actor=actor, action="article.write", on=article, at=at, detail={"title": article.title})
    return article


def taken(actor: Actor, article_id: int) -> Article:
    """The article, locked after its issue: the order in which an issue locks them too."""
    rows = Article.objects.visible_to(actor)
    issue = rows.values_list("bulletin_id", flat=True).get(pk=article_id)
    if issue is not None:
        locked(Bulletin.objects.all(), pk=issue)
    return locked(rows, pk=article_id)


def refuse_unless_draft(article: Article) -> None:
    """Raises `Refused` for what is in review or out, itself or with its issue."""
    if article.state != "draft":
        raise Refused(Problem("article.state", T("只有草稿可以修改；请先退回或撤下。")))
    if article.bulletin is not None and article.bulletin.state == "in_review":
        raise Refused(Problem("article.in_issue", T("所在简报正在审核，请先退回简报再修改。")))


def _refuse_stale(article: Article, version: str) -> None:
    if version != version_of(article):
        message = T("这篇文章已由他人修改或办理，您的内容没有保存；请刷新后再看。")
        raise Refused(Problem("article.moved", message))


def act(
    *,
    actor: Actor,
    article_id: int,
    action: str,
    version: str,
    at: datetime,
    comment: str = "",
    out_at: datetime | None = None,
) -> Article:
    """Moves an article. `version` is the one that the person saw; `out_at` a later instant of publication."""
    if action not in {move.action for move in ARTICLE.moves}:
        raise Refused(Problem("move.unknown", T("没有这个动作。"), field="action"))
    if action == "publish":
        confirming.must_be_recent(actor, at)
    with transaction.atomic():
        article = taken(actor, article_id)
        move = ARTICLE.move(action, state=article.state, role=actor.role, comment=comment)
        refuse_comment(comment)
        _refuse_stale(article, version)
        if article.bulletin is not None and article.bulletin.state in ("draft", "in_review"):
            raise Refused(Problem("article.in_issue", T("这篇文章随所在简报一起送审和发布。")))
        if action == "publish":
            _release(article, actor, at, out_at)
        if action == "reopen":
            article.published_at = article.published_by = None
        _finish(article, move, actor, at, comment)
    return article


def refuse_comment(comment: str) -> None:
    """Raises `Refused` for a word that cannot be kept."""
    problems = unseen(comment, "comment")
    if len(comment) > COMMENT:
        problems.append(Problem("move.comment", T("意见最多 {n} 字。", n=COMMENT), field="comment"))
    if problems:
        raise Refused(problems)


def _release(article: Article, actor: Actor, at: datetime, out_at: datetime | None) -> None:
    refuse_submitter(_submitter(article), actor)
    if out_at is not None and out_at <= at:
        raise Refused(Problem("article.out_at", T("定时发布的时间须晚于现在。"), field="out_at"))
    article.published_at, article.published_by = out_at or at, actor.user


def _submitter(thing: Article | Bulletin) -> User | None:
    last = thing.moves.filter(action="submit").select_related("by").order_by("-pk").first()
    return last.by if last else None


def refuse_submitter(submitter: User | None, actor: Actor) -> None:
    """Raises `Refused` for the one who submitted it: a second pair of eyes publishes."""
    if submitter is not None and submitter.pk == actor.user_id:
        raise Refused(Problem("news.second_person", T("送审的人不能发布，须由另一位编辑审核发布。")))


def _finish(article: Article, move: Move, actor: Actor, at: datetime, comment: str) -> None:
    source = article.state
    article.state = move.target
    # Who asks for what changed since an instant learns of a scheduled article once it is out.
    scheduled = article.published_at if move.action == "publish" else None
    article.updated_at = max(at, scheduled or at)
    article.save()
    log(article=article, move=move, source=source, actor=actor, at=at, comment=comment)
    detail: dict[str, Any] = {"from": source, "to": move.target}
    if scheduled:
        detail["out_at"] = scheduled.isoformat()
    audit.record(
        actor=actor, action=f"article.{move.action}", on=article, at=at, detail=detail, reason=comment
    )
    tell(article, article.title, move, actor, at, reverse("news:edit", args=[article.pk]))


_SENTENCES: dict[str, Text] = {
    "submit": T("“{title}”已送审，请审核。"),
    "send_back": T("“{title}”已退回修改。"),
    "publish": T("“{title}”已审核发布。"),
    "withdraw": T("“{title}”已撤下。"),
}


def tell(thing: Article | Bulletin, title: str, move: Move, actor: Actor, at: datetime, link: str) -> None:
    """To the other editors what is submitted, to the one who submitted what became of it."""
    sentence = _SENTENCES.get(move.action)
    if sentence is None:
        return
    submitter = _submitter(thing)
    people = editors(at) if move.action == "submit" else [submitter] if submitter else []
    others = [person for person in people if person.pk != actor.user_id]
    notices.notify(people=others, sentence=T(sentence.msgid, title=title), at=at, link=link)


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
    """The row of one move; the portal itself moves nothing."""
    user = actor.user
    if user is None:
        raise Refused(Problem("news.person", T("须以个人身份办理。")))
    ArticleMove.objects.create(
        article=article,
        bulletin=bulletin,
        action=move.action,
        source=source,
        target=move.target,
        by=user,
        at=at,
        comment=comment.strip(),
    )
