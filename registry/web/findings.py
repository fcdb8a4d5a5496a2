"""The queue of findings about tenants' stays, and one finding with both its sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.rules.roles import TITLES, Role
from core import clock
from core.http import page, said
from core.moves import Move
from core.pages import paged
from core.problems import Problem, Refused
from core.text import T, Text
from core.ui import Action, Status
from office.services import access
from office.web.requests import DeskRequest
from office.web.views import Views, bar, first, not_of_view, opened
from registry import queries
from registry.excel.findings import FINDINGS, LABELS, FindingLine
from registry.models import FindingStatement, TenancyFinding
from registry.permissions import may_decide, may_record_stay, may_see_findings
from registry.queries import findings as rows_of
from registry.queries.findings import SeenSide
from registry.rules import finding_list, listing
from registry.rules.finding_list import FINDING_CHOICES, FindingsAsked
from registry.rules.finding_moves import FINDING
from registry.rules.tenancy import RULES, Irregular, sentence
from registry.services import findings
from registry.web import exporting, facets
from registry.web.forms import DecisionForm, StatementForm
from registry.web.viewing import known_region

_KEPT = (*FindingsAsked.names(), "sort")
TONES = {"open": "warn", "explained": "info", "decided": "ok", "gone": "muted"}


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as a list shows it."""

    found: TenancyFinding
    status: Status
    says: object
    sides: Sequence[SeenSide]


def status_of(found: TenancyFinding) -> Status:
    words = FINDING_CHOICES["state"][found.standing]
    return Status(words, TONES[found.standing])


def row_of(found: TenancyFinding, actor: Actor) -> Row:
    return _row(FindingLine(found, rows_of.seen_sides(found, actor)))


def _row(line: FindingLine) -> Row:
    found = line.found
    return Row(found, status_of(found), sentence(found.kind, found.rests_on), line.sides)


@login_required
@page("GET")
def listing_page(request: DeskRequest) -> HttpResponse:
    """What waits first, then the newest. 404 for who has no findings."""
    actor = request.actor
    if not may_see_findings(actor):
        raise Http404
    views = opened(request, FINDINGS.name, base=reverse("registry:findings"), names=_KEPT)
    if address := first(request, views):
        return redirect(address)
    at = clock.now()
    asked, problems = known_region(actor, views, *FINDINGS.read(request.GET, at))
    layout = exporting.layout(request, FINDINGS, asked, views)
    found = paged(layout.ordered(FINDINGS.rows(actor, asked, at)), request, 30)
    lines = FINDINGS.reader(actor, asked, at)(found.items)
    above = bar(views, exporting.asked_for(layout, asked), layout=layout, problems=problems, labels=LABELS)
    context = _filters(actor, asked, views) | {
        "views": above,
        "problems": not_of_view(above, problems),
        "page": found,
        "layout": layout,
        "rows": [(_row(line), cells) for line, cells in exporting.cells(FINDINGS, asked, layout, lines)],
        "actions": _actions(request, asked, views),
    }
    return render(request, "registry/findings.html", context)


def _actions(request: DeskRequest, asked: FindingsAsked, views: Views) -> list[Action]:
    to_tenants = Action(T("在孵企业"), reverse("registry:tenants"), "users")
    return [to_tenants, *exporting.action(request, FINDINGS, asked, views)]


def _filters(actor: Actor, asked: FindingsAsked, views: Views) -> dict[str, object]:
    """Facets with counts and chips: two queries."""
    to = facets.Addresses(views.base, asked, views.kept)
    regions = queries.regions_of(actor, managed=True) if actor.region_path else []
    names = (*FINDING_CHOICES, "region")
    groups = rows_of.finding_groups(actor, asked, regions)
    shown = [one for one in groups if asked.state or one.state != finding_list.GONE]
    counts = {name: listing.facet(groups if name == "state" else shown, asked, name, names) for name in names}
    kinds = [
        facets.facet_of(
            to, name, [(code, said(words)) for code, words in choices.items()], counts[name], LABELS[name]
        )
        for name, choices in FINDING_CHOICES.items()
    ]
    return {
        "asked": asked,
        "base": to.base,
        "clear": views.clear,
        "facets": [*kinds, *facets.region_facets(to, counts["region"], regions)],
        "chips": _chips(to, regions),
        "hidden": {**{name: value for name, value in asked.given().items() if name != "q"}, **to.kept},
        "search_label": _("检索疑点"),
        "search_hint": _("企业名称中的字，或统一社会信用代码"),
    }


def _chips(to: facets.Addresses, regions: Sequence[Any]) -> list[facets.Chip]:
    asked: FindingsAsked = to.asked
    answer = [facets.Chip(T("检索"), asked.q, to.of(q=""))] if asked.q else []
    if asked.region:
        name = next((one.name for one in regions if one.code == asked.region), asked.region)
        answer.append(facets.Chip(T("区域"), name, to.of(region="")))
    for name, words in FINDING_CHOICES.items():
        if value := getattr(asked, name):
            answer.append(facets.Chip(LABELS[name], said(words[value]), to.of(**{name: ""})))
    return answer


@login_required
@page("GET")
def finding(request: DeskRequest, finding_id: int) -> HttpResponse:
    """404 for one that concerns nobody in one's scope, as for one that does not exist."""
    found = _found(request, finding_id)
    access.seen(actor=request.actor, what="registry.finding", key=str(found.pk), at=clock.now())
    return _shown(request, found)


