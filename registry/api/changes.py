"""Requests to change facts by API: the same visibility and the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from core import clock
from core.api import Cursor, is_dry_run
from core.problems import Refused
from office.api.idempotency import OnceMixin
from office.services.evidence import Upload
from registry.api import change_shapes as shapes
from registry.models import Carrier, ChangeRequest
from registry.permissions import may_ask_change, may_see_changes
from registry.rules.asked_facts import EVIDENCE
from registry.rules.changing import State
from registry.services import changing
from registry.services.proposals import Asked, propose

_PARSERS = (JSONParser, MultiPartParser, FormParser)
_WRITES = (403, 422)


def _taken(shape: type[serializers.BaseSerializer[Any]]) -> dict[str, Any]:
    """The body as JSON, or as a form that carries documents."""
    return {"application/json": shape, "multipart/form-data": shape}


def _asked(given: dict[str, Any]) -> Asked:
    files = [(str(kind), given[str(kind)]) for kind in EVIDENCE if given.get(str(kind))]
    return Asked(
        wanted=given["facts"],
        happened_on=given["happened_on"],
        reason=given["reason"],
        basis=given["basis"],
        document_number=given["document_number"],
        files=[(kind, Upload(file.name or "", file.read())) for kind, file in files],
    )


def _visible(request: Request) -> QuerySet[ChangeRequest]:
    actor = common.actor_of(request)
    if not may_see_changes(actor):
        raise Http404
    return ChangeRequest.objects.visible_to(actor).select_related("carrier")


def _told(request: Request, change_id: int, success: int = status.HTTP_200_OK) -> Response:
    rows = _visible(request).prefetch_related("files__file", "moves")
    found = get_object_or_404(rows, pk=change_id)
    return Response(shapes.ChangeDetailSerializer(found).data, status=success)


class ChangeList(OnceMixin, common.TaggedMixin, ListAPIView[ChangeRequest]):
    """GET: the requests in one's scope, the newest first. POST asks; with `dry_run` it is only checked."""

    serializer_class = shapes.ChangeSerializer
    pagination_class = Cursor
    parser_classes = _PARSERS
    queryset = ChangeRequest.objects.none()

    def get_queryset(self) -> QuerySet[ChangeRequest]:
        given = common.asked(self.request, "state", "region", "late", "carrier")
        rows = _visible(self.request)
        if state := given.get("state"):
            if state not in set(State):
                raise serializers.ValidationError({"state": [_("没有这个选项。")]})
            rows = rows.filter(state=state)
        if late := given.get("late"):
            if late not in ("true", "false"):
                raise serializers.ValidationError({"late": [_("没有这个选项。")]})
            rows = rows.filter(is_late=late == "true")
        if region := given.get("region"):
            rows = rows.filter(carrier__region__path__contains=f"/{region}/")
        if carrier := given.get("carrier"):
            rows = rows.filter(carrier__code=carrier)
        return rows

    @common.documented(
        tags=["changes"],
        parameters=[
            common.query("state", ", ".join(State)),
            common.query("region", "region code; those below it too"),
            common.query("late", "true or false"),
            common.query("carrier", "code of a carrier"),
        ],
        responses=common.answers(shapes.ChangeSerializer(many=True)),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @common.documented(
        tags=["changes"],
        request={
            "application/json": shapes.NewChangeSerializer,
            "multipart/form-data": shapes.NewChangeSerializer,
        },
        parameters=[common.query("dry_run", "checks and keeps nothing", bool)],
        responses=common.answers(shapes.ChangeDetailSerializer, *_WRITES, success=201),
    )
    def post(self, request: Request) -> Response:
        sent = shapes.NewChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given, actor, at = dict(sent.validated_data), common.actor_of(request), clock.now()
        asked = _asked(given)
        if is_dry_run(request):
            rows = Carrier.objects.managed_by(actor).select_related("region", "operator")
            return _checked(request, get_object_or_404(rows, code=given["carrier"]), asked)
        made = changing.ask(actor=actor, code=given["carrier"], asked=asked, at=at)
        return _told(request, made.pk, status.HTTP_201_CREATED)


def _checked(request: Request, carrier: Carrier, asked: Asked) -> Response:
    """What would be asked; nothing is kept."""
    actor = common.actor_of(request)
    if not may_ask_change(actor, carrier):
        raise Http404
    proposal = propose(actor=actor, carrier=carrier, asked=asked, at=clock.now())
    if problems := [*proposal.problems, *proposal.missing]:
        raise Refused(problems)
    first, last = proposal.route
    return Response(
        {"facts": proposal.facts, "first_stop": first, "last_stop": last, "is_late": proposal.is_late}
    )


class ChangeDetail(common.TaggedMixin, APIView):
    """One request."""

    @common.documented(tags=["changes"], responses=common.answers(shapes.ChangeDetailSerializer))
    def get(self, request: Request, change_id: int) -> Response:
        common.asked(request)
        return _told(request, change_id)


class ChangeAgain(OnceMixin, APIView):
    """What came back, asked again; documents stay with it, further ones may come."""

    parser_classes = _PARSERS

    @common.documented(
        tags=["changes"],
        request=_taken(shapes.AgainSerializer),
        responses=common.answers(shapes.ChangeDetailSerializer, *_WRITES),
    )
    def post(self, request: Request, change_id: int) -> Response:
        sent = shapes.AgainSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        changing.resubmit(
            actor=common.actor_of(request),
            request_id=change_id,
            expected=given["version"],
            asked=_asked(given),
            at=clock.now(),
        )
        return _told(request, change_id)


class ChangeMoves(OnceMixin, APIView):
    """One move. 422 with every reason when it is refused."""

    @common.documented(
        tags=["changes"],
        request=shapes.ChangeMoveAskedSerializer,
        responses=common.answers(shapes.ChangeDetailSerializer, *_WRITES),
    )
    def post(self, request: Request, change_id: int) -> Response:
        sent = shapes.ChangeMoveAskedSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        changing.act(
            actor=common.actor_of(request),
            request_id=change_id,
            expected=given.pop("version"),
            at=clock.now(),
            **given,
        )
        return _told(request, change_id)
