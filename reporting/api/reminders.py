"""An officer's word to those who owe a return, by API: looked at with `dry_run`, then sent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.api import is_dry_run
from core.problems import Refused
from office.api.idempotency import OnceMixin
from office.api.jobs import actor_of_request
from reporting.api import common
from reporting.api.serializers import Strict
from reporting.api.writing import body
from reporting.models import Campaign
from reporting.permissions import OWNERS
from reporting.services import reminding


class NudgeAsked(Strict):
    """`region` narrows within one's own scope; `text` is added to what each is told."""

    region = serializers.CharField(max_length=12, allow_blank=True, default="")
    text = serializers.CharField(max_length=200, allow_blank=True, default="")


class NudgedSerializer(serializers.Serializer[Any]):
    """`owing` may still hand in; of those `told` are reached, the others were told lately or have nobody."""

    owing = serializers.IntegerField()
    too_soon = serializers.IntegerField()
    nobody = serializers.IntegerField()
    told = serializers.IntegerField()
    people = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())


class CampaignNudges(OnceMixin, APIView):
    """Reminds those in one's scope who owe something; nobody twice within three days."""

    @common.documented(
        tags=["returns"],
        request=NudgeAsked,
        parameters=[common.query("dry_run", bool, "only says whom it would reach")],
        responses=common.answers(NudgedSerializer, writes=True),
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        common.asked(request, "dry_run")
        actor, at = actor_of_request(request), clock.now()
        if actor.role not in OWNERS:
            raise Http404
        campaign: Campaign = get_object_or_404(Campaign.objects.visible_to(actor), pk=campaign_id)
        given = body(NudgeAsked, request)
        try:
            if is_dry_run(request):
                region = given["region"]
                found = reminding.looked(actor=actor, campaign=campaign, region=region, at=at)
            else:
                found = reminding.nudge(actor=actor, campaign_id=campaign.pk, at=at, **given)
        except Refused as refused:
            return common.refusal(refused)
        return Response(asdict(found))
