"""Schemes: the list, one as a tree, the import of a file."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.expressions.words import in_words
from core.http import page
from core.pages import paged
from core.problems import Problem, Refused
from core.ui import Action
from evaluation import queries
from evaluation.models import Scheme
from evaluation.permissions import may_import_schemes
from evaluation.rules.dossier import scheme_lines
from evaluation.rules.facts import title_of
from evaluation.rules.words import grade_in_words
from evaluation.services.schemes import import_scheme
from evaluation.web.forms import SchemeForm
from evaluation.web.shared import base_of
from office.web.requests import DeskRequest

MOST_BYTES = 1024 * 1024


def _may_import(request: DeskRequest) -> bool:
    region = request.actor.region
    return region is not None and may_import_schemes(request.actor, region)


@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    rows = Scheme.objects.visible_to(request.actor).select_related("region")
    action = Action(_("导入指标体系"), reverse("evaluation:scheme_import"), "file-up", "primary")
    shown = {"page": paged(rows, request), "base": base_of(request)}
    shown["actions"] = [action] if _may_import(request) else []
    return render(request, "evaluation/schemes.html", shown)


@page("GET")
def detail(request: DeskRequest, scheme_id: int) -> HttpResponse:
    """The tree of leaves with their rules in words, then how grades are given."""
    row = get_object_or_404(Scheme.objects.visible_to(request.actor).select_related("region"), pk=scheme_id)
    scheme = queries.definition(row)
    titles = queries.titles_of(scheme)
    grading = scheme.grading
    shown = {
        "row": row,
        "scheme": scheme,
        "lines": scheme_lines(scheme, titles),
        "applies_to": in_words(scheme.applies_to.source, titles) if scheme.applies_to else "",
        "grades": [(one, grade_in_words(one)) for one in grading.rows],
        "fixed": [(in_words(one.when.source, titles), one) for one in grading.fixed],
        "ceilings": [(in_words(one.when.source, titles), one) for one in grading.ceilings],
        "facts": [title_of(name) for name in scheme.facts],
        "base": base_of(request),
    }
    return render(request, "evaluation/scheme.html", shown)


@login_required
@page("GET", "POST")
def upload(request: DeskRequest) -> HttpResponse:
    """Takes a file; every fault with its path, and then nothing is loaded."""
    region = request.actor.region
    if region is None or not _may_import(request):
        raise Http404
    form = SchemeForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        source = form.cleaned_data["file"].read(MOST_BYTES + 1)
        try:
            row = import_scheme(actor=request.actor, source=source, region=region, at=clock.now())
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("已导入。"))
            return redirect("evaluation:scheme", scheme_id=row.pk)
    status = 422 if problems else 200
    return render(
        request, "evaluation/scheme_import.html", {"form": form, "problems": problems}, status=status
    )
