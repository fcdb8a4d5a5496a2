"""A small newsroom: two editors, everybody else who sees no drafts, sections, a carrier. All invented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.test import Client

from accounts.actors import VISITOR, Actor
from accounts.rules.roles import Role
from core import clock
from news.models import Article, Section
from news.services import articles
from news.services.articles import Draft, version_of
from tests.evaluation.world import carrier, person, regions

AT = datetime(2026, 5, 20, 10, 0, tzinfo=clock.SHANGHAI)


class World:
    def __init__(self) -> None:
        self.regions = regions()
        root = self.regions["990000"]
        self.first = person("编辑甲", Role.EDITOR, region=root, email="first@example.org")
        self.second = person("编辑乙", Role.EDITOR, region=root)
        self.auditor = person("审计", Role.AUDITOR, region=root)
        self.officer = person("省甲", Role.PROVINCE_OFFICER, region=root)
        self.expert = person("专家", Role.EXPERT, region=root)
        self.carrier = carrier("FH-1", self.regions["990101"])
        self.staff = person("填报", Role.CARRIER_STAFF, carrier="FH-1")
        self.notices = Section.objects.create(code="notices", title="通知公告", position=1)
        self.industry = Section.objects.create(code="industry", title="行业动态", position=2)

    def strangers(self) -> Iterable[tuple[str, Actor]]:
        """Everybody who edits nothing."""
        yield "visitor", VISITOR
        for name in ("auditor", "officer", "expert", "staff"):
            yield name, getattr(self, name)

    def draft(self, **more: Any) -> Article:
        fields: dict[str, Any] = {
            "title": "共享实验室开放预约",
            "section": "industry",
            "text": "首批开放三间。",
        }
        return articles.write(actor=self.first, draft=Draft(**{**fields, **more}), at=AT)

    def act(self, article: Article, action: str, actor: Actor | None = None, **more: Any) -> Article:
        article.refresh_from_db()
        more.setdefault("version", version_of(article))
        more.setdefault("at", AT)
        return articles.act(actor=actor or self.first, article_id=article.pk, action=action, **more)

    def published(self, out_at: datetime | None = None, **more: Any) -> Article:
        article = self.act(self.draft(**more), "submit")
        return self.act(article, "publish", self.second, out_at=out_at)

    def embargoed(self) -> list[Article]:
        """One of each kind that nobody but editors and auditors may know of."""
        later = datetime(2026, 6, 1, 9, 0, tzinfo=clock.SHANGHAI)
        more = {"carriers": ("FH-1",), "document_number": "密号〔2026〕7 号"}
        return [
            self.draft(title="机密草稿", **more),
            self.act(self.draft(title="机密送审", **more), "submit"),
            self.published(title="机密定时", out_at=later, **more),
            self.act(self.published(title="机密撤下", **more), "withdraw", comment="内容有误"),
            self.act(
                self.act(self.published(title="机密重编", **more), "withdraw", comment="内容有误"),
                "reopen",
                comment="改正",
            ),
        ]


def signed_in(actor: Actor) -> Client:
    client = Client()
    if actor.user is not None:
        client.force_login(actor.user)
    return client
