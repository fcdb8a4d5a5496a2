"""The dates of a campaign's parts and longer time: read, set, taken back. The services of the pages."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Region
from core import clock
from core.api import is_dry_run
from core.problems import Refused
from office.api.idempotency import OnceMixin
from office.api.jobs import actor_of_request
from reporting.api import common
from reporting.api.serializers import Strict
from reporting.api.writing import body
from reporting.models import Campaign, CampaignTerm, Extension
from reporting.models.forms import SEEING
from reporting.services import terms

MOST = 500
_DRY = common.query("dry_run", bool, "only says what would happen")


class TermSerializer(serializers.ModelSerializer[CampaignTerm]):
    region = serializers.CharField(source="region.code")

    class Meta:
        model = CampaignTerm
        fields: tuple[str, ...] = (
            "id", "region", "level", "by_owner", "last_start_at", "due_at", "correct_by", "reason", "set_at",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class ExtensionSerializer(serializers.ModelSerializer[Extension]):
    """For a carrier or for a region: the other one is null."""

    carrier = serializers.CharField(source="carrier.code", default=None, allow_null=True)
    region = serializers.CharField(source="region.code", default=None, allow_null=True)

    class Meta:
        model = Extension
        fields: tuple[str, ...] = (
            "id", "carrier", "region", "until", "clause", "granted_at", "used_at", "revoked_at",
            "revoked_why",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class EffectSerializer(serializers.Serializer[Any]):
    """How many returns lie in the part, of how many the dates change, how many of those are with carriers."""

    returns = serializers.IntegerField()
    changed = serializers.IntegerField()
    still_open = serializers.IntegerField()


class TermChange(Strict):
    """`level` empty: of all levels."""

    region = serializers.CharField(max_length=12)
    level = serializers.CharField(max_length=20, allow_blank=True, default="")
    last_start_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    correct_by = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200)


class ExtensionGrant(Strict):
    """Either a carrier or a region."""

    carrier = serializers.CharField(max_length=40, allow_blank=True, default="")
    region = serializers.CharField(max_length=12, allow_blank=True, default="")
    until = serializers.DateTimeField()
    clause = serializers.CharField(max_length=200)


class Reasoned(Strict):
    reason = serializers.CharField(max_length=200)


def _campaign_or_404(request: Request, campaign_id: int) -> Campaign:
    """For officers and auditors; to others there are no such lists."""
    actor = actor_of_request(request)
    rows = Campaign.objects.visible_to(actor) if actor.role in SEEING else Campaign.objects.none()
    found: Campaign = get_object_or_404(rows, pk=campaign_id)
    return found


def _told(effect: terms.Effect) -> dict[str, int]:
    return {"returns": effect.returns, "changed": effect.changed, "still_open": effect.still_open}


class CampaignTerms(OnceMixin, APIView):
    """The dates of a campaign's parts; POST sets those of one part, over those that it had."""

    @common.documented(tags=["returns"], responses=common.answers(TermSerializer(many=True)))
    def get(self, request: Request, campaign_id: int) -> Response:
        common.asked(request)
        campaign = _campaign_or_404(request, campaign_id)
        rows = CampaignTerm.objects.visible_to(actor_of_request(request)).filter(campaign=campaign)
        return Response(TermSerializer(rows.select_related("region")[:MOST], many=True).data)

    @common.documented(
        tags=["returns"],
        request=TermChange,
        parameters=[_DRY],
        responses=common.answers(EffectSerializer, writes=True),
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        common.asked(request, "dry_run")
        _campaign_or_404(request, campaign_id)
        given = body(TermChange, request)
        given["region"] = get_object_or_404(Region, code=given["region"])
        actor, wanted = actor_of_request(request), terms.Wanted(**given)
        about: dict[str, Any] = {"campaign_id": campaign_id, "wanted": wanted, "at": clock.now()}
        try:
            effect = terms.set_term(actor=actor, dry_run=is_dry_run(request), **about)
        except Refused as refused:
            return common.refusal(refused)
        return Response(_told(effect))


class TermRemove(OnceMixin, APIView):
    """The dates of a part fall away, with a reason."""

    @common.documented(
        tags=["returns"], request=Reasoned, responses=common.answers(EffectSerializer, writes=True)
    )
    def post(self, request: Request, campaign_id: int, term_id: int) -> Response:
        common.asked(request)
        campaign = _campaign_or_404(request, campaign_id)
        actor, reason = actor_of_request(request), body(Reasoned, request)["reason"]
        get_object_or_404(CampaignTerm.objects.visible_to(actor).filter(campaign=campaign), pk=term_id)
        try:
            effect = terms.remove_term(actor=actor, term_id=term_id, reason=reason, at=clock.now())
        except Refused as refused:
            return common.refusal(refused)
        return Response(_told(effect))


class CampaignExtensions(OnceMixin, APIView):
    """Longer time in a campaign; POST grants it."""

    @common.documented(tags=["returns"], responses=common.answers(ExtensionSerializer(many=True)))
    def get(self, request: Request, campaign_id: int) -> Response:
        common.asked(request)
        campaign = _campaign_or_404(request, campaign_id)
        rows = Extension.objects.visible_to(actor_of_request(request)).filter(campaign=campaign)
        return Response(ExtensionSerializer(rows.select_related("carrier", "region")[:MOST], many=True).data)

    @common.documented(
        tags=["returns"],
        request=ExtensionGrant,
        parameters=[_DRY],
        responses=common.answers(EffectSerializer, writes=True),
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        common.asked(request, "dry_run")
        _campaign_or_404(request, campaign_id)
        given = {**body(ExtensionGrant, request), "campaign_id": campaign_id, "at": clock.now()}
        actor = actor_of_request(request)
        try:
            _made, effect = terms.extend(actor=actor, dry_run=is_dry_run(request), **given)
        except Refused as refused:
            return common.refusal(refused)
        return Response(_told(effect))


class ExtensionRevoke(OnceMixin, APIView):
    """Longer time that nobody has used is taken back."""

    @common.documented(
        tags=["returns"], request=Reasoned, responses=common.answers(ExtensionSerializer, writes=True)
    )
    def post(self, request: Request, campaign_id: int, extension_id: int) -> Response:
        common.asked(request)
        campaign = _campaign_or_404(request, campaign_id)
        actor, reason = actor_of_request(request), body(Reasoned, request)["reason"]
        get_object_or_404(Extension.objects.visible_to(actor).filter(campaign=campaign), pk=extension_id)
        try:
            found = terms.revoke(actor=actor, extension_id=extension_id, reason=reason, at=clock.now())
        except Refused as refused:
            return common.refusal(refused)
        return Response(ExtensionSerializer(found).data)
