"""Puts `request.actor`, speaks the person's language, and ends sessions that have lasted their time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from knox.models import AuthToken

from accounts.actors import Actor
from accounts.models import SecondFactor
from accounts.queries import actor_by_token, actor_for
from core import clock
from core.http import shown
from core.problems import Problem
from core.text import T

Answer = Callable[[HttpRequest], HttpResponseBase]
STARTED, SEEN, EXPIRED = "started", "seen", "expired"
SECOND, CONFIRMED = "second", "confirmed"  # a second factor was shown; when last
# Where a person without a second factor may still go: to set one up, to another appointment, out.
_OPEN = ("/accounts/device/", "/accounts/confirm/", "/accounts/sign-out/", "/accounts/switch/", "/settings/")
EVERY = timedelta(minutes=1)  # how often a session notes that it is in use: a write, so not always


class ActorMiddleware:
    """The term of the appointment is asked at each request: a right taken away is gone at once."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    """By the token that the API found, else by the session."""
    token = getattr(request, "auth", None)
    if isinstance(token, AuthToken):
        return actor_by_token(request.user, token.pk)
    found = actor_for(request.user, request.session.get("appointment"))
    return replace(found, confirmed_at=_instant(request.session.get(CONFIRMED)))


class SecondFactorMiddleware:
    """Under a role that requires a second factor nothing is open to a session that has shown none."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        required = settings.SECOND_FACTOR_ROLES
        if not required or SESSION_KEY not in request.session or request.session.get(SECOND):
            return self.get_response(request)
        if request.path.startswith(_OPEN) or request.actor.role not in required:  # type: ignore[attr-defined]
            return self.get_response(request)
        if request.path.startswith("/api/"):
            needed = Problem("second_factor.needed", T("您的身份须先通过动态口令验证，请在网页上登录。"))
            return JsonResponse({"problems": [shown(needed)]}, status=403)
        mine = SecondFactor.objects.visible_to(request.actor)  # type: ignore[attr-defined]
        has_device = mine.filter(confirmed_at__isnull=False).exists()
        page = reverse("accounts:confirm" if has_device else "accounts:device")
        return redirect(f"{page}?next={quote(request.get_full_path())}")


class LanguageMiddleware:
    """Who is signed in reads in the language they chose, on whatever machine they are."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session:
            chosen = getattr(request.user, "language", "")
            if chosen in dict(settings.LANGUAGES):
                translation.activate(chosen)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class SessionTermMiddleware:
    """A session ends after half an hour without a request, and after twelve hours in any case."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session:
            self._heed(request, clock.now())
        return self.get_response(request)

    def _heed(self, request: HttpRequest, at: datetime) -> None:
        session = request.session
        started, seen = _instant(session.get(STARTED)), _instant(session.get(SEEN))
        idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        if (seen and at - seen > idle) or (started and at - started > longest):
            session.flush()
            session[EXPIRED] = True
            request.user = AnonymousUser()
            return
        if started is None:
            session[STARTED] = at.isoformat()
        if seen is None or at - seen > EVERY:
            session[SEEN] = at.isoformat()


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
