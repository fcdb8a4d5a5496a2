"""What the shell of every page needs. Nothing is asked of the database before a shell shows it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest

from accounts.actors import VISITOR, Actor
from accounts.models import Appointment
from accounts.queries import appointments_of
from office.models import Notice
from portal.navigation import desk_places, public_places
from portal.queries import Acting, acting_of
from portal.scopes import SCOPES

LARGE_TYPE_COOKIE = "large_type"


def _once(function: Callable[[], object]) -> Callable[[], object]:
    """A template asks by name, perhaps several times; the answer is made once."""
    return cache(function)


def shell(request: HttpRequest) -> dict[str, object]:
    """Site, reader and menus. For a visitor no query; for a person at most three, when a shell asks."""
    actor: Actor = getattr(request, "actor", None) or VISITOR

    def held() -> list[Appointment]:
        return appointments_of(actor.user) if actor.user else []

    def acting() -> Acting | None:
        return acting_of(actor, held()) if actor.user else None

    def unread() -> int:
        if not actor.user_id:
            return 0
        return Notice.objects.visible_to(actor).filter(read_at=None)[:100].count()

    return {
        "site_name": settings.SITE_NAME,
        "site_name_en": settings.SITE_NAME_EN,
        "site_sponsor": settings.SITE_SPONSOR,
        "site": settings.SITE,
        "search_scopes": SCOPES,
        "demo": settings.DEMO,
        "actor": actor,
        "acting": _once(acting),
        "unread": _once(unread),
        "desk_places": _once(lambda: desk_places(actor, request.path)),
        "public_places": _once(lambda: public_places(request.path)),
        "large_type": request.COOKIES.get(LARGE_TYPE_COOKIE) == "1",
    }
