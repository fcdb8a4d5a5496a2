"""How often something that anybody may try was tried, counted in the cache that all machines share."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.core.cache import cache


def is_one_more(what: str, key: str, *, most: int, within: timedelta) -> bool:
    """Counts a try of `what` by `key` (an address, kept only as its digest); False beyond `most` of them
    within the time."""
    name = f"tries:{what}:{hashlib.sha256(key.lower().encode()).hexdigest()}"
    cache.add(name, 0, int(within.total_seconds()))
    try:
        return cache.incr(name) <= most
    except ValueError:  # it expired between the two
        cache.set(name, 1, int(within.total_seconds()))
        return True
