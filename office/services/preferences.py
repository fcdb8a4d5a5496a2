"""How a person likes the portal to speak to them: on its pages, in notices and in mail."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import User
from office.models import NoticePreference


def keep_language(*, actor: Actor, language: str) -> None:
    """Keeps the language with the person; a visitor's stays in the browser alone."""
    if actor.user_id is not None:
        User.objects.filter(pk=actor.user_id).update(language=language)


def keep_ways(*, actor: Actor, mail: bool, sms: bool, digest: bool) -> None:
    """By which ways the person is told beside the portal's own page."""
    if actor.user_id is not None:
        given = {"mail": mail, "sms": sms, "digest": digest}
        NoticePreference.objects.update_or_create(person_id=actor.user_id, defaults=given)
