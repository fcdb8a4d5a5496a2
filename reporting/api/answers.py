"""Answers without figures by API: the service of the page."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.api import is_dry_run
from core.problems import Refused
from office.api.idempotency import OnceMixin
from office.api.jobs import actor_of_request
from office.services.evidence import Upload
from reporting.api import common
from reporting.api.serializers import ReturnDetailSerializer, Strict
from reporting.api.writing import body, told
from reporting.permissions import may_submit
from reporting.rules.answers import Answer
from reporting.services import answers


class Answering(Strict):
    """`closed_on` with `closed` alone; `evidence` is a PDF, PNG or JPEG."""

    answer = serializers.ChoiceField([one.value for one in Answer])
    reason = serializers.CharField(max_length=500)
    closed_on = serializers.DateField(required=False, allow_null=True, default=None)
    evidence = serializers.FileField(required=False, allow_null=True, default=None)


class ReturnAnswer(OnceMixin, APIView):
    """Says that there is nothing to report, or that the carrier has closed; it is handed in by `submit/`."""

    parser_classes = (MultiPartParser,)

    @common.documented(
        tags=["returns"],
        request={"multipart/form-data": Answering},
        responses=common.answers(ReturnDetailSerializer, writes=True),
        parameters=[common.query("dry_run", bool, "only says whether it would be taken")],
    )
    def post(self, request: Request, return_id: int) -> Response:
        common.asked(request, "dry_run")
        actor = _own_or_404(request, return_id)
        given = body(Answering, request)
        file: Any = given.pop("evidence")
        upload = Upload(file.name or "", file.read()) if file else None
        about: dict[str, Any] = {"return_id": return_id, "upload": upload, "at": clock.now(), **given}
        try:
            answers.say(actor=actor, dry_run=is_dry_run(request), **about)
        except Refused as refused:
            return common.refusal(refused)
        return told(request, return_id)


class ReturnAnswerBack(OnceMixin, APIView):
    """Figures after all: what was typed before is the draft again."""

    @common.documented(
        tags=["returns"], request=None, responses=common.answers(ReturnDetailSerializer, writes=True)
    )
    def post(self, request: Request, return_id: int) -> Response:
        common.asked(request)
        actor = _own_or_404(request, return_id)
        try:
            answers.take_back(actor=actor, return_id=return_id, at=clock.now())
        except Refused as refused:
            return common.refusal(refused)
        return told(request, return_id)


def _own_or_404(request: Request, return_id: int) -> Any:
    """Those who hand it in; to others there is no such form."""
    actor, found = actor_of_request(request), common.return_or_404(request, return_id)
    if not may_submit(actor, found):
        raise Http404
    return actor
