"""What a person sees of themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.actors import Actor
from accounts.models import SignIn, TokenGrant
from accounts.queries import appointments_of
from accounts.rules.roles import TITLES, Role
from office.rules.browsers import browser_of

SHOWN = 20


def shown_to(actor: Actor, session_key: str, at: datetime) -> dict[str, Any]:
    """Appointments, sessions that can still be alive, tokens that are valid."""
    held = appointments_of(actor.user) if actor.user else []
    alive = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    sessions = SignIn.objects.visible_to(actor).filter(ended_at=None, started_at__gt=alive)
    tokens = TokenGrant.objects.visible_to(actor).filter(token__expiry__gt=at)
    return {
        "appointments": [
            {
                "pk": one.pk,
                "role": TITLES[Role(one.role)],
                "scope": one.carrier_code or str(one.region),
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
                "of": one.delegated_from.user if one.delegated_from else None,
                "current": actor.appointment is not None and one.pk == actor.appointment.pk,
            }
            for one in held
        ],
        "sessions": [
            (one, one.session_key == session_key, browser_of(one.agent)) for one in sessions[:SHOWN]
        ],
        "tokens": tokens.select_related("token", "appointment__region")[:SHOWN],
    }
