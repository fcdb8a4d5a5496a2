"""Appointments lent for a time, by API: one's own, lending, taking back."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from accounts.models import Appointment
from core import clock
from office.api.idempotency import OnceMixin
from office.services import delegating


class DelegationSerializer(serializers.ModelSerializer[Appointment]):
    """One lent appointment: who holds it for whom."""

    to = serializers.CharField(source="user.name", read_only=True)
    of = serializers.CharField(source="delegated_from.user.name", read_only=True)
    appointment = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Appointment
        fields = ("id", "appointment", "role", "of", "to", "valid_from", "valid_to", "revoked_at")
        read_only_fields = fields


class NewDelegationSerializer(serializers.Serializer[Any]):
    """The other is named by user name and name together; both days are inclusive, at most 90 days."""

    username = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=40)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class EndingSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class DelegationList(OnceMixin, APIView):
    """GET: those that one gave or received and that are not over. POST lends the appointment under which one
    acts."""

    @common.documented(tags=["delegations"], responses=common.answers(DelegationSerializer(many=True)))
    def get(self, request: Request) -> Response:
        common.asked(request)
        rows = delegating.delegations(common.actor_of(request), clock.now())
        return Response(DelegationSerializer(rows, many=True).data)

    @common.documented(
        tags=["delegations"],
        request=NewDelegationSerializer,
        responses=common.answers(DelegationSerializer, 422, success=201),
    )
    def post(self, request: Request) -> Response:
        sent = NewDelegationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = delegating.delegate(actor=common.actor_of(request), at=clock.now(), **sent.validated_data)
        return Response(DelegationSerializer(made).data, status=status.HTTP_201_CREATED)


class DelegationEnd(OnceMixin, APIView):
    """Takes it back before its time: by who gave it, who holds it, or the security administrator."""

    @common.documented(
        tags=["delegations"], request=EndingSerializer, responses=common.answers(DelegationSerializer, 422)
    )
    def post(self, request: Request, appointment_id: int) -> Response:
        sent = EndingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        row = delegating.end_delegation(
            actor=common.actor_of(request),
            appointment_id=appointment_id,
            at=clock.now(),
            **sent.validated_data,
        )
        return Response(DelegationSerializer(row).data)
