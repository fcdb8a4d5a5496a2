"""Policies, allocations and awards by API: the same visibility and the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from core import clock
from core.api import Cursor
from funding import queries
from funding.api.serializers import (
    AllocationMoveSerializer,
    AllocationSerializer,
    AwardSerializer,
    PolicyDetailSerializer,
    PolicySerializer,
    PrepareSerializer,
)
from funding.models import Allocation, Award, Policy
from funding.services import allocations
from office.api.idempotency import OnceMixin


def actor_of(request: Request) -> Actor:
    """Who asks: the person of the session or of the token, or a visitor."""
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    return actor


class AllocationFilter(filters.FilterSet):  # type: ignore[misc]
    state = filters.CharFilter()
    run = filters.NumberFilter(field_name="run_id")
    year = filters.NumberFilter(field_name="run__year")
    policy = filters.CharFilter(field_name="policy__code")


class AwardFilter(filters.FilterSet):  # type: ignore[misc]
    allocation = filters.NumberFilter(field_name="allocation_id")
    policy = filters.CharFilter(field_name="programme")
    year = filters.NumberFilter()
    carrier = filters.CharFilter(field_name="carrier__code")
    city = filters.CharFilter(field_name="city__code")
    award = filters.CharFilter(field_name="code")


class PolicyList(ListAPIView[Policy]):
    """Policies: for officials all, for everybody else those under which money was decided."""

    permission_classes = (AllowAny,)
    serializer_class = PolicySerializer
    pagination_class = Cursor
    queryset = Policy.objects.none()

    def get_queryset(self) -> QuerySet[Policy]:
        return queries.policies_of(actor_of(self.request))


class PolicyDetail(RetrieveAPIView[Policy]):
    """One policy with its file word for word."""

    permission_classes = (AllowAny,)
    serializer_class = PolicyDetailSerializer
    queryset = Policy.objects.none()

    def get_queryset(self) -> QuerySet[Policy]:
        return queries.policies_of(actor_of(self.request))


class AllocationList(OnceMixin, ListAPIView[Allocation]):
    """Allocations that one may know of: for visitors those decided. Who pays works one out."""

    serializer_class = AllocationSerializer
    pagination_class = Cursor
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = AllocationFilter
    queryset = Allocation.objects.none()

    def get_permissions(self) -> list[Any]:
        """To look is for everybody, to work out for those who signed in."""
        return [AllowAny() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAuthenticated()]

    def get_queryset(self) -> QuerySet[Allocation]:
        return queries.allocations_of(actor_of(self.request))

    @extend_schema(  # type: ignore[untyped-decorator]
        request=PrepareSerializer, responses={201: AllocationSerializer}
    )
    def post(self, request: Request) -> Response:
        sent = PrepareSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = allocations.prepare(
            actor=actor_of(request),
            policy_id=sent.validated_data["policy"],
            run_id=sent.validated_data["run"],
            at=clock.now(),
        )
        return Response(AllocationSerializer(made).data, status=status.HTTP_201_CREATED)


class AllocationDetail(RetrieveAPIView[Allocation]):
    """One allocation with its sums."""

    permission_classes = (AllowAny,)
    serializer_class = AllocationSerializer
    queryset = Allocation.objects.none()

    def get_queryset(self) -> QuerySet[Allocation]:
        return queries.allocations_of(actor_of(self.request))


class AllocationMoves(OnceMixin, APIView):
    """Confirms or drops an allocation. 422 with every reason when it is refused."""

    @extend_schema(request=AllocationMoveSerializer, responses=AllocationSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request, pk: int) -> Response:
        sent = AllocationMoveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked: dict[str, Any] = dict(sent.validated_data)
        found = allocations.act(
            actor=actor_of(request),
            allocation_id=pk,
            action=asked["action"],
            expected=asked["version"],
            comment=asked["comment"],
            at=clock.now(),
        )
        return Response(AllocationSerializer(found).data)


class AwardList(ListAPIView[Award]):
    """Decided awards, and nothing else, whoever asks."""

    permission_classes = (AllowAny,)
    serializer_class = AwardSerializer
    pagination_class = Cursor
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = AwardFilter
    queryset = Award.objects.none()

    def get_queryset(self) -> QuerySet[Award]:
        return queries.decided_awards(actor_of(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "actor": actor_of(self.request)}
