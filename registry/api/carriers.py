"""The register by API: carriers are public, operators and tenants belong to one's scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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
from core import clock
from core.api import Cursor
from core.http import said
from core.problems import Problem
from registry.api import shapes
from registry.models import Carrier, Operator, Stay, Tenant
from registry.models.levels import level_terms
from registry.queries import directory, versions_of
from registry.queries.asof import name_those_before, on_day
from registry.queries.levels import designation_words, level_words
from registry.queries.tenants import by_code, named, plain_words
from registry.rules import listing

_NAMES = tuple(name for name in listing.NAMES if name != "order")
ON = common.query(
    "on", "a past day, 2023-12-31: the facts that held then; today without it", OpenApiTypes.DATE
)
_FILTERS = [
    *(common.query(name, ", ".join(words)) for name, words in listing.WORDS.items() if name != "designation"),
    common.query("designation", "code of a designation; GET /designations/ has them with their words"),
    common.query("home", "region code: enclaves that it keeps, or one below it"),
    common.query("level", "code of a level; GET /levels/ has them with their words"),
    ON,
    common.query("region", "region code; those below it too"),
    common.query("q", "part of a name now or earlier or of the address, initials, code, credit code"),
    common.query(
        "updated_since", "changed at or after this instant, withdrawn ones too", OpenApiTypes.DATETIME
    ),
]


class ByKey(Cursor):
    """In the order of rows; what comes later stands later, so a reader misses nothing."""

    ordering = "pk"


def _listing(given: dict[str, str]) -> listing.Asked:
    today = clock.day_of(clock.now())
    asked, problems = listing.read(given, level_words(today), today, designation_words(today))
    check(problems)
    return asked


def check(problems: Sequence[Problem]) -> None:
    if problems:
        told = {p.field: [f"{said(p.message)} {said(p.allowed)}".strip()] for p in problems}
        raise serializers.ValidationError(told)


def _carriers(actor: Actor, given: dict[str, str]) -> QuerySet[Carrier]:
    rows = directory(actor, _listing(given))
    if "updated_since" not in given:
        return rows
    since = common.instant(given["updated_since"], "updated_since")
    if len(given) > 1:
        words = _("与其他筛选条件不能同时使用。")
        raise serializers.ValidationError({"updated_since": [words]})
    everything = Carrier.objects.select_related("operator", "region", "home_region")
    return everything.filter(updated_at__gte=since)


@common.documented(
    tags=["carriers"],
    parameters=_FILTERS,
    auth=[{}],
    responses=common.answers(shapes.CarrierSerializer(many=True)),
)
class CarrierList(common.TaggedMixin, ListAPIView[Carrier]):
    """The public directory, as of today or of a day. With `updated_since` closed ones are told too, by code
    and state only."""

    permission_classes = ()
    serializer_class = shapes.CarrierSerializer
    pagination_class = ByKey
    queryset = Carrier.objects.none()

    def get_queryset(self) -> QuerySet[Carrier]:
        given = common.asked(self.request, *_NAMES, "updated_since")
        return _carriers(common.actor_of(self.request), given)

    def paginate_queryset(self, queryset: Any) -> Any:
        found = super().paginate_queryset(queryset)
        if found and found[0].as_of:
            name_those_before(found, found[0].as_of)
        return found


def _one(request: Request, code: str) -> Carrier:
    rows = Carrier.objects.visible_to(common.actor_of(request))
    return get_object_or_404(rows.select_related("operator", "region", "home_region"), code=code)


class CarrierDetail(common.TaggedMixin, APIView):
    """One carrier by its code, as of today or of a day. 404 before its first recorded fact."""

    permission_classes = ()

    @common.documented(
        tags=["carriers"], parameters=[ON], auth=[{}], responses=common.answers(shapes.CarrierSerializer)
    )
    def get(self, request: Request, code: str) -> Response:
        given = common.asked(request, "on")
        day, problems = listing.asked_day(given.get("on", ""), clock.day_of(clock.now()))
        check(problems)
        carrier = _one(request, code)
        if day:
            rows = on_day(Carrier.objects.visible_to(common.actor_of(request)), day)
            carrier = get_object_or_404(rows, pk=carrier.pk)
            name_those_before([carrier], day)
        return Response(shapes.CarrierSerializer(carrier, context={"request": request}).data)


class CarrierVersions(common.TaggedMixin, APIView):
    """The dated facts of a carrier with their documents, the newest first: those that hold, and for those who
    work with it also those that were replaced."""

    permission_classes = ()

    @common.documented(
        tags=["carriers"], auth=[{}], responses=common.answers(shapes.CarrierVersionSerializer(many=True))
    )
    def get(self, request: Request, code: str) -> Response:
        common.asked(request)
        carrier = _one(request, code)
        rows = versions_of(carrier)
        held = {row.valid_from: row.pk for row in reversed(rows)}
        inside = carrier.is_managed_by(common.actor_of(request))
        told = [row for row in rows if inside or held[row.valid_from] == row.pk]
        context = {"request": request, "inside": inside, "held": set(held.values())}
        return Response(shapes.CarrierVersionSerializer(told, many=True, context=context).data)


class LevelList(common.TaggedMixin, APIView):
    """The vocabulary of levels: each word with its days, the lowest first."""

    permission_classes = ()

    @common.documented(
        tags=["carriers"], auth=[{}], responses=common.answers(shapes.LevelTermSerializer(many=True))
    )
    def get(self, request: Request) -> Response:
        common.asked(request)
        terms = sorted(level_terms(), key=lambda term: (term.rank, term.valid_from or date.min))
        return Response(shapes.LevelTermSerializer(terms, many=True).data)


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
