"""How requests may act and how refusals are shown: the same for every room's pages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.problems import Problem
from core.text import Text

View = Callable[..., HttpResponseBase]
_READING = ("SELECT", "EXPLAIN", "PRAGMA", "WITH", "SAVEPOINT", "RELEASE", "SHOW")


class WroteOnRead(RuntimeError):
    """A page that only shows something tried to change something: a fault of the code."""


def _reads_only(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    if not sql.lstrip("( \n").upper().startswith(_READING):
        raise WroteOnRead(sql[:80])
    return execute(sql, *rest)


def page(*methods: str, private: bool = True) -> Callable[[View], View]:
    """Which methods a page takes. GET and HEAD never write to the database: it is refused here.

    Private pages are stored by nobody.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                with connection.execute_wrapper(_reads_only):
                    response = view(request, *args, **kwargs)
                    if isinstance(response, HttpResponse) and hasattr(response, "render"):
                        response.render()
            else:
                response = view(request, *args, **kwargs)
            if private:
                patch_cache_control(response, no_store=True, private=True)
            return response

        allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)
        return require_http_methods(allowed)(inner)

    return decorate


def said(sentence: Text | str) -> str:
    """A sentence in the language of this request."""
    return sentence.said(gettext) if isinstance(sentence, Text) else sentence


def shown(problem: Problem) -> dict[str, object]:
    """A problem as pages, the API and workbooks show it: the same words everywhere."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "place": problem.place,
        "count": problem.count,
        "field": problem.field,
        "title": said(problem.title),
        "found": problem.found,
        "message": said(problem.message),
        "allowed": said(problem.allowed),
        "fix": said(problem.fix),
    }


def shown_all(problems: Iterable[Problem]) -> list[dict[str, object]]:
    return [shown(problem) for problem in problems]


def download(content: Any, *, name: str, content_type: str = "application/octet-stream") -> FileResponse:
    """A file for saving, never for showing: whatever is in it, the browser runs none of it."""
    response = FileResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    patch_cache_control(response, no_store=True, private=True)
    return response
