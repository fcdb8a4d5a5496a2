"""People: the list, one person, new ones, appointments and their end, the ways in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import queries
from accounts.models import Appointment, User
from accounts.rules.roles import Role
from core import clock
from core.http import page
from core.pages import paged
from core.problems import Problem, Refused
from office.permissions import may_guard, may_see_people
from office.services import guarding, inviting, people
from office.web.people_admin_forms import AppointForm, PeopleFilter, PersonForm, ReasonForm
from office.web.people_shown import one_shown, shown_of
from office.web.requests import DeskRequest, tell


def _known(request: DeskRequest) -> None:
    if not may_see_people(request.actor):
        raise Http404


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """Everybody who can sign in, with what they hold, for those who keep accounts and doors."""
    _known(request)
    form = PeopleFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    today = clock.day_of(clock.now())
    found = paged(queries.people(request.actor, today=today, **asked), request)
    rows = [shown_of(user, today) for user in found.items]
    return render(request, "accounts/people.html", {"page": found, "form": form, "rows": rows})


@login_required
@page("GET", "POST")
def new(request: DeskRequest) -> HttpResponse:
    """An account without rights; its person sets the password by a link."""
    _known(request)
    form = PersonForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            user = people.create_person(
                actor=request.actor, password=secrets.token_urlsafe(24), at=clock.now(), **form.cleaned_data
            )
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("账号已建立。下一步：任命，再发放设置密码链接。"))
            return redirect("accounts:person", user_id=user.pk)
    status = 422 if problems or form.errors else 200
    return render(
        request,
        "accounts/person_new.html",
        {"form": form, "problems": problems, "crumbs": _crumbs(_("新建人员"))},
        status=status,
    )


@login_required
@page("GET")
def detail(request: DeskRequest, user_id: int) -> HttpResponse:
    return _shown(request, _person(request, user_id))


def _person(request: DeskRequest, user_id: int) -> User:
    _known(request)
    user: User = get_object_or_404(User.objects.visible_to(request.actor), pk=user_id)
    return user


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("人员与任职"), reverse("accounts:people")), (here, "")]


def _shown(request: DeskRequest, user: User, *, status: int = 200, **more: Any) -> HttpResponse:
    at = clock.now()
    context = one_shown(request.actor, user, at)
    if may_guard(request.actor):
        context["appoint_form"] = AppointForm(initial={"valid_from": clock.day_of(at)})
    return render(
        request, "accounts/person.html", {**context, "crumbs": _crumbs(user.name), **more}, status=status
    )


@login_required
@page("POST")
def appoint(request: DeskRequest, user_id: int) -> HttpResponse:
    user = _person(request, user_id)
    if not may_guard(request.actor):
        raise Http404
    form = AppointForm(request.POST)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        given = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
        try:
            people.appoint(actor=request.actor, user=user, at=clock.now(), **given)
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("已任命，立即生效。"))
            return redirect("accounts:person", user_id=user.pk)
    return _shown(request, user, appoint_form=form, problems=problems, wrong=form, status=422)


@login_required
@page("POST")
def end_appointment(request: DeskRequest, appointment_id: int) -> HttpResponse:
    if not may_guard(request.actor):
        raise Http404
    held = get_object_or_404(Appointment.objects.visible_to(request.actor), pk=appointment_id)
    reason = request.POST.get("reason", "")
    try:
        people.end_appointment(actor=request.actor, appointment_id=held.pk, at=clock.now(), reason=reason)
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, _("任职已撤销，立即失效，其令牌一并失效。"))
    return redirect("accounts:person", user_id=held.user_id)


@login_required
@page("POST")
def invite(request: DeskRequest, user_id: int) -> HttpResponse:
    """Mails the link, or shows it this once to be handed over."""
    user = _person(request, user_id)
    try:
        invitation = inviting.invite(actor=request.actor, user_id=user.pk, at=clock.now())
    except Refused as refusal:
        tell(request, refusal)
        return redirect("accounts:person", user_id=user.pk)
    if invitation.mailed_to:
        messages.success(request, _("链接已发往 %s，3 天内有效，只能用一次。") % invitation.mailed_to)
        return redirect("accounts:person", user_id=user.pk)
    return _shown(request, user, invitation=invitation)


def _with_reason(request: DeskRequest, user_id: int, verb: Callable[..., User], done: str) -> HttpResponse:
    if not may_guard(request.actor):
        raise Http404
    user = _person(request, user_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        verb(actor=request.actor, user_id=user.pk, at=clock.now(), reason=reason)
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, done)
    return redirect("accounts:person", user_id=user.pk)


@login_required
@page("POST")
def suspend(request: DeskRequest, user_id: int) -> HttpResponse:
    return _with_reason(request, user_id, guarding.suspend, _("账号已停用，登录和令牌已全部结束。"))


@login_required
@page("POST")
def restore(request: DeskRequest, user_id: int) -> HttpResponse:
    return _with_reason(request, user_id, guarding.restore, _("账号已启用。"))


@login_required
@page("POST")
def unlock(request: DeskRequest, user_id: int) -> HttpResponse:
    return _with_reason(request, user_id, guarding.unlock, _("登录锁定已解除。"))
