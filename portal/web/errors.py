"""Pages for what did not work: always a sentence and a way on, never an inside."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static

_PLAINEST = "<!doctype html><meta charset=utf-8><title>500</title><h1>系统出错了，已记录。请稍后再试。</h1>"


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "portal/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "portal/errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the request, the database or a context processor: any of them may be what failed."""
    try:
        sheets = [static(f"portal/{name}.css") for name in ("portal", "parts", "shells")]
        context = {"site_name": settings.SITE_NAME, "stylesheets": sheets}
        words = get_template("portal/errors/500.html").template.render(Context(context))  # type: ignore[attr-defined]
    except Exception:  # the page for faults has no fault of its own
        words = _PLAINEST
    return HttpResponse(words, status=500)
