"""What every API of the portal shares: the shape of errors, pages of lists, dry runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.http import shown_all
from core.problems import Problem, Refused


def problems_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals as `{"problems": [{code, field, place, message, …}]}`; unknown and hidden alike are 404."""
    if isinstance(error, Refused):
        return Response({"problems": shown_all(error.problems)}, status=getattr(error, "status", 422))
    if isinstance(error, ObjectDoesNotExist):
        error = Http404()
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = {"problems": shown_all(_problems_of(error))}
    return response


def _problems_of(error: Exception) -> list[Problem]:
    if isinstance(error, Http404):
        return [Problem("not_found", _("没有找到，或者您无权查看。"))]
    if isinstance(error, PermissionDenied):
        return [Problem("permission_denied", _("您的身份不能办理此事。"))]
    if isinstance(error, exceptions.ValidationError):
        return list(_field_problems(error.detail, ""))
    if isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        return [Problem(codes if isinstance(codes, str) else "error", str(error.detail))]
    return [Problem("error", str(error))]


def _field_problems(detail: Any, path: str) -> Iterator[Problem]:
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _field_problems(value, f"{path}.{key}" if path else str(key))
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            inner = isinstance(value, (dict, list))
            yield from _field_problems(value, f"{path}[{index}]" if inner else path)
    else:
        yield Problem(getattr(detail, "code", "invalid"), str(detail), place=path, field=path)


class Cursor(CursorPagination):
    """Lists by cursor: as quick on the last page as on the first."""

    page_size = 50
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-pk"


def is_dry_run(request: Request) -> bool:
    """`?dry_run=true` asks what would happen."""
    return request.query_params.get("dry_run", "").lower() in {"true", "1"}
