"""Signing in and out, the appointment to act under, one's own page.

The addresses are `/accounts/…` and their names `accounts:…`; they live here because each act is audited,
and the room of people lies below the audit.
"""

from __future__ import annotations

from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.middleware import EXPIRED
from accounts.models import Appointment, SignIn, TokenGrant
from core import clock
from core.http import page, said, shown
from core.problems import Problem, Refused
from core.text import T
from office.services import inviting, people
from office.web import entering
from office.web import people_forms as forms
from office.web.own_page import shown_to
from office.web.requests import DeskRequest, next_of

# The same sentence whether there is such a person or not.
NOT_IN = T("用户名或密码不对，或账号不能登录。")
LOCKED = T("尝试次数过多，此账号在本网络暂时不能登录。请在 10 分钟后再试，或联系管理员。")


@sensitive_post_parameters("password")
@page("GET", "POST")
def sign_in(request: DeskRequest) -> HttpResponse:
    goal = next_of(request, settings.LOGIN_REDIRECT_URL)
    if request.user.is_authenticated:
        return redirect(goal)
    form = forms.SignInForm(request.POST or None)
    problems: list[Problem] = []
    if form.is_valid():
        user = entering.known(request, **form.cleaned_data)
        if user is not None:
            return entering.by_password(request, user, goal)
        problems = [Problem("sign_in.refused", NOT_IN)]
    context = {
        "form": form,
        "problems": problems,
        "next": goal,
        "oidc_name": (settings.OIDC_NAME or _("统一身份认证")) if settings.OIDC_ISSUER else "",
        "expired": request.session.get(EXPIRED, False),
    }
    return render(request, "accounts/sign_in.html", context, status=403 if problems else 200)


def locked_out(request: HttpRequest, *_rest: Any) -> HttpResponse:
    """The answer to who tried too often: 429, on pages and in the API."""
    if request.path.startswith("/api/"):
        return JsonResponse({"problems": [shown(Problem("sign_in.locked", LOCKED))]}, status=429)
    return render(request, "accounts/locked.html", {"words": LOCKED}, status=429)


@page("POST")
def sign_out(request: DeskRequest) -> HttpResponse:
    if request.actor.user:
        people.signed_out(
            actor=request.actor,
            session_key=str(request.session.session_key),
            address=get_client_ip_address(request),
            at=clock.now(),
        )
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_required
@page("POST")
def switch(request: DeskRequest) -> HttpResponse:
    """Acts from now on under another of one's appointments."""
    chosen = request.POST.get("appointment", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 16):
        raise Http404
    try:
        held = people.switched(actor=request.actor, appointment_id=int(chosen), at=clock.now())
    except Appointment.DoesNotExist:
        raise Http404 from None
    request.session["appointment"] = held.pk
    return redirect(next_of(request, settings.LOGIN_REDIRECT_URL))


@login_required
@page("GET")
def me(request: DeskRequest) -> HttpResponse:
    """One's appointments, sessions and tokens."""
    context = shown_to(request.actor, str(request.session.session_key), clock.now())
    return render(request, "accounts/me.html", {**context, "token_form": forms.TokenForm()})


@sensitive_post_parameters("old", "new", "again")
@login_required
@page("GET", "POST")
def password(request: DeskRequest) -> HttpResponse:
    form = forms.PasswordForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            user = people.change_password(
                actor=request.actor,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                session_key=str(request.session.session_key),
                at=clock.now(),
            )
        except Refused as refusal:
            problems = refusal.problems
        else:
            _keep_this_session(request, user)
            return redirect("accounts:me")
    status = 422 if problems or form.errors else 200
    return render(request, "accounts/password.html", {"form": form, "problems": problems}, status=status)


@sensitive_post_parameters("new", "again")
@page("GET", "POST")
def set_password(request: DeskRequest, user_id: int, token: str) -> HttpResponse:
    """By a link that an administrator gave; says no more than that it is not good when it is not."""
    person = inviting.invited(user_id, token)
    form = forms.NewPasswordForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if person and form.is_valid():
        try:
            new = form.cleaned_data["new"]
            inviting.set_password(user_id=user_id, token=token, new=new, at=clock.now())
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("密码已设置，请登录。"))
            return redirect("accounts:sign_in")
    status = 404 if person is None else 422 if problems or form.errors else 200
    context = {"form": form, "problems": problems, "person": person}
    return render(request, "accounts/set_password.html", context, status=status)


def _keep_this_session(request: DeskRequest, user: Any) -> None:
    """The one in which the password was changed goes on, under a new key."""
    old_key = str(request.session.session_key)
    update_session_auth_hash(request, user)
    SignIn.objects.filter(session_key=old_key).update(session_key=request.session.session_key)
    messages.success(request, _("密码已修改，其他设备上的登录和全部令牌已失效。"))


@login_required
@page("POST")
def end_session(request: DeskRequest, sign_in_id: int) -> HttpResponse:
    try:
        people.end_session(
            actor=request.actor, sign_in_id=sign_in_id, engine=settings.SESSION_ENGINE, at=clock.now()
        )
    except SignIn.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("该处登录已结束。"))
    return redirect("accounts:me")


@login_required
@page("POST")
def end_others(request: DeskRequest) -> HttpResponse:
    """Ends every session of one's own but this one."""
    ended = people.end_other_sessions(
        actor=request.actor,
        session_key=str(request.session.session_key),
        engine=settings.SESSION_ENGINE,
        at=clock.now(),
    )
    messages.success(request, _("已结束其他 %d 处登录。") % ended)
    return redirect("accounts:me")


@login_required
@page("POST")
def make_token(request: DeskRequest) -> HttpResponse:
    """Shows the text of the new token once, on this page and never again."""
    form = forms.TokenForm(request.POST)
    text, problems = "", ()
    if form.is_valid():
        try:
            _grant, text = people.make_token(actor=request.actor, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            problems = refusal.problems  # type: ignore[assignment]
    context = shown_to(request.actor, str(request.session.session_key), clock.now())
    context |= {"token_form": forms.TokenForm() if text else form, "token": text, "problems": problems}
    return render(request, "accounts/me.html", context, status=200 if text else 422)


@login_required
@page("POST")
def revoke_token(request: DeskRequest, grant_id: int) -> HttpResponse:
    try:
        people.revoke_token(actor=request.actor, grant_id=grant_id, at=clock.now())
    except TokenGrant.DoesNotExist:
        raise Http404 from None
    messages.success(request, said(T("令牌已撤销。")))
    return redirect("accounts:me")
