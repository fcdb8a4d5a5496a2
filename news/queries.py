"""What was told: one rule of publication for pages, feeds, search, counts and the API."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.ui import Status
from news.models import Article, ArticleMove, Bulletin, Publication, Section
from news.rules import bulletin_issue as rules
from news.rules import particulars
from news.rules.cleaning import paragraphs
from news.rules.particulars import Call
from office.rules.workdays import Workdays

NOTICES = "notices"  # the section of what is announced and called for
PUBLICITY = "publicity"  # of lists that are open to objections, and of what came of them
POLICY, GUIDES = "policy", "guides"
SCHEDULED = "scheduled"  # published, but for a later instant


def published_articles(
    *, at: datetime, section: Section | str | None = None, limit: int | None = None
) -> QuerySet[Article]:
    """Articles that are out at this instant, the newest first, without their bodies; of a section, by
    itself or its code."""
    rows = Article.objects.public(at).select_related("section").defer("blocks", "html", "doubts")
    if isinstance(section, str):
        rows = rows.filter(section__code=section)
    elif section is not None:
        rows = rows.filter(section=section)
    rows = rows.order_by("-published_at", "-pk")
    return rows if limit is None else rows[:limit]


def is_out(thing: Article | Bulletin, at: datetime) -> bool:
    """What the one rule of publication says of a row that is read already."""
    return thing.state == "published" and thing.published_at is not None and thing.published_at <= at


def notices(at: datetime, limit: int | None = None) -> QuerySet[Article]:
    """What is announced and still holds, the newest first."""
    rows = published_articles(at=at, section=NOTICES).exclude(valid_until__lte=at)
    return rows if limit is None else rows[:limit]


def worded(rows: QuerySet[Article], words: str) -> QuerySet[Article]:
    """Those whose title or document number holds the words."""
    if not words:
        return rows
    return rows.filter(Q(title__icontains=words) | Q(document_number__icontains=words))


def years_of(rows: QuerySet[Article]) -> list[int]:
    """The years in which they came out, the newest first. One query."""
    found = rows.order_by().datetimes("published_at", "year", "DESC", tzinfo=clock.SHANGHAI)
    return [one.year for one in found]


def calls_first(rows: QuerySet[Article], at: datetime) -> QuerySet[Article]:
    """What can be applied for now before the rest, each the newest first."""
    is_open = Case(When(valid_until__gt=at, then=0), default=1, output_field=IntegerField())
    return rows.order_by(is_open, "-published_at", "-pk")


def open_calls(at: datetime, limit: int) -> list[Article]:
    """What can be applied for now, the nearest deadline first, with its guide if that is out. One query."""
    rows = published_articles(at=at, section=NOTICES).filter(valid_until__gt=at)
    return list(rows.select_related("guide").order_by("valid_until", "pk")[:limit])


def found_bulletins(at: datetime, words: str) -> QuerySet[Bulletin]:
    """Issues that are out, by a part of their title or of that of an article in them, or by their number;
    the newest first."""
    rows = Bulletin.objects.public(at)
    if words:
        inside = worded(Article.objects.public(at), words).exclude(bulletin=None).values("bulletin")
        named = Q(title__icontains=words) | Q(pk__in=inside)
        if words.isascii() and words.isdecimal() and len(words) <= 4:
            named |= Q(number=int(words))
        rows = rows.filter(named)
    return rows.order_by("-date", "-pk")


def call_of(article: Article, at: datetime, calendar: Workdays | None = None) -> Call | None:
    """Until when it is open; a list in publicity counts working days by the calendar, the published one
    where none is given. Nothing without an end."""
    if article.valid_until is None:
        return None
    days = (calendar or Workdays()) if article.section.code == PUBLICITY else None
    return particulars.call_of(article.valid_until, at, days)


def standing_of(article: Article, at: datetime) -> Status | None:
    """Whether a document holds; what is no document has no such state."""
    if article.section.code != POLICY and not article.effective_on and not article.repealed_on:
        return None
    return particulars.standing(article.effective_on, article.repealed_on, clock.day_of(at))


def contents_of(issues: Sequence[Bulletin], at: datetime) -> dict[int, list[Article]]:
    """By issue: the articles in it that are out, in their order. One query."""
    rows = Article.objects.public(at).filter(bulletin__in=[one.pk for one in issues])
    held: dict[int, list[Article]] = defaultdict(list)
    for row in rows.defer("blocks", "html", "doubts").order_by("position", "pk"):
        held[row.bulletin_id or 0].append(row)
    return held


def beside(bulletin: Bulletin, at: datetime) -> tuple[Bulletin | None, Bulletin | None]:
    """The issues that came out before and after one, if any. Two queries."""
    if bulletin.date is None:
        return None, None
    rows = Bulletin.objects.public(at).exclude(pk=bulletin.pk)
    before = rows.filter(date__lte=bulletin.date).order_by("-date", "-pk").first()
    after = rows.filter(date__gt=bulletin.date).order_by("date", "pk").first()
    return before, after


def open_sections(at: datetime) -> QuerySet[Section]:
    """Sections with something to read, and the standing ones: one that an issue not yet out brought along
    is not among them."""
    held = Article.objects.public(at).filter(section=OuterRef("pk"))
    return Section.objects.filter(Q(on_home=True) | Exists(held))


def withdrawn_since(since: datetime) -> QuerySet[Article]:
    """What was out and is no more, changed from `since` on: those who copied it drop it."""
    taken_back = ArticleMove.objects.filter(article=OuterRef("pk"), action="withdraw")
    rows = Article.objects.filter(updated_at__gte=since).exclude(state=Publication.PUBLISHED)
    # Taken back before it was out: nobody had it.
    never_out = Q(state=Publication.WITHDRAWN, published_at__gt=F("updated_at"))
    return rows.filter(Exists(taken_back)).exclude(never_out).order_by("updated_at", "pk")


def _oversees(actor: Actor) -> bool:
    return actor.role in (Role.EDITOR, Role.AUDITOR)


def readable(actor: Actor, at: datetime) -> QuerySet[Article]:
    """What this person may read in full: editors and auditors drafts too."""
    return Article.objects.visible_to(actor) if _oversees(actor) else Article.objects.public(at)


def readable_bulletins(actor: Actor, at: datetime) -> QuerySet[Bulletin]:
    return Bulletin.objects.visible_to(actor) if _oversees(actor) else Bulletin.objects.public(at)


def desk_articles(actor: Actor, *, at: datetime, words: str = "", state: str = "") -> QuerySet[Article]:
    """Every article in any state, the last changed first; `state` is one of `Publication` or `scheduled`."""
    rows = Article.objects.visible_to(actor).select_related("section").defer("blocks", "html", "doubts")
    if state == SCHEDULED:
        rows = rows.filter(state=Publication.PUBLISHED, published_at__gt=at)
    elif state == Publication.PUBLISHED:
        rows = rows.public(at)
    elif state:
        rows = rows.filter(state=state)
    return worded(rows, words).order_by("-updated_at", "-pk")


def submitter(of: str) -> Coalesce:
    """Who submitted each `article` or `bulletin` last, for `annotate`; its writer where nobody did."""
    rows = ArticleMove.objects.filter(Q((of, OuterRef("pk"))), action="submit").order_by("-pk")
    last = Subquery(rows.values("by_id")[:1])
    return Coalesce(last, F("created_by_id"), Value(0), output_field=BigIntegerField())


def last_action() -> Subquery:
    """The last move of each article, for `annotate`."""
    rows = ArticleMove.objects.filter(article=OuterRef("pk")).order_by("-pk")
    return Subquery(rows.values("action")[:1])


def doubts_of(issues: Sequence[Bulletin]) -> tuple[Counter[int], Counter[int]]:
    """Issue → its articles, and → its open doubts: those of articles that were changed since they were read
    in are settled. One query."""
    held: Counter[int] = Counter()
    doubts = Counter({one.pk: len(one.doubts) for one in issues})
    rows = Article.objects.filter(bulletin__in=issues).values_list(
        "bulletin_id", "doubts", "created_at", "updated_at"
    )
    for key, found, made_at, changed_at in rows:
        held[key] += 1
        doubts[key] += len(found) if changed_at == made_at else 0
    return held, doubts


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
    blocks = [rules.Block(rules.BlockKind(one["kind"]), one["text"]) for one in row.blocks]
    blocks += [rules.Block(rules.BlockKind.PARAGRAPH, words) for words in paragraphs(row.html)]
    return rules.Article(row.title, source, tuple(blocks))
