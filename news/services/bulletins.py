"""Issues of the bulletin: read in from a file, checked, published whole."""

from __future__ import annotations

from datetime import date, datetime
from itertools import chain, count

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify
from pypinyin import lazy_pinyin

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import SYSTEM
from core.canonical import digest
from core.locks import locked
from core.moves import Move
from core.problems import Problem, Refused
from core.text import T
from evaluation.rules.entered import unseen
from news.models import Article, ArticleMove, Bulletin, Section
from news.permissions import refuse_strangers
from news.rules.bulletin_issue import Article as ReadArticle
from news.rules.bulletin_issue import BlockKind, Issue
from news.rules.lifecycle import BULLETIN
from news.services.articles import SUMMARY, log, refuse_comment, refuse_submitter, tell
from office.services import audit, confirming, files

TITLE = "孵化动态"
TYPE = "application/octet-stream"
LONGEST = {"section": 40, "title": 200, "source": 120}
HIGHEST_NUMBER = 9999


def import_issue(
    *, actor: Actor, issue: Issue, content: bytes, name: str, at: datetime, region: Region | None = None
) -> tuple[Bulletin, bool]:
    """The issue with its articles as drafts, and whether it is new. The same file again finds them and
    changes nothing; so does one that arrives at the same moment."""
    if actor.role != SYSTEM:
        refuse_strangers(actor)
    if not issue.articles:
        raise Refused(Problem("bulletin.empty", T("文件里没有读到文章。"), place=name))
    mark = digest(content.hex())
    known = Bulletin.objects.filter(source_digest=mark).first()
    if known is not None:
        return known, False
    _refuse_twin(TITLE, _number(issue), issue.date)
    try:
        with transaction.atomic():
            made = _made(actor, issue, content, name, mark, at)
            drafts = _drafts(made, issue, region, actor, at)
            Article.objects.bulk_create(drafts)
            detail = {"name": name[-200:], "articles": len(drafts)}
            audit.record(actor=actor, action="bulletin.import", on=made, at=at, detail=detail)
    except IntegrityError:
        twin = Bulletin.objects.filter(source_digest=mark).first()
        if twin is None:
            raise
        return twin, False
    return made, True


def _number(issue: Issue) -> int | None:
    """The number, where it can be one."""
    return issue.number if issue.number is not None and 0 < issue.number <= HIGHEST_NUMBER else None


def _refuse_twin(title: str, number: int | None, day: date | None, but: int = 0) -> None:
    if number is None or day is None:
        return
    twins = Bulletin.objects.filter(title=title, number=number, date=day).exclude(pk=but)
    if twins.exists():
        message = T("{day} 第 {number} 期已经有了，请核对期号和日期。", day=day, number=number)
        raise Refused(Problem("bulletin.twin", message, field="number"))


def _made(actor: Actor, issue: Issue, content: bytes, name: str, mark: str, at: datetime) -> Bulletin:
    """The row of the issue; what was read and has no place in a row stands in its doubts."""
    file = files.receive(content=content, name=name, content_type=TYPE, actor=actor, at=at)
    doubts = [str(doubt) for doubt in issue.doubts]
    if issue.number is not None and _number(issue) is None:
        doubts.append(str(T("读到的期号是 {number}，请核对。", number=issue.number)))
    return Bulletin.objects.create(
        title=TITLE,
        number=_number(issue),
        date=issue.date,
        source=file,
        source_digest=mark,
        doubts=doubts,
        created_by=actor.user,
        created_at=at,
    )


def _drafts(
    bulletin: Bulletin, issue: Issue, region: Region | None, actor: Actor, at: datetime
) -> list[Article]:
    found: list[Article] = []
    for part in issue.sections:
        title = part.title or str(T("未分栏"))
        section = _section(title)
        for read in part.articles:
            article = _draft(read, title)
            article.bulletin, article.section, article.position = bulletin, section, len(found)
            article.region, article.created_by = region, actor.user
            article.created_at = article.updated_at = at
            found.append(article)
    return found


def _section(title: str) -> Section:
    """The section of this name; one that is new stands on no home page until an editor says so."""
    short = title[: LONGEST["section"]]
    known = Section.objects.filter(title=short).first()
    if known is not None:
        return known
    base = slugify("-".join(lazy_pinyin(short)))[:30].strip("-") or "section"
    held = set(Section.objects.filter(code__startswith=base).values_list("code", flat=True))
    code = next(one for one in chain([base], (f"{base}-{n}" for n in count(2))) if one not in held)
    return Section.objects.create(code=code, title=short, on_home=False)


