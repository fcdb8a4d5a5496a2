"""RSS of what is out."""

from __future__ import annotations

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.http import page
from news import queries
from news.models import Article, Section

MOST = 30


class Latest(Feed):  # type: ignore[type-arg]
    """The newest articles of all sections, or of one."""

    title = _("最新资讯")
    description = _("平台发布的通知、政策与资讯")

    def get_object(self, request: HttpRequest, code: str = "") -> Section | None:
        return get_object_or_404(queries.open_sections(clock.now()), code=code) if code else None

    def link(self, section: Section | None) -> str:
        return reverse("news:section", args=[section.code]) if section else reverse("news:index")

    def items(self, section: Section | None) -> list[Article]:
        return list(queries.published_articles(at=clock.now(), section=section)[:MOST])

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return item.summary

    def item_link(self, item: Article) -> str:
        return reverse("news:article", args=[item.pk])

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at


feed = page("GET", private=False)(Latest())
