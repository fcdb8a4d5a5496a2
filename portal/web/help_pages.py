"""Pages of plain words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import page

ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /api/
Disallow: /home/
Disallow: /office/
Disallow: /returns/
Disallow: /search/
Disallow: /settings/
"""


@page("GET", private=False)
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@page("GET", private=False)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@page("GET", private=False)
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
