"""Pages of plain words, and where everything stands."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from core.http import page
from portal.public_map import groups
from portal.public_map import sitemap as sitemap_of

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
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@page("GET", private=False)
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/sitemap.html", {"groups": groups(clock.now())})


@page("GET", private=False)
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    found = sitemap_of(clock.now(), settings.PUBLIC_URL)
    return HttpResponse(found, content_type="application/xml; charset=utf-8")


@page("GET", private=False)
def robots(request: HttpRequest) -> HttpResponse:
    words = f"{ROBOTS}Sitemap: {settings.PUBLIC_URL}/sitemap.xml\n"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")
