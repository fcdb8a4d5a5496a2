"""One search over all rooms: hits in groups, each with how many there are and where the rest stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.actors import Actor
from core import clock
from core.slots import Hit
from core.text import Text
from news import queries as news
from portal import queries
from portal.scopes import Scope
from registry.queries import directory
from registry.rules.listing import LONGEST, Asked

Counted = Callable[[Actor, str], int]


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind; `total` is how many match, `more` the list that holds them all ("" if none)."""

    kind: Text | str
    hits: Sequence[Hit]
    total: int
    more: str = ""


def _carriers(actor: Actor, words: str) -> int:
    return directory(actor, Asked(q=words[:LONGEST])).order_by().count()


def _articles(_actor: Actor, words: str) -> int:
    rows = news.worded(news.published_articles(at=clock.now()), words)
    return rows.exclude(section__code=news.PUBLICITY).order_by().count()


def _lists(_actor: Actor, words: str) -> int:
    rows = news.published_articles(at=clock.now(), section=news.PUBLICITY)
    return news.worded(rows, words).order_by().count()


def _bulletins(_actor: Actor, words: str) -> int:
    return news.found_bulletins(clock.now(), words).order_by().count()


# Rooms give their best few; of these kinds the rest stands in a list.
_LISTS: Mapping[str, tuple[Counted, str]] = {
    "创业载体": (_carriers, "registry:directory"),
    "通知与政策": (_articles, "news:index"),
    "公示公告": (_lists, "portal:publicity"),
    "简报": (_bulletins, "news:bulletins"),
}


def found(actor: Actor, words: str, scope: Scope) -> list[Group]:
    """What this reader may know of that matches, in the order of the rooms; one count a listed kind."""
    hits = [hit for hit in queries.hits_for(actor, words) if not scope.kinds or str(hit.kind) in scope.kinds]
    return [_group(actor, words, hits) for _kind, hits in queries.kinds_of(hits)]


def _group(actor: Actor, words: str, hits: Sequence[Hit]) -> Group:
    kind = hits[0].kind
    if str(kind) not in _LISTS:
        return Group(kind, hits, len(hits))
    count, page = _LISTS[str(kind)]
    total = max(count(actor, words), len(hits))
    more = f"{reverse(page)}?{urlencode({'q': words})}" if total > len(hits) else ""
    return Group(kind, hits, total, more)
