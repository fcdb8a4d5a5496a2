"""The audit, for the auditor."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.rules.roles import Role
from core import clock
from core.formats import digest
from core.http import page, said
from core.pages import paged
from core.problems import Refused
from core.text import T
from office.models import AuditEntry, Job
from office.services import access, trail
from office.web.confirming import confirmed
from office.web.forms import AuditFilter
from office.web.requests import DeskRequest, tell

DIGEST = re.compile("[0-9a-f]{64}")


def _known(request: DeskRequest) -> None:
    if not request.actor.has_role(Role.AUDITOR):
        raise Http404


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """Who did what, the newest first; others than the auditor do not know this page."""
    _known(request)
    actor, at, form = request.actor, clock.now(), AuditFilter(request.GET)
    asked = form.asked
    rows = trail.narrowed(AuditEntry.objects.visible_to(actor), asked).order_by("-at", "-pk")
    found = paged(rows.annotate(position=F("seal__position")), request)
    kinds = trail.counts(trail.narrowed(AuditEntry.objects.visible_to(actor), {**asked, "kind": ""}))
    address = request.META.get("REMOTE_ADDR", "")
    access.seen(actor=actor, what="audit", key=request.GET.urlencode(), at=at, address=address)
    shown = {"page": found, "form": form, "kinds": kinds, "chosen": asked.get("kind", "")}
    shown["rows"] = [(entry, _in_short(entry)) for entry in found.items]
    return render(request, "office/audit.html", {**shown, "chain": trail.chain(actor, at)})


def _in_short(entry: AuditEntry) -> list[tuple[str, str]]:
    """What changed on one line each: from and to together, fingerprints short; the whole is in the file."""
    detail = dict(entry.detail)
    lent = detail.pop("on_behalf_of", None)
    told = {name: "—" if value is None else str(value) for name, value in detail.items()}
    lines = [("", said(T("受 {name} 委托", name=lent["name"])))] if lent else []
    if "from" in told and "to" in told:
        lines.append(("", f"{told.pop('from')} → {told.pop('to')}"))
    for name, value in told.items():
        plain = value.removeprefix("sha256:")
        lines.append((name, digest(plain) if DIGEST.fullmatch(plain) else value))
    return lines


def _begun(request: DeskRequest, begin: Callable[..., Job], **more: Any) -> HttpResponse:
    _known(request)
    try:
        job = begin(actor=request.actor, at=clock.now(), **more)
    except Refused as refusal:
        tell(request, refusal)
        return redirect("office:audit")
    return redirect("office:job", job_id=job.pk)


@login_required
@page("POST")
def verify(request: DeskRequest) -> HttpResponse:
    """Begins to recompute the chain."""
    return _begun(request, trail.begin_verifying)


@login_required
@page("POST")
@confirmed()
def export(request: DeskRequest) -> HttpResponse:
    """Begins to write the narrowed list into a file; the filters stand in the address."""
    asked = AuditFilter(request.GET).asked
    return _begun(request, trail.begin_copying, asked=asked)
