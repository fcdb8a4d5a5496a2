"""Applications to register a carrier by API: the same visibility and the same verbs as the pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.api import common
from core import clock, identifiers
from core.api import Cursor
from core.http import said, shown_all
from core.problems import Problem, Refused
from core.text import T
from office.api.idempotency import OnceMixin
from registry.api.application_files import DocumentSerializer
from registry.models import Application, ApplicationRemark
from registry.permissions import may_act_on
from registry.rules.registering import BY_CODE
from registry.rules.registering_moves import APPLICANT, Action, State
from registry.services import applications, doubts, registering

_FILTERS = [
    common.query("state", ", ".join(state.value for state in State)),
    common.query("region", "region code; those below it too"),
    common.query("q", "part of a name, a number, or a credit code"),
]
_Verb = Callable[..., Application]
_APPLICANTS: dict[str, _Verb] = {
    Action.SUBMIT.value: applications.submit,
    Action.RESUBMIT.value: applications.submit,
    Action.WITHDRAW.value: applications.withdraw,
}
_OFFICERS: dict[str, _Verb] = {
    Action.PASS.value: registering.pass_on,
    Action.REGISTER.value: registering.register,
    Action.REFUSE.value: registering.refuse,
}


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """One application in a list. `round` counts submissions; a move names the one that was looked at."""

    region = serializers.CharField(source="region.code", default="", read_only=True)
    office = serializers.CharField(source="office.code", default="", read_only=True)
    carrier = serializers.CharField(source="carrier.code", default="", read_only=True)

    class Meta:
        model = Application
        fields = (
            "id",
            "number",
            "name",
            "credit_code",
            "state",
            "round",
            "region",
            "office",
            "carrier",
            "submitted_at",
            "saved_at",
            "ended_at",
        )
        read_only_fields = fields


class RemarkSerializer(serializers.ModelSerializer[ApplicationRemark]):
    class Meta:
        model = ApplicationRemark
        fields = ("item", "text", "value", "round", "made_at", "settled_at")
        read_only_fields = fields


class DoubtSerializer(serializers.Serializer[Any]):
    """A body that this may be a second time; told to offices alone."""

    against = serializers.CharField()
    because = serializers.ListField(child=serializers.CharField())
    name = serializers.CharField()
    credit_code = serializers.CharField()
    operator = serializers.CharField()
    address = serializers.CharField()
    region = serializers.CharField()
    number = serializers.CharField()
    cleared = serializers.CharField(help_text="the reason for which it is another body; empty while open")


class ApplicationDetailSerializer(ApplicationSerializer):
    """With its facts as exact strings (to the applicant those being written, to offices those handed in),
    remarks, and what may be done now."""

    facts = serializers.DictField(child=serializers.CharField())
    remarks = RemarkSerializer(many=True)
    problems = common.ReasonSerializer(many=True)
    doubts = DoubtSerializer(many=True)
    actions = serializers.ListField(child=serializers.CharField())
    files = DocumentSerializer(many=True)

    class Meta:
        model = Application
        fields = (
            *ApplicationSerializer.Meta.fields,
            "facts",
            "remarks",
            "problems",
            "doubts",
            "actions",
            "files",
        )
        read_only_fields = fields


class FactsSerializer(serializers.Serializer[Any]):
    """Items by their codes, as exact text."""

    facts = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=2000), required=False, default=dict
    )


class MoveSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField([action.value for action in Action])
    round = serializers.IntegerField(min_value=0, help_text="the submission that was looked at")
    comment = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    remarks = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        default=dict,
        help_text="of a return: the reason at each item",
    )


class ClearanceSerializer(serializers.Serializer[Any]):
    against = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=500)
    round = serializers.IntegerField(min_value=0)


class Newest(Cursor):
    ordering = "-saved_at"


class ApplicationList(OnceMixin, common.TaggedMixin, ListAPIView[Application]):
    """GET: one's own applications, and to officers those handed in for their region, the newest change first.
    POST begins one."""

    serializer_class = ApplicationSerializer
    pagination_class = Newest
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        given = common.asked(self.request, "state", "region", "q")
        rows = _seen(common.actor_of(self.request))
        if state := given.get("state"):
            rows = rows.filter(state=state)
        if region := given.get("region"):
            rows = rows.filter(region__path__contains=f"/{region}/")
        if q := given.get("q"):
            code = identifiers.credit_code(q)
            rows = rows.filter(Q(name__icontains=q) | Q(number__iexact=q) | Q(credit_code=code))
        return rows

    @common.documented(
        tags=["applications"],
        parameters=_FILTERS,
        responses=common.answers(ApplicationSerializer(many=True)),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @common.documented(
        tags=["applications"],
        request=FactsSerializer,
        responses=common.answers(ApplicationDetailSerializer, 422, success=201),
    )
    def post(self, request: Request) -> Response:
        facts = _facts(request)
        made = applications.begin(actor=common.actor_of(request), facts=facts, at=clock.now())
        return _told(request, made.pk, status.HTTP_201_CREATED)


class ApplicationDetail(OnceMixin, common.TaggedMixin, APIView):
    """One application. PATCH saves facts as they are typed, whatever they are; those not given stay, and what
    is wrong stands in `problems`."""

    @common.documented(tags=["applications"], responses=common.answers(ApplicationDetailSerializer))
    def get(self, request: Request, application_id: uuid.UUID) -> Response:
        common.asked(request)
        return _told(request, application_id)

    @common.documented(
        tags=["applications"],
        request=FactsSerializer,
        responses=common.answers(ApplicationDetailSerializer, 422),
    )
    def patch(self, request: Request, application_id: uuid.UUID) -> Response:
        given = _facts(request)
        applications.fill(
            actor=common.actor_of(request), application_id=application_id, given=given, at=clock.now()
        )
        return _told(request, application_id)


class ApplicationMoves(OnceMixin, APIView):
    """One move, by the applicant or by the office where it lies. 422 with every reason when refused."""

    @common.documented(
        tags=["applications"],
        request=MoveSerializer,
        responses=common.answers(ApplicationDetailSerializer, 422),
    )
    def post(self, request: Request, application_id: uuid.UUID) -> Response:
        sent = MoveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        _act(common.actor_of(request), application_id, dict(sent.validated_data))
        return _told(request, application_id)


class ApplicationClearances(OnceMixin, APIView):
    """Says of a body that looks like this one that it is another, and why."""

    @common.documented(
        tags=["applications"],
        request=ClearanceSerializer,
        responses=common.answers(ApplicationDetailSerializer, 422),
    )
    def post(self, request: Request, application_id: uuid.UUID) -> Response:
        sent = ClearanceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        registering.clear(
            actor=common.actor_of(request),
            application_id=application_id,
            expected=given.pop("round"),
            at=clock.now(),
            **given,
        )
        return _told(request, application_id)


def _seen(actor: Actor) -> QuerySet[Application]:
    return Application.objects.visible_to(actor).select_related("region", "office", "carrier")


def _act(actor: Actor, application_id: uuid.UUID, asked: dict[str, Any]) -> None:
    action, at = asked["action"], clock.now()
    if action in _APPLICANTS:
        found = get_object_or_404(_seen(actor), pk=application_id)
        if found.round != asked["round"]:
            raise Refused(Problem("move.stale", T("申请已有变动，请刷新后再看。"), field="round"))
        _APPLICANTS[action](actor=actor, application_id=application_id, at=at)
        return
    about: dict[str, Any] = {
        "actor": actor,
        "application_id": application_id,
        "expected": asked["round"],
        "comment": asked["comment"],
        "at": at,
    }
    if action == Action.SEND_BACK:
        registering.send_back(remarks=asked["remarks"], **about)
    else:
        _OFFICERS[action](**about)


def _facts(request: Request) -> dict[str, str]:
    """Those that were sent; an item that there is not is told."""
    sent = FactsSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    facts: dict[str, str] = sent.validated_data["facts"]
    if strange := sorted(facts.keys() - BY_CODE.keys()):
        raise serializers.ValidationError({name: [_("没有这个参数。")] for name in strange})
    return facts


def _told(request: Request, application_id: uuid.UUID, success: int = status.HTTP_200_OK) -> Response:
    """The application as this reader sees it."""
    actor = common.actor_of(request)
    found = get_object_or_404(_seen(actor), pk=application_id)
    mine = found.applicant_id == actor.user_id
    role = APPLICANT if mine else actor.role
    moves = registering.table_of(found).open_to(found.state, role)
    return Response(
        {
            **ApplicationSerializer(found).data,
            "facts": found.facts if mine else found.submitted,
            "remarks": RemarkSerializer(found.remarks.all(), many=True).data,
            "problems": shown_all(applications.problems_of(found, clock.now())) if mine else [],
            "doubts": [] if mine else [_doubt(one) for one in doubts.doubts_of(found)],
            "actions": [move.action for move in moves if mine or may_act_on(actor, found)],
            "files": DocumentSerializer(found.files.filter(detached_at=None), many=True).data,
        },
        status=success,
    )


def _doubt(one: doubts.Doubt) -> dict[str, Any]:
    return {
        "against": one.against,
        "because": [said(why) for why in one.because],
        "name": one.other.name,
        "credit_code": one.other.credit_code,
        "operator": one.other.operator,
        "address": one.other.address,
        "region": one.other.region,
        "number": one.other.number,
        "cleared": one.clearance.reason if one.clearance else "",
    }
