"""How a reader likes to read: language, type, tables; kept in the browser, the language with them too."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from core.http import page
from core.tables import cookie_of, kept
from office.services.preferences import keep_language
from portal.context import LARGE_TYPE_COOKIE

_YEAR = 365 * 24 * 3600
_PLAIN = re.compile(r"[a-z0-9_-]{1,40}")
_MOST_COLUMNS = 60


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
        keep_language(actor=request.actor, language=wanted)  # type: ignore[attr-defined]
    return response


@page("POST")
def large_type(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    return _keep(response, LARGE_TYPE_COOKIE, "1" if request.POST.get("on") == "1" else "0")


@page("POST")
def table(request: HttpRequest) -> HttpResponse:
    """Columns and density of one table; the table itself ignores what it does not know."""
    response = _back(request)
    name, keys = request.POST.get("table", ""), request.POST.getlist("column")[:_MOST_COLUMNS]
    if all(_PLAIN.fullmatch(word) for word in (name, *keys)):
        _keep(response, cookie_of(name), kept(keys, dense=request.POST.get("dense") == "1"))
    return response
