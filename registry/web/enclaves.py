"""Enclaves by pairs of cities, public as the directory is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core import clock
from core.http import page, said
from core.problems import Problem
from core.text import T
from core.ui import Action
from office.web.requests import DeskRequest
from registry.queries.enclaves import enclaves
from registry.rules import enclaves as rules
from registry.rules import listing
from registry.rules.enclaves import BEYOND, WAYS, City, Enclave, End, Pair
from registry.rules.vocabulary import KINDS, Kind
from registry.web.facets import Choice

_NAMES = ("home", "host", "by", "on")


@page("GET")
def pairs(request: DeskRequest) -> HttpResponse:
    """By home or by host, with how many each city keeps elsewhere and holds for others."""
    asked, day, problems = _asked(request)
    every = enclaves(day)
    found = rules.asked_for(every, home=asked["home"], host=asked["host"])
    cities = rules.cities(every)
    context = {
        "shell": "public.html" if request.actor.is_public else "desk.html",
        "asked": asked,
        "problems": problems,
        "today": clock.day_of(clock.now()),
        "pairs": [_pair(one, asked) for one in rules.pairs(found, way=asked["by"])],
        "shown": len(found),
        "cities": [(one, *_counts(one, asked)) for one in cities],
        "beyond": sum(one.host.is_beyond for one in every),
        "filters": _filters(asked, cities),
        "hidden": {name: value for name, value in asked.items() if value and name != "on"},
        "to_today": _url(asked, on=""),
        "actions": [Action(T("载体名录"), reverse("registry:directory"), "building-2")],
    }
    return render(request, "registry/enclaves.html", context)


def _asked(request: DeskRequest) -> tuple[dict[str, str], date | None, list[Problem]]:
    given = {name: request.GET.get(name, "") for name in _NAMES}
    codes = {"region": "" if given["host"] == BEYOND else given["host"], "home": given["home"]}
    problems = list(listing.text_faults({**codes, "by": given["by"]}, {"by": WAYS}))
    day, of_day = listing.asked_day(given["on"], clock.day_of(clock.now()))
    for problem in problems:
        given["host" if problem.field == "region" else problem.field] = ""
    asked = {**given, "by": given["by"] or "home", "on": day.isoformat() if day else ""}
    return asked, day, [*problems, *of_day]


def _url(asked: dict[str, str], **changes: str) -> str:
    given = {name: value for name, value in {**asked, **changes}.items() if value}
    if given.get("by") == "home":
        del given["by"]
    base = reverse("registry:enclaves")
    return f"{base}?{urlencode(given)}" if given else base


def _pair(one: Pair, asked: dict[str, str]) -> tuple[Pair, str, list[tuple[Enclave, str, str]]]:
    """The pair, the directory with just these (none for places beyond the tree), and each enclave with its
    kind and page."""
    day = {"on": asked["on"]} if asked["on"] else {}
    given = {
        "designation": "enclave",
        "state": "active",
        "home": one.home.code,
        "region": one.host.code,
        **day,
    }
    url = "" if one.host.is_beyond else f"{reverse('registry:directory')}?{urlencode(given)}"
    return one, url, [(each, _kind(each), _page(each, day)) for each in one.enclaves]


def _kind(one: Enclave) -> str:
    return said(KINDS[Kind(one.kind)])


def _page(one: Enclave, day: dict[str, str]) -> str:
    address = reverse("portal:carrier", args=[one.code])
    return f"{address}?{urlencode(day)}" if day else address


def _counts(one: City, asked: dict[str, str]) -> tuple[str, str]:
    """Where each of both counts is shown: the pairs of this page."""
    if one.end.is_beyond:
        return "", _url(asked, home="", host=BEYOND)
    return _url(asked, home=one.end.code, host=""), _url(asked, home="", host=one.end.code)


def _filters(asked: dict[str, str], cities: Sequence[City]) -> list[tuple[str, list[Choice]]]:
    homes = [one.end for one in cities if one.sent]
    hosts = [one.end for one in cities if one.held and not one.end.is_beyond]
    if any(one.end.is_beyond for one in cities):
        hosts.append(End(BEYOND, said(T("省外"))))
    ways = [Choice(said(words), 0, _url(asked, by=way), asked["by"] == way) for way, words in WAYS.items()]
    return [
        (said(T("派出地")), _choices(asked, "home", homes)),
        (said(T("所在地")), _choices(asked, "host", hosts)),
        (said(T("排序")), ways),
    ]


def _choices(asked: dict[str, str], name: str, ends: Sequence[End]) -> list[Choice]:
    every: list[tuple[str, str]] = [("", said(T("全部"))), *((one.code, one.name) for one in ends)]
    changes: Any = [(code, words, {name: code}) for code, words in every]
    return [Choice(words, 0, _url(asked, **given), asked[name] == code) for code, words, given in changes]
