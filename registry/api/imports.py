"""The register by workbook: template, upload to a job, what was found, written or dropped, the marks."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from core import clock
from core.api import Cursor
from core.http import download
from office.api.idempotency import OnceMixin
from office.api.jobs import JobSerializer
from office.services import files, importing
from registry.excel import register
from registry.models import RegisterImport
from registry.permissions import may_import
from registry.rules.bulk import SHEETS
from registry.services import bulk


class RegisterImportSerializer(serializers.ModelSerializer[RegisterImport]):
    """`report` is {outcome, counts, problems}; `changes` the first of what is new and of what changes, with
    the old and the new value of each cell."""

    name = serializers.CharField(source="file.name", read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    report = serializers.DictField(read_only=True)
    changes = serializers.DictField(read_only=True)

    class Meta:
        model = RegisterImport
        fields = (
            "id", "sheet", "state", "name", "sha256", "job", "report", "changes", "received_at", "applied_at",
        )  # fmt: skip
        read_only_fields = fields


class RegisterUploadSerializer(serializers.Serializer[Any]):
    sheet = serializers.ChoiceField(sorted(SHEETS))
    file = serializers.FileField()


def _rows(request: Request, sheet: str = "carriers") -> QuerySet[RegisterImport]:
    """One's own imports; 404 for who may hand in none of this sheet."""
    actor = common.actor_of(request)
    if sheet not in SHEETS or not may_import(actor, sheet):
        raise Http404
    return RegisterImport.objects.visible_to(actor).select_related("file", "marked")


def _told(request: Request, import_id: int, success: int = status.HTTP_200_OK) -> Response:
    found = get_object_or_404(_rows(request), pk=import_id)
    return Response(RegisterImportSerializer(found).data, status=success)


class RegisterImportList(OnceMixin, common.TaggedMixin, ListAPIView[RegisterImport]):
    """GET: one's own, the newest first. POST hands in a workbook, which a job checks: nothing is written
    before it is confirmed."""

    serializer_class = RegisterImportSerializer
    pagination_class = Cursor
    parser_classes = (MultiPartParser,)
    queryset = RegisterImport.objects.none()

    def get_queryset(self) -> QuerySet[RegisterImport]:
        common.asked(self.request)
        return _rows(self.request)

    @common.documented(tags=["imports"], responses=common.answers(RegisterImportSerializer(many=True)))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @common.documented(
        tags=["imports"],
        request={"multipart/form-data": RegisterUploadSerializer},
        responses=common.answers(RegisterImportSerializer, 422, success=202),
    )
    def post(self, request: Request) -> Response:
        sheet = request.POST.get("sheet", "")
        _rows(request, sheet if sheet in SHEETS else "carriers")  # no such sheet is a fault that is told
        content, name = importing.taken(request.FILES.get("file"))
        at = clock.now()
        made = bulk.upload(actor=common.actor_of(request), sheet=sheet, content=content, name=name, at=at)
        return _told(request, made.pk, status.HTTP_202_ACCEPTED)


class RegisterImportDetail(common.TaggedMixin, APIView):
    """One file: state, report, preview."""

    @common.documented(tags=["imports"], responses=common.answers(RegisterImportSerializer))
    def get(self, request: Request, import_id: int) -> Response:
        common.asked(request)
        return _told(request, import_id)


class RegisterImportConfirm(OnceMixin, APIView):
    """The preview was seen: a job writes it."""

    @common.documented(
        tags=["imports"], request=None, responses=common.answers(RegisterImportSerializer, 422, success=202)
    )
    def post(self, request: Request, import_id: int) -> Response:
        get_object_or_404(_rows(request), pk=import_id)
        bulk.confirm(actor=common.actor_of(request), import_id=import_id, at=clock.now())
        return _told(request, import_id, status.HTTP_202_ACCEPTED)


class RegisterImportDrop(OnceMixin, APIView):
    """Not wanted after all."""

    @common.documented(
        tags=["imports"], request=None, responses=common.answers(RegisterImportSerializer, 422)
    )
    def post(self, request: Request, import_id: int) -> Response:
        get_object_or_404(_rows(request), pk=import_id)
        bulk.drop(actor=common.actor_of(request), import_id=import_id)
        return _told(request, import_id)


class RegisterImportMarked(APIView):
    """One's own file back, every fault in its cell. 404 where it has none."""

    @common.documented(tags=["imports"], responses=common.answers(OpenApiTypes.BINARY))
    def get(self, request: Request, import_id: int) -> HttpResponseBase:
        common.asked(request)
        found = get_object_or_404(_rows(request), pk=import_id)
        if found.marked is None:
            raise Http404
        return download(files.opened(found.marked), name=found.marked.name, content_type=files.XLSX)


class RegisterTemplate(APIView):
    """The empty workbook of a sheet."""

    @common.documented(tags=["imports"], responses=common.answers(OpenApiTypes.BINARY))
    def get(self, request: Request, sheet: str) -> HttpResponseBase:
        common.asked(request)
        _rows(request, sheet)
        content = BytesIO(register.template(sheet))
        return download(content, name=f"{SHEETS[sheet]}登记表.xlsx", content_type=files.XLSX)


class RegisterBook(OnceMixin, APIView):
    """Begins the making of the workbook with what the register holds; handed in again it changes nothing."""

    @common.documented(
        tags=["imports"], request=None, responses=common.answers(JobSerializer, 422, success=202)
    )
    def post(self, request: Request, sheet: str) -> Response:
        _rows(request, sheet)
        if sheet not in register.COLUMNS:
            raise Http404  # of the past nothing is given out to be mended
        job = bulk.make_book(actor=common.actor_of(request), sheet=sheet, at=clock.now())
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)
