"""What of a view over a list of the register outlives what it was kept of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from accounts.actors import Actor
from core.problems import Problem
from core.text import T
from office.web.views import Views
from registry import queries

A = TypeVar("A", bound=Any)


def known_region(actor: Actor, views: Views, asked: A, problems: list[Problem]) -> tuple[A, list[Problem]]:
    """A list as asked for (with `region`, a code), and its problems. On a view, a region that lies no longer
    in one's scope narrows nothing, and is told; without a view it finds nothing, as always."""
    if views.current is None or not asked.region:
        return asked, problems
    if any(one.code == asked.region for one in queries.regions_of(actor, managed=True)):
        return asked, problems
    told = Problem("list.region", T("您的范围内没有这个区域。"), field="region", found=asked.region)
    return replace(asked, region=""), [*problems, told]
