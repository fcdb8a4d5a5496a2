"""A newer version of its form for an open campaign: what it asks anew of whom, then the officer's word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from core import clock
from core.http import page
from core.problems import Refused
from core.text import T
from office.web.requests import DeskRequest
from reporting.models import Campaign, Form
from reporting.permissions import may_open_campaigns
from reporting.rules.form_change import RULES, Rule
from reporting.services import form_changes
from reporting.web.form_pages import form_crumbs, form_or_404
from reporting.web.loading import status_code

SHOWN = 50  # returns that the preview lists; all are counted


class ChangeForm(forms.Form):
    """What becomes of submitted returns, and why the version is changed."""

    rule = forms.ChoiceField(
        label=gettext_lazy("已提交、尚未受理的报表"),
        choices=[(str(rule), gettext_lazy(title.msgid)) for rule, title in RULES],
        initial=Rule.KEEP,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=form_changes.MOST_WORDS,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("随通知告知载体。"),
    )
    expected = forms.IntegerField(widget=forms.HiddenInput)


@page("GET", "POST")
def change(request: DeskRequest, campaign_id: int, form_id: int) -> HttpResponse:
    """The preview; nothing is changed before it is confirmed."""
    campaign, after = _both_or_404(request.actor, campaign_id, form_id)
    initial = {"rule": Rule.KEEP, "expected": campaign.form_id}
    form = ChangeForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"campaign": campaign, "after": after, "form": form, "shown": SHOWN}
    status = 200 if request.method == "GET" else 422
    try:
        if request.method == "POST" and form.is_valid():
            made = form_changes.change_form(
                actor=request.actor, campaign_id=campaign.pk, after=after, at=clock.now(), **form.cleaned_data
            )
            words = _("已换用第 {version} 版：{moved} 份草稿随之更新，{asked} 份退回补填。")
            done = words.format(version=after.version, moved=made.moved, asked=made.asked)
            messages.success(request, done)
            return redirect("reporting:campaign", campaign_id=campaign.pk)
        context["preview"] = form_changes.preview(actor=request.actor, campaign=campaign, after=after)
    except Refused as refusal:
        context["problems"], status = refusal.problems, status_code(refusal)
    context["crumbs"] = form_crumbs(after, (T("换用到进行中的任务"), ""))
    return render(request, "reporting/form_change.html", context, status=status)


def _both_or_404(actor: Actor, campaign_id: int, form_id: int) -> tuple[Campaign, Form]:
    """The campaign, if it is this actor's to open, and the form of the same code."""
    after = form_or_404(actor, form_id)
    rows = Campaign.objects.visible_to(actor).select_related("form", "region")
    campaign: Campaign = get_object_or_404(rows, pk=campaign_id, form_code=after.code)
    if not may_open_campaigns(actor, campaign.region.path):
        raise Http404
    return campaign, after
