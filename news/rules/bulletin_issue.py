"""A bulletin as the reader gives it back: an issue of sections of articles, with what is unsure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict

from core.text import Text


class SourceKind(StrEnum):
    """Where an article was taken from: an account, a site, a paper or agency, own compilation."""

    WECHAT = "wechat"
    WEBSITE = "website"
    PRESS = "press"
    EDITED = "edited"
    OTHER = "other"


class BlockKind(StrEnum):
    """A piece of an article's body."""

    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"


@dataclass(frozen=True, slots=True)
class Source:
    """`text` is what stands after 来源：; `lead` and `tail` are the brackets as they were printed."""

    text: str
    kind: SourceKind
    lead: str = "（来源："
    tail: str = "）"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a subhead, rejoined over its lines."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `blocks` keep paragraphs and subheads in the order of the page.

    `confidence` lies between 0 and 1; every decision that could be wrong is a sentence in `doubts`.
    `source` is None where the bulletin names none.
    """

    title: str
    source: Source | None
    blocks: tuple[Block, ...]
    confidence: Decimal = Decimal(1)
    doubts: tuple[Text, ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        return [block.text for block in self.blocks if block.kind is BlockKind.PARAGRAPH]

    @property
    def subheads(self) -> list[str]:
        return [block.text for block in self.blocks if block.kind is BlockKind.SUBHEAD]


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of an issue; the title is empty where the bulletin prints none."""

    title: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One bulletin. `number` is the 第…期 of the masthead, `total` its 总第…期.

    `masthead`, `contents` and `colophon` are the lines before and behind the articles as printed;
    with the articles they hold every character of the file. `doubts` are those about the whole.
    """

    sections: tuple[Section, ...]
    number: int | None = None
    total: int | None = None
    date: date | None = None
    masthead: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    colophon: tuple[str, ...] = ()
    doubts: tuple[Text, ...] = ()

    @property
    def articles(self) -> list[Article]:
        return [article for section in self.sections for article in section.articles]


class SourceData(TypedDict):
    text: str
    kind: str


class ArticleData(TypedDict):
    title: str
    source: SourceData | None
    paragraphs: list[str]
    subheads: list[str]
    confidence: float
    doubts: list[str]


class SectionData(TypedDict):
    title: str
    articles: list[ArticleData]


class IssueData(TypedDict):
    number: int | None
    date: str | None
    sections: list[SectionData]


def article_data(article: Article, extra: tuple[Text, ...] = ()) -> ArticleData:
    """The article in the exchange form; `extra` doubts stand before its own."""
    source = article.source
    return {
        "title": article.title,
        "source": {"text": source.text, "kind": source.kind.value} if source else None,
        "paragraphs": article.paragraphs,
        "subheads": article.subheads,
        # JSON knows no decimals: the only place where the figure leaves Decimal
        "confidence": float(article.confidence),
        "doubts": [str(doubt) for doubt in (*extra, *article.doubts)],
    }


def issue_data(issue: Issue) -> IssueData:
    """The issue in the exchange form of bulletins.

    The form has no place for doubts about the whole issue; they go to its first article, so that
    none is lost.
    """
    sections: list[SectionData] = []
    pending = issue.doubts
    for section in issue.sections:
        articles: list[ArticleData] = []
        for article in section.articles:
            articles.append(article_data(article, pending))
            pending = ()
        sections.append({"title": section.title, "articles": articles})
    return {
        "number": issue.number,
        "date": issue.date.isoformat() if issue.date else None,
        "sections": sections,
    }
