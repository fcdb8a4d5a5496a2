"""The register by API: carriers are public, operators and tenants belong to one's scope."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.api import common
from core.api import Cursor
from core.http import said
from registry.api import shapes
from registry.models import Carrier, Operator, Stay, Tenant
from registry.queries import directory
from registry.queries.tenants import by_code, named, plain_words
from registry.rules import listing

_NAMES = tuple(name for name in listing.NAMES if name != "order")
_FILTERS = [
    *(common.query(name, ", ".join(words)) for name, words in listing.CHOICES.items()),
    common.query("region", "region code; those below it too"),
    common.query("q", "part of a name now or earlier, initials, code, credit code"),
    common.query(
        "updated_since", "changed at or after this instant, withdrawn ones too", OpenApiTypes.DATETIME
    ),
]


class ByKey(Cursor):
    """In the order of rows; what comes later stands later, so a reader misses nothing."""

    ordering = "pk"


def _listing(given: dict[str, str]) -> listing.Asked:
    asked, problems = listing.read(given)
    if problems:
        raise serializers.ValidationError({p.field: [f"{said(p.message)} {p.allowed}"] for p in problems})
    return asked


def _carriers(actor: Actor, given: dict[str, str]) -> QuerySet[Carrier]:
    rows = directory(actor, _listing(given))
    if "updated_since" not in given:
        return rows
    since = common.instant(given["updated_since"], "updated_since")
    if len(given) > 1:
        words = _("与其他筛选条件不能同时使用。")
        raise serializers.ValidationError({"updated_since": [words]})
    everything = Carrier.objects.select_related("operator", "region")
    return everything.filter(updated_at__gte=since)


@common.documented(
    tags=["carriers"],
    parameters=_FILTERS,
    auth=[{}],
    responses=common.answers(shapes.CarrierSerializer(many=True)),
)
class CarrierList(common.TaggedMixin, ListAPIView[Carrier]):
    """The public directory. With `updated_since` closed ones are told too, by code and state only."""

    permission_classes = ()
    serializer_class = shapes.CarrierSerializer
    pagination_class = ByKey
    queryset = Carrier.objects.none()

    def get_queryset(self) -> QuerySet[Carrier]:
        given = common.asked(self.request, *_NAMES, "updated_since")
        return _carriers(common.actor_of(self.request), given)


class CarrierDetail(common.TaggedMixin, APIView):
    """One carrier by its code."""

    permission_classes = ()

    @common.documented(tags=["carriers"], auth=[{}], responses=common.answers(shapes.CarrierSerializer))
    def get(self, request: Request, code: str) -> Response:
        common.asked(request)
        rows = Carrier.objects.visible_to(common.actor_of(request)).select_related("operator", "region")
        carrier = get_object_or_404(rows, code=code)
        return Response(shapes.CarrierSerializer(carrier, context={"request": request}).data)


@common.documented(
    tags=["operators"],
    parameters=[common.query("q", "part of a name, or a credit code")],
    responses=common.answers(shapes.OperatorSerializer(many=True)),
)
class OperatorList(common.TaggedMixin, ListAPIView[Operator]):
    """The operators of the carriers in one's scope."""

    serializer_class = shapes.OperatorSerializer
    pagination_class = ByKey
    queryset = Operator.objects.none()

    def get_queryset(self) -> QuerySet[Operator]:
        given = common.asked(self.request, "q")
        rows: QuerySet[Operator] = Operator.objects.visible_to(common.actor_of(self.request))
        q = given.get("q", "")
        return rows.filter(name__icontains=q) | rows.filter(credit_code=q.upper()) if q else rows


class OperatorDetail(common.TaggedMixin, APIView):
    """One operator by its credit code."""

    @common.documented(tags=["operators"], responses=common.answers(shapes.OperatorSerializer))
    def get(self, request: Request, credit_code: str) -> Response:
        common.asked(request)
        rows = Operator.objects.visible_to(common.actor_of(request))
        return Response(shapes.OperatorSerializer(get_object_or_404(rows, credit_code=credit_code)).data)


def _tenants(actor: Actor) -> QuerySet[Tenant]:
    seen = Stay.objects.visible_to(actor).select_related("carrier").order_by("entered", "pk")
    rows: Any = Tenant.objects.visible_to(actor)
    found: QuerySet[Tenant] = rows.prefetch_related(Prefetch("stays", queryset=seen, to_attr="seen_stays"))
    return found


@common.documented(
    tags=["tenants"],
    parameters=[
        common.query("q", "part of a name, or the begin of a credit code, full-width and lower case too"),
        common.query("carrier", "code of a carrier in one's scope"),
    ],
    responses=common.answers(shapes.TenantSerializer(many=True)),
)
class TenantList(common.TaggedMixin, ListAPIView[Tenant]):
    """The tenants, present and past, of the carriers in one's scope."""

    serializer_class = shapes.TenantSerializer
    pagination_class = ByKey
    queryset = Tenant.objects.none()

    def get_queryset(self) -> QuerySet[Tenant]:
        given = common.asked(self.request, "q", "carrier")
        actor = common.actor_of(self.request)
        rows = _tenants(actor)
        if "carrier" in given:
            inside = Stay.objects.visible_to(actor).filter(carrier__code=given["carrier"])
            rows = rows.filter(pk__in=inside.values("tenant_id"))
        if words := plain_words(given.get("q", "")):
            code = by_code(words)
            rows = rows.filter(credit_code__startswith=code) if code else named(rows, words)
        return rows


class TenantDetail(common.TaggedMixin, APIView):
    """One tenant by its credit code."""

    @common.documented(tags=["tenants"], responses=common.answers(shapes.TenantSerializer))
    def get(self, request: Request, credit_code: str) -> Response:
        common.asked(request)
        tenant = get_object_or_404(_tenants(common.actor_of(request)), credit_code=credit_code)
        return Response(shapes.TenantSerializer(tenant).data)
