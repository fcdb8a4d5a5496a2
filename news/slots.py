"""What the news offers to the pages above."""

from __future__ import annotations

from django.db.models import Q

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.slots import Hit, Panel, Task
from core.text import T
from news import queries
from news.models import Article, Bulletin
from registry.models import Carrier

MOST = 20


def tasks_for(actor: Actor) -> list[Task]:
    """For editors: what waits for a second pair of eyes, own drafts, issues to check."""
    if actor.role != Role.EDITOR:
        return []
    mine = Q(created_by_id=actor.user_id)
    rows = Article.objects.visible_to(actor).filter(
        Q(state="in_review") & ~mine | Q(state="draft", bulletin=None) & mine
    )
    tasks = [_article_task(row) for row in rows.select_related("section")[:MOST]]
    for issue in Bulletin.objects.visible_to(actor).filter(state__in=("draft", "in_review"))[:MOST]:
        tasks.append(
            Task(
                title=T("核对简报：{title}", title=str(issue)),
                why=T("共 {n} 篇文章，逐篇与原文核对后送审。", n=issue.articles.count()),
                verb=T("去核对"),
                url=f"/news/bulletins/{issue.pk}/",
                state=T("待审") if issue.state == "in_review" else T("草稿"),
                icon="newspaper",
            )
        )
    return tasks


def _article_task(row: Article) -> Task:
    waiting = row.state == "in_review"
    return Task(
        title=row.title,
        why=T("{section}，{day} 修改。", section=row.section.title, day=clock.day_of(row.updated_at)),
        verb=T("去审核") if waiting else T("继续编辑"),
        url=f"/news/desk/{row.pk}/",
        state=T("待审") if waiting else T("草稿"),
        tone="warn" if waiting else "muted",
        icon="newspaper",
        urgency=40 if waiting else 60,
    )


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """What was told about this carrier."""
    rows = list(queries.published_articles(at=clock.now()).filter(carriers=carrier)[:5])
    if not rows:
        return []
    return [Panel(title=T("相关报道"), template="news/_carrier_panel.html", context={"articles": rows})]


def search(actor: Actor, query: str) -> list[Hit]:
    """Published articles by a part of their title or their document number."""
    rows = queries.published_articles(at=clock.now()).filter(
        Q(title__icontains=query) | Q(document_number__icontains=query)
    )
    return [
        Hit(kind=T("文章"), title=row.title, url=f"/news/{row.pk}/", note=row.section.title)
        for row in rows[:MOST]
    ]
