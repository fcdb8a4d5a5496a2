"""Sign-in through the provider of one's organisation, when one is set."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core import clock
from core.http import page
from core.problems import Refused
from office.services import oidc
from office.web import entering
from office.web.requests import DeskRequest, next_of, tell

KEPT = "oidc"  # what the provider's answer must agree with, and where the person goes then


def _callback() -> str:
    return f"{settings.PUBLIC_URL}{reverse('accounts:oidc_back')}"


@page("GET")
def start(request: DeskRequest) -> HttpResponse:
    """Away to the provider."""
    if not oidc.is_on():
        raise Http404
    try:
        asked = oidc.ask(callback=_callback())
    except Refused as refusal:
        tell(request, refusal)
        return redirect("accounts:sign_in")
    request.session[KEPT] = {**asdict(asked), "goal": next_of(request, settings.LOGIN_REDIRECT_URL)}
    return redirect(asked.url)


@page("GET", "POST")
def back(request: DeskRequest) -> HttpResponse:
    """The provider's answer. A GET writes nothing: the page sends itself on, or the reader does."""
    if not oidc.is_on():
        raise Http404
    if request.method != "POST":
        given = {name: request.GET.get(name, "")[:2000] for name in ("code", "state")}
        return render(request, "accounts/oidc.html", {"given": given})
    kept: dict[str, Any] = request.session.pop(KEPT, {})
    goal = kept.pop("goal", settings.LOGIN_REDIRECT_URL)
    asked = oidc.Asked(**kept) if kept else oidc.Asked("", "-", "", "")
    try:
        at = clock.now()
        code, state = request.POST.get("code", ""), request.POST.get("state", "")
        claims = oidc.answered(asked=asked, state=state, code=code, callback=_callback(), at=at)
        user = oidc.person_of(claims=claims, at=at)
    except Refused as refusal:
        tell(request, refusal)
        return redirect("accounts:sign_in")
    return entering.by_password(request, user, goal)
