"""One page of a list: bounded in depth and in counting, whatever is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

DEEPEST = 1_000  # pages; who looks further narrows the search
COUNTED = 10_000  # rows; above it the count costs more than it tells


@dataclass(frozen=True, slots=True)
class Page:
    """`items` of page `number` (from 1); `total_words` is the count for people, "10,000+" beyond that."""

    items: Sequence[Any]
    number: int
    has_next: bool
    has_previous: bool
    total_words: str
    last: int | None = None


def _asked(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    if not (given.isascii() and given.isdecimal() and len(given) <= 6):
        return 1
    return min(max(int(given), 1), DEEPEST)


def paged(queryset: QuerySet[Any], request: HttpRequest, size: int = 50) -> Page:
    """The page that the request asks for by `?page=`; what is no number is page 1. Two queries."""
    number = _asked(request)
    total = queryset.order_by()[: COUNTED + 1].count()
    if total <= COUNTED:
        number = min(number, max(1, -(-total // size)))
    start = (number - 1) * size
    rows = list(queryset[start : start + size + 1])
    counted = total <= COUNTED
    words = gettext("共 {count} 条").format(count=f"{total:,}" if counted else f"{COUNTED:,}+")
    return Page(
        items=rows[:size],
        number=number,
        has_next=len(rows) > size and number < DEEPEST,
        has_previous=number > 1,
        total_words=words,
        last=max(1, -(-total // size)) if counted else None,
    )
