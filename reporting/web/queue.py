"""An officer's desk: what waits for them, who has not filed, where it is stuck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.models import Region
from core import formats
from core.http import said
from core.pages import Page, paged
from core.problems import Problem
from core.tables import Chosen, Column, Layout, layout_of
from core.text import T, Text
from core.ui import Action, Status
from office.web.requests import DeskRequest
from office.web.views import Bar, Views, bar, first, opened
from reporting import links, queries
from reporting.models import Campaign, CampaignState, Return
from reporting.rules.limits import LIMIT
from reporting.services import desk, waiting
from reporting.slots.officer import beside
from reporting.web.forms import QueueFilter
from reporting.web.standing import status_of

SIZE = 20  # two-line rows on a page
AT_CARRIERS = ("not_started", "filling", "returned")
_KEPT = ("q", "campaign", "region", "kind", "state", "sort")  # what a view keeps of an address
_DUE = Column("due", T("时限"), sort=waiting.URGENCY, fixed=True)
_CARRIER = Column("carrier", T("载体"), sort=("carrier__name",), fixed=True)
_ASKS = (
    Column("explained", T("待看说明"), number=True, sort=("questions",)),
    Column("changed", T("上次提交后")),
)
_SEEN = Column("seen", T("填报人"), sort=waiting.AWAY)
_STATE = Column("state", T("状态"), sort=("rank", "state"))
EMPTY: Mapping[str, tuple[Text, Text]] = {
    "mine": (T("没有等您审核的报表"), T("报上来的会按紧急程度列在这里，并发消息通知您。")),
    "not_started": (T("没有未开始的报表"), T("新的填报任务开始后，还没有动笔的载体会列在这里。")),
    "filling": (T("没有正在填报的报表"), T("载体动笔以后、提交以前，列在这里。")),
    "returned": (T("没有退回在改的报表"), T("退回后会列在这里，直到载体改好再交。")),
    "passed": (T("还没有通过的报表"), T("您通过以后，报表去了哪里，在这里看。")),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the list without it."""

    name: str
    value: str
    url: str


def default_state(actor: Actor) -> str:
    """Officers begin with what waits for them; who only looks begins with everything."""
    return "mine" if actor.role in queries.SEEN_STAGES else ""


def _form(request: DeskRequest, views: Views) -> QueueFilter:
    actor = request.actor
    given = {**request.GET.dict(), **views.kept}
    campaigns = Campaign.objects.visible_to(actor).filter(state=CampaignState.OPEN)
    regions = (
        Region.objects.filter(path__startswith=actor.region_path).order_by("path") if actor.region else ()
    )
    return QueueFilter(
        given if "state" in given else {**given, "state": default_state(actor)},
        campaigns=[(str(one.pk), one.title) for one in campaigns[:20]],
        regions=[(one.code, _name_of(one, actor)) for one in regions[:200]],
        states=[(code, said(desk.title_of(code, actor))) for code in desk.stages_of(actor)],
    )


def _name_of(region: Region, actor: Actor) -> str:
    """A region in the filter; the actor's own means those that belong to it directly."""
    return gettext("{region}本级").format(region=region) if region == actor.region else str(region)


def of_state(actor: Actor, rows: QuerySet[Return], state: str) -> QuerySet[Return]:
    """Those at a stage as the actor sees it; all of them for none. Each with its `stage`."""
    found = rows.annotate(stage=queries.stage_for(actor))
    return found.filter(stage=state) if state else found


def shown_status(found: Return, actor: Actor) -> Status:
    """The stage in the words of the counters; of one that was passed, where it is now."""
    status, stage = status_of(found), found.stage  # type: ignore[attr-defined]
    return status if stage == "passed" else replace(status, word=desk.title_of(stage, actor))


def _layout(request: DeskRequest, state: str, chosen: Chosen | None) -> Layout:
    """What lies with carriers is about who fills it; the state is a column where the list does not say it."""
    if state in AT_CARRIERS:
        by = "seen" if state == "not_started" else "due"
        return layout_of(request, "queue-carriers", (_DUE, _CARRIER, _SEEN), by=by, chosen=chosen)
    columns = (_DUE, _CARRIER, *_ASKS, *((_STATE,) if state in ("", "passed") else ()))
    return layout_of(request, "queue", columns, by="due", chosen=chosen)


