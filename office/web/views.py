"""Views over a list: the tabs above it, and the forms that keep, change and drop one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core import clock
from core.http import page
from core.problems import Problem, Refused
from core.tables import Chosen, Layout
from core.text import T, Text
from office.models import SavedView
from office.permissions import may_share_views
from office.queries import views_of
from office.rules import views as rules
from office.rules.views import Kept
from office.services import views as services
from office.web.requests import DeskRequest, next_of, tell

NONE = "0"  # in an address: the list without a view, also for who begins with one


@dataclass(frozen=True, slots=True)
class Tab:
    """A view above its list; `note` says whose it is where that is another's."""

    words: str
    url: str
    on: bool
    note: Text | str = ""


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a reader over one list, before the list is read. `base` is the list's address, `names`
    what belongs to it in an address."""

    of: str
    base: str
    names: Collection[str]
    actor: Actor
    every: Sequence[SavedView]
    current: SavedView | None

    @property
    def chosen(self) -> Chosen | None:
        one = self.current
        return Chosen(one.pk, one.columns, one.dense) if one else None

    @property
    def start(self) -> SavedView | None:
        return next((one for one in self.every if one.is_start and one.owner_id == self.actor.user_id), None)

    @property
    def kept(self) -> dict[str, str]:
        """What every address of the list keeps, so that it stays on its view or away from the first one."""
        if self.current:
            return {"view": str(self.current.pk)}
        return {"view": NONE} if self.start else {}

    @property
    def clear(self) -> str:
        """The list with nothing asked for, and no view."""
        return f"{self.base}?view={NONE}" if self.start else self.base

    def address(self, one: SavedView) -> str:
        asked = rules.of_list(one.query, self.names)
        return f"{self.base}?{urlencode({**asked, 'view': one.pk})}"


@dataclass(frozen=True, slots=True)
class Bar:
    """What stands above the list. `query` and `columns` are what the list is asked for now, as the forms
    send it back; `fallen` what of the view no longer stands; `changed` that the list differs from it."""

    views: Views
    tabs: Sequence[Tab]
    own: Sequence[SavedView]
    query: str
    columns: Sequence[str]
    dense: bool
    may_share: bool
    changed: bool
    full: bool
    fallen: Sequence[Problem] = field(default=())

    @property
    def mine(self) -> SavedView | None:
        """The view on which the reader is, where it is their own."""
        return next((one for one in self.own if one == self.views.current), None)


def opened(request: DeskRequest, of: str, *, base: str, names: Collection[str]) -> Views:
    """The reader's views over a list, and the one that the address names. One query."""
    every = views_of(request.actor, of, clock.day_of(clock.now()))
    asked = request.GET.get("view", "")
    current = next((one for one in every if str(one.pk) == asked), None)
    return Views(of, base, names, request.actor, every, current)


def first(request: DeskRequest, views: Views) -> str:
    """Where who asks for the bare list is led: their first view; else empty."""
    return views.address(views.start) if views.start and not request.GET else ""


def bar(
    views: Views,
    query: Mapping[str, str],
    *,
    layout: Layout | None = None,
    problems: Sequence[Problem] = (),
    labels: Mapping[str, Text] | None = None,
) -> Bar:
    """`query` is what the list is asked for, with its order; `problems` what of that is no choice."""
    now = {name: value for name, value in query.items() if name in views.names}
    shown = [one.key for one in layout.shown] if layout else []
    one, known = views.current, {column.key for column in layout.columns} if layout else set()
    own = [each for each in views.every if each.owner_id == views.actor.user_id]
    return Bar(
        views=views,
        tabs=_tabs(views),
        own=own,
        query=urlencode(now),
        columns=shown,
        dense=bool(layout and layout.dense),
        may_share=may_share_views(views.actor),
        changed=one is not None and _differs(one, now, shown, known, dense=bool(layout and layout.dense)),
        full=len(own) >= rules.LIMIT,
        fallen=_fallen(one, query, layout, problems, labels or {}) if one else (),
    )


