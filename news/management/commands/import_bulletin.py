"""`manage.py import_bulletin FILE [--dry-run] [--json OUT.json]`: a past bulletin into drafts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.actors import PORTAL
from core import clock
from core.problems import Refused
from core.text import Text
from news.rules.bulletin import read
from news.rules.bulletin_issue import Article, Issue, issue_data
from news.services.bulletin_files import LARGEST_FILE, bulletin_text
from news.services.bulletins import import_issue


class Command(BaseCommand):
    help = "Reads a past bulletin (.txt, .docx, .pdf with text) into sections and articles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and report only")
        parser.add_argument("--json", type=Path, metavar="OUT.json", help="write the issue as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        content = _content(options["file"])
        issue = _read(options["file"].name, content)
        if options["json"]:
            written = json.dumps(issue_data(issue), ensure_ascii=False, indent=2) + "\n"
            try:
                options["json"].write_text(written, encoding="utf-8")
            except OSError as error:
                raise CommandError(_("写不了文件 {path}。").format(path=options["json"])) from error
        for line in report(issue):
            self.stdout.write(line)
        if not options["dry_run"]:
            self._store(issue, content, options["file"].name)

    def _store(self, issue: Issue, content: bytes, name: str) -> None:
        """Drafts for a person to check; the same file again finds them and changes nothing."""
        try:
            kept, made = import_issue(actor=PORTAL, issue=issue, content=content, name=name, at=clock.now())
        except Refused as refused:
            raise CommandError("\n".join(_said(p.message) for p in refused.problems)) from refused
        words = _("已存为草稿") if made else _("这个文件读过，没有改动")
        self.stdout.write(f"{words}: /news/bulletins/{kept.pk}/")


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CommandError(_("文件超过 20 MB，请压缩图片或拆分后再试。"))
        return path.read_bytes()
    except OSError as error:
        raise CommandError(_("读不了文件 {path}。").format(path=path)) from error


def _read(name: str, content: bytes) -> Issue:
    try:
        found = bulletin_text(name=name, content=content)
    except Refused as refused:
        raise CommandError("\n".join(_said(p.message) for p in refused.problems)) from refused
    return read(found.text, wrapped=found.wrapped)


def _said(sentence: Text | str) -> str:
    return sentence.said(_) if isinstance(sentence, Text) else sentence


def report(issue: Issue) -> Iterator[str]:
    """The issue as lines for a person: what was read, how sure it is, what to look at."""
    yield _("期号：{number}  日期：{date}  栏目：{sections}  文章：{articles}").format(
        number=issue.number if issue.number is not None else _("未读到"),
        date=issue.date or _("未读到"),
        sections=len(issue.sections),
        articles=len(issue.articles),
    )
    for doubt in issue.doubts:
        yield "  ! " + _said(doubt)
    for section in issue.sections:
        yield f"【{section.title or _('无栏目名称')}】"
        for article in section.articles:
            yield from _article_lines(article)


def _article_lines(article: Article) -> Iterator[str]:
    source = article.source
    yield f"  {article.confidence:.2f}  {article.title or _('无标题')}"
    yield "        " + _("段落 {paragraphs}，小标题 {subheads}，来源：{source}").format(
        paragraphs=len(article.paragraphs),
        subheads=len(article.subheads),
        source=f"{source.text}（{source.kind.value}）" if source else _("未读到"),
    )
    for doubt in article.doubts:
        yield "      ! " + _said(doubt)
