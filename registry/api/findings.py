"""Findings about tenants' stays by API: the same visibility, the same verbs and refusals as the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from core import clock
from core.api import Cursor
from core.http import said
from office.api.idempotency import OnceMixin
from registry.models import FindingStatement, TenancyFinding
from registry.permissions import may_see_findings
from registry.queries import findings as queries
from registry.rules import finding_list
from registry.rules.finding_list import FINDING_CHOICES
from registry.rules.finding_moves import FINDING
from registry.rules.tenancy import RULES, Irregular, sentence
from registry.services import findings

_FILTERS = [
    *(common.query(name, ", ".join(words)) for name, words in FINDING_CHOICES.items()),
    common.query("region", "region code in one's scope; those below it too"),
    common.query("q", "part of a tenant's name, or a credit code"),
]
_ACTIONS = [move.action for move in FINDING.moves if move.action != "say"]


class SideSerializer(serializers.Serializer[queries.SeenSide]):
    """A side as the reader may see it; of another's no more than the finding needs."""

    own = serializers.BooleanField(source="is_own")
    carrier = serializers.CharField(source="carrier.code", default=None, allow_null=True)
    name = serializers.CharField(source="carrier.name", default=None, allow_null=True)
    entered = serializers.DateField(allow_null=True)
    ended = serializers.DateField(allow_null=True)
    stay = serializers.IntegerField(source="stay.pk", default=None, allow_null=True)


class StatementSerializer(serializers.ModelSerializer[FindingStatement]):
    carrier = serializers.CharField(source="carrier.code", default=None, allow_null=True)

    class Meta:
        model = FindingStatement
        fields = ("action", "carrier", "role", "at", "text")
        read_only_fields = fields


class FindingSerializer(serializers.ModelSerializer[TenancyFinding]):
    """One finding; kinds and states are those of the filters, `gone` once its facts no longer hold."""

    tenant = serializers.CharField(source="tenant.credit_code", read_only=True)
    name = serializers.CharField(source="tenant.name", read_only=True)
    kind = serializers.CharField(read_only=True)
    state = serializers.CharField(source="standing", read_only=True)
    decision = serializers.CharField(read_only=True)
    message = serializers.SerializerMethodField()
    clause = serializers.SerializerMethodField()
    sides = serializers.SerializerMethodField()

    class Meta:
        model = TenancyFinding
        fields = (
            "id", "kind", "state", "tenant", "name", "message", "clause", "sides", "first_seen_at",
            "last_seen_at", "gone_at", "decision", "reason", "decided_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_message(self, found: TenancyFinding) -> str:
        return said(sentence(found.kind, found.rests_on))

    def get_clause(self, found: TenancyFinding) -> str:
        return said(RULES[Irregular(found.kind)].clause)

    @extend_schema_field(SideSerializer(many=True))  # type: ignore[untyped-decorator]
    def get_sides(self, found: TenancyFinding) -> list[Any]:
        seen = queries.seen_sides(found, common.actor_of(self.context["request"]))
        return [SideSerializer(one).data for one in seen]


class FindingDetailSerializer(FindingSerializer):
    """With what its sides said and offices decided, as far as the reader may know it."""

    statements = StatementSerializer(many=True, read_only=True, source="told")

    class Meta(FindingSerializer.Meta):
        fields = (*FindingSerializer.Meta.fields, "statements")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class SayingSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField(max_length=findings.MOST_WORDS)


class DecidingSerializer(serializers.Serializer[dict[str, Any]]):
    """`stay` and `ended` with `end`: which of one's own stays ended, and when."""

    action = serializers.ChoiceField(_ACTIONS)
    text = serializers.CharField(max_length=findings.MOST_WORDS)
    stay = serializers.IntegerField(required=False, allow_null=True)
    ended = serializers.DateField(required=False, allow_null=True)


@common.documented(
    tags=["findings"], parameters=_FILTERS, responses=common.answers(FindingSerializer(many=True))
)
class FindingList(common.TaggedMixin, ListAPIView[TenancyFinding]):
    """The findings in one's scope whose facts hold; with `state=gone` those whose facts no longer do."""

    serializer_class = FindingSerializer
    pagination_class = Cursor
    queryset = TenancyFinding.objects.none()

    def get_queryset(self) -> QuerySet[TenancyFinding]:
        actor = common.actor_of(self.request)
        if not may_see_findings(actor):
            raise Http404
        given = common.asked(self.request, "kind", "state", "region", "q")
        asked, problems = finding_list.read(given)
        if problems:
            raise serializers.ValidationError({p.field: [f"{said(p.message)} {p.allowed}"] for p in problems})
        return queries.findings(actor, asked)


def _told(request: Request, pk: int) -> Response:
    found = get_object_or_404(queries.finding_with_story(common.actor_of(request)), pk=pk)
    return Response(FindingDetailSerializer(found, context={"request": request}).data)


class FindingDetail(common.TaggedMixin, APIView):
    """One finding."""

    @common.documented(tags=["findings"], responses=common.answers(FindingDetailSerializer))
    def get(self, request: Request, pk: int) -> Response:
        common.asked(request)
        return _told(request, pk)


class FindingSay(OnceMixin, APIView):
    """A statement of one's own side."""

    @common.documented(
        tags=["findings"],
        request=SayingSerializer,
        responses=common.answers(FindingDetailSerializer, 422),
    )
    def post(self, request: Request, pk: int) -> Response:
        common.asked(request)
        sent = SayingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actor = common.actor_of(request)
        findings.say(actor=actor, finding_id=pk, at=clock.now(), **sent.validated_data)
        return _told(request, pk)


class FindingDecide(OnceMixin, APIView):
    """A decision, with its reason: accepted, to be corrected, one stay ended, or taken up again."""

    @common.documented(
        tags=["findings"],
        request=DecidingSerializer,
        responses=common.answers(FindingDetailSerializer, 422),
    )
    def post(self, request: Request, pk: int) -> Response:
        common.asked(request)
        sent = DecidingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        given["stay_id"] = given.pop("stay", None)
        findings.decide(actor=common.actor_of(request), finding_id=pk, at=clock.now(), **given)
        return _told(request, pk)
