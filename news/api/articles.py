"""Articles and bulletins by API: public, what is out; what was taken back is named."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from core import clock
from core.api import Cursor
from evaluation.rules.entered import is_plain
from news import queries
from news.models import Article, Bulletin
from news.rules.bulletin_issue import issue_data
from news.rules.cleaning import cleaned


class ArticleSerializer(serializers.ModelSerializer[Article]):
    """What is said of an article in a list."""

    section = serializers.CharField(source="section.code", read_only=True)
    bulletin = serializers.SerializerMethodField()
    carriers = serializers.SerializerMethodField()

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
            "carriers",
            "valid_until",
            "published_at",
            "updated_at",
        )
        read_only_fields = fields

    def get_carriers(self, article: Article) -> list[str]:
        """Codes of the carriers that it is about."""
        return [one.code for one in article.carriers.all()]

    def get_bulletin(self, article: Article) -> int | None:
        """The issue it stands in, when that is out."""
        issue = article.bulletin
        return issue.pk if issue and queries.is_out(issue, clock.now()) else None


class WithdrawnSerializer(serializers.ModelSerializer[Article]):
    """An article that was out and is no more: its number and nothing of it."""

    withdrawn_at = serializers.DateTimeField(source="updated_at", read_only=True)

    class Meta:
        model = Article
        fields = ("id", "withdrawn_at")
        read_only_fields = fields


class ArticleDetailSerializer(ArticleSerializer):
    """With its text; rich text is cleaned again on its way out."""

    html = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = (*ArticleSerializer.Meta.fields, "blocks", "html")
        read_only_fields = fields

    def get_html(self, article: Article) -> str:
        return cleaned(article.html)


class ByUpdate(Cursor):
    ordering = ("-updated_at", "-id")  # type: ignore[assignment]


@common.documented(
    tags=["articles"],
    parameters=[
        common.query("section", "code of a section"),
        common.query("updated_since", "an instant with its zone: what came out or changed from then on"),
    ],
    responses=common.answers(ArticleSerializer(many=True)),
)
class ArticleList(common.TaggedMixin, ListAPIView[Article]):
    """Published articles, the last changed first. What was taken back is listed under `withdrawn/`."""

    permission_classes = ()
    serializer_class = ArticleSerializer
    pagination_class = ByUpdate
    queryset = Article.objects.none()

    def get_queryset(self) -> QuerySet[Article]:
        given = common.asked(self.request, "section", "updated_since")
        rows: QuerySet[Article] = Article.objects.public(clock.now())
        if "updated_since" in given:
            rows = rows.filter(updated_at__gte=common.instant(given["updated_since"], "updated_since"))
        if "section" in given:
            rows = rows.filter(section__code=plain(given["section"], "section"))
        rows = rows.select_related("section", "bulletin").prefetch_related("carriers")
        return rows.defer("blocks", "html", "doubts")


def plain(text: str, name: str) -> str:
    """A word that can be looked up; anything else is 400."""
    if not is_plain(text):
        raise serializers.ValidationError({name: [_("内容含有看不见的控制字符，请重新录入。")]})
    return text


@common.documented(
    tags=["articles"],
    parameters=[common.query("updated_since", "an instant with its zone; required")],
    responses=common.answers(WithdrawnSerializer(many=True)),
)
class WithdrawnList(common.TaggedMixin, ListAPIView[Article]):
    """Numbers of articles that were taken back since an instant: whoever copied them drops them."""

    permission_classes = ()
    serializer_class = WithdrawnSerializer
    pagination_class = ByUpdate
    queryset = Article.objects.none()

    def get_queryset(self) -> QuerySet[Article]:
        given = common.asked(self.request, "updated_since")
        return queries.withdrawn_since(common.instant(given.get("updated_since", ""), "updated_since"))


@common.documented(tags=["articles"], responses=common.answers(ArticleDetailSerializer))
class ArticleDetail(common.TaggedMixin, RetrieveAPIView[Article]):
    """One published article with its text."""

    permission_classes = ()
    serializer_class = ArticleDetailSerializer
    queryset = Article.objects.none()

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.public(clock.now()).select_related("section", "bulletin")


class BulletinSerializer(serializers.ModelSerializer[Bulletin]):
    articles = serializers.SerializerMethodField()

    class Meta:
        model = Bulletin
        fields = ("id", "title", "number", "date", "published_at", "articles")
        read_only_fields = fields

    def get_articles(self, bulletin: Bulletin) -> list[dict[str, Any]]:
        return [{"id": one.pk, "title": one.title} for one in bulletin.articles.all()]


@common.documented(tags=["bulletins"], responses=common.answers(BulletinSerializer(many=True)))
class BulletinList(common.TaggedMixin, ListAPIView[Bulletin]):
    """Published issues, the newest first."""

    permission_classes = ()
    serializer_class = BulletinSerializer
    pagination_class = Cursor
    queryset = Bulletin.objects.none()

    def get_queryset(self) -> QuerySet[Bulletin]:
        common.asked(self.request)
        at = clock.now()
        held = Article.objects.public(at).defer("blocks", "html", "doubts").order_by("position", "pk")
        return Bulletin.objects.public(at).prefetch_related(Prefetch("articles", queryset=held))


class IssueSourceSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField()
    kind = serializers.CharField()


class IssueArticleSerializer(serializers.Serializer[dict[str, Any]]):
    title = serializers.CharField()
    source = IssueSourceSerializer(allow_null=True)  # type: ignore[assignment]
    paragraphs = serializers.ListField(child=serializers.CharField())
    subheads = serializers.ListField(child=serializers.CharField())
    confidence = serializers.FloatField()
    doubts = serializers.ListField(child=serializers.CharField())


class IssueSectionSerializer(serializers.Serializer[dict[str, Any]]):
    title = serializers.CharField()
    articles = IssueArticleSerializer(many=True)


class IssueSerializer(serializers.Serializer[dict[str, Any]]):
    """The exchange form of a bulletin."""

    number = serializers.IntegerField(allow_null=True)
    date = serializers.DateField(allow_null=True)
    sections = IssueSectionSerializer(many=True)


@common.documented(tags=["bulletins"], responses=common.answers(IssueSerializer()))
class BulletinDetail(common.TaggedMixin, APIView):
    """A published issue whole, in the exchange form."""

    permission_classes = ()

    def get(self, request: Request, pk: int) -> Response:
        common.asked(request)
        at = clock.now()
        found = get_object_or_404(Bulletin.objects.public(at), pk=pk)
        return Response(issue_data(queries.issue_of(found, at=at, drafts=False)))
