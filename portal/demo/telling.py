"""Figures of three years, articles, and two issues of the bulletin."""

from __future__ import annotations

from datetime import date, timedelta

from figures.services import computing
from news.models import Article, Bulletin, Publication, Section
from news.rules.bulletin_sources import kind_of
from portal.demo.articles import ARTICLES, ISSUES, SECTIONS
from portal.demo.sizes import YEAR
from portal.demo.world import World, moment


def load(world: World) -> None:
    for year in (YEAR - 2, YEAR - 1, YEAR):
        computing.publish_figures(actor=world.actor("province"), year=year, at=moment(year + 1, 7, 1))
    _articles(world)


def _articles(world: World) -> None:
    sections = {}
    for position, (code, title, title_en) in enumerate(SECTIONS):
        sections[code], _made = Section.objects.get_or_create(
            code=code, defaults={"title": title, "title_en": title_en, "position": position}
        )
    made = []
    for at, (code, title, source, paragraphs) in enumerate(ARTICLES):
        # Notices are of these days, the rest of the last months.
        out = world.now - timedelta(days=2 + at if code in ("notices", "policy", "guides") else 20 + 3 * at)
        made.append(
            Article.objects.create(
                section=sections[code],
                title=title,
                blocks=[{"kind": "paragraph", "text": text} for text in paragraphs],
                summary=paragraphs[0][:120],
                source_text=source,
                source_kind=kind_of(source).value if source else "",
                state=Publication.PUBLISHED,
                created_by=world.user("editor"),
                created_at=out - timedelta(days=1),
                updated_at=out,
                published_at=out,
                published_by=world.user("editor2"),
            )
        )
    _issues(world, made)


def _issues(world: World, made: list[Article]) -> None:
    for number, day, held in ISSUES:
        out = moment(*day, 10)
        issue = Bulletin.objects.create(
            title="孵化动态",
            number=number,
            date=date(*day),
            state=Publication.PUBLISHED,
            created_by=world.user("editor"),
            created_at=out,
            published_at=out,
            published_by=world.user("editor2"),
        )
        for position, at in enumerate(held):
            made[at].bulletin, made[at].position = issue, position
            made[at].save(update_fields=["bulletin", "position"])
