"""What the news offers to the pages above."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.slots import Hit, Panel, Task
from core.text import T
from evaluation.rules.entered import is_plain
from news import queries
from news.models import Article, Bulletin
from news.rules.particulars import issue_name
from registry.models import Carrier

MOST = 20
SOON = timedelta(days=7)
ARTICLE, PUBLICITY, BULLETIN = T("通知与政策"), T("公示公告"), T("简报")
_WHY = {
    "in_review": T("{section}，{day} 送审。"),
    "draft": T("{section}，{day} 退回，按意见修改后再送审。"),
}


def tasks_for(actor: Actor) -> list[Task]:
    """For editors: what another submitted, what was sent back to them, issues to check, notices that end
    soon. Four queries."""
    if actor.role != Role.EDITOR:
        return []
    return [*_articles(actor), *_issues(actor), *_ending(actor)]


def _articles(actor: Actor) -> list[Task]:
    """Others' submissions; one's own that came back."""
    rows = Article.objects.visible_to(actor).select_related("section")
    rows = rows.only("title", "state", "updated_at", "section__title")
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
                icon="newspaper" if to_check else "undo-2",
                urgency=40,
            )
        )
    return tasks


def _issues(actor: Actor) -> list[Task]:
    """Issues that are drafts, and those in review that another submitted; with their open doubts."""
    rows = Bulletin.objects.visible_to(actor).annotate(submitter=queries.submitter("bulletin"))
    waits = Q(state="draft") | Q(state="in_review") & ~Q(submitter=actor.user_id)
    issues = list(rows.filter(waits).order_by("pk")[:MOST])
    held, doubts = queries.doubts_of(issues)
    return [_issue(issue, held[issue.pk], doubts[issue.pk]) for issue in issues]


def _issue(issue: Bulletin, held: int, doubts: int) -> Task:
    waiting = issue.state == "in_review"
    why = T("共 {n} 篇文章，逐篇与原文核对。", n=held)
    if doubts:
        why = T("共 {n} 篇文章，{doubts} 处存疑，逐篇与原文核对。", n=held, doubts=doubts)
    return Task(
        title=T("核对简报：{title}", title=str(issue)),
        why=why,
        verb=T("去审核") if waiting else T("去核对"),
        url=reverse("news:review", args=[issue.pk]),
        state=T("待审") if waiting else T("草稿"),
        tone="info" if waiting else "warn" if doubts else "muted",
        icon="newspaper",
    )


def _ending(actor: Actor) -> list[Task]:
    """What is out and holds no longer within days: to be prolonged or taken down, or left to end."""
    at = clock.now()
    rows = Article.objects.visible_to(actor).public(at).filter(valid_until__gt=at, valid_until__lte=at + SOON)
    rows = rows.select_related("section").only("title", "valid_until", "section__title")
    return [
        Task(
            title=row.title,
            why=T(
                "{section}，有效期将满，到时不再列为有效；需延期或另发的请提前办理。",
                section=row.section.title,
            ),
            verb=T("去查看"),
            url=reverse("news:edit", args=[row.pk]),
            state=T("即将到期"),
            tone="warn",
            icon="calendar-clock",
            due=row.valid_until,
        )
        for row in rows.order_by("valid_until", "pk")[:MOST]
    ]


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
            Hit(
                BULLETIN, issue_name(row.title, row.number, row.date), reverse("news:bulletin", args=[row.pk])
            )
            for row in queries.found_bulletins(at, words)[:MOST]
        ),
    ]


def _hit(row: Article) -> Hit:
    """With its section, its number and its day: what tells one notice from the next."""
    kind = PUBLICITY if row.section.code == queries.PUBLICITY else ARTICLE
    parts = (row.section.title, row.document_number, clock.day_of(row.published_at or row.updated_at))
    note = " · ".join(str(part) for part in parts if part)
    return Hit(kind, row.title, reverse("news:article", args=[row.pk]), note)
