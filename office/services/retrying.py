"""Two acts that lock the same rows in another order: the database ends one, and it is done again."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3
# serialization_failure, deadlock_detected (PostgreSQL, appendix A)
AGAIN = frozenset({"40001", "40P01"})


def may_be_tried_again(error: OperationalError) -> bool:
    """Whether the database ended the transaction for the sake of another."""
    return getattr(error.__cause__, "sqlstate", None) in AGAIN


def retried(verb: Callable[P, R]) -> Callable[P, R]:
    """For a service whose whole work is one transaction: tried at most three times.

    Inside a caller's transaction only the caller can begin anew, so there it is called once.
    """

    @functools.wraps(verb)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        left = 0 if connection.in_atomic_block else TRIES - 1
        while True:
            try:
                return verb(*args, **kwargs)
            except OperationalError as error:
                if not left or not may_be_tried_again(error):
                    raise
                left -= 1
                time.sleep(random.uniform(0.01, 0.1))  # noqa: S311  so that both do not meet again

    return inner
