"""Enclaves (科创飞地) by pairs: which city keeps how many in which other one, or beyond the province."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.text import T, Text

BEYOND = "beyond"  # as a host: outside the tree of regions
WAYS: dict[str, Text] = {"home": T("按派出地"), "host": T("按所在地")}


@dataclass(frozen=True, slots=True)
class End:
    """One end of a pair: a city of the tree by its code, or a place beyond it by name alone."""

    code: str
    name: str

    @property
    def is_beyond(self) -> bool:
        return not self.code


@dataclass(frozen=True, slots=True)
class Enclave:
    """A carrier with the cities at both ends; `home_name` and `host_name` say the county too."""

    code: str
    name: str
    kind: str
    home: End
    host: End
    home_name: str
    host_name: str


@dataclass(frozen=True, slots=True)
class Pair:
    """All enclaves of one city in one other."""

    home: End
    host: End
    enclaves: Sequence[Enclave]


@dataclass(frozen=True, slots=True)
class City:
    """How many enclaves a city keeps elsewhere, and how many of others lie in it."""

    end: End
    sent: int
    held: int


def asked_for(enclaves: Iterable[Enclave], *, home: str, host: str) -> list[Enclave]:
    """Those kept by a city and those in a city (or `BEYOND`); empty is any."""
    return [
        one
        for one in enclaves
        if (not home or one.home.code == home)
        and (not host or (one.host.is_beyond if host == BEYOND else one.host.code == host))
    ]


def pairs(enclaves: Iterable[Enclave], *, way: str) -> list[Pair]:
    """By the cities at both ends; in the order of the end chosen (`way`), places beyond the tree last."""
    found: dict[tuple[End, End], list[Enclave]] = {}
    for one in sorted(enclaves, key=lambda one: one.code):
        found.setdefault((one.home, one.host), []).append(one)
    made = [Pair(home, host, some) for (home, host), some in found.items()]
    if way == "host":
        return sorted(made, key=lambda one: (*_place(one.host), *_place(one.home)))
    return sorted(made, key=lambda one: (*_place(one.home), *_place(one.host)))


def cities(enclaves: Iterable[Enclave]) -> list[City]:
    """Every place at an end with both its counts, in order: what is sent is held somewhere."""
    sent: dict[End, int] = {}
    held: dict[End, int] = {}
    for one in enclaves:
        sent[one.home] = sent.get(one.home, 0) + 1
        held[one.host] = held.get(one.host, 0) + 1
    return [City(end, sent.get(end, 0), held.get(end, 0)) for end in sorted({*sent, *held}, key=_place)]


def _place(end: End) -> tuple[bool, str, str]:
    return end.is_beyond, end.code, end.name