def _fallen(
    one: SavedView,
    query: Mapping[str, str],
    layout: Layout | None,
    problems: Sequence[Problem],
    labels: Mapping[str, Text],
) -> list[Problem]:
    every = layout.columns if layout else ()
    sort = query.get("sort", "")
    if layout and sort and sort.removeprefix("-") not in {column.key for column in every if column.sort}:
        problems = [*problems, Problem("list.sort", T("不能按这一列排序。"), field="sort", found=sort)]
    return rules.fallen(
        one.name,
        one.kept,
        problems=problems,
        labels={"sort": T("排序"), **labels},
        columns={column.key for column in every},
    )


def _differs(
    one: SavedView, now: Mapping[str, str], shown: Sequence[str], known: Collection[str], *, dense: bool
) -> bool:
    if dict(one.query) != dict(now):
        return True
    return bool(known and one.columns) and (set(one.columns) & set(known) != set(shown) or one.dense != dense)


def _tabs(views: Views) -> list[Tab]:
    tabs = [Tab(_("默认"), views.clear, views.current is None)]
    for one in views.every:
        note: Text | str = ""
        if one.owner_id != views.actor.user_id:
            note = T("{name} 共享", name=one.owner.name)
        tabs.append(Tab(one.name, views.address(one), one == views.current, note))
    return tabs


@login_required
@page("POST")
def keep(request: DeskRequest) -> HttpResponse:
    """Keeps what a list is asked for under a name, and leads to it there."""
    given = request.POST
    try:
        view = services.keep_view(
            actor=request.actor,
            of=given.get("of", ""),
            name=given.get("name", ""),
            kept=_kept(request),
            is_start=given.get("is_start") == "1",
            shared=given.get("shared") == "1",
            at=clock.now(),
        )
    except Refused as refusal:
        tell(request, refusal)
        return redirect(next_of(request, "/"))
    messages.success(request, _("已存为视图“{name}”。").format(name=view.name))
    return redirect(_place(request, view))


@login_required
@page("POST")
def change(request: DeskRequest, view_id: int) -> HttpResponse:
    """Renames a view of one's own, shares it or makes it the first; with a query, what it asks for. 404 for
    another's."""
    given = request.POST
    try:
        view = services.change_view(
            actor=request.actor,
            view_id=view_id,
            name=given.get("name", ""),
            is_start=given.get("is_start") == "1",
            shared=given.get("shared") == "1",
            kept=_kept(request) if "query" in given else None,
            at=clock.now(),
        )
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        tell(request, refusal)
        return redirect(next_of(request, "/"))
    messages.success(request, _("视图“{name}”已更新。").format(name=view.name))
    return redirect(_place(request, view))


@login_required
@page("POST")
def drop(request: DeskRequest, view_id: int) -> HttpResponse:
    """Deletes a view of one's own. 404 for another's."""
    try:
        view = services.drop_view(actor=request.actor, view_id=view_id, at=clock.now())
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("视图“{name}”已删除。").format(name=view.name))
    return redirect(f"{_path(request)}?view={NONE}")


def _kept(request: DeskRequest) -> Kept:
    """The filters come as an address has them, the columns as the table's own form sends them."""
    given = request.POST
    asked = dict(parse_qsl(given.get("query", "")[:4000], keep_blank_values=True))
    return Kept(
        {name: value for name, value in asked.items() if name not in ("view", "page")},
        tuple(given.getlist("column")),
        given.get("dense") == "1",
    )


def _path(request: DeskRequest) -> str:
    return next_of(request, "/").partition("?")[0]


def _place(request: DeskRequest, view: SavedView) -> str:
    return f"{_path(request)}?{urlencode({**view.query, 'view': view.pk})}"


def not_of_view(views: Bar, problems: Sequence[Problem]) -> list[Problem]:
    """What the list cannot mean and the view did not say: that is told where it always is."""
    told = {one.field for one in views.fallen}
    return [one for one in problems if one.field not in told]
