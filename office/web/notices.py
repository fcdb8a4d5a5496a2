"""What the portal told people, and whether it got out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core import clock
from core.http import page, said
from core.pages import paged
from core.problems import Refused
from core.ui import Status
from office.models import Notice, NoticePreference, OutboxMessage, OutboxState
from office.permissions import may_run
from office.queries import unread_notices
from office.services import notices, preferences
from office.services import outbox as outgoing
from office.web.forms import WaysForm
from office.web.requests import DeskRequest, next_of

WAYS = ("mail", "sms", "digest")
TONES = {OutboxState.WAITING: "info", OutboxState.SENT: "ok", OutboxState.FAILED: "bad"}


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    found = paged(Notice.objects.visible_to(request.actor), request)
    return render(request, "office/notices.html", {"page": found, "unread": unread_notices(request.actor)})


@login_required
@page("GET", "POST")
def ways(request: DeskRequest) -> HttpResponse:
    """By which ways the person is told."""
    known = NoticePreference.objects.visible_to(request.actor).first() or NoticePreference()
    form = WaysForm(
        request.POST or None, initial=model_to_dict(known, fields=WAYS), person=request.actor.user
    )
    if request.method == "POST" and form.is_valid():
        preferences.keep_ways(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("office:notice_ways")
    return render(request, "office/notice_ways.html", {"form": form, "person": request.actor.user})


@login_required
@page("POST")
def read_all(request: DeskRequest) -> HttpResponse:
    notices.read(actor=request.actor, at=clock.now())
    return redirect("office:notices")


@login_required
@page("POST")
def open_one(request: DeskRequest, notice_id: int) -> HttpResponse:
    """Marks it read and goes where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.actor), pk=notice_id)
    notices.read(actor=request.actor, at=clock.now(), notice_id=notice.pk)
    inside = url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
    return redirect(notice.link if notice.link and inside else "office:notices")


@login_required
@page("GET")
def outbox(request: DeskRequest) -> HttpResponse:
    """Messages to the outside, those that did not get out first; for those who keep the portal running."""
    if not may_run(request.actor):
        raise Http404
    failed_first = OutboxMessage.objects.visible_to(request.actor).order_by("state", "-pk")
    found = paged(failed_first, request)
    rows = [
        (message, Status(str(OutboxState(message.state).label), TONES[OutboxState(message.state)]))
        for message in found.items
    ]
    return render(request, "office/outbox.html", {"page": found, "rows": rows})


@login_required
@page("POST")
def send_again(request: DeskRequest, message_id: int) -> HttpResponse:
    try:
        outgoing.send_again(actor=request.actor, message_id=message_id, at=clock.now())
    except OutboxMessage.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, said(refusal.problems[0].message))
    else:
        messages.success(request, _("已重新排队。"))
    return redirect(next_of(request, "office:outbox"))