def _found(request: DeskRequest, finding_id: int) -> TenancyFinding:
    rows = rows_of.finding_with_story(request.actor).select_related("decided_by")
    found: TenancyFinding = get_object_or_404(rows, pk=finding_id)
    return found


def _shown(
    request: DeskRequest, found: TenancyFinding, wrong: Form | None = None, problems: Sequence[Problem] = ()
) -> HttpResponse:
    actor = request.actor
    row = row_of(found, actor)
    told: list[FindingStatement] = found.told  # type: ignore[attr-defined]
    archive = reverse("registry:tenant", args=[found.tenant.credit_code])
    context = _forms(found, row, actor, wrong) | {
        "row": row,
        "rule": RULES[Irregular(found.kind)],
        "entries": _entries(found, told),
        "other_spoke": rows_of.silent_side_spoke(found, told),
        "both": may_decide(actor, found),
        "sides": [(_head(one, row.sides), one) for one in row.sides],
        "form": wrong,
        "problems": problems,
        "crumbs": [(_("在孵企业疑点"), reverse("registry:findings")), (found.tenant.name, "")],
        "actions": [Action(T("企业档案"), archive, "users")],
    }
    return render(request, "registry/finding.html", context, status=422 if wrong else 200)


def _head(side: SeenSide, sides: Sequence[SeenSide]) -> Text:
    """What a side is called: mine and the other one, or first and second to who oversees both."""
    if len(sides) > 1 and all(one.is_own for one in sides):
        return T("登记一") if side.letter == "a" else T("登记二")
    return T("本方") if side.is_own else T("另一方")


def _forms(found: TenancyFinding, row: Row, actor: Actor, wrong: Form | None) -> dict[str, object]:
    """The forms that this reader may use now; the one that was refused with what was typed."""
    moves = moves_for(found, actor)
    deciding = [move for move in moves if move.action != "say"]
    forms: dict[str, object] = {"saying": None, "deciding": None}
    if len(moves) > len(deciding):
        forms["saying"] = StatementForm(None, auto_id="say_%s")
    if deciding:
        forms["deciding"] = DecisionForm(None, moves=deciding, sides=row.sides)
    if wrong is not None:
        forms["saying" if isinstance(wrong, StatementForm) else "deciding"] = wrong
    return forms


def moves_for(found: TenancyFinding, actor: Actor) -> list[Move]:
    """The moves that this actor may make now: what the forms offer."""
    if found.gone_at is not None:
        return []
    moves = FINDING.open_to(found.state, actor.role)
    if may_decide(actor, found):
        stays = [one.stay for one in rows_of.sides_of(found)]
    else:
        moves = [move for move in moves if move.action in ("say", "end")]
        stays = [one.stay for one in rows_of.sides_of(found) if may_record_stay(actor, one.carrier)]
    if all(stay.ended for stay in stays):
        moves = [move for move in moves if move.action != "end"]
    return moves


def _entries(found: TenancyFinding, told: Sequence[FindingStatement]) -> list[dict[str, object]]:
    """The story as far as the reader may know it, the newest first. Who decided is told by office."""
    labels = {move.action: move.label for move in FINDING.moves}
    answer: list[dict[str, object]] = []
    for one in reversed(told):
        who = said(TITLES[Role(one.role)])
        if one.carrier is not None:
            who = f"{one.carrier} · {one.by} · {who}"
        answer.append(
            {"at": one.at, "what": labels[one.action], "who": who, "comment": one.text, "tone": "info"}
        )
    answer.append({"at": found.first_seen_at, "what": T("系统核对发现"), "who": "", "tone": "warn"})
    return answer


@login_required
@page("POST")
def say(request: DeskRequest, finding_id: int) -> HttpResponse:
    found = _found(request, finding_id)
    form = StatementForm(request.POST, auto_id="say_%s")
    if not form.is_valid():
        return _shown(request, found, form)
    try:
        findings.say(
            actor=request.actor, finding_id=found.pk, text=form.cleaned_data["comment"], at=clock.now()
        )
    except Refused as refused:
        return _shown(request, found, form, refused.problems)
    messages.success(request, _("说明已提交。"))
    return redirect("registry:finding", finding_id=found.pk)


@login_required
@page("POST")
def decide(request: DeskRequest, finding_id: int) -> HttpResponse:
    found = _found(request, finding_id)
    moves = [move for move in moves_for(found, request.actor) if move.action != "say"]
    if not moves or _is_too_late(found, request.POST.get("action", "")):
        messages.info(request, _("该疑点已由他人办理，或数据已更正；请看最新情况。"))
        return redirect("registry:finding", finding_id=found.pk)
    sides = rows_of.seen_sides(found, request.actor)
    form = DecisionForm(request.POST, moves=moves, sides=sides)
    if not form.is_valid():
        return _shown(request, found, form)
    try:
        _decided(request, found, form.cleaned_data)
    except Refused as refused:
        return _shown(request, found, form, refused.problems)
    messages.success(request, _("已处理。"))
    return redirect("registry:finding", finding_id=found.pk)


def _is_too_late(found: TenancyFinding, action: str) -> bool:
    """Whether this act was open to nobody any more: somebody was quicker, or a click was doubled."""
    return any(move.action == action and found.state not in move.sources for move in FINDING.moves)


def _decided(request: DeskRequest, found: TenancyFinding, given: dict[str, Any]) -> TenancyFinding:
    return findings.decide(
        actor=request.actor,
        finding_id=found.pk,
        action=given["action"],
        text=given["comment"],
        stay_id=given.get("stay"),
        ended=given.get("ended"),
        at=clock.now(),
    )
