"""The chains of zones: a table of zones by links, public as the directory is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from core import clock
from core.http import download, page, said
from core.problems import Problem
from core.text import T
from core.ui import Action
from office.web.requests import DeskRequest
from registry.excel import chains as book
from registry.queries.chains import Chains, chains_of
from registry.rules import chains, listing
from registry.rules.chains import BESIDE, COLUMNS, LINKS, Asked, Row, Total
from registry.rules.vocabulary import KINDS, Kind
from registry.web.facets import Choice


@dataclass(frozen=True, slots=True)
class Cell:
    """One link of a zone: `url` is the directory with just these carriers; `lacks` that the zone has none
    and is asked to."""

    kind: str
    title: str
    count: int
    url: str
    lacks: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A zone of the table."""

    row: Row
    cells: Sequence[Cell]
    lacking: str


@dataclass(frozen=True, slots=True)
class City:
    """A city with its zones; in the order by what is lacking all zones stand in one, without a city."""

    total: Total | None
    cells: Sequence[Cell]
    lines: Sequence[Line]


@page("GET")
def table(request: DeskRequest) -> HttpResponse:
    """By city; sorted by what is lacking, as one list."""
    asked, problems, today = _asked(request)
    found = chains_of(asked, today)
    context = {
        "shell": "public.html" if request.actor.is_public else "desk.html",
        "asked": asked,
        "problems": problems,
        "today": today,
        "heads": [_title(kind) for kind in COLUMNS],
        "cities": _cities(found, asked),
        "whole": found.whole,
        "foot": _cells(found.whole.place.code, found.whole.counts, asked) if found.whole else (),
        "without": [(_title(kind), found.whole.without[kind]) for kind in LINKS] if found.whole else (),
        "shown": len(found.rows),
        "filters": _filters(asked, found),
        "hidden": {name: value for name, value in _given(asked).items() if name != "on"},
        "to_today": _url(replace(asked, on="")),
        "actions": [
            Action(T("载体名录"), reverse("registry:directory"), "building-2"),
            Action(T("下载 CSV"), _url(asked, "registry:chains_csv"), "download"),
        ],
    }
    return render(request, "registry/chains.html", context)


@page("GET")
def as_csv(request: DeskRequest) -> HttpResponseBase:
    """The table as asked for. Of a day that is none there is no file: the page says why."""
    asked, problems, today = _asked(request)
    if any(problem.field == "on" for problem in problems):
        return redirect(f"{reverse('registry:chains')}?{request.GET.urlencode()}")
    day = date.fromisoformat(asked.on) if asked.on else today
    content = io.BytesIO(book.text(chains_of(asked, today), on=day))
    return download(content, name=f"chains-as-of-{day}.csv", content_type="text/csv; charset=utf-8")


def _asked(request: DeskRequest) -> tuple[Asked, list[Problem], date]:
    today = clock.day_of(clock.now())
    asked, problems = chains.read(request.GET)
    day, of_day = listing.asked_day(request.GET.get("on", ""), today)
    return replace(asked, on=day.isoformat() if day else ""), [*problems, *of_day], today


def _given(asked: Asked) -> dict[str, str]:
    known = {"region": asked.region, "only": asked.only, "order": asked.order, "on": asked.on}
    return {name: value for name, value in known.items() if value and (name, value) != ("order", "region")}


def _url(asked: Asked, name: str = "registry:chains") -> str:
    given = _given(asked)
    return f"{reverse(name)}?{urlencode(given)}" if given else reverse(name)


def _title(kind: str) -> str:
    return said(KINDS[Kind(kind)])


def _cells(code: str, counts: Mapping[str, int], asked: Asked, *, lacks: bool = False) -> list[Cell]:
    day = {"on": asked.on} if asked.on else {}
    return [
        Cell(
            kind=kind,
            title=_title(kind),
            count=counts.get(kind, 0),
            url=f"{reverse('registry:directory')}?"
            + urlencode({"region": code, "kind": kind, "state": "active", **day}),
            lacks=lacks and kind != BESIDE and not counts.get(kind),
        )
        for kind in COLUMNS
    ]


def _line(row: Row, asked: Asked) -> Line:
    lacking = said(T("、")).join(_title(kind) for kind in row.lacking)
    return Line(row, _cells(row.place.code, row.counts, asked, lacks=True), lacking)


def _cities(found: Chains, asked: Asked) -> list[City]:
    if asked.order == "lacking":
        return [City(None, (), [_line(row, asked) for row in found.rows])] if found.rows else []
    return [_city(found.cities.get(code), rows, asked) for code, rows in groupby(found.rows, _city_of)]


def _city_of(row: Row) -> str:
    return row.place.city


def _city(total: Total | None, rows: Iterable[Row], asked: Asked) -> City:
    cells = _cells(total.place.code, total.counts, asked) if total else []
    return City(total, cells, [_line(row, asked) for row in rows])


def _filters(asked: Asked, found: Chains) -> list[tuple[str, list[Choice]]]:
    """City, which zones, order: each choice with the address that takes it, or gives it up."""
    cities = [("", said(T("全部")))]
    cities += [(code, one.place.name.removesuffix("市")) for code, one in found.cities.items()]
    only = [("", said(T("全部"))), *((code, said(words)) for code, words in chains.ONLY.items())]
    orders = [(code, said(words)) for code, words in chains.ORDERS.items()]
    return [
        (said(title), [_choice(asked, name, code, words) for code, words in choices])
        for title, name, choices in (
            (T("设区市"), "region", cities),
            (T("范围"), "only", only),
            (T("排序"), "order", orders),
        )
    ]


def _choice(asked: Asked, name: str, code: str, words: str) -> Choice:
    changes: dict[str, str] = {name: code}
    return Choice(words, 0, _url(replace(asked, **changes)), getattr(asked, name) == code)
