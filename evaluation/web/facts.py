"""Facts of a carrier's year: the list, recording, revoking, the document."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.http import download, page
from core.pages import paged
from core.problems import Problem, Refused
from core.text import T
from evaluation.models import CarrierFact
from evaluation.permissions import may_record_facts
from evaluation.rules.facts import title_of
from evaluation.services.facts import known_names, record_fact, revoke_fact
from evaluation.web.forms import FactForm, ReasonForm
from evaluation.web.shared import tell
from office.services import files
from office.web.requests import DeskRequest
from registry.models import Carrier


@login_required
@page("GET", "POST")
def listing(request: DeskRequest) -> HttpResponse:
    """The facts in one's scope, and for those who check returns a form to record one."""
    rows = CarrierFact.objects.visible_to(request.actor)
    if request.actor.appointment is None:
        raise Http404
    may_record = may_record_facts(request.actor)
    if request.method == "POST" and not may_record:
        raise Http404
    form = FactForm(known_names(), request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if may_record and form.is_valid():
        problems = _recorded(request, form)
        if not problems:
            messages.success(request, _("已登记。"))
            return redirect("evaluation:facts")
    found = paged(rows.select_related("carrier", "recorded_by", "file").order_by("-pk"), request)
    shown = {"page": found, "form": form, "problems": problems, "may_record": may_record}
    shown["rows"] = [(fact, title_of(fact.name)) for fact in found.items]
    return render(request, "evaluation/facts.html", shown, status=422 if problems else 200)


def _recorded(request: DeskRequest, form: FactForm) -> tuple[Problem, ...]:
    try:
        record_fact(actor=request.actor, at=clock.now(), **form.record)
    except Carrier.DoesNotExist:
        return (Problem("fact.carrier", T("您的辖区内没有这个载体。"), field="carrier_code"),)
    except Refused as refused:
        return refused.problems
    return ()


@login_required
@page("POST")
def revoke(request: DeskRequest, fact_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    because = form.cleaned_data["because"] if form.is_valid() else ""
    try:
        revoke_fact(actor=request.actor, fact_id=fact_id, because=because, at=clock.now())
    except CarrierFact.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, _("已撤销。"))
    return redirect("evaluation:facts")


@login_required
@page("GET")
def document(request: DeskRequest, fact_id: int) -> HttpResponseBase:
    """The document of a fact in one's scope."""
    fact = get_object_or_404(CarrierFact.objects.visible_to(request.actor).select_related("file"), pk=fact_id)
    if fact.file is None:
        raise Http404
    return download(files.opened(fact.file), name=fact.file.name, content_type=fact.file.content_type)
