"""Articles and bulletins by API: public, what is out; what was taken back is named."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from accounts.api import common
from core import clock
from core.api import Cursor
from news.models import Article, Bulletin


class ArticleSerializer(serializers.ModelSerializer[Article]):
    section = serializers.CharField(source="section.code", read_only=True)
    bulletin = serializers.IntegerField(source="bulletin_id", read_only=True, allow_null=True)
    withdrawn = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = (
            "id",
            "section",
            "bulletin",
            "title",
            "summary",
            "document_number",
            "source_text",
            "source_kind",
            "published_at",
            "updated_at",
            "withdrawn",
        )
        read_only_fields = fields

    def get_withdrawn(self, article: Article) -> bool:
        return article.state == "withdrawn"

    def get_title(self, article: Article) -> str:
        return "" if article.state == "withdrawn" else article.title

    def get_summary(self, article: Article) -> str:
        return "" if article.state == "withdrawn" else article.summary


class ArticleDetailSerializer(ArticleSerializer):
    class Meta:
        model = Article
        fields = (*ArticleSerializer.Meta.fields, "blocks", "html")
        read_only_fields = fields


class ByUpdate(Cursor):
    ordering = ("-updated_at", "-id")  # type: ignore[assignment]


@common.documented(
    tags=["articles"],
    parameters=[
        common.query("section", "code of a section"),
        common.query("updated_since", "an instant; answers then name withdrawn articles too"),
    ],
    responses=common.answers(ArticleSerializer(many=True)),
)
class ArticleList(common.TaggedMixin, ListAPIView[Article]):
    """Published articles, the last changed first."""

    permission_classes = ()
    serializer_class = ArticleSerializer
    pagination_class = ByUpdate
    queryset = Article.objects.none()

    def get_queryset(self) -> QuerySet[Article]:
        given = common.asked(self.request, "section", "updated_since")
        rows: QuerySet[Article] = Article.objects.public(clock.now())
        if "updated_since" in given:
            since = common.instant(given["updated_since"], "updated_since")
            rows = Article.objects.filter(
                Q(state="published", published_at__lte=clock.now()) | Q(state="withdrawn")
            ).filter(updated_at__gte=since)
        if "section" in given:
            rows = rows.filter(section__code=given["section"])
        return rows.select_related("section").defer("blocks", "html")


@common.documented(tags=["articles"], responses=common.answers(ArticleDetailSerializer))
class ArticleDetail(common.TaggedMixin, RetrieveAPIView[Article]):
    """One published article with its text."""

    permission_classes = ()
    serializer_class = ArticleDetailSerializer
    queryset = Article.objects.none()

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.public(clock.now()).select_related("section")


class BulletinSerializer(serializers.ModelSerializer[Bulletin]):
    articles = serializers.SerializerMethodField()

    class Meta:
        model = Bulletin
        fields = ("id", "title", "number", "date", "published_at", "articles")
        read_only_fields = fields

    def get_articles(self, bulletin: Bulletin) -> list[dict[str, Any]]:
        rows = [one for one in bulletin.articles.all() if one.state == "published"]
        return [{"id": one.pk, "title": one.title} for one in rows]


@common.documented(tags=["bulletins"], responses=common.answers(BulletinSerializer(many=True)))
class BulletinList(common.TaggedMixin, ListAPIView[Bulletin]):
    """Published issues, the newest first."""

    permission_classes = ()
    serializer_class = BulletinSerializer
    pagination_class = Cursor
    queryset = Bulletin.objects.none()

    def get_queryset(self) -> QuerySet[Bulletin]:
        common.asked(self.request)
        return Bulletin.objects.public(clock.now()).prefetch_related("articles")
