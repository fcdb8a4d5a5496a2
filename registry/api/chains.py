"""The chains of zones by API: public, as the page is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from core import clock
from registry.api.carriers import ON, check
from registry.queries.chains import chains_of
from registry.rules import chains, listing


class ZoneSerializer(serializers.Serializer[Any]):
    """A zone: how many running carriers of each kind it has, and which links of the chain it lacks."""

    region = serializers.CharField(source="place.code")
    name = serializers.CharField(source="place.name")
    city = serializers.CharField(source="place.city", help_text="code of the city")
    is_zone = serializers.BooleanField(source="place.is_zone", help_text="a development zone")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="by kind")
    lacking = serializers.ListField(child=serializers.CharField(), help_text="in the order of the chain")


class ChainList(common.TaggedMixin, APIView):
    """Every zone with its links, today or as of a day; `only=lacking` those that lack one."""

    permission_classes = ()

    @common.documented(
        tags=["carriers"],
        parameters=[
            common.query("region", "code of a city"),
            common.query("only", ", ".join(chains.ONLY)),
            common.query("order", ", ".join(chains.ORDERS)),
            ON,
        ],
        auth=[{}],
        responses=common.answers(ZoneSerializer(many=True)),
    )
    def get(self, request: Request) -> Response:
        given: dict[str, Any] = common.asked(request, "region", "only", "order", "on")
        today = clock.day_of(clock.now())
        asked, problems = chains.read(given)
        day, of_day = listing.asked_day(given.get("on", ""), today)
        check([*problems, *of_day])
        found = chains_of(replace(asked, on=day.isoformat() if day else ""), today)
        return Response(ZoneSerializer(list(found.rows), many=True).data)
