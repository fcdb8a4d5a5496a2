"""How a person likes the portal to speak to them: on its pages, in notices and in mail."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import User


def keep_language(*, actor: Actor, language: str) -> None:
    """Keeps the language with the person; a visitor's stays in the browser alone."""
    if actor.user_id is not None:
        User.objects.filter(pk=actor.user_id).update(language=language)
