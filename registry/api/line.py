"""The line of a carrier by API: from whom it came, into whom it went."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from registry.models import Carrier, CarrierLink
from registry.queries.lineage import line_of


class LinkSerializer(serializers.ModelSerializer[CarrierLink]):
    """`share` is the part of the predecessor's past that the successor carries."""

    predecessor = serializers.CharField(source="predecessor.code", read_only=True)
    successor = serializers.CharField(source="successor.code", read_only=True)
    kind = serializers.CharField(read_only=True)

    class Meta:
        model = CarrierLink
        fields = ("predecessor", "successor", "kind", "happened_on", "share", "basis", "document_number")
        read_only_fields = fields


class LineSerializer(serializers.Serializer[dict[str, Any]]):
    """Codes, the nearest first; the links of all who belong to the line, the oldest first."""

    carrier = serializers.CharField()
    ancestors = serializers.ListField(child=serializers.CharField())
    descendants = serializers.ListField(child=serializers.CharField())
    links = LinkSerializer(many=True)


class CarrierLine(common.TaggedMixin, APIView):
    """The line of one carrier."""

    permission_classes = ()

    @common.documented(tags=["carriers"], auth=[{}], responses=common.answers(LineSerializer))
    def get(self, request: Request, code: str) -> Response:
        common.asked(request)
        found = get_object_or_404(Carrier.objects.visible_to(common.actor_of(request)), code=code)
        line = line_of(found)
        told = {
            "carrier": found.code,
            "ancestors": [one.code for one in line.ancestors],
            "descendants": [one.code for one in line.descendants],
            "links": line.links,
        }
        return Response(LineSerializer(told).data)
