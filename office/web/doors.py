"""Who is inside and what may come in: everybody's sessions and tokens, for security administrators."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import SignIn, TokenGrant
from core import clock
from core.http import page
from core.pages import paged
from core.problems import Refused
from office.permissions import may_guard
from office.services import guarding
from office.web.requests import DeskRequest, next_of, tell


def _known(request: DeskRequest) -> None:
    if not may_guard(request.actor):
        raise Http404


@login_required
@page("GET")
def sessions(request: DeskRequest) -> HttpResponse:
    """Those that were used within half an hour."""
    _known(request)
    found = paged(guarding.inside(request.actor, clock.now()), request)
    here = str(request.session.session_key)
    rows = [(one, one.sign_in.session_key == here) for one in guarding.seen(found.items)]
    return render(request, "accounts/sessions.html", {"page": found, "rows": rows})


@login_required
@page("POST")
def shut_session(request: DeskRequest, sign_in_id: int) -> HttpResponse:
    _known(request)
    try:
        guarding.shut_session(actor=request.actor, sign_in_id=sign_in_id, at=clock.now())
    except SignIn.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, _("该处登录已结束。"))
    return redirect(next_of(request, "accounts:sessions"))


@login_required
@page("GET")
def tokens(request: DeskRequest) -> HttpResponse:
    """Those that are valid, the ones that end first before the others."""
    _known(request)
    at = clock.now()
    found = paged(guarding.tokens(request.actor, at), request)
    rows = [(grant, grant.token.expiry <= at + guarding.TOKENS_SOON) for grant in found.items]
    return render(request, "accounts/tokens.html", {"page": found, "rows": rows})


@login_required
@page("POST")
def end_token(request: DeskRequest, grant_id: int) -> HttpResponse:
    _known(request)
    try:
        guarding.end_token(actor=request.actor, grant_id=grant_id, at=clock.now())
    except TokenGrant.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("令牌已撤销。"))
    return redirect(next_of(request, "accounts:tokens"))
