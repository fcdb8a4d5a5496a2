"""Figures of three years, articles with their files, and two issues of the bulletin."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from core import clock
from figures.models import Figure
from figures.services import computing
from news.models import Article, Attachment, Bulletin, Publication, Section
from news.queries import PUBLICITY
from news.rules.bulletin_sources import kind_of
from news.services.attachments import TYPE
from office.rules.workdays import Workdays
from office.services import files
from portal.demo.articles import ARTICLES, CONTACT, ISSUER, ISSUES, SECTIONS, Piece
from portal.demo.sizes import YEAR
from portal.demo.world import World, moment

# Before the portal: year, incubators, makerspaces, as a yearbook has them.
YEARBOOK = ((2015, 596, 612), (2016, 640, 683), (2017, 712, 731), (2018, 781, 793))


def load(world: World) -> None:
    _yearbook(world)
    for year in (YEAR - 2, YEAR - 1, YEAR):
        computing.publish_figures(actor=world.actor("province"), year=year, at=moment(year + 1, 7, 1))
    load_articles(world)


def _yearbook(world: World) -> None:
    """Carriers at the ends of the years of which the portal holds no returns."""
    told = moment(YEAR - 1, 7, 1)
    Figure.objects.bulk_create(
        Figure(
            definition="carriers",
            region=world.root,
            year=year,
            part=part,
            value=value,
            as_of=date(year, 12, 31),
            base="全省列统的科技企业孵化器和众创空间",
            source=f"统计年鉴，{year} 年末",
            computed_at=told,
            published_at=told,
        )
        for year, incubators, makerspaces in YEARBOOK
        for part, value in (
            ("", incubators + makerspaces),
            ("incubator", incubators),
            ("makerspace", makerspaces),
        )
    )


def load_articles(world: World) -> None:
    """Sections, what was told in them with its files, and the issues."""
    sections = {}
    for position, (code, title, title_en) in enumerate(SECTIONS):
        sections[code], _made = Section.objects.get_or_create(
            code=code, defaults={"title": title, "title_en": title_en, "position": position}
        )
    issues = {number: _issue(world, number, day) for number, day in ISSUES}
    made: dict[str, Article] = {}
    # Guides first: notices lead to them.
    for piece in sorted(ARTICLES, key=lambda one: one.section != "guides"):
        article = _article(world, piece, sections[piece.section])
        article.guide = made.get(piece.guide)
        article.bulletin = issues.get(piece.issue or 0)
        article.position = len(made)
        article.save()
        made[piece.title] = article
        for name, words in piece.files:
            _attach(world, article, name, words)


def _day(world: World, days: int | None) -> date | None:
    return None if days is None else clock.day_of(world.now + timedelta(days=days))


def _due(world: World, piece: Piece) -> datetime | None:
    """At five in the afternoon of that day; a publicity counts working days and ends at midnight."""
    if piece.due is None:
        return None
    today = clock.day_of(world.now)
    if piece.section == PUBLICITY:
        day = Workdays().add_working_days(today, max(piece.due, 0)) + timedelta(days=1 + min(piece.due, 0))
        return moment(day.year, day.month, day.day, 0)
    day = today + timedelta(days=piece.due)
    return moment(day.year, day.month, day.day, 17)


def _article(world: World, piece: Piece, section: Section) -> Article:
    out = world.now - timedelta(days=piece.out)
    is_document = bool(piece.number)
    return Article(
        section=section,
        title=piece.title,
        blocks=[{"kind": "paragraph", "text": text} for text in piece.words],
        summary=piece.words[0][:120],
        source_text=piece.source,
        source_kind=kind_of(piece.source).value if piece.source else "",
        document_number=piece.number.format(year=out.year),
        issuer=ISSUER if is_document else "",
        effective_on=_day(world, piece.effective),
        repealed_on=_day(world, piece.repealed),
        audience=piece.audience,
        materials="\n".join(piece.materials),
        contact=CONTACT if section.code == "guides" else "",
        valid_until=_due(world, piece),
        state=Publication.PUBLISHED,
        created_by=world.user("editor"),
        created_at=out - timedelta(days=1),
        updated_at=out,
        published_at=out,
        published_by=world.user("editor2"),
    )


def _attach(world: World, article: Article, name: str, words: str) -> None:
    content = f"\ufeff{words}".encode()
    file = files.receive(
        content=content, name=name, content_type=TYPE, actor=world.actor("editor"), at=world.now
    )
    Attachment.objects.create(article=article, file=file, title=name.rsplit(".", 1)[0])


def _issue(world: World, number: int, day: tuple[int, int, int]) -> Bulletin:
    out = moment(*day, 10)
    return Bulletin.objects.create(
        title="孵化动态",
        number=number,
        date=date(*day),
        state=Publication.PUBLISHED,
        created_by=world.user("editor"),
        created_at=out,
        published_at=out,
        published_by=world.user("editor2"),
    )
