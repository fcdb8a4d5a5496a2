"""Regions by API: public."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from accounts.api import common
from accounts.models import Region, RegionLevel
from core.api import Cursor


class RegionSerializer(serializers.ModelSerializer[Region]):
    parent = serializers.CharField(source="parent.code", allow_null=True, default=None, read_only=True)  # type: ignore[assignment]
    replaced_by = serializers.CharField(
        source="replaced_by.code", allow_null=True, default=None, read_only=True
    )

    class Meta:
        model = Region
        fields = (
            "code",
            "name",
            "name_en",
            "level",
            "parent",
            "is_zone",
            "tile_column",
            "tile_row",
            "valid_from",
            "valid_to",
            "replaced_by",
        )
        read_only_fields = fields


class ByCode(Cursor):
    ordering = "code"


@common.documented(
    tags=["regions"],
    parameters=[
        common.query("level", "nation, province, city or county"),
        common.query("within", "code of a region: it and all below it"),
    ],
    responses=common.answers(RegionSerializer(many=True)),
)
class RegionList(common.TaggedMixin, ListAPIView[Region]):
    """The tree of regions, in the order of codes."""

    permission_classes = ()
    serializer_class = RegionSerializer
    pagination_class = ByCode
    queryset = Region.objects.none()

    def get_queryset(self) -> QuerySet[Region]:
        given = common.asked(self.request, "level", "within")
        rows: QuerySet[Region] = Region.objects.visible_to(common.actor_of(self.request))
        if "level" in given:
            if given["level"] not in RegionLevel.values:
                raise serializers.ValidationError({"level": [_("没有这个选项。")]})
            rows = rows.filter(level=given["level"])
        if "within" in given:
            rows = rows.filter(path__contains=f"/{given['within']}/")
        return rows.select_related("parent", "replaced_by")


@common.documented(tags=["regions"], responses=common.answers(RegionSerializer))
class RegionDetail(common.TaggedMixin, RetrieveAPIView[Region]):
    """One region by its code."""

    permission_classes = ()
    serializer_class = RegionSerializer
    lookup_field = "code"
    queryset = Region.objects.select_related("parent", "replaced_by")

    def get_queryset(self) -> Any:
        common.asked(self.request)
        return Region.objects.visible_to(common.actor_of(self.request)).select_related(
            "parent", "replaced_by"
        )
