"""The filters of a list of carriers: each choice with its count and the address that takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from accounts.models import Region
from core.http import said
from core.text import Text
from registry.excel.carriers import LABELS
from registry.rules import listing
from registry.rules.listing import FACTS, ORDERS, Asked

Counts = Mapping[str, Mapping[str, int]]
Words = Mapping[str, Mapping[str, Text]]  # of each coded fact, of the day


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: `url` takes it, or gives it up when it is `on`."""

    words: str
    count: int
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its values; `any_url` takes none of them, `chosen` says that one is taken."""

    label: Text
    choices: Sequence[Choice]
    any_url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter; its address is the list without it."""

    label: Text
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses of one list under other filters (`asked`, of carriers or of findings); `kept` is what every
    one of them keeps."""

    base: str
    asked: Any
    kept: Mapping[str, str]

    def of(self, **changes: str) -> str:
        given = {**replace(self.asked, **changes).given(), **self.kept}
        return f"{self.base}?{urlencode(given)}" if given else self.base


def facets(to: Addresses, counts: Counts, regions: Sequence[Region], known_words: Words) -> list[Facet]:
    """Region first, by steps of the tree; then what has more than one value, or one that is chosen."""
    rows = region_facets(to, counts["region"], regions)
    for name, words in known_words.items():
        chosen = getattr(to.asked, name)
        known = [code for code in words if counts[name].get(code) or code == chosen]
        if len(known) > 1 or chosen:
            rows.append(facet_of(to, name, [(code, said(words[code])) for code in known], counts[name]))
    return rows


def facet_of(
    to: Addresses,
    name: str,
    values: Iterable[tuple[str, str]],
    counts: Mapping[str, int],
    label: Text | None = None,
) -> Facet:
    chosen = getattr(to.asked, name)
    choices = [
        Choice(words, counts.get(code, 0), to.of(**{name: "" if code == chosen else code}), code == chosen)
        for code, words in values
    ]
    return Facet(label or LABELS[name], choices, to.of(**{name: ""}), bool(chosen))


def _region_facet(
    to: Addresses, counts: Mapping[str, int], above: Region, below: Sequence[Region], chosen: Region | None
) -> Facet:
    """The regions just below one; what is or holds the chosen one is on. Giving up leads to the one above."""
    top = above.parent_id is None
    up = "" if top else above.code
    on = next((one.code for one in below if chosen and chosen.path.startswith(one.path)), "")
    choices = [
        Choice(
            one.name.removesuffix("市") if top else one.name,
            counts.get(one.code, 0),
            to.of(region=up if chosen and one.code == chosen.code else one.code),
            one.code == on,
        )
        for one in below
        if counts.get(one.code) or one.code == on
    ]
    return Facet(LABELS["region"] if top else Text(above.name), choices, to.of(region=up), bool(on))


def region_facets(to: Addresses, counts: Mapping[str, int], regions: Sequence[Region]) -> list[Facet]:
    """The regions below the top, and below each that leads to the chosen one."""
    held = {one.pk for one in regions}
    chosen = next((one for one in regions if one.code == to.asked.region), None)
    facets = []
    for above in regions:
        leads = above.parent_id not in held or (chosen and chosen.path.startswith(above.path))
        below = [one for one in regions if one.parent_id == above.pk] if leads else []
        if below:
            facets.append(_region_facet(to, counts, above, below, chosen))
    return facets


def chips(to: Addresses, regions: Sequence[Region], known_words: Words) -> list[Chip]:
    """What was chosen, each to be taken away."""
    asked = to.asked
    answer = [Chip(LABELS["q"], asked.q, to.of(q=""))] if asked.q else []
    if asked.region:
        name = next((one.name for one in regions if one.code == asked.region), asked.region)
        answer.append(Chip(LABELS["region"], name, to.of(region="")))
    if asked.home:
        name = next((one.name for one in regions if one.code == asked.home), asked.home)
        answer.append(Chip(LABELS["home"], name, to.of(home="")))
    for name, words in known_words.items():
        if value := getattr(asked, name):
            answer.append(Chip(LABELS[name], said(words[value]), to.of(**{name: ""})))
    return answer


def orders(to: Addresses) -> list[Choice]:
    """The orders of the public list."""
    return [
        Choice(said(words), 0, to.of(order=code), code == to.asked.order) for code, words in ORDERS.items()
    ]


def counts_of(groups: Sequence[listing.Group], asked: Asked) -> Counts:
    return {name: listing.facet(groups, asked, name) for name in (*FACTS, "region")}
