"""A page that first asks who it is, and then does what was asked: nothing that was typed is lost."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from accounts.actors import Actor
from accounts.middleware import CONFIRMED, SECOND
from accounts.models import User
from core import clock
from core.http import View, page
from core.problems import Problem, Refused
from core.text import T
from office.services import confirming, factors
from office.web import entering
from office.web.people_forms import ProofForm
from office.web.requests import DeskRequest, next_of

PROOF = "confirm_proof"  # the one field that the page adds to the form it holds
_OWN = (PROOF, "csrfmiddlewaretoken")


def confirmed(*actions: str) -> Callable[[View], View]:
    """For a view that takes a form: POST asks for a code or the password first, when the last one is ten
    minutes old. With `actions` only when the form's `action` is one of them. The form comes back with it."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def inner(request: DeskRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            asked = request.method == "POST" and (not actions or request.POST.get("action") in actions)
            if not asked or confirming.recently_confirmed(request.actor, clock.now()):
                return view(request, *args, **kwargs)
            problems = _proved(request) if PROOF in request.POST else []
            if PROOF in request.POST and not problems:
                return view(request, *args, **kwargs)
            held = [
                (name, value) for name, values in request.POST.lists() if name not in _OWN for value in values
            ]
            return _asking(request, request.get_full_path(), held, problems)

        return inner

    return decorate


def _asking(
    request: DeskRequest, to: str, held: list[tuple[str, str]], problems: list[Problem], **more: object
) -> HttpResponse:
    user = request.user
    form = ProofForm(has_device=isinstance(user, User) and factors.device_of(user) is not None)
    context = {"to": to, "held": held, "problems": problems, "form": form, **more}
    return render(request, "accounts/confirm.html", context, status=422 if problems else 200)


def _proved(request: DeskRequest) -> list[Problem]:
    """Takes the code, or the password of whom has no device, and notes it in the session."""
    user, at, given = request.user, clock.now(), request.POST[PROOF]
    if not isinstance(user, User):
        return [Problem("people.nobody", T("请先登录。"))]
    if factors.device_of(user) is not None:
        try:
            factors.check(user=user, code=given[:40], at=at)
        except Refused as refusal:
            return list(refusal.problems)
        request.session[SECOND] = True
    elif entering.known(request, username=user.username, password=given[:200]) != user:
        return [Problem("confirm.password", T("密码不对。"), field=PROOF)]
    _note(request, at)
    return []


def _note(request: DeskRequest, at: datetime) -> None:
    request.session[CONFIRMED] = at.isoformat()
    before = request.actor
    request.actor = Actor(before.user, before.appointment, before.role, confirmed_at=at)


@login_required
@page("GET", "POST")
def confirm(request: DeskRequest) -> HttpResponse:
    """The same on a page of its own: before a role that requires a second factor is acted under."""
    goal = next_of(request, "portal:home")
    problems = _proved(request) if PROOF in request.POST else []
    if request.method == "POST" and not problems:
        return redirect(goal)
    return _asking(request, request.path, [("next", goal)], problems, alone=True)
