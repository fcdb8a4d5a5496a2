"""Puts `request.actor`: the person who is signed in, under the appointment they chose."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from accounts.queries import actor_for


class ActorMiddleware:
    """The term of the appointment is asked at each request: a right taken away is gone at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: actor_for(request.user, request.session.get("appointment"))
        )
        return self.get_response(request)
