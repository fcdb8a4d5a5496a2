"""A request as the middleware hands it to pages."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.actors import Actor


class DeskRequest(HttpRequest):
    """`actor` is who acts, under the appointment they chose; `htmx` is true for a part of a page."""

    actor: Actor
    htmx: HtmxDetails
