"""A carrier as those who work with it see it: facts, what was recorded when, who is in it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import page
from core.pages import paged
from core.ui import Action, Status
from office.services import access
from office.web.requests import DeskRequest
from registry import queries
from registry.models import Carrier, CarrierState
from registry.permissions import may_ask_change, may_record_lineage
from registry.web.change_words import changes_of
from registry.web.forms import StayFilter
from registry.web.words import entries_of, facts_of

TONES = {CarrierState.ACTIVE: "ok", CarrierState.SUSPENDED: "warn", CarrierState.CLOSED: "muted"}


@login_required
@page("GET")
def carrier(request: DeskRequest, code: str) -> HttpResponse:
    """404 for a carrier outside one's scope, as for one that does not exist."""
    rows = Carrier.objects.managed_by(request.actor).select_related("operator", "region__parent")
    found = get_object_or_404(rows, code=code)
    access.seen(actor=request.actor, what="registry.carrier", key=found.code, at=clock.now())
    form = StayFilter(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    stays = queries.stays_of(request.actor, found, q=asked.get("q", ""), ended=bool(asked.get("ended")))
    context = {
        "carrier": found,
        "status": Status(found.get_state_display(), TONES[CarrierState(found.state)]),
        "facts": facts_of(found),
        "entries": entries_of(queries.versions_of(found)),
        "form": form,
        "page": paged(stays, request),
        "crumbs": [(_("载体"), reverse("registry:manage")), (found.code, "")],
        "changes": changes_of(request.actor, found),
        "actions": _actions(request, found),
    }
    return render(request, "registry/detail.html", context)


def _actions(request: DeskRequest, found: Carrier) -> list[Action]:
    actions = [Action(_("公开页面"), reverse("portal:carrier", args=[found.code]), "globe")]
    if may_ask_change(request.actor, found) and found.state != CarrierState.CLOSED:
        words = _("申请变更") if request.actor.carrier_code else _("更正登记")
        actions.append(Action(words, reverse("registry:change_ask", args=[found.code]), "file-diff"))
    if may_record_lineage(request.actor, found) and found.state != CarrierState.CLOSED:
        page_of = f"{reverse('registry:lineage_new')}?code={found.code}"
        actions.append(Action(_("合并或分立"), page_of, "git-merge"))
    return actions
