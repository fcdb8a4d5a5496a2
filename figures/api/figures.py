"""Figures by API: public, each with its definition, year, as-of day, base and source."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from accounts.api import common
from core.api import Cursor
from core.http import said
from evaluation.rules.entered import is_plain
from figures.models import Figure
from figures.rules.definitions import BY_CODE


class FigureSerializer(serializers.ModelSerializer[Figure]):
    title = serializers.SerializerMethodField()
    unit = serializers.SerializerMethodField()
    meaning = serializers.SerializerMethodField()
    region = serializers.CharField(source="region.code", read_only=True)

    class Meta:
        model = Figure
        fields = (
            "definition",
            "title",
            "meaning",
            "unit",
            "region",
            "year",
            "part",
            "value",
            "as_of",
            "base",
            "source",
            "published_at",
        )
        read_only_fields = fields

    def get_title(self, figure: Figure) -> str:
        return said(BY_CODE[figure.definition].title)

    def get_unit(self, figure: Figure) -> str:
        return said(BY_CODE[figure.definition].unit)

    def get_meaning(self, figure: Figure) -> str:
        return said(BY_CODE[figure.definition].meaning)


@common.documented(
    tags=["figures"],
    parameters=[
        common.query("definition", "code of a definition"),
        common.query("year", "year that the value describes"),
        common.query("region", "code of a region"),
        common.query("part", "a kind of carrier; empty values are the whole"),
    ],
    responses=common.answers(FigureSerializer(many=True)),
)
class FigureList(common.TaggedMixin, ListAPIView[Figure]):
    """Published figures, the newest first."""

    permission_classes = ()
    serializer_class = FigureSerializer
    pagination_class = Cursor
    queryset = Figure.objects.none()

    def get_queryset(self) -> QuerySet[Figure]:
        given = common.asked(self.request, "definition", "year", "region", "part")
        names: dict[str, Any] = {"region": "region__code"}
        rows = Figure.objects.exclude(published_at=None).visible_to(common.actor_of(self.request))
        rows = rows.select_related("region")
        for name, value in given.items():
            wrong_year = name == "year" and not (value.isascii() and value.isdecimal() and len(value) == 4)
            if wrong_year or not is_plain(value):
                return rows.none()
            rows = rows.filter(Q((names.get(name, name), value)))
        return rows
