"""Workbooks of a return: down, up to a job, what was found, confirmed or dropped."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.api import is_dry_run
from core.http import download
from core.problems import Refused
from office.api.idempotency import OnceMixin
from office.api.jobs import actor_of_request
from office.services import files
from reporting import queries
from reporting.api import common
from reporting.api import serializers as shapes
from reporting.api.writing import body
from reporting.excel import making
from reporting.excel.reading import open_workbook, read_return
from reporting.excel.receiving import received
from reporting.models import WorkbookImport
from reporting.permissions import may_fill
from reporting.rules.assess import assess
from reporting.services import workbooks


class ReturnWorkbook(OnceMixin, APIView):
    """GET: the workbook as it stands. POST: a filled one; it is checked by a job, 202 with the import."""

    parser_classes = (MultiPartParser,)

    @common.documented(tags=["returns"], responses=common.answers(OpenApiTypes.BINARY))
    def get(self, request: Request, return_id: int) -> HttpResponseBase:
        common.asked(request)
        opened = common.opened_of(request, common.return_or_404(request, return_id))
        if opened is None:
            raise Http404
        return download(BytesIO(making.make(opened)), name=making.file_name(opened), content_type=files.XLSX)

    @common.documented(
        tags=["returns"],
        request={"multipart/form-data": shapes.UploadSerializer},
        responses=common.answers(shapes.ImportSerializer, created=True, writes=True),
        parameters=[common.query("dry_run", bool, "checks at once, answers the report, keeps nothing")],
    )
    def post(self, request: Request, return_id: int) -> Response:
        common.asked(request, "dry_run")
        actor, at = actor_of_request(request), clock.now()
        found = common.return_or_404(request, return_id)
        if not may_fill(actor, found):
            raise Http404
        opened = queries.opened(found, at=at)
        try:
            content, name = received(request.FILES.get("file"), opened)
            if is_dry_run(request):
                return Response(self._report(opened, content))
            made = workbooks.upload(actor=actor, return_id=return_id, content=content, name=name, at=at)
        except Refused as refused:
            return common.refusal(refused)
        return Response(shapes.ImportSerializer(made).data, status=status.HTTP_202_ACCEPTED)

    def _report(self, opened: queries.Opened, content: bytes) -> dict[str, Any]:
        """What the job would find."""
        book, meta = open_workbook(content)
        workbooks.belongs(meta, opened)
        assessed = assess(opened.form, workbooks.draft_of(opened), read_return(book, meta, opened.form))
        return workbooks.report_of(opened, assessed, applied=False)


def import_or_404(request: Request, return_id: int, import_id: int) -> WorkbookImport:
    rows = WorkbookImport.objects.visible_to(actor_of_request(request)).select_related("file")
    found: WorkbookImport = get_object_or_404(rows, pk=import_id, return_of_id=return_id)
    return found


class ImportDetail(APIView):
    """One upload: state, report, preview."""

    @common.documented(tags=["returns"], responses=common.answers(shapes.ImportSerializer))
    def get(self, request: Request, return_id: int, import_id: int) -> Response:
        common.asked(request)
        return Response(shapes.ImportSerializer(import_or_404(request, return_id, import_id)).data)


class ImportConfirm(OnceMixin, APIView):
    """The preview was seen: a job writes it. A second one is 409."""

    @common.documented(
        tags=["returns"],
        request=shapes.Confirming,
        responses=common.answers(shapes.ImportSerializer, created=True, writes=True),
    )
    def post(self, request: Request, return_id: int, import_id: int) -> Response:
        common.asked(request)
        import_or_404(request, return_id, import_id)
        given, actor = body(shapes.Confirming, request), actor_of_request(request)
        try:
            workbooks.confirm(actor=actor, import_id=import_id, at=clock.now(), leaving=given["leaving"])
        except Refused as refused:
            return common.refusal(refused)
        found = import_or_404(request, return_id, import_id)
        return Response(shapes.ImportSerializer(found).data, status=status.HTTP_202_ACCEPTED)


class ImportDrop(OnceMixin, APIView):
    """Not wanted after all."""

    @common.documented(
        tags=["returns"], request=None, responses=common.answers(shapes.ImportSerializer, writes=True)
    )
    def post(self, request: Request, return_id: int, import_id: int) -> Response:
        common.asked(request)
        import_or_404(request, return_id, import_id)
        try:
            workbooks.drop(actor=actor_of_request(request), import_id=import_id, at=clock.now())
        except Refused as refused:
            return common.refusal(refused)
        return Response(shapes.ImportSerializer(import_or_404(request, return_id, import_id)).data)
