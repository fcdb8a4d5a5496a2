"""What the news offers to the pages above."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, Q
from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.slots import Hit, Panel, Task
from core.text import T
from evaluation.rules.entered import is_plain
from news import queries
from news.models import Article, Bulletin
from registry.models import Carrier

MOST = 20
ARTICLE, PUBLICITY, BULLETIN = T("通知与政策"), T("公示公告"), T("简报")
_WHY = {
    "in_review": T("{section}，{day} 送审。"),
    "draft": T("{section}，{day} 退回，按意见修改后再送审。"),
}


def tasks_for(actor: Actor) -> list[Task]:
    """For editors: what another submitted, what was sent back to them, issues to check. Three queries."""
    if actor.role != Role.EDITOR:
        return []
    return [*_articles(actor), *_issues(actor)]


def _articles(actor: Actor) -> list[Task]:
    """Others' submissions; one's own that came back."""
    rows = Article.objects.visible_to(actor).select_related("section").defer("blocks", "html", "doubts")
    rows = rows.annotate(submitter=queries.submitter("article"), last=queries.last_action())
    waiting = Q(state="in_review") & ~Q(submitter=actor.user_id)
    returned = Q(state="draft", last="send_back", submitter=actor.user_id)
    tasks = []
    for row in rows.filter(waiting | returned).order_by("updated_at", "pk")[:MOST]:
        to_check = row.state == "in_review"
        tasks.append(
            Task(
                title=row.title,
                why=T(_WHY[row.state].msgid, section=row.section.title, day=clock.day_of(row.updated_at)),
                verb=T("去审核") if to_check else T("去修改"),
                url=reverse("news:edit", args=[row.pk]),
                state=T("待审") if to_check else T("退回修改"),
                tone="info" if to_check else "warn",
                icon="newspaper",
                urgency=40,
            )
        )
    return tasks


def _issues(actor: Actor) -> list[Task]:
    """Issues that are drafts, and those in review that another submitted."""
    rows = Bulletin.objects.visible_to(actor).annotate(submitter=queries.submitter("bulletin"))
    waits = Q(state="draft") | Q(state="in_review") & ~Q(submitter=actor.user_id)
    issues = list(rows.filter(waits).order_by("pk")[:MOST])
    held = Article.objects.filter(bulletin__in=issues).order_by().values_list("bulletin_id")
    counts: dict[int | None, int] = defaultdict(int, held.annotate(n=Count("pk")))
    tasks = []
    for issue in issues:
        waiting = issue.state == "in_review"
        tasks.append(
            Task(
                title=T("核对简报：{title}", title=str(issue)),
                why=T("共 {n} 篇文章，逐篇与原文核对。", n=counts[issue.pk]),
                verb=T("去审核") if waiting else T("去核对"),
                url=reverse("news:review", args=[issue.pk]),
                state=T("待审") if waiting else T("草稿"),
                tone="info" if waiting else "muted",
                icon="newspaper",
            )
        )
    return tasks


def panels_for(carrier: Carrier, actor: Actor) -> list[Panel]:
    """What was told about this carrier: the newest and how many there are. Two queries."""
    told = queries.published_articles(at=clock.now()).filter(carriers=carrier)
    rows = list(told[:5])
    if not rows:
        return []
    context = {"articles": rows, "total": told.order_by().count()}
    return [Panel(T("相关动态"), "news/_carrier_panel.html", context, order=10)]


def search(actor: Actor, query: str) -> list[Hit]:
    """Published articles by a part of their title or their document number, and issues that hold them."""
    words = query.strip()
    if not words or not is_plain(words):
        return []
    at = clock.now()
    rows = queries.worded(queries.published_articles(at=at), words)
    lists = Q(section__code=queries.PUBLICITY)
    return [
        *(_hit(row) for row in rows.exclude(lists)[:MOST]),
        *(_hit(row) for row in rows.filter(lists)[:MOST]),
        *(
            Hit(BULLETIN, str(row), reverse("news:bulletin", args=[row.pk]))
            for row in queries.found_bulletins(at, words)[:MOST]
        ),
    ]


def _hit(row: Article) -> Hit:
    """With its section, its number and its day: what tells one notice from the next."""
    kind = PUBLICITY if row.section.code == queries.PUBLICITY else ARTICLE
    parts = (row.section.title, row.document_number, clock.day_of(row.published_at or row.updated_at))
    note = " · ".join(str(part) for part in parts if part)
    return Hit(kind, row.title, reverse("news:article", args=[row.pk]), note)
