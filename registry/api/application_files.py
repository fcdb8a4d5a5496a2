"""An application's documents by API: handed in, read, taken away."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from core import clock
from core.http import download
from office.api.idempotency import OnceMixin
from office.services import files
from office.services.evidence import Upload
from registry.models import ApplicationFile
from registry.rules.registering import KINDS_OF_EVIDENCE
from registry.services import applications


class DocumentSerializer(serializers.ModelSerializer[ApplicationFile]):
    """One document that is handed in with the application."""

    name = serializers.CharField(source="file.name", read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True)

    class Meta:
        model = ApplicationFile
        fields = ("id", "kind", "name", "sha256", "attached_at")
        read_only_fields = fields


class NewDocumentSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(list(KINDS_OF_EVIDENCE))
    file = serializers.FileField(help_text="PDF, PNG or JPEG, at most 20 MB")


class ApplicationFiles(OnceMixin, APIView):
    """Hands a document in."""

    parser_classes = (MultiPartParser,)

    @common.documented(
        tags=["applications"],
        request={"multipart/form-data": NewDocumentSerializer},
        responses=common.answers(DocumentSerializer, 422, success=201),
    )
    def post(self, request: Request, application_id: uuid.UUID) -> Response:
        sent = NewDocumentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        file = sent.validated_data["file"]
        made = applications.attach(
            actor=common.actor_of(request),
            application_id=application_id,
            kind=sent.validated_data["kind"],
            upload=Upload(file.name or "", file.read()),
            at=clock.now(),
        )
        return Response(DocumentSerializer(made).data, status=status.HTTP_201_CREATED)


class ApplicationFileDetail(OnceMixin, APIView):
    """One document: GET reads it, DELETE takes it away; what was handed in with it, an office still sees."""

    @common.documented(
        tags=["applications"],
        responses={
            **common.answers(OpenApiTypes.BINARY),
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, application_id: uuid.UUID, file_id: int) -> FileResponse:
        rows = ApplicationFile.objects.visible_to(common.actor_of(request)).select_related("file")
        found = get_object_or_404(rows, pk=file_id, application_id=application_id)
        return download(files.opened(found.file), name=found.file.name, content_type=found.file.content_type)

    @common.documented(
        tags=["applications"], responses={**common.answers(None, 422, success=204)}, request=None
    )
    def delete(self, request: Request, application_id: uuid.UUID, file_id: int) -> Response:
        applications.detach(
            actor=common.actor_of(request), application_id=application_id, file_id=file_id, at=clock.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
