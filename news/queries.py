"""What was told: one rule of publication for pages, feeds, search, counts and the API."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.rules.roles import Role
from news.models import Article, Bulletin, Section
from news.rules import bulletin_issue as rules


def published_articles(*, at: datetime, section: Section | None = None) -> QuerySet[Article]:
    """Articles that are out at this instant, the newest first, without their bodies."""
    rows = Article.objects.public(at).select_related("section").defer("blocks", "html", "doubts")
    if section is not None:
        rows = rows.filter(section=section)
    return rows.order_by("-published_at", "-pk")


def readable(actor: Actor, at: datetime) -> QuerySet[Article]:
    """What this person may read in full: editors and auditors drafts too."""
    if actor.role in (Role.EDITOR, Role.AUDITOR):
        return Article.objects.visible_to(actor)
    return Article.objects.public(at)


def readable_bulletins(actor: Actor, at: datetime) -> QuerySet[Bulletin]:
    if actor.role in (Role.EDITOR, Role.AUDITOR):
        return Bulletin.objects.visible_to(actor)
    return Bulletin.objects.public(at)


def issue_of(bulletin: Bulletin, *, at: datetime, drafts: bool) -> rules.Issue:
    """The stored issue as the rules know one, for printing; only what is out unless `drafts`."""
    rows = bulletin.articles.select_related("section").order_by("position", "pk")
    if not drafts:
        rows = rows.public(at)
    parts: dict[str, list[rules.Article]] = {}
    for row in rows:
        parts.setdefault(row.section.title, []).append(_article(row))
    sections = tuple(rules.Section(title, tuple(articles)) for title, articles in parts.items())
    return rules.Issue(sections, number=bulletin.number, date=bulletin.date)


def _article(row: Article) -> rules.Article:
    source = (
        rules.Source(row.source_text, rules.SourceKind(row.source_kind or "other"))
        if row.source_text
        else None
    )
    blocks = tuple(rules.Block(rules.BlockKind(one["kind"]), one["text"]) for one in row.blocks)
    return rules.Article(row.title, source, blocks)
