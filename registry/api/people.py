"""A carrier's people by API: who there is, invite, end, hand over. Rights and sentences are the pages'."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from accounts.models import Appointment
from accounts.rules.duties import Duty
from core import clock
from office.api.idempotency import OnceMixin
from office.services import access
from registry.models import Carrier
from registry.permissions import may_see_staff
from registry.queries import people as queries
from registry.services import people
from registry.services.people import NewPerson, Term


class StaffSerializer(serializers.ModelSerializer[Appointment]):
    """One appointment for the carrier; `delegated_from` is the person on whose behalf it is held."""

    name = serializers.CharField(source="user.name", read_only=True)
    duty = serializers.ChoiceField([one.value for one in Duty], read_only=True)
    delegated_from = serializers.CharField(source="delegated_from.user.name", default=None, read_only=True)
    succeeded_by = serializers.IntegerField(source="succeeded_by_id", read_only=True, allow_null=True)

    class Meta:
        model = Appointment
        fields = (
            "id", "name", "duty", "title", "valid_from", "valid_to", "revoked_at", "delegated_from",
            "succeeded_by",
        )  # fmt: skip
        read_only_fields = fields


class PersonSerializer(serializers.Serializer[dict[str, Any]]):
    username = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=40)
    email = serializers.EmailField()
    phone = serializers.CharField(max_length=20, required=False, default="")


class InviteSerializer(PersonSerializer):
    duty = serializers.ChoiceField([one.value for one in Duty])
    title = serializers.CharField(max_length=40, required=False, default="")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True, default=None)


class EndSerializer(serializers.Serializer[dict[str, Any]]):
    reason = serializers.CharField(max_length=200)


class HandOverSerializer(EndSerializer):
    to = serializers.IntegerField(required=False, help_text="appointment of another of the carrier's people")
    new = PersonSerializer(required=False)


def _carrier(request: Request, code: str) -> Carrier:
    actor = common.actor_of(request)
    found = get_object_or_404(Carrier.objects.managed_by(actor).select_related("region"), code=code)
    if not may_see_staff(actor, found):
        raise Http404
    return found


def _person(given: dict[str, Any]) -> NewPerson:
    return NewPerson(**{name: given[name] for name in ("username", "name", "email", "phone")})


class CarrierPeople(OnceMixin, APIView):
    """Who acts or acted for a carrier; POST invites one more, and the link goes by mail."""

    @common.documented(tags=["carrier people"], responses=common.answers(StaffSerializer(many=True)))
    def get(self, request: Request, code: str) -> Response:
        common.asked(request)
        at, carrier = clock.now(), _carrier(request, code)
        access.seen(actor=common.actor_of(request), what="registry.people", key=code, at=at)
        held = list(queries.staff_of(carrier.code, clock.day_of(at)))
        return Response(StaffSerializer(held, many=True).data)

    @common.documented(
        tags=["carrier people"],
        request=InviteSerializer,
        responses=common.answers(StaffSerializer, 422, success=201),
    )
    def post(self, request: Request, code: str) -> Response:
        carrier = _carrier(request, code)
        asked = InviteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        made = people.invite(
            actor=common.actor_of(request),
            code=carrier.code,
            new=_person(given),
            term=Term(
                duty=Duty(given["duty"]),
                valid_from=given["valid_from"],
                valid_to=given["valid_to"],
                title=given["title"],
            ),
            at=clock.now(),
        )
        return Response(StaffSerializer(made).data, status=201)


class CarrierPersonEnd(OnceMixin, APIView):
    """Ends one appointment at once; what waits for the person goes to who answers for the carrier."""

    @common.documented(
        tags=["carrier people"], request=EndSerializer, responses=common.answers(StaffSerializer, 422)
    )
    def post(self, request: Request, code: str, appointment_id: int) -> Response:
        carrier = _carrier(request, code)
        asked = EndSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = people.end(
            actor=common.actor_of(request),
            code=carrier.code,
            appointment_id=appointment_id,
            at=clock.now(),
            **asked.validated_data,
        )
        return Response(StaffSerializer(row).data)


class CarrierPersonHandOver(OnceMixin, APIView):
    """The duty goes today to another of the carrier's people or to a new person, whose appointment is
    answered."""

    @common.documented(
        tags=["carrier people"], request=HandOverSerializer, responses=common.answers(StaffSerializer, 422)
    )
    def post(self, request: Request, code: str, appointment_id: int) -> Response:
        carrier = _carrier(request, code)
        asked = HandOverSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        made = people.hand_over(
            actor=common.actor_of(request),
            code=carrier.code,
            appointment_id=appointment_id,
            reason=given["reason"],
            at=clock.now(),
            to=given.get("to"),
            new=_person(given["new"]) if "new" in given else None,
        )
        return Response(StaffSerializer(made).data)
