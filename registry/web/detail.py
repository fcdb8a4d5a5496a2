"""A carrier as those who work with it see it: facts, what was recorded when, who is in it."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import download, page
from core.pages import paged
from core.ui import Action, Status
from office.services import access, files
from office.web.requests import DeskRequest
from registry import queries
from registry.models import Carrier, CarrierState, CarrierVersion
from registry.permissions import (
    may_ask_change,
    may_designate,
    may_record_lineage,
    may_record_stay,
    may_see_staff,
)
from registry.queries.asof import on_day
from registry.rules.listing import asked_day, not_yet
from registry.web.change_words import changes_of
from registry.web.forms import StayFilter
from registry.web.words import entries_of, facts_of

TONES = {CarrierState.ACTIVE: "ok", CarrierState.SUSPENDED: "warn", CarrierState.CLOSED: "muted"}


@login_required
@page("GET")
def carrier(request: DeskRequest, code: str) -> HttpResponse:
    """As of today or of a day. 404 for a carrier outside one's scope, as for one that does not exist."""
    at = clock.now()
    rows = Carrier.objects.managed_by(request.actor)
    found = get_object_or_404(rows.select_related("operator", "region__parent", "home_region"), code=code)
    access.seen(actor=request.actor, what="registry.carrier", key=found.code, at=at)
    day, problems = asked_day(request.GET.get("on", ""), clock.day_of(at))
    then = on_day(rows, day).filter(pk=found.pk).first() if day else None
    if day and then is None:
        problems, day = [not_yet(found.name, day)], None
    shown = then or found
    context = {
        "carrier": shown,
        "status": Status(shown.get_state_display(), TONES[CarrierState(shown.state)]),
        "facts": facts_of(shown, day or clock.day_of(at)),
        "entries": entries_of(queries.versions_of(found)),
        "problems": problems,
        "today": clock.day_of(at),
        "crumbs": [(_("载体"), reverse("registry:manage")), (found.code, "")],
        "actions": _actions(request, found),
    }
    return render(request, "registry/detail.html", {**context, **_stays(request, found, day)})


def _stays(request: DeskRequest, found: Carrier, day: date | None) -> dict[str, object]:
    """Who is in it, on the day of the page; the form keeps the day."""
    form = StayFilter(request.GET, initial={"on": day})
    form.is_valid()
    asked = {"q": form.cleaned_data.get("q", ""), "ended": bool(form.cleaned_data.get("ended"))}
    stays = queries.stays_of(request.actor, found, on=day, **asked)
    may_record = may_record_stay(request.actor, found)
    changes = changes_of(request.actor, found)
    return {"form": form, "page": paged(stays, request), "may_record": may_record, "changes": changes}


def _actions(request: DeskRequest, found: Carrier) -> list[Action]:
    actions = [Action(_("公开页面"), reverse("portal:carrier", args=[found.code]), "globe")]
    if may_see_staff(request.actor, found):
        actions.insert(0, Action(_("人员"), reverse("registry:people", args=[found.code]), "users"))
    if may_ask_change(request.actor, found) and found.state != CarrierState.CLOSED:
        words = _("申请变更") if request.actor.carrier_code else _("更正登记")
        actions.append(Action(words, reverse("registry:change_ask", args=[found.code]), "file-diff"))
    if may_designate(request.actor, found) and found.state != CarrierState.CLOSED:
        actions.append(Action(_("登记称号"), reverse("registry:designation", args=[found.code]), "award"))
    if may_record_lineage(request.actor, found) and found.state != CarrierState.CLOSED:
        page_of = f"{reverse('registry:lineage_new')}?code={found.code}"
        actions.append(Action(_("合并或分立"), page_of, "git-merge"))
    return actions


@login_required
@page("GET")
def basis(request: DeskRequest, code: str, version: int) -> FileResponse:
    """The document on which a fact is based, for those who work with the carrier. 404 for all others."""
    rows = CarrierVersion.objects.filter(carrier__in=Carrier.objects.managed_by(request.actor))
    row = get_object_or_404(rows.select_related("basis_file"), pk=version, carrier__code=code)
    file = row.basis_file
    if file is None:
        raise Http404
    access.seen(actor=request.actor, what="registry.basis", key=f"{code} {file.pk}", at=clock.now())
    return download(files.opened(file), name=file.name, content_type=file.content_type)
