"""Issues of the bulletin: read in from a file, checked, published whole."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from pypinyin import lazy_pinyin

from accounts.actors import Actor
from accounts.rules.roles import SYSTEM
from core.canonical import digest
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from news.models import Article, Bulletin, Section
from news.permissions import refuse_strangers
from news.rules.bulletin_issue import Article as ReadArticle
from news.rules.bulletin_issue import Issue
from news.rules.lifecycle import BULLETIN
from news.services.articles import SUMMARY, log
from office.services import audit, files

TITLE = "孵化动态"


def import_issue(
    *, actor: Actor, issue: Issue, content: bytes, name: str, at: datetime
) -> tuple[Bulletin, bool]:
    """The issue with its articles as drafts, and whether it is new. The same file again finds them."""
    if actor.role != SYSTEM:
        refuse_strangers(actor)
    if not issue.articles:
        raise Refused(Problem("bulletin.empty", T("文件里没有读到文章。"), place=name))
    mark = digest(content.hex())
    with transaction.atomic():
        known = Bulletin.objects.select_for_update().filter(source_digest=mark).first()
        if known is not None:
            return known, False
        made = Bulletin.objects.create(
            title=TITLE,
            number=issue.number,
            date=issue.date,
            source=files.store(
                content=content, name=name, content_type="application/octet-stream", actor=actor, at=at
            ),
            source_digest=mark,
            doubts=[str(doubt) for doubt in issue.doubts],
            created_by=actor.user,
            created_at=at,
        )
        position = 0
        for part in issue.sections:
            section = _section(part.title or str(T("未分栏")))
            for article in part.articles:
                _store(made, section, article, position, actor, at)
                position += 1
        detail = {"name": name, "articles": position}
        audit.record(actor=actor, action="bulletin.import", on=made, at=at, detail=detail)
    return made, True


def _section(title: str) -> Section:
    """The section of this name; one that is new stands on no home page until an editor says so."""
    known = Section.objects.filter(title=title[:40]).first()
    if known is not None:
        return known
    code = slugify("-".join(lazy_pinyin(title)))[:36] or "section"
    while Section.objects.filter(code=code).exists():
        code += "-x"
    return Section.objects.create(code=code, title=title[:40], on_home=False)


def _store(
    bulletin: Bulletin, section: Section, read: ReadArticle, position: int, actor: Actor, at: datetime
) -> None:
    paragraphs = read.paragraphs
    Article.objects.create(
        section=section,
        bulletin=bulletin,
        position=position,
        title=read.title[:200],
        blocks=[{"kind": block.kind.value, "text": block.text} for block in read.blocks],
        summary=(paragraphs[0] if paragraphs else "")[:SUMMARY],
        source_text=read.source.text[:120] if read.source else "",
        source_kind=read.source.kind.value if read.source else "",
        confidence=read.confidence,
        doubts=[str(doubt) for doubt in read.doubts],
        created_by=actor.user,
        created_at=at,
        updated_at=at,
    )


def act(
    *, actor: Actor, bulletin_id: int, action: str, state: str, at: datetime, comment: str = ""
) -> Bulletin:
    """Moves an issue; publishing and withdrawing take its articles along, in one transaction."""
    with transaction.atomic():
        found = locked(Bulletin.objects.visible_to(actor), pk=bulletin_id)
        refuse_strangers(actor)
        if found.state != state:
            raise Refused(Problem("bulletin.moved", T("这期简报已由他人办理，请刷新后再看。")))
        move = BULLETIN.move(action, state=found.state, role=actor.role, comment=comment)
        articles = Article.objects.filter(bulletin=found)
        if action == "publish":
            last = found.moves.filter(action="submit").order_by("-pk").first()
            if last is not None and last.by_id == actor.user_id:
                message = T("送审的人不能发布，须由另一位编辑审核发布。")
                raise Refused(Problem("bulletin.second_person", message))
            found.published_at, found.published_by = at, actor.user
            articles.exclude(state="published").update(
                state="published", published_at=at, published_by=actor.user, updated_at=at
            )
        if action == "withdraw":
            articles.filter(state="published").update(state="withdrawn", updated_at=at)
        source, found.state = found.state, move.target
        found.save()
        log(bulletin=found, move=move, source=source, actor=actor, at=at, comment=comment)
        audit.record(actor=actor, action=f"bulletin.{action}", on=found, at=at, reason=comment)
    return found
