"""Every part of the pages in all its states, for those who build and check them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.rules.roles import CHECKING, Role
from core import clock
from core.http import page
from portal.samples import samples

_READERS = CHECKING | {Role.EDITOR, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR}


@login_required
@page("GET")
def styleguide(request: HttpRequest) -> HttpResponse:
    if request.actor.role not in _READERS:  # type: ignore[attr-defined]
        raise PermissionDenied
    return render(request, "portal/styleguide.html", samples(clock.now()))
