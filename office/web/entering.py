"""How a session begins: by a password, by one and a code, or by a provider that vouches for the person."""

from __future__ import annotations

from datetime import datetime

from axes.helpers import get_client_ip_address
from django.contrib.auth import authenticate, login
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.middleware import CONFIRMED, EXPIRED, SECOND, SEEN, STARTED
from accounts.models import User
from accounts.queries import actor_for
from core import clock
from office.services import factors, guarding, people
from office.web.requests import DeskRequest

HALF = "half"  # whose password was right and whose code is awaited: who, since when, where to
BACKEND = "django.contrib.auth.backends.ModelBackend"


def known(request: DeskRequest, *, username: str, password: str) -> User | None:
    """Whose password this is; a wrong one is noted and counted."""
    user = authenticate(request, username=username, password=password)
    if isinstance(user, User):
        return user
    shut = bool(getattr(request, "axes_locked_out", False))
    address = get_client_ip_address(request)
    guarding.note_refusal(username=username, address=address, shut=shut, at=clock.now())
    return None


def by_password(request: DeskRequest, user: User, goal: str) -> HttpResponse:
    """In at once without a device; else the code is asked for on the next page."""
    at = clock.now()
    if factors.device_of(user) is None:
        begin(request, user, at, second=False)
        return redirect(goal)
    request.session.cycle_key()
    request.session[HALF] = {"user": user.pk, "since": at.isoformat(), "goal": goal}
    return redirect("accounts:code")


def begin(request: DeskRequest, user: User, at: datetime, *, second: bool) -> None:
    """Signs in under a new session key. `second`: a code was shown, or the provider vouches for one."""
    request.session.pop(HALF, None)
    login(request, user, backend=BACKEND)
    request.session.pop(EXPIRED, None)
    request.session[STARTED] = request.session[SEEN] = request.session[CONFIRMED] = at.isoformat()
    if second:
        request.session[SECOND] = True
    people.signed_in(
        actor=actor_for(user, None),
        session_key=str(request.session.session_key),
        address=get_client_ip_address(request),
        agent=request.headers.get("User-Agent", ""),
        at=at,
    )
