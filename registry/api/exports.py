"""Lists that leave by API: as the pages' buttons take them away, with the columns that are asked for."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from core import clock
from core.problems import Refused
from office.api.idempotency import OnceMixin
from office.api.jobs import JobSerializer
from registry.excel.lists import LISTS
from registry.queries.listed import Leaving
from registry.services.exports import export


class ExportSerializer(serializers.Serializer[Any]):
    """`asked` are filters of the page, `order` a column's key (`-founded` for descending), `columns`
    keys in any order; without them those that the page shows at first."""

    name = serializers.ChoiceField(sorted(LISTS))
    asked = serializers.DictField(child=serializers.CharField(max_length=60), required=False, default=dict)
    order = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    columns = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)


class ExportCreate(OnceMixin, APIView):
    """Begins a workbook; a short one is done at once. Lists with personal data leave by the pages alone,
    which ask who it is: 422."""

    @common.documented(
        tags=["exports"], request=ExportSerializer, responses=common.answers(JobSerializer, 422, success=201)
    )
    def post(self, request: Request) -> Response:
        sent = ExportSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given, actor, at = sent.validated_data, common.actor_of(request), clock.now()
        listed = LISTS[given["name"]]
        asked, problems = listed.read(given["asked"], at)
        if not listed.may(actor, asked):
            raise Http404
        if problems:
            raise Refused(problems)
        leaving = Leaving(listed, asked, given["order"], tuple(given["columns"]))
        job = export(actor=actor, leaving=leaving, at=at)
        return Response(JobSerializer(job).data, status=status.HTTP_201_CREATED)
