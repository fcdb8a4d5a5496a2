"""A token for programs, by user name and password; the lock-out of the sign-in page holds here too."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import common
from accounts.queries import actor_for
from core import clock
from core.http import said
from core.text import T
from office.services import factors, people

NOT_IN = T("用户名或密码不对，或账号不能登录。")


class CredentialsSerializer(serializers.Serializer[dict[str, Any]]):
    username = serializers.CharField(max_length=40)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    label = serializers.CharField(max_length=60)  # type: ignore[assignment]
    days = serializers.ChoiceField(people.TOKEN_DAYS, default=people.TOKEN_DAYS[0])
    code = serializers.CharField(
        max_length=40, required=False, help_text="of the device or a recovery code, for whom has a device"
    )
    appointment = serializers.IntegerField(required=False, help_text="the appointment to act under")


class TokenSerializer(serializers.Serializer[dict[str, Any]]):
    token = serializers.CharField(help_text="shown this once")
    expires_at = serializers.DateTimeField()
    appointment = serializers.CharField()


class TokenCreate(APIView):
    """Makes a token that acts under one appointment of the person: the one named, else the oldest."""

    authentication_classes = ()
    permission_classes = ()

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"  # so that a refusal is 401, not 403

    @common.documented(
        tags=["token"],
        auth=[{}],
        request=CredentialsSerializer,
        responses=common.answers(TokenSerializer, 422, 429, success=201),
    )
    def post(self, request: Request) -> Response:
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        user = authenticate(request._request, username=asked["username"], password=asked["password"])
        if user is None:
            raise AuthenticationFailed(said(NOT_IN))
        actor = actor_for(user, asked.get("appointment"))
        factors.check_for_token(actor=actor, code=asked.get("code", ""), at=clock.now())
        grant, text = people.make_token(
            actor=actor,
            label=asked["label"],
            days=asked["days"],
            at=clock.now(),
        )
        told = {"token": text, "expires_at": grant.token.expiry, "appointment": str(grant.appointment)}
        return Response(TokenSerializer(told).data, status=status.HTTP_201_CREATED)
