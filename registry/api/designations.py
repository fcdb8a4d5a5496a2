"""Designations by API: their words, what is recorded of a carrier, the enclaves by pairs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from accounts.models import Region
from core import clock
from office.api.idempotency import OnceMixin
from registry.api import shapes
from registry.api.carriers import ON, check
from registry.models import Carrier
from registry.models.levels import designation_terms
from registry.queries.enclaves import enclaves
from registry.rules import enclaves as rules
from registry.rules import listing
from registry.rules.designations import LONGEST_PLACE
from registry.services.designations import record_designation


class DesignationList(common.TaggedMixin, APIView):
    """The vocabulary of designations: each word with its days."""

    permission_classes = ()

    @common.documented(
        tags=["carriers"], auth=[{}], responses=common.answers(shapes.LevelTermSerializer(many=True))
    )
    def get(self, request: Request) -> Response:
        common.asked(request)
        terms = sorted(designation_terms(), key=lambda term: (term.rank, term.valid_from or date.min))
        return Response(shapes.LevelTermSerializer(terms, many=True).data)


class DesignatingSerializer(serializers.Serializer[Any]):
    """Empty `designation` takes one away; `home_region` (code) and `host_place` are of an enclave."""

    designation = serializers.CharField(max_length=24, allow_blank=True)
    decided_on = serializers.DateField()
    basis = serializers.CharField(max_length=200)
    document_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    batch = serializers.CharField(max_length=60, required=False, allow_blank=True)
    home_region = serializers.SlugRelatedField(
        slug_field="code", queryset=Region.objects.all(), required=False, allow_null=True
    )
    host_place = serializers.CharField(max_length=LONGEST_PLACE, required=False, allow_blank=True)


class CarrierDesignation(OnceMixin, APIView):
    """Records what was decided, from its day on. 422 with every reason when it is refused."""

    @common.documented(
        tags=["carriers"],
        request=DesignatingSerializer,
        responses=common.answers(shapes.CarrierSerializer, 422),
    )
    def post(self, request: Request, code: str) -> Response:
        common.asked(request)
        actor = common.actor_of(request)
        get_object_or_404(Carrier.objects.managed_by(actor), code=code)
        sent = DesignatingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = record_designation(actor=actor, code=code, at=clock.now(), **sent.validated_data)
        return Response(shapes.CarrierSerializer(made, context={"request": request}).data)


class EndSerializer(serializers.Serializer[rules.End]):
    code = serializers.CharField(help_text="of a city; empty beyond the tree of regions")
    name = serializers.CharField()


class EnclaveSerializer(serializers.Serializer[rules.Enclave]):
    """An enclave with the cities at both its ends, and the regions or the place in full."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    home = EndSerializer()
    host = EndSerializer()
    home_name = serializers.CharField()
    host_name = serializers.CharField()


class EnclaveList(common.TaggedMixin, APIView):
    """The enclaves that run, today or as of a day."""

    permission_classes = ()

    @common.documented(
        tags=["carriers"],
        parameters=[
            common.query("home", "code of the city that keeps it"),
            common.query("host", "code of the city where it lies, or `beyond`"),
            ON,
        ],
        auth=[{}],
        responses=common.answers(EnclaveSerializer(many=True)),
    )
    def get(self, request: Request) -> Response:
        given = common.asked(request, "home", "host", "on")
        day, problems = listing.asked_day(given.get("on", ""), clock.day_of(clock.now()))
        check(problems)
        found = rules.asked_for(enclaves(day), home=given.get("home", ""), host=given.get("host", ""))
        told: Any = EnclaveSerializer(found, many=True)  # type: ignore[arg-type]
        return Response(told.data)
