"""What the shell of every page needs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    return {
        "site_name": settings.SITE_NAME,
        "site_sponsor": settings.SITE_SPONSOR,
        "demo": settings.DEMO,
        "actor": getattr(request, "actor", None),
    }
