"""The front page of the public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import page
from portal.front import front_page


@page("GET", private=False)
def public_home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public_home.html", {"front": front_page(request.GET.get("measure", ""))})
