"""The officer's yearly calls: how far each is, a new one, and the forms that they use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core import clock
from core.http import page
from core.pages import paged
from core.problems import Problem, Refused
from core.text import T, Text
from core.ui import Status
from office.web.requests import DeskRequest
from reporting import queries
from reporting.models import Campaign, CampaignState, Return
from reporting.models.forms import SEEING
from reporting.permissions import may_open_campaigns
from reporting.queries.dates import answered
from reporting.services import campaigns, desk
from reporting.web.forms import CampaignForm
from reporting.web.loading import crumbs, status_code, tell

LIST: tuple[Text, str] = (T("填报任务"), "/returns/campaigns/")


@dataclass(frozen=True, slots=True)
class Progress:
    campaign: Campaign
    status: Status
    total: int
    counts: Mapping[str, int]

    @property
    def handed_in(self) -> int:
        """Those that lie with an office or are accepted."""
        return self.total - sum(self.counts.get(code, 0) for code in ("not_started", "filling", "returned"))

    @property
    def share(self) -> int:
        return self.handed_in * 100 // self.total if self.total else 0


def _officer_or_404(actor: Actor) -> Actor:
    if actor.role not in SEEING:
        raise Http404
    return actor


def _may_open(actor: Actor) -> bool:
    return actor.region is not None and may_open_campaigns(actor, actor.region_path)


def status_of(campaign: Campaign) -> Status:
    if campaign.state == CampaignState.OPEN:
        return Status(T("进行中"), "info", "circle-dot")
    return Status(T("已关闭"), "muted", "lock")


def progress_of(actor: Actor, found: Sequence[Campaign]) -> list[Progress]:
    """How far these campaigns are in the actor's scope: one query for all."""
    counts: dict[int, dict[str, int]] = {one.pk: {} for one in found}
    rows = Return.objects.visible_to(actor).filter(campaign__in=found)
    for pk, stage, number in queries.by_stage(rows, "campaign_id"):
        counts[pk][stage] = number
    return [Progress(one, status_of(one), sum(counts[one.pk].values()), counts[one.pk]) for one in found]


@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    actor = _officer_or_404(request.actor)
    rows = Campaign.objects.visible_to(actor).select_related("form", "region")
    found = paged(rows.order_by("-year", "form_code", "pk"), request)
    context = {
        "page": found,
        "rows": progress_of(actor, found.items),
        "may_open": _may_open(actor),
        "crumbs": crumbs((LIST[0], "")),
    }
    return render(request, "reporting/campaigns.html", context)


def campaign_or_404(actor: Actor, campaign_id: int) -> Campaign:
    _officer_or_404(actor)
    rows = Campaign.objects.visible_to(actor).select_related("form", "region")
    found: Campaign = get_object_or_404(rows, pk=campaign_id)
    return found


@page("GET")
def detail(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """One campaign: its dates, and the regions below by stage."""
    actor = request.actor
    found = campaign_or_404(actor, campaign_id)
    scope = Return.objects.visible_to(actor).filter(campaign=found)
    linked = found.state == CampaignState.OPEN
    standing = desk.Standing(actor, scope, {"campaign": found.pk}, linked=linked)
    context = {
        "campaign": found,
        "status": status_of(found),
        "progress": progress_of(actor, [found])[0],
        "part": {"table": standing.table()},
        "answered": answered(scope),
        "may_close": found.state == CampaignState.OPEN and may_open_campaigns(actor, found.region.path),
        "now": clock.now(),
        "crumbs": crumbs(LIST, (found.title, "")),
    }
    return render(request, "reporting/campaign.html", context)


@page("GET", "POST")
def new(request: DeskRequest) -> HttpResponse:
    """Opens a year for the carriers of the officer's region."""
    actor = request.actor
    region = actor.region
    if actor.role not in SEEING or region is None or not _may_open(actor):
        raise Http404
    form = CampaignForm(request.POST or None, actor=actor)
    problems: Sequence[Problem] = ()
    status = 200 if request.method == "GET" else 422
    if request.method == "POST" and form.is_valid():
        try:
            made = campaigns.open_campaign(actor=actor, region=region, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已开始，{n} 家载体需要填报。").format(n=made.returns.count()))
            return redirect("reporting:campaign", campaign_id=made.pk)
        except Refused as refusal:
            problems, status = refusal.problems, status_code(refusal)
    context = {"form": form, "problems": problems, "crumbs": crumbs(LIST, (T("新开任务"), ""))}
    return render(request, "reporting/campaign_new.html", {**context, "region": region}, status=status)


@page("POST")
def close(request: DeskRequest, campaign_id: int) -> HttpResponse:
    found = campaign_or_404(request.actor, campaign_id)
    try:
        campaigns.close_campaign(actor=request.actor, campaign_id=found.pk, at=clock.now())
    except Refused as refusal:
        tell(request, refusal.problems)
    return redirect("reporting:campaign", campaign_id=found.pk)
