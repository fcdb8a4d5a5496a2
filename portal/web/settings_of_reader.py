"""How a reader likes to read: language and size of type, kept in the browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from core.http import page
from portal.context import LARGE_TYPE_COOKIE

_YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponse:
    """To where the reader was, never to another site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(wanted if safe else "/")


def _keep(response: HttpResponse, name: str, value: str) -> HttpResponse:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=secure, httponly=True)
    return response


@page("POST")
def language(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("language", "")
    response = _back(request)
    if wanted in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


@page("POST")
def large_type(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    return _keep(response, LARGE_TYPE_COOKIE, "1" if request.POST.get("on") == "1" else "0")
