"""A bulletin on its way out: masthead, contents and articles as plain data for every printer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TypedDict

from core.text import T
from news.rules.bulletin_issue import Article, Block, BlockKind, Issue, Source


class BlockSheet(TypedDict):
    kind: str
    text: str


class ArticleSheet(TypedDict):
    title: str
    source: str
    blocks: list[BlockSheet]


class SectionSheet(TypedDict):
    title: str
    articles: list[ArticleSheet]


class Sheet(TypedDict):
    """All that a printed bulletin shows, as words; printers add nothing but the layout."""

    name: str
    number: str
    editor: str
    date: str
    contents: str
    sections: list[SectionSheet]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the masthead says beside number and date: the bulletin's name and who edits it."""

    name: str
    editor: str


def day_words(day: date) -> str:
    """`2026年11月20日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def number_words(issue: Issue) -> str:
    """`2026年第11期（总第143期）`, as much of it as is known; empty where there is no number."""
    words = ""
    if issue.number is not None:
        words = (f"{issue.date.year}年" if issue.date else "") + f"第{issue.number}期"
    if issue.total is not None:
        words += f"（总第{issue.total}期）"
    return words


def source_words(source: Source) -> str:
    """The line that ends an article, brackets as they are printed."""
    return source.lead + source.text + source.tail


def sheet(issue: Issue, imprint: Imprint) -> Sheet:
    """The printed form of `issue`."""
    return {
        "name": imprint.name,
        "number": number_words(issue),
        "editor": f"{imprint.editor}　编" if imprint.editor else "",
        "date": day_words(issue.date) if issue.date else "",
        "contents": str(T("本期要目")),
        "sections": [
            {"title": section.title, "articles": [_article(one) for one in section.articles]}
            for section in issue.sections
        ],
    }


def _article(article: Article) -> ArticleSheet:
    return {
        "title": article.title,
        "source": source_words(article.source) if article.source else "",
        "blocks": [{"kind": block.kind.value, "text": block.text} for block in article.blocks],
    }


def bulletin_html(issue: Issue, imprint: Imprint) -> str:
    """The bulletin as a fragment of HTML: every word escaped, no style, no script."""
    printed = sheet(issue, imprint)
    head = [("p", printed["number"]), ("p", printed["editor"]), ("p", printed["date"])]
    parts = ['<article class="bulletin">', f"<header><h1>{escape(printed['name'])}</h1>"]
    parts += [f"<{tag}>{escape(text)}</{tag}>" for tag, text in head if text]
    parts.append("</header>")
    for section in issue.sections:
        parts.append(f"<section><h2>{escape(section.title)}</h2>")
        for article in section.articles:
            parts += [f"<article><h3>{escape(article.title)}</h3>", *map(_block, article.blocks)]
            if article.source:
                words = escape(source_words(article.source))
                parts.append(f'<p class="bulletin-source">{words}</p>')
            parts.append("</article>")
        parts.append("</section>")
    parts.append("</article>")
    return "\n".join(parts)


def _block(block: Block) -> str:
    tag = "h4" if block.kind is BlockKind.SUBHEAD else "p"
    return f"<{tag}>{escape(block.text)}</{tag}>"
