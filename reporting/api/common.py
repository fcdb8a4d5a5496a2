"""What the API of the returns shares: who asks, what may be asked for, answers that a cache can keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api import Cursor
from core.http import shown_all
from core.problems import Refused
from office.api.jobs import actor_of_request
from reporting import queries
from reporting.models import Return

Documented = TypeVar("Documented")
PAGING = frozenset({"cursor", "page_size"})
CONFLICTS = frozenset({"return.moved", "move.state", "return.stale", "import.applied", "import.running"})


class ProblemSerializer(serializers.Serializer[dict[str, Any]]):
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


class ProblemsSerializer(serializers.Serializer[dict[str, Any]]):
    """Every refusal: all reasons at once, in the words of the pages."""

    problems = ProblemSerializer(many=True)


def answers(ok: Any, *, created: bool = False, writes: bool = False) -> dict[int, Any]:
    """The documented answers of an operation."""
    problems = OpenApiResponse(ProblemsSerializer)
    found: dict[int, Any] = {202 if created else 200: ok, 400: problems, 401: problems, 404: problems}
    if writes:
        found |= {403: problems, 409: problems, 422: problems}
    return found


def documented(**described: Any) -> Callable[[Documented], Documented]:
    """`extend_schema`, typed."""
    decorate: Callable[[Documented], Documented] = extend_schema(**described)
    return decorate


def query(name: str, kind: Any, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=words)


def asked(request: Request, *names: str) -> dict[str, str]:
    """The filters that were given, from the allowed ones alone; anything else is 400."""
    strange = sorted(set(request.query_params) - set(names) - PAGING)
    if strange:
        raise serializers.ValidationError({name: [_("没有这个参数。")] for name in strange})
    return {name: request.query_params[name] for name in names if request.query_params.get(name)}


def number_of(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise serializers.ValidationError({name: [_("应为整数。")]})
    return int(text)


def instant_of(given: Mapping[str, str], name: str) -> datetime | None:
    """An instant with its zone, `2026-03-18T14:32:00+08:00`."""
    text = given.get(name)
    if text is None:
        return None
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise serializers.ValidationError({name: [_("应为带时区的时间，例如 2026-03-18T14:32:00+08:00。")]})
    return found


def return_or_404(request: Request, return_id: int) -> Return:
    rows = queries.with_all(Return.objects.visible_to(actor_of_request(request)))
    found: Return = get_object_or_404(rows, pk=return_id)
    return found


def opened_of(request: Request, found: Return) -> queries.Opened | None:
    """With the newest version whose values this actor may see."""
    version = queries.seen_version(found, actor_of_request(request))
    return None if version is None else queries.opened(found, at=clock.now(), version=version)


def refusal(refused: Refused) -> Response:
    """422; 409 when somebody was quicker, 403 when it is not theirs, 429 beyond a quota."""
    codes = {problem.code for problem in refused.problems}
    found = int(getattr(refused, "status", status.HTTP_422_UNPROCESSABLE_ENTITY))
    if codes & CONFLICTS:
        found = status.HTTP_409_CONFLICT
    elif codes in ({"permission_denied"}, {"move.role"}):
        found = status.HTTP_403_FORBIDDEN
    return Response({"problems": shown_all(refused.problems)}, status=found)


def tag_of(*parts: object) -> str:
    digest = hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:32]
    return f'W/"{digest}"'


def tagged(request: Request, data: Any, tag: str) -> Response:
    """The answer with its ETag, or 304 when the client has it already."""
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}
    if tag in known:
        return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(data, headers=headers)


class ById(Cursor):
    ordering = "-id"
