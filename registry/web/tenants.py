"""Tenants: looked for, one body with all its stays, and how a stay ends."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core import clock
from core.http import download, page
from core.pages import paged
from core.problems import Problem, Refused
from core.text import T
from core.ui import Action
from office.services import access, files
from office.web.requests import DeskRequest
from office.web.views import Views, bar, first, opened
from registry.excel.tenants import LABELS, TENANTS
from registry.models import Carrier, Stay, Tenant
from registry.permissions import may_record_stay, may_see_findings, may_work_with_lists
from registry.queries import tenants as queries
from registry.queries.findings import with_sides
from registry.rules.desk_lists import TenantsAsked
from registry.rules.vocabulary import UNSTATED
from registry.services import stays
from registry.web import exporting, stay_lines
from registry.web.findings import row_of
from registry.web.forms import EndForm, GraduationForm, TenantFilter, upload_of

SIZE = 30
_KEPT = ("q", "carrier", "standing", "sort")


@login_required
@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    """The tenants of one's scope, by name. 404 for who has no carriers in scope."""
    actor = request.actor
    if not may_work_with_lists(actor):
        raise Http404
    views = opened(request, TENANTS.name, base=reverse("registry:tenants"), names=_KEPT)
    if address := first(request, views):
        return redirect(address)
    at = clock.now()
    asked, problems = _known_carrier(actor, views, *TENANTS.read(request.GET, at))
    layout = exporting.layout(request, TENANTS, asked, views)
    found = paged(layout.ordered(TENANTS.rows(actor, asked, at)), request, SIZE)
    lines = TENANTS.reader(actor, asked, at)(found.items)
    query = exporting.asked_for(layout, asked)
    context = {
        "form": TenantFilter({**request.GET.dict(), **views.kept}),
        "views": bar(views, query, layout=layout, problems=problems, labels=LABELS),
        "page": found,
        "layout": layout,
        "rows": exporting.cells(TENANTS, asked, layout, lines),
        "actions": [*_links(actor), *exporting.action(request, TENANTS, asked, views)],
    }
    return render(request, "registry/tenants.html", context)


def _links(actor: Actor) -> list[Action]:
    if not may_see_findings(actor):
        return []
    return [Action(T("在孵企业疑点"), reverse("registry:findings"), "flag")]


def _known_carrier(
    actor: Actor, views: Views, asked: TenantsAsked, problems: list[Problem]
) -> tuple[TenantsAsked, list[Problem]]:
    """A view's carrier that lies no longer in one's scope narrows nothing, and is told."""
    code = asked.carrier
    if views.current is None or not code or Carrier.objects.managed_by(actor).filter(code=code).exists():
        return asked, problems
    told = Problem("list.carrier", T("您的范围内没有这个载体。"), field="carrier", found=code)
    return replace(asked, carrier=""), [*problems, told]


@login_required
@page("GET")
def suggest(request: DeskRequest) -> HttpResponse:
    """Names for the search box while it is typed."""
    if not may_work_with_lists(request.actor):
        raise Http404
    found = queries.suggestions(request.actor, request.GET.get("q", ""))
    return render(request, "registry/_suggestions.html", {"found": found})


@login_required
@page("GET")
def tenant(request: DeskRequest, credit_code: str) -> HttpResponse:
    """404 for a body that was never in one's scope, as for one that does not exist."""
    actor = request.actor
    found: Tenant = get_object_or_404(Tenant.objects.visible_to(actor), credit_code=credit_code)
    access.seen(actor=actor, what="registry.tenant", key=found.credit_code, at=clock.now())
    seen = queries.stays_of_tenant(actor, found)
    shown = with_sides(found.findings.visible_to(actor))
    context = {
        "tenant": found,
        "stays": [(one, _may_end(request, one)) for one in seen],
        "lines": stay_lines.drawn(seen, founded=found.founded, today=clock.day_of(clock.now())),
        "findings": [row_of(one, actor) for one in shown.order_by("gone_at", "-pk")[:50]],
        "crumbs": [(_("在孵企业"), reverse("registry:tenants")), (found.credit_code, "")],
    }
    return render(request, "registry/tenant.html", context)


def _may_end(request: DeskRequest, stay: Stay) -> bool:
    """Whether something of this stay is to be recorded, and by this reader."""
    lacks = stay.graduated_by == UNSTATED or (bool(stay.graduated_by) and stay.evidence is None)
    return (stay.ended is None or lacks) and may_record_stay(request.actor, stay.carrier)


@login_required
@page("GET", "POST")
def end(request: DeskRequest, stay_id: int) -> HttpResponse:
    """How a stay ended; of one that ended by graduation, the condition or the evidence that is missing."""
    rows = Stay.objects.visible_to(request.actor).select_related("carrier__region", "tenant", "team")
    stay = get_object_or_404(rows, pk=stay_id)
    if not may_record_stay(request.actor, stay.carrier):
        raise Http404
    begun = {"graduated_by": stay.graduated_by} if stay.ended else None
    shape = GraduationForm if stay.ended else EndForm
    form = shape(request.POST or None, request.FILES or None, initial=begun)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        problems = _recorded(request, stay, form)
        if not problems:
            messages.success(request, _("已登记。"))
            return redirect(_back(stay))
    shown = {"stay": stay, "form": form, "problems": problems, "back": _back(stay)}
    return render(request, "registry/stay_end.html", shown, status=422 if problems else 200)


def _back(stay: Stay) -> str:
    if stay.tenant:
        return reverse("registry:tenant", args=[stay.tenant.credit_code])
    return reverse("registry:carrier", args=[stay.carrier.code])


def _recorded(request: DeskRequest, stay: Stay, form: EndForm) -> tuple[Problem, ...]:
    given = dict(form.cleaned_data)
    given["evidence"] = upload_of(given.get("evidence"))
    record = stays.end_stay if "ended" in given else stays.state_graduation
    try:
        record(actor=request.actor, stay_id=stay.pk, at=clock.now(), **given)
    except Refused as refused:
        return refused.problems
    return ()


@login_required
@page("GET")
def evidence(request: DeskRequest, stay_id: int) -> HttpResponseBase:
    """What shows that it graduated, for those who may see the stay."""
    stay = get_object_or_404(Stay.objects.visible_to(request.actor).select_related("evidence"), pk=stay_id)
    if stay.evidence is None:
        raise Http404
    file = stay.evidence
    return download(files.opened(file), name=file.name, content_type=file.content_type)
