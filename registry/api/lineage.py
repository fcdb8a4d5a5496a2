"""Mergers, splits and successions by API: the plan with `dry_run`, else carried out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.api import common
from accounts.rules.roles import CHECKING
from core import clock
from core.api import is_dry_run
from core.problems import Refused
from office.api.idempotency import OnceMixin
from registry.rules.lineage import LinkKind
from registry.services.lineage import Heir, Passing, carry_out, plan
from registry.services.operators import Succession, plan_succession, succeed_operator

_DRY = [common.query("dry_run", "tells what would happen and keeps nothing", bool)]


class HeirSerializer(serializers.Serializer[Any]):
    """One that goes on: a carrier that is there, by `code`, or a new one, by `name`. In a split the shares
    add up to 1, and `stays` are credit codes and team numbers of those who go to it."""

    code = serializers.CharField(max_length=24, required=False, default="", allow_blank=True)
    name = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    share = serializers.DecimalField(12, 8, required=False, default=Decimal(1), min_value=Decimal(0))
    stays = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)


class PassingSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField([kind.value for kind in LinkKind])
    codes = serializers.ListField(
        child=serializers.CharField(max_length=24), help_text="of the carriers that end on the day"
    )
    heirs = HeirSerializer(many=True)
    happened_on = serializers.DateField()
    basis = serializers.CharField(max_length=120)
    document_number = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class GoingOnSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="empty while a new carrier is only planned")
    name = serializers.CharField()
    share = serializers.DecimalField(12, 8)
    stays = serializers.IntegerField(help_text="how many of those who stay now go to it")


class PassedSerializer(serializers.Serializer[Any]):
    """Who ends and who goes on."""

    ending = serializers.ListField(child=serializers.CharField())
    heirs = GoingOnSerializer(many=True)


class SuccessionSerializer(serializers.Serializer[Any]):
    """The operator `code` ends, `to_code` takes all its carriers over."""

    code = serializers.CharField(max_length=40)
    to_code = serializers.CharField(max_length=40)
    to_name = serializers.CharField(max_length=100)
    happened_on = serializers.DateField()
    basis = serializers.CharField(max_length=180)


class SucceededSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    to_code = serializers.CharField()
    carriers = serializers.ListField(child=serializers.CharField(), help_text="that change their operator")


def _officer(request: Request) -> Actor:
    actor = common.actor_of(request)
    if actor.role not in CHECKING:
        raise Http404
    return actor


class LineageCreate(OnceMixin, APIView):
    """Merges carriers into one, or splits one. 422 with every reason; then nothing has changed."""

    @common.documented(
        tags=["lineage"],
        parameters=_DRY,
        request=PassingSerializer,
        responses=common.answers(PassedSerializer, 422, success=201),
    )
    def post(self, request: Request) -> Response:
        actor = _officer(request)
        sent = PassingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        heirs = [Heir(**one) for one in given.pop("heirs")]
        passing = Passing(**{**given, "kind": LinkKind(given["kind"])}, heirs=heirs)
        at = clock.now()
        found = plan(actor=actor, passing=passing, at=at)
        if found.problems:
            raise Refused(found.problems)
        codes = [there.code if there else "" for _heir, there, _count in found.heirs]
        if not is_dry_run(request):
            links = carry_out(actor=actor, passing=passing, at=at)
            codes = list(dict.fromkeys(link.successor.code for link in links))
        told = [
            {"code": code, "name": there.name if there else heir.name, "share": heir.share, "stays": count}
            for code, (heir, there, count) in zip(codes, found.heirs, strict=True)
        ]
        answer = {"ending": [one.code for one in found.ending], "heirs": told}
        return _answered(request, PassedSerializer(answer).data)


class SuccessionCreate(OnceMixin, APIView):
    """All carriers of an operator go over to another on a day. 422 with every reason."""

    @common.documented(
        tags=["lineage"],
        parameters=_DRY,
        request=SuccessionSerializer,
        responses=common.answers(SucceededSerializer, 422, success=201),
    )
    def post(self, request: Request) -> Response:
        actor = _officer(request)
        sent = SuccessionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked, at = Succession(**sent.validated_data), clock.now()
        found = plan_succession(actor=actor, asked=asked, at=at)
        if found.problems:
            raise Refused(found.problems)
        if not is_dry_run(request):
            succeed_operator(actor=actor, asked=asked, at=at)
        answer = {
            "code": asked.code,
            "to_code": asked.to_code,
            "carriers": [one.code for one in found.carriers],
        }
        return _answered(request, SucceededSerializer(answer).data)


def _answered(request: Request, told: Any) -> Response:
    """201 for what was done, 200 for what would be."""
    return Response(told, status=status.HTTP_200_OK if is_dry_run(request) else status.HTTP_201_CREATED)
