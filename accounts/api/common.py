"""What lists of the API share: who asks, what may be asked for, answers that a cache can keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor

Documented = TypeVar("Documented")
PAGING = frozenset({"cursor", "page_size"})


class ReasonSerializer(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField()
    severity = serializers.ChoiceField(["error", "explain", "note"])
    place = serializers.CharField()
    count = serializers.IntegerField()
    field = serializers.CharField()
    title = serializers.CharField()
    found = serializers.CharField()
    message = serializers.CharField()
    allowed = serializers.CharField()
    fix = serializers.CharField()


class RefusalSerializer(serializers.Serializer[dict[str, Any]]):
    """Every refusal: all reasons at once, in the words of the pages."""

    problems = ReasonSerializer(many=True)


def answers(ok: Any, *more: int, success: int = 200) -> dict[int, Any]:
    """The documented answers: the good one, 400, 401, 404 and `more`."""
    refusal = OpenApiResponse(RefusalSerializer)
    return {success: ok, **dict.fromkeys((400, 401, 404, *more), refusal)}


def documented(**described: Any) -> Callable[[Documented], Documented]:
    """`extend_schema`, typed."""
    decorate: Callable[[Documented], Documented] = extend_schema(**described)
    return decorate


def query(name: str, words: str, kind: Any = OpenApiTypes.STR) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=words)


def actor_of(request: Request) -> Actor:
    """The person whom session or token named."""
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    return actor


def asked(request: Request, *names: str) -> dict[str, str]:
    """The filters that were given, from the allowed ones alone; anything else is 400."""
    strange = sorted(set(request.query_params) - set(names) - PAGING)
    if strange:
        raise serializers.ValidationError({name: [_("没有这个参数。")] for name in strange})
    return {name: request.query_params[name] for name in names if request.query_params.get(name)}


def instant(text: str, name: str) -> datetime:
    """An instant with its zone, `2026-03-18T14:32:00+08:00`."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise serializers.ValidationError({name: [_("应为带时区的时间，例如 2026-03-18T14:32:00+08:00。")]})
    return found


class TaggedMixin:
    """Answers of GET carry an ETag of their bytes; 304 when the client has them already."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().finalize_response(  # type: ignore[misc]
            request, response, *args, **kwargs
        )
        if request.method != "GET" or answer.status_code != status.HTTP_200_OK:
            return answer
        tag = f'W/"{hashlib.sha256(JSONRenderer().render(answer.data)).hexdigest()[:32]}"'
        known = {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}
        if tag in known:
            answer.data, answer.status_code = None, status.HTTP_304_NOT_MODIFIED
        answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
        return answer
