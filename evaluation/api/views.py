"""Schemes, runs, results and objections by API: the same visibility and the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from core import clock
from core.api import Cursor
from evaluation import queries
from evaluation.api.serializers import (
    FileObjectionSerializer,
    ObjectionDecisionSerializer,
    ObjectionSerializer,
    RunMoveSerializer,
    RunResultSerializer,
    RunSerializer,
    SchemeDetailSerializer,
    SchemeSerializer,
)
from evaluation.models import Objection, Run, RunEntry, Scheme
from evaluation.models.runs import OBJECTION_ROLES
from evaluation.rules.publicity import Period
from evaluation.services import objections, runs
from office.api.idempotency import OnceMixin


def actor_of(request: Request) -> Actor:
    """Who asks: the person of the session or of the token, or a visitor."""
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    return actor


class RunFilter(filters.FilterSet):  # type: ignore[misc]
    year = filters.NumberFilter()
    state = filters.CharFilter()
    scheme = filters.CharFilter(field_name="scheme__code")


class ResultFilter(filters.FilterSet):  # type: ignore[misc]
    run = filters.NumberFilter(field_name="run_id")
    year = filters.NumberFilter(field_name="run__year")
    grade = filters.CharFilter()
    city = filters.CharFilter(field_name="city__code")
    carrier = filters.CharFilter(field_name="carrier__code")


class SchemeList(ListAPIView[Scheme]):
    """Schemes: for officials all, for everybody else those under which results are out."""

    permission_classes = (AllowAny,)
    serializer_class = SchemeSerializer
    pagination_class = Cursor
    queryset = Scheme.objects.none()

    def get_queryset(self) -> QuerySet[Scheme]:
        return Scheme.objects.visible_to(actor_of(self.request)).select_related("region")


class SchemeDetail(RetrieveAPIView[Scheme]):
    """One scheme with its file word for word."""

    permission_classes = (AllowAny,)
    serializer_class = SchemeDetailSerializer
    queryset = Scheme.objects.none()

    def get_queryset(self) -> QuerySet[Scheme]:
        return Scheme.objects.visible_to(actor_of(self.request)).select_related("region")


class RunList(ListAPIView[Run]):
    """Runs that one may know of: for visitors those publicised or published."""

    permission_classes = (AllowAny,)
    serializer_class = RunSerializer
    pagination_class = Cursor
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = RunFilter
    queryset = Run.objects.none()

    def get_queryset(self) -> QuerySet[Run]:
        return queries.runs_of(actor_of(self.request))


class RunDetail(RetrieveAPIView[Run]):
    """One run."""

    permission_classes = (AllowAny,)
    serializer_class = RunSerializer
    queryset = Run.objects.none()

    def get_queryset(self) -> QuerySet[Run]:
        return queries.runs_of(actor_of(self.request))


class RunMoves(OnceMixin, APIView):
    """One move of a run. 422 with every reason when it is refused."""

    @extend_schema(request=RunMoveSerializer, responses=RunSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request, pk: int) -> Response:
        sent = RunMoveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked: dict[str, Any] = dict(sent.validated_data)
        run = runs.act(
            actor=actor_of(request),
            run_id=pk,
            action=asked["action"],
            expected=asked["version"],
            comment=asked["comment"],
            period=Period(asked["period"]),
            facts_as_of=asked["facts_as_of"],
            at=clock.now(),
        )
        return Response(RunSerializer(run).data)


class ResultList(ListAPIView[RunEntry]):
    """Published results, and nothing else, whoever asks."""

    permission_classes = (AllowAny,)
    serializer_class = RunResultSerializer
    pagination_class = Cursor
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = ResultFilter
    queryset = RunEntry.objects.none()

    def get_queryset(self) -> QuerySet[RunEntry]:
        return queries.published_results(actor_of(self.request))


class ObjectionList(OnceMixin, ListAPIView[Objection]):
    """Objections in one's scope; a carrier's staff files one against its own result."""

    serializer_class = ObjectionSerializer
    pagination_class = Cursor
    queryset = Objection.objects.none()

    def get_queryset(self) -> QuerySet[Objection]:
        actor = actor_of(self.request)
        if actor.role not in OBJECTION_ROLES:
            raise Http404
        return Objection.objects.visible_to(actor).select_related("entry__carrier")

    @extend_schema(  # type: ignore[untyped-decorator]
        request=FileObjectionSerializer, responses={201: ObjectionSerializer}
    )
    def post(self, request: Request) -> Response:
        sent = FileObjectionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = objections.file(
            actor=actor_of(request),
            run_id=sent.validated_data["run"],
            text=sent.validated_data["text"],
            at=clock.now(),
        )
        return Response(ObjectionSerializer(made).data, status=status.HTTP_201_CREATED)


class ObjectionDetail(APIView):
    """One objection."""

    @extend_schema(responses=ObjectionSerializer)  # type: ignore[untyped-decorator]
    def get(self, request: Request, pk: int) -> Response:
        rows = Objection.objects.visible_to(actor_of(request)).select_related("entry__carrier")
        return Response(ObjectionSerializer(get_object_or_404(rows, pk=pk)).data)


class ObjectionDecision(OnceMixin, APIView):
    """Sustains or rejects an objection, once, with a reason."""

    @extend_schema(request=ObjectionDecisionSerializer, responses=ObjectionSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request, pk: int) -> Response:
        sent = ObjectionDecisionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found = objections.decide(
            actor=actor_of(request), objection_id=pk, at=clock.now(), **sent.validated_data
        )
        return Response(ObjectionSerializer(found).data)
