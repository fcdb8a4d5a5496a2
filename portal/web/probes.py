"""What machines ask: is the process alive, is it ready to serve."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from core.http import page
from portal import readiness


@page("GET")
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"alive": True})


@page("GET")
def readyz(request: HttpRequest) -> HttpResponse:
    found = readiness.parts()
    ready = all(found.values())
    words = {name: "ok" if well else "missing" for name, well in found.items()}
    return JsonResponse({"ready": ready, "parts": words}, status=200 if ready else 503)