def _draft(read: ReadArticle, section: str) -> Article:
    """The article as read. What is longer than its place is kept whole in the text, and said."""
    blocks = [{"kind": block.kind.value, "text": block.text} for block in read.blocks]
    doubts = [str(doubt) for doubt in read.doubts]
    title, source = read.title, read.source.text if read.source else ""
    if len(title) > LONGEST["title"]:
        blocks.insert(0, {"kind": BlockKind.PARAGRAPH.value, "text": title})
        doubts.append(str(T("标题超过 {n} 个字，全文放在正文第一段，请核对。", n=LONGEST["title"])))
    if len(source) > LONGEST["source"]:
        blocks.append({"kind": BlockKind.PARAGRAPH.value, "text": source})
        doubts.append(str(T("来源超过 {n} 个字，全文放在正文最后一段，请核对。", n=LONGEST["source"])))
    if len(section) > LONGEST["section"]:
        doubts.append(str(T("栏目名过长：{title}", title=section)))
    return Article(
        title=title[: LONGEST["title"]],
        blocks=blocks,
        summary=(read.paragraphs[0] if read.paragraphs else "")[:SUMMARY],
        source_text=source[: LONGEST["source"]],
        source_kind=read.source.kind.value if read.source else "",
        confidence=read.confidence,
        doubts=doubts,
    )


def version_of(bulletin: Bulletin) -> str:
    """What a person saw of an issue; an act on another version is refused."""
    last = bulletin.moves.order_by("-pk").values_list("pk", flat=True).first()
    return f"{bulletin.state} {last or 0}"


def describe(
    *, actor: Actor, bulletin_id: int, title: str, number: int | None, date: date | None, at: datetime
) -> Bulletin:
    """Title, number and date of an issue that is still a draft."""
    refuse_strangers(actor)
    problems = unseen(title, "title")
    if not 2 <= len(title.strip()) <= 60:
        problems.append(Problem("bulletin.title", T("刊名须为 2 至 60 个字。"), field="title"))
    if number is not None and not 0 < number <= HIGHEST_NUMBER:
        message = T("期号须为 1 至 {n}。", n=HIGHEST_NUMBER)
        problems.append(Problem("bulletin.number", message, field="number"))
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        found = locked(Bulletin.objects.visible_to(actor), pk=bulletin_id)
        if found.state != "draft":
            raise Refused(Problem("bulletin.state", T("只有草稿可以修改；请先退回。")))
        _refuse_twin(title.strip(), number, date, but=found.pk)
        found.title, found.number, found.date = title.strip(), number, date
        found.save()
        detail = {"title": found.title, "number": number, "date": date.isoformat() if date else None}
        audit.record(actor=actor, action="bulletin.describe", on=found, at=at, detail=detail)
    return found


def act(
    *, actor: Actor, bulletin_id: int, action: str, version: str, at: datetime, comment: str = ""
) -> Bulletin:
    """Moves an issue; publishing and withdrawing take its articles along, in one transaction."""
    if action not in {move.action for move in BULLETIN.moves}:
        raise Refused(Problem("move.unknown", T("没有这个动作。"), field="action"))
    if action == "publish":
        confirming.must_be_recent(actor, at)
    with transaction.atomic():
        found = locked(Bulletin.objects.visible_to(actor), pk=bulletin_id)
        move = BULLETIN.move(action, state=found.state, role=actor.role, comment=comment)
        refuse_comment(comment)
        if version != version_of(found):
            raise Refused(Problem("bulletin.moved", T("这期简报已由他人办理，请刷新后再看。")))
        if action == "publish":
            last = found.moves.filter(action="submit").select_related("by").order_by("-pk").first()
            refuse_submitter(last.by if last else None, actor)
            found.published_at, found.published_by = at, actor.user
        source, found.state = found.state, move.target
        found.save()
        log(bulletin=found, move=move, source=source, actor=actor, at=at, comment=comment)
        carried = _carried(found, move, actor, at)
        detail = {"from": source, "to": move.target, "articles": carried}
        audit.record(actor=actor, action=f"bulletin.{action}", on=found, at=at, detail=detail, reason=comment)
        tell(found, str(found), move, actor, at, reverse("news:review", args=[found.pk]))
    return found


def _carried(bulletin: Bulletin, move: Move, actor: Actor, at: datetime) -> int:
    """Publishes or withdraws the issue's articles with it, a log row each. How many."""
    before = {"publish": "draft", "withdraw": "published"}.get(move.action)
    user = actor.user
    if before is None or user is None:
        return 0
    rows = Article.objects.filter(bulletin=bulletin, state=before)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if move.action == "publish":
        rows.update(state=move.target, published_at=at, published_by=user, updated_at=at)
    else:
        rows.update(state=move.target, updated_at=at)
    ArticleMove.objects.bulk_create(
        ArticleMove(article_id=key, action=move.action, source=before, target=move.target, by=user, at=at)
        for key in keys
    )
    return len(keys)
