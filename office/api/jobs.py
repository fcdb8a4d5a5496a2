"""Long work by API: how far, how it ended, stop it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from core import clock
from core.api import Cursor
from core.http import download
from office.api.idempotency import OnceMixin
from office.models import Job
from office.permissions import may_download
from office.services import files, jobs


class ProgressSerializer(serializers.Serializer[dict[str, Any]]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    words = serializers.CharField()


class JobSerializer(serializers.ModelSerializer[Job]):
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = (
            "id",
            "title",
            "state",
            "created_at",
            "started_at",
            "ended_at",
            "attempts",
            "cancel_asked_at",
            "outcome",
            "failure",
            "link",
            "awaits_owner",
            "progress",
        )
        read_only_fields = fields

    @extend_schema_field(ProgressSerializer(allow_null=True))  # type: ignore[untyped-decorator]
    def get_progress(self, job: Job) -> dict[str, Any] | None:
        """How far it was when it last told; null when nobody told yet or it has ended."""
        return None if job.has_ended else jobs.progress_of(job) or None


class Newest(Cursor):
    ordering = "-created_at"


def actor_of_request(request: Request) -> Actor:
    """The person whom session or token named; the middleware looks only when it is asked."""
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    return actor


class JobList(ListAPIView[Job]):
    """One's own jobs, the newest first; those who keep the portal running see all."""

    serializer_class = JobSerializer
    pagination_class = Newest
    queryset = Job.objects.none()

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(actor_of_request(self.request))


class JobDetail(APIView):
    """One job."""

    @extend_schema(responses=JobSerializer)  # type: ignore[untyped-decorator]
    def get(self, request: Request, job_id: UUID) -> Response:
        job = get_object_or_404(Job.objects.visible_to(actor_of_request(request)), pk=job_id)
        return Response(JobSerializer(job).data)


class JobResult(APIView):
    """What the job made, for its owner alone."""

    @extend_schema(  # type: ignore[untyped-decorator]
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, job_id: UUID) -> FileResponse:
        actor = actor_of_request(request)
        job = get_object_or_404(Job.objects.visible_to(actor).select_related("result"), pk=job_id)
        if job.result is None or not may_download(actor, job, clock.day_of(clock.now())):
            raise Http404
        return download(files.opened(job.result), name=job.result.name, content_type=job.result.content_type)


class JobCancel(OnceMixin, APIView):
    """Ends a waiting job; a running one stops at its next step. 422 when it has ended."""

    @extend_schema(request=None, responses=JobSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request, job_id: UUID) -> Response:
        job = jobs.cancel(actor=actor_of_request(request), job_id=str(job_id), at=clock.now())
        return Response(JobSerializer(job).data)
