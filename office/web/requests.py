"""A request as the middleware hands it to pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.actors import Actor
from core.http import said
from core.problems import Refused


class DeskRequest(HttpRequest):
    """`actor` is who acts, under the appointment they chose; `htmx` is true for a part of a page."""

    actor: Actor
    htmx: HtmxDetails


def next_of(request: HttpRequest, usual: str) -> str:
    """Where to go on to: only an address of this site."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return given
    return resolve_url(usual)


def tell(request: HttpRequest, refusal: Refused) -> None:
    """Every reason, above the page that comes next."""
    for problem in refusal.problems:
        messages.error(request, said(problem.message))
