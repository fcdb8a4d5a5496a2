"""How a campaign's carriers are reminded: on which days, and by an officer's word after a look at whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.http import page
from core.problems import Problem, Refused
from core.text import T
from office.web.requests import DeskRequest
from reporting.models import Campaign, CampaignState, Reminder, ReminderKind
from reporting.permissions import OWNERS, owns
from reporting.rules.reminding import NUDGE_GAP
from reporting.services import reminding
from reporting.web.campaigns import LIST, campaign_or_404
from reporting.web.loading import crumbs, status_code, words

NONE: Sequence[Problem] = ()


@page("GET")
def reminders(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """The days of the ladder, what was told so far, and whom a word would reach now."""
    return _shown(request, campaign_or_404(request.actor, campaign_id))


def _shown(
    request: DeskRequest, campaign: Campaign, problems: Sequence[Problem] = NONE, status: int = 200
) -> HttpResponse:
    actor, at = request.actor, clock.now()
    told = Reminder.objects.visible_to(actor).filter(return_of__campaign=campaign).order_by("kind")
    counts = told.values_list("kind").annotate(Count("pk"), Max("at"))
    is_open = campaign.state == CampaignState.OPEN
    context: dict[str, Any] = {
        "campaign": campaign,
        "counts": [(ReminderKind(kind).label, number, last) for kind, number, last in counts],
        "may_nudge": is_open and actor.role in OWNERS,
        "may_set": is_open and owns(actor, campaign),
        "ladder": "，".join(str(days) for days in campaign.ladder),
        "gap": NUDGE_GAP.days,
        "problems": problems,
        "crumbs": crumbs(LIST, (campaign.title, f"/returns/campaigns/{campaign.pk}/"), (T("提醒与催办"), "")),
    }
    if context["may_nudge"]:
        context["reach"] = reminding.looked(actor=actor, campaign=campaign, at=at)
    return render(request, "reporting/reminders.html", context, status=status)


@page("POST")
def nudge(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """The word goes out to those who were shown."""
    campaign = campaign_or_404(request.actor, campaign_id)
    if campaign.state != CampaignState.OPEN or request.actor.role not in OWNERS:
        raise Http404
    try:
        text, at = words(request, "text"), clock.now()
        done = reminding.nudge(actor=request.actor, campaign_id=campaign.pk, text=text, at=at)
    except Refused as refusal:
        return _shown(request, campaign, refusal.problems, status_code(refusal))
    messages.success(request, _("已催办 {n} 家载体的 {m} 人。").format(n=done.told, m=done.people))
    return redirect("reporting:reminders", campaign_id=campaign.pk)


@page("POST")
def ladder(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """On which days before a date carriers are reminded."""
    campaign = campaign_or_404(request.actor, campaign_id)
    if campaign.state != CampaignState.OPEN or not owns(request.actor, campaign):
        raise Http404
    try:
        text, at = words(request, "ladder"), clock.now()
        reminding.set_ladder(actor=request.actor, campaign_id=campaign.pk, text=text, at=at)
    except Refused as refusal:
        return _shown(request, campaign, refusal.problems, status_code(refusal))
    messages.success(request, _("已保存。"))
    return redirect("reporting:reminders", campaign_id=campaign.pk)