def _note(number: int, layout: Layout, state: str) -> Text:
    words = formats.number(number)
    if state in AT_CARRIERS or not number:
        return T("{n} 份", n=words)
    if layout.sort == "due" and not layout.descending:
        return T("{n} 份，按紧急程度排列：时限、待看说明；每级审核 {limit} 个工作日", n=words, limit=LIMIT)
    return T("{n} 份；每级审核 {limit} 个工作日", n=words, limit=LIMIT)


def _ordered(rows: QuerySet[Return], layout: Layout, request: DeskRequest, total: int) -> tuple[Page, Text]:
    """The page, and how much of it is shown, in words."""
    found = paged(layout.ordered(waiting.by_urgency(rows)), request, SIZE)
    first = (found.number - 1) * SIZE + 1
    last = first + len(found.items) - 1
    words = T("第 {first}–{last} 份，共 {total} 份", first=first, last=last, total=formats.number(total))
    return found, words if found.items else T("共 0 份")


def chips_of(form: QueueFilter, asked: Mapping[str, Any]) -> list[Chip]:
    """What narrows the list, each with the list without it."""
    state = asked.get("state", "")
    answer = []
    for name in ("state", *desk.FILTERS):
        if not asked.get(name):
            continue
        choices = dict(getattr(form.fields[name], "choices", ()))
        value = str(choices.get(asked[name], asked[name]))
        rest = {key: one for key, one in asked.items() if key != name}
        url = desk.address(rest, state="" if name == "state" else state)
        answer.append(Chip(str(form.fields[name].label), value, url))
    return answer


def empty_of(state: str, chips: list[Chip]) -> dict[str, object]:
    """What an empty list says: what would come here, or how to see more."""
    if len(chips) > (1 if state else 0):
        action = Action(T("去掉其他条件"), desk.address({}, state=state), icon="funnel-x")
        return {"text": T("没有符合条件的报表"), "hint": "", "action": action}
    text, hint = EMPTY.get(state, (T("没有报表"), T("填报任务开始后，报表会列在这里。")))
    return {"text": text, "hint": hint, "action": None}


def _bar(request: DeskRequest, views: Views, form: QueueFilter, layout: Layout) -> Bar:
    """The stage is kept also where it is all of them; "mine" is what waits for whoever reads. What is no
    choice any more, a campaign that has closed, narrows nothing."""
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value and name in _KEPT}
    sort = request.GET.get("sort", "")[:40]
    query = {**asked, "state": asked.get("state", ""), **({"sort": sort} if sort else {})}
    gone = [
        Problem("list.choice", T("没有这个选项。"), field=name, found=request.GET.get(name, "")[:60])
        for name in form.errors
    ]
    labels = {name: Text(str(field.label)) for name, field in form.fields.items()}
    return bar(views, query, layout=layout, problems=gone, labels=labels)


def listing(request: DeskRequest, at: datetime) -> HttpResponse:
    """The most urgent first; counters and the table below follow the filters, but for the stage."""
    views = opened(request, "returns", base=links.QUEUE, names=_KEPT)
    if address := first(request, views):
        return redirect(address)
    actor, form = request.actor, _form(request, views)
    form.is_valid()
    asked = form.cleaned_data
    state = asked.get("state", "")
    standing = desk.Standing(actor, desk.narrowed(actor, desk.in_scope(actor), asked), asked)
    layout = _layout(request, state, views.chosen)
    rows = of_state(actor, standing.rows, state)
    if state in AT_CARRIERS:
        rows = queries.with_last_sign_in(rows, at=at)
    found, words = _ordered(rows, layout, request, standing.number_of(state))
    chips = chips_of(form, asked)
    context = {
        "views": _bar(request, views, form, layout),
        "page": replace(found, total_words=said(words)),
        "rows": [(one, shown_status(one.found, actor)) for one in waiting.rows_of(found.items, at)],
        "layout": layout,
        "form": form,
        "chips": chips,
        "part": {"counters": standing.counters(state), "table": standing.table()},
        "aside": beside(standing, at, not_begun=state != "not_started"),
        "title": _title(state, actor),
        "note": _note(standing.number_of(state), layout, state),
        "empty": empty_of(state, chips),
        "now": at,
    }
    return render(request, "reporting/queue.html", context)


def _title(state: str, actor: Actor) -> Text:
    if state == "mine":
        return T("待我审核")
    return desk.title_of(state, actor) if state else T("全部报表")
