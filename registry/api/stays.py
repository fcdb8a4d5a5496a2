"""How a stay ends, by API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from core import clock
from office.api.idempotency import OnceMixin
from office.services.evidence import Upload
from registry.api.shapes import StaySerializer
from registry.rules.vocabulary import GRADUATION
from registry.services import stays


class EndingSerializer(serializers.Serializer[Any]):
    """`ended` of a stay that lasts; without it a graduation that a list told is completed: the condition that
    it did not say, or the evidence."""

    ended = serializers.DateField(required=False)
    graduated_by = serializers.ChoiceField(list(GRADUATION), required=False, default="", allow_blank=True)
    evidence = serializers.FileField(required=False, help_text="PDF, PNG or JPEG, at most 20 MB")


class StayEnd(OnceMixin, APIView):
    """Says how a stay ended: it left, or graduated by one of the four conditions, as the evidence shows."""

    parser_classes = (JSONParser, MultiPartParser)

    @common.documented(
        tags=["tenants"],
        request={"application/json": EndingSerializer, "multipart/form-data": EndingSerializer},
        responses=common.answers(StaySerializer, 422),
    )
    def post(self, request: Request, stay_id: int) -> Response:
        sent = EndingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        file = given.pop("evidence", None)
        given["evidence"] = Upload(file.name or "", file.read()) if file else None
        record: Any = stays.end_stay if "ended" in given else stays.state_graduation
        stay = record(actor=common.actor_of(request), stay_id=stay_id, at=clock.now(), **given)
        return Response(StaySerializer(stay).data)
