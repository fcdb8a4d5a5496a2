"""The dates of a campaign's parts and the longer time that was granted: shown to officers, set after a look
at whom it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.http import page, said
from core.problems import Problem, Refused
from core.text import T
from office.web.requests import DeskRequest
from registry.queries.levels import level_words
from reporting.models import Campaign, CampaignState, CampaignTerm, Extension
from reporting.permissions import may_set_terms, may_undo, owns
from reporting.services import terms
from reporting.web.campaigns import LIST, campaign_or_404
from reporting.web.forms import ExtensionForm, TermForm
from reporting.web.loading import crumbs, status_code, tell

MOST_REGIONS = 300
MOST_SHOWN = 200


def _regions(actor: Actor, campaign: Campaign) -> QuerySet[Region]:
    """Where this officer may set dates: below the campaign's region and their own."""
    longer = max(campaign.region.path, actor.region_path or "", key=len)
    return Region.objects.filter(path__startswith=longer).order_by("path")


def _may(actor: Actor, campaign: Campaign) -> bool:
    own = max(campaign.region.path, actor.region_path or "", key=len)
    return campaign.state == CampaignState.OPEN and may_set_terms(actor, campaign, own)


def _forms(request: DeskRequest, campaign: Campaign, which: str) -> tuple[TermForm, ExtensionForm]:
    """Both forms of the page; `which` is the one that was sent."""
    regions = _regions(request.actor, campaign)
    today = clock.day_of(clock.now())
    levels = [(code, said(word)) for code, word in level_words(today).items()]
    names = ("last_start_at", "due_at", "correct_by")
    first = {name: getattr(campaign, name) for name in names} | {"region": request.actor.region}
    term = TermForm(request.POST if which == "term" else None, regions=regions, levels=levels, first=first)
    choices = [(one.code, str(one)) for one in regions[:MOST_REGIONS]]
    return term, ExtensionForm(request.POST if which == "extension" else None, regions=choices)


def _shown(request: DeskRequest, campaign: Campaign, *, status: int = 200, **given: Any) -> HttpResponse:
    actor, at = request.actor, clock.now()
    rows = CampaignTerm.objects.visible_to(actor).filter(campaign=campaign)
    longer = Extension.objects.visible_to(actor).filter(campaign=campaign)
    longer = longer.select_related("carrier", "region", "office", "granted_by", "revoked_by")
    levels = level_words(clock.day_of(at))
    found = list(rows.select_related("region", "office", "set_by")[:MOST_SHOWN])
    context = {
        "campaign": campaign,
        "terms": [(one, levels.get(one.level, ""), _may_undo(actor, campaign, one)) for one in found],
        "extensions": [(one, _may_undo(actor, campaign, one)) for one in longer[:MOST_SHOWN]],
        "may": _may(actor, campaign),
        "owns": owns(actor, campaign),
        "now": at,
        "crumbs": crumbs(LIST, (campaign.title, f"/returns/campaigns/{campaign.pk}/"), (T("期限"), "")),
        **given,
    }
    if "term" not in context:
        context["term"], context["extension"] = _forms(request, campaign, "")
    return render(request, "reporting/dates.html", context, status=status)


def _may_undo(actor: Actor, campaign: Campaign, one: CampaignTerm | Extension) -> bool:
    ended = isinstance(one, Extension) and (one.revoked_at or one.used_at)
    return campaign.state == CampaignState.OPEN and not ended and may_undo(actor, one.office)


@page("GET", "POST")
def dates(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """All dates that hold in a campaign; a POST sets those of a part, first as a look at whom it changes."""
    campaign = campaign_or_404(request.actor, campaign_id)
    if request.method == "GET":
        return _shown(request, campaign)
    _settable_or_404(request.actor, campaign)
    form, other = _forms(request, campaign, "term")
    if not form.is_valid():
        return _shown(request, campaign, term=form, extension=other, status=422)
    given: dict[str, Any] = {"campaign_id": campaign.pk, "wanted": terms.Wanted(**form.cleaned_data)}
    return _done(request, campaign, terms.set_term, given, {"term": form, "extension": other})


@page("POST")
def extend(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """Longer time, first as a look at whom it is for."""
    campaign = campaign_or_404(request.actor, campaign_id)
    _settable_or_404(request.actor, campaign)
    other, form = _forms(request, campaign, "extension")
    if not form.is_valid():
        return _shown(request, campaign, term=other, extension=form, status=422)
    given = {"campaign_id": campaign.pk, **form.cleaned_data}
    return _done(request, campaign, terms.extend, given, {"term": other, "extension": form})


def _settable_or_404(actor: Actor, campaign: Campaign) -> None:
    if not _may(actor, campaign):
        raise Http404


def _done(
    request: DeskRequest, campaign: Campaign, verb: Any, given: Mapping[str, Any], shown: Mapping[str, Any]
) -> HttpResponse:
    """The act when it was confirmed, else what it would do; every fault with its form."""
    sure = bool(request.POST.get("sure"))
    problems: Sequence[Problem] = ()
    try:
        answer = verb(actor=request.actor, at=clock.now(), dry_run=not sure, **given)
    except Refused as refusal:
        problems, status = refusal.problems, status_code(refusal)
        return _shown(request, campaign, problems=problems, status=status, **shown)
    effect = answer if isinstance(answer, terms.Effect) else answer[1]
    if not sure:
        which = "term" if verb is terms.set_term else "extension"
        return _shown(request, campaign, effect=effect, which=which, sent=shown[which], **shown)
    messages.success(request, _("已保存，{n} 家载体的期限随之改变。").format(n=effect.changed))
    return redirect("reporting:dates", campaign_id=campaign.pk)


@page("POST")
def remove(request: DeskRequest, campaign_id: int, term_id: int) -> HttpResponse:
    """The dates of a part fall away."""
    campaign = campaign_or_404(request.actor, campaign_id)
    rows = CampaignTerm.objects.visible_to(request.actor).filter(campaign=campaign)
    one = get_object_or_404(rows.select_related("region", "office"), pk=term_id)
    if not _may_undo(request.actor, campaign, one):
        raise Http404
    try:
        reason = request.POST.get("reason", "")
        terms.remove_term(actor=request.actor, term_id=one.pk, reason=reason, at=clock.now())
    except Refused as refusal:
        tell(request, refusal.problems)
    return redirect("reporting:dates", campaign_id=campaign.pk)


@page("POST")
def revoke(request: DeskRequest, campaign_id: int, extension_id: int) -> HttpResponse:
    """Longer time that nobody has used is taken back."""
    campaign = campaign_or_404(request.actor, campaign_id)
    rows = Extension.objects.visible_to(request.actor).filter(campaign=campaign)
    one = get_object_or_404(rows.select_related("office"), pk=extension_id)
    if not may_undo(request.actor, one.office):
        raise Http404
    try:
        reason = request.POST.get("reason", "")
        terms.revoke(actor=request.actor, extension_id=one.pk, reason=reason, at=clock.now())
    except Refused as refusal:
        tell(request, refusal.problems)
    return redirect("reporting:dates", campaign_id=campaign.pk)
