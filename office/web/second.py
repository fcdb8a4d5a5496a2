"""The second factor on pages: the code at sign-in, one's device, its recovery codes, their reset."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.middleware import CONFIRMED, SECOND
from accounts.models import User
from core import clock
from core.http import page
from core.problems import Problem, Refused
from office.permissions import may_guard
from office.services import factors
from office.web import entering
from office.web.confirming import confirmed
from office.web.people_forms import CodeForm
from office.web.requests import DeskRequest, next_of, tell

PATIENCE = timedelta(minutes=10)  # between the password and the code


@sensitive_post_parameters("code")
@page("GET", "POST")
def code(request: DeskRequest) -> HttpResponse:
    """After the right password; who waits too long begins anew."""
    at = clock.now()
    half: dict[str, Any] = request.session.get(entering.HALF) or {}
    user = _half(half, at)
    if user is None:
        request.session.pop(entering.HALF, None)
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            factors.check(user=user, code=form.cleaned_data["code"], at=at)
        except Refused as refusal:
            problems = refusal.problems
        else:
            entering.begin(request, user, at, second=True)
            return redirect(half["goal"])
    context = {"form": form, "problems": problems}
    return render(request, "accounts/code.html", context, status=403 if problems else 200)


def _half(half: dict[str, Any], at: datetime) -> User | None:
    if not half or at - datetime.fromisoformat(half["since"]) > PATIENCE:
        return None
    found: User | None = User.objects.filter(pk=half["user"], is_active=True).first()
    return found


@login_required
@page("GET", "POST")
def device(request: DeskRequest) -> HttpResponse:
    """One's device; POST takes the first code of a new one and shows the recovery codes this once."""
    form = CodeForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    codes: list[str] = []
    if form.is_valid():
        try:
            at = clock.now()
            codes = factors.enrol(actor=request.actor, code=form.cleaned_data["code"], at=at)
        except Refused as refusal:
            problems = refusal.problems
        else:
            request.session[SECOND], request.session[CONFIRMED] = True, at.isoformat()
    return _shown(request, form, problems, codes)


def _shown(
    request: DeskRequest, form: CodeForm, problems: tuple[Problem, ...], codes: list[str]
) -> HttpResponse:
    user = request.user
    has_device = factors.device_of(user) if isinstance(user, User) else None
    context = {
        "form": form,
        "problems": problems,
        "codes": codes,
        "device": has_device,
        "left": factors.codes_left(user) if isinstance(user, User) else 0,
        "enrolment": None if codes else factors.enrolment(request.actor),
        "required": request.actor.role in settings.SECOND_FACTOR_ROLES,
        "next": next_of(request, "portal:home"),
        "crumbs": [(_("我的账号"), reverse("accounts:me")), (_("动态口令"), "")],
    }
    status = 422 if problems or form.errors else 200
    return render(request, "accounts/device.html", context, status=status)


@login_required
@page("POST")
def begin(request: DeskRequest) -> HttpResponseBase:
    """A new key. Who has a device already shows first that it is they."""
    user = request.user
    if isinstance(user, User) and factors.device_of(user) is not None:
        return _again(request)
    factors.begin(actor=request.actor)
    return redirect(f"{reverse('accounts:device')}?next={next_of(request, 'portal:home')}")


@confirmed()
def _again(request: DeskRequest) -> HttpResponse:
    factors.begin(actor=request.actor)
    return redirect("accounts:device")


@login_required
@page("POST")
@confirmed()
def new_codes(request: DeskRequest) -> HttpResponse:
    try:
        codes = factors.new_codes(actor=request.actor, at=clock.now())
    except Refused as refusal:
        tell(request, refusal)
        return redirect("accounts:device")
    return _shown(request, CodeForm(), (), codes)


@login_required
@page("POST")
def reset(request: DeskRequest, user_id: int) -> HttpResponse:
    """By security administrators, for a person whose device is lost."""
    if not may_guard(request.actor):
        raise Http404
    try:
        at = clock.now()
        user = factors.reset(
            actor=request.actor, user_id=user_id, reason=request.POST.get("reason", ""), at=at
        )
    except User.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, _("%s 的动态口令已重置，登录已全部结束，下次登录时重新启用。") % user)
    return redirect("accounts:person", user_id=user_id)
