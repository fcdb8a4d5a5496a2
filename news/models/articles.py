"""Articles in sections, alone or in an issue of the bulletin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import Role
from core import clock
from office.models import StoredFile
from registry.models import Carrier


class Publication(models.TextChoices):
    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("待审")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤下")


def _edits(actor: Any) -> bool:
    return actor.role in (Role.EDITOR, Role.AUDITOR)


class SectionQuerySet(models.QuerySet["Section"]):
    def visible_to(self, actor: Any) -> SectionQuerySet:
        """Sections are public."""
        return self.all()


class Section(models.Model):
    """A section of the news: notices, publicity, policy, guides, and those of the bulletin."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    title = models.CharField(_("栏目"), max_length=40, unique=True)
    title_en = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=50)
    on_home = models.BooleanField(_("首页显示"), default=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("栏目")

    def __str__(self) -> str:
        return self.title


def _published_has_stamps(name: str) -> models.CheckConstraint:
    """Published or withdrawn exactly when it was published by somebody."""
    out = Q(state__in=[Publication.PUBLISHED, Publication.WITHDRAWN])
    return models.CheckConstraint(
        name=name,
        condition=(out & Q(published_at__isnull=False, published_by__isnull=False))
        | (~out & Q(published_at=None, published_by=None)),
    )


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def public(self, at: Any) -> BulletinQuerySet:
        """Those that are out."""
        return self.filter(state=Publication.PUBLISHED, published_at__lte=at)

    def visible_to(self, actor: Any) -> BulletinQuerySet:
        return self.all() if _edits(actor) else self.public(clock.now())


class Bulletin(models.Model):
    """An issue: articles in sections. `source_digest` finds a file that was read before."""

    title = models.CharField(_("刊名"), max_length=60)
    number = models.PositiveSmallIntegerField(_("期号"), null=True, blank=True)
    date = models.DateField(_("日期"), null=True, blank=True)
    source = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    source_digest = models.CharField(max_length=71, blank=True)
    doubts = models.JSONField(default=list, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=Publication, default=Publication.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, db_index=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ("-date", "-pk")
        verbose_name = _("简报")
        constraints = [
            models.UniqueConstraint(
                fields=["source_digest"], condition=~Q(source_digest=""), name="bulletin_source_once"
            ),
            models.UniqueConstraint(
                fields=["title", "number", "date"],
                condition=Q(number__isnull=False, date__isnull=False),
                name="bulletin_number_once",
            ),
            _published_has_stamps("bulletin_published_has_stamps"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.date or ''} {self.number or ''}".strip()


class ArticleQuerySet(models.QuerySet["Article"]):
    def public(self, at: Any) -> ArticleQuerySet:
        """Those that are out: the one rule of publication, for pages, feeds, search, counts and the API."""
        return self.filter(state=Publication.PUBLISHED, published_at__lte=at)

    def visible_to(self, actor: Any) -> ArticleQuerySet:
        """To editors and auditors all; to everybody else what is out, the portal's own acts included."""
        return self.all() if _edits(actor) else self.public(clock.now())


class Article(models.Model):
    """`blocks` is the text as read or written: `[{"kind": "paragraph" | "subhead", "text": …}]`.

    `html` is a text written in the editor, cleaned on save and on show; an article has one of both.
    Documents have a number, an issuer and days of effect; guides say for whom, with which `materials` (one a
    line) and whom to ask; `guide` is where a notice's procedure is explained.
    """

    section = models.ForeignKey(Section, models.PROTECT, related_name="articles")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, null=True, blank=True, related_name="articles")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("标题"), max_length=200)
    blocks = models.JSONField(default=list, blank=True)
    html = models.TextField(blank=True)
    summary = models.CharField(_("摘要"), max_length=200, blank=True)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=120, blank=True)
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    repealed_on = models.DateField(_("废止日期"), null=True, blank=True)
    audience = models.CharField(_("办理对象"), max_length=200, blank=True)
    materials = models.TextField(_("所需材料"), blank=True)
    contact = models.CharField(_("咨询方式"), max_length=200, blank=True)
    guide = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    source_text = models.CharField(_("来源"), max_length=120, blank=True)
    source_kind = models.CharField(max_length=10, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    carriers = models.ManyToManyField(Carrier, blank=True, related_name="articles")
    doubts = models.JSONField(default=list, blank=True)
    confidence = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    valid_until = models.DateTimeField(_("截止"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=Publication, default=Publication.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = (F("published_at").desc(nulls_first=True), "-pk")
        verbose_name = _("文章")
        indexes = [models.Index(fields=["section", "state", "-published_at"], name="article_section_list")]
        constraints = [
            _published_has_stamps("article_published_has_stamps"),
            models.CheckConstraint(
                name="article_confidence_is_a_share",
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1),
            ),
            models.CheckConstraint(
                name="article_repealed_after_effect",
                condition=Q(effective_on=None) | Q(repealed_on=None) | Q(repealed_on__gt=F("effective_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ArticleMoveQuerySet(models.QuerySet["ArticleMove"]):
    def visible_to(self, actor: Any) -> ArticleMoveQuerySet:
        return self.all() if _edits(actor) else self.none()


class ArticleMove(models.Model):
    """Who moved an article or a bulletin, when, with which word."""

    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="moves")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, null=True, blank=True, related_name="moves")
    action = models.CharField(max_length=20)
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    comment = models.TextField(blank=True)

    objects = ArticleMoveQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("发布记录")
        constraints = [
            models.CheckConstraint(
                name="article_move_of_one_thing",
                condition=Q(article__isnull=False, bulletin=None) | Q(article=None, bulletin__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Any) -> AttachmentQuerySet:
        """An attachment is as public as its article."""
        return self.filter(article__in=Article.objects.visible_to(actor))


class Attachment(models.Model):
    """A file of an article; it has no address before the article is out."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    title = models.CharField(_("名称"), max_length=120)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("附件")

    def __str__(self) -> str:
        return self.title
