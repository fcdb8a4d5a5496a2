"""Files of an article: taken while it is a draft, as public as the article itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath

from django.db import transaction

from accounts.actors import Actor
from core.problems import Problem, Refused
from core.text import T
from evaluation.rules.entered import unseen
from news.models import Attachment
from news.permissions import refuse_strangers
from news.services.articles import refuse_unless_draft, taken
from office.services import audit, files

MOST_BYTES = 20 * files.MEGABYTE
MOST_FILES = 20
# Read by whatever program the reader has; served for saving only, so the type says nothing more.
ENDINGS = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".txt", ".csv", ".zip", ".png", ".jpg")
TYPE = "application/octet-stream"


def attach(
    *, actor: Actor, article_id: int, content: bytes, name: str, title: str, at: datetime
) -> Attachment:
    """Adds a file to a draft; its title is the file's name where none is given."""
    refuse_strangers(actor)
    shown = title.strip() or PurePath(name).stem
    problems = [*unseen(shown, "title"), *unseen(name, "file")]
    if not content or len(content) > MOST_BYTES:
        message = T("文件不能为空，也不能超过 {n} MB。", n=MOST_BYTES // files.MEGABYTE)
        problems.append(Problem("attachment.size", message, field="file"))
    if PurePath(name).suffix.lower() not in ENDINGS:
        allowed = "、".join(ENDINGS)
        problems.append(Problem("attachment.kind", T("不收这种文件。"), field="file", allowed=allowed))
    if not 1 <= len(shown) <= 120:
        problems.append(Problem("attachment.title", T("附件名称须为 1 至 120 个字。"), field="title"))
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        article = taken(actor, article_id)
        refuse_unless_draft(article)
        if article.attachments.count() >= MOST_FILES:
            raise Refused(Problem("attachment.number", T("一篇文章最多 {n} 个附件。", n=MOST_FILES)))
        file = files.receive(content=content, name=name, content_type=TYPE, actor=actor, at=at)
        made = Attachment.objects.create(article=article, file=file, title=shown)
        detail = {"title": shown, "sha256": file.sha256}
        audit.record(actor=actor, action="article.attach", on=article, at=at, detail=detail)
    return made


def detach(*, actor: Actor, article_id: int, attachment_id: int, at: datetime) -> None:
    """Takes a file from a draft. `DoesNotExist` where it has none such."""
    refuse_strangers(actor)
    with transaction.atomic():
        article = taken(actor, article_id)
        refuse_unless_draft(article)
        held = article.attachments.get(pk=attachment_id)
        audit.record(actor=actor, action="article.detach", on=article, at=at, detail={"title": held.title})
        held.delete()
