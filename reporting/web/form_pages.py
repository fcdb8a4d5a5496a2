"""The forms as officers look at them before a year opens: as asked, compared, tried, as a workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core import clock
from core.columns import Column
from core.http import download, page
from core.pages import paged
from core.problems import Refused
from core.text import T, Text
from core.ui import Action
from office.services import files
from office.web.requests import DeskRequest
from reporting import queries
from reporting.excel import making
from reporting.models import Campaign, CampaignState, Form
from reporting.models.forms import SEEING
from reporting.permissions import may_open_campaigns
from reporting.rules import form as rules
from reporting.rules.form_compare import compare
from reporting.rules.form_tests import outcomes, shown
from reporting.rules.form_words import TYPES, computed_words, limits_of, said_checks
from reporting.web.form_trial import sample, trial
from reporting.web.loading import crumbs, status_code

LIST: tuple[Text, str] = (T("报表表单"), "/returns/forms/")


def officer_or_404(actor: Actor) -> Actor:
    if actor.role not in SEEING:
        raise Http404
    return actor


def form_or_404(actor: Actor, form_id: int) -> Form:
    found: Form = get_object_or_404(Form.objects.visible_to(officer_or_404(actor)), pk=form_id)
    return found


def form_crumbs(found: Form, *more: tuple[Text | str, str]) -> list[tuple[Text | str, str]]:
    name = T("{title} v{version}", title=found.title, version=found.version)
    return crumbs(LIST, (name, f"/returns/forms/{found.pk}/" if more else ""), *more)


@page("GET")
def listing(request: DeskRequest) -> HttpResponse:
    actor = officer_or_404(request.actor)
    rows = Form.objects.visible_to(actor).annotate(used=Count("campaigns")).order_by("code", "-version")
    context = {"page": paged(rows, request), "crumbs": crumbs((LIST[0], ""))}
    return render(request, "reporting/forms.html", context)


@page("GET")
def detail(request: DeskRequest, form_id: int) -> HttpResponse:
    """What a form asks, every check in words, its own tests, its versions, the open years it may enter."""
    found = form_or_404(request.actor, form_id)
    definition = queries.definition(found)
    versions = Form.objects.filter(code=found.code).annotate(used=Count("campaigns")).order_by("-version")
    older = [one for one in versions if one.version < found.version]
    context = {
        "form": found,
        "definition": definition,
        "sections": [
            (section, [_asked(one.column, one, definition) for one in section.fields])
            for section in definition.sections
        ],
        "tables": [(table, [_asked(column) for column in table.columns]) for table in definition.tables],
        "checks": said_checks(definition),
        "versions": [one for one in versions if one.pk != found.pk],
        "told": outcomes(definition),
        "unshown": [one for one in shown(definition) if not one.whole],
        "open_years": _open_years(request.actor, found),
        "actions": _actions(found, older[0] if older else None),
        "crumbs": form_crumbs(found),
    }
    return render(request, "reporting/form.html", context)


def _asked(column: Column, one: rules.Field | None = None, form: rules.Form | None = None) -> dict[str, Any]:
    """A line of a section or a column of a table, as its limits say it."""
    return {
        "column": column,
        "field": one,
        "type": TYPES[column.type],
        "limits": limits_of(column),
        "computed": computed_words(form, one) if form is not None and one is not None else "",
    }


def _actions(found: Form, older: Form | None) -> list[Action]:
    here = f"/returns/forms/{found.pk}/"
    actions = [
        Action(T("下载空白工作簿"), f"{here}workbook/", "download"),
        Action(T("试填"), f"{here}try/", "pen-line", "primary"),
    ]
    if older is not None:
        words = T("与 v{version} 比较", version=older.version)
        actions.insert(0, Action(words, f"{here}compare/{older.pk}/", "git-compare"))
    return actions


def _open_years(actor: Actor, found: Form) -> list[Campaign]:
    """The open campaigns of this actor's under an older version: it may take their place."""
    rows = Campaign.objects.visible_to(actor).select_related("form", "region")
    older = rows.filter(state=CampaignState.OPEN, form_code=found.code, form__version__lt=found.version)
    return [one for one in older if may_open_campaigns(actor, one.region.path)]


@page("GET")
def compared(request: DeskRequest, form_id: int, other_id: int) -> HttpResponse:
    """Two versions of one form, field by field and check by check; the older is always on the left."""
    one, other = form_or_404(request.actor, form_id), form_or_404(request.actor, other_id)
    if one.code != other.code or one.pk == other.pk:
        raise Http404
    before, after = sorted((one, other), key=lambda form: form.version)
    differences = compare(queries.definition(before), queries.definition(after))
    name = T("与 v{version} 比较", version=before.version)
    context = {
        "before": before,
        "after": after,
        "differences": differences,
        "counts": {
            what: sum(d.what == what for d in differences) for what in ("added", "removed", "changed")
        },
        "crumbs": form_crumbs(after, (name, "")),
    }
    return render(request, "reporting/form_compare.html", context)


@page("GET", "POST")
def tried(request: DeskRequest, form_id: int) -> HttpResponse:
    """The form as a carrier fills it, with a few rows of each table: checked as one types, kept nowhere."""
    found = form_or_404(request.actor, form_id)
    definition = queries.definition(found)
    year = clock.day_of(clock.now()).year - 1
    is_sample = request.method == "GET" and "sample" in request.GET
    sent = sample(definition) if is_sample else request.POST.dict()
    context: dict[str, Any] = {"form": found, "has_sample": definition.tests is not None, "year": year}
    status = 200
    try:
        context["trial"] = trial(definition, sent, year, tried=is_sample or request.method == "POST")
    except Refused as refusal:
        context |= {"trial": trial(definition, {}, year, tried=False), "refused": refusal.problems}
        status = status_code(refusal)
    if request.headers.get("HX-Request"):
        return render(request, "reporting/_form_tried.html", {**context, "live": True}, status=status)
    context["crumbs"] = form_crumbs(found, (T("试填"), ""))
    return render(request, "reporting/form_try.html", context, status=status)


@page("GET")
def workbook(request: DeskRequest, form_id: int) -> HttpResponseBase:
    """The form's empty workbook; it has no seal, so nobody can hand it in."""
    found = form_or_404(request.actor, form_id)
    name = _("{form}_v{version}_空白.xlsx").format(form=found.title, version=found.version)
    content = making.make_blank(queries.definition(found))
    return download(BytesIO(content), name=name, content_type=files.XLSX)
