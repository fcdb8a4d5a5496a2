"""What the pages of this room have in common."""

from __future__ import annotations

from django.contrib import messages

from core.http import said
from core.problems import Refused
from core.ui import Status
from funding.models import Allocation
from funding.rules.lifecycle import ALLOCATION
from office.web.requests import DeskRequest

TONES = {"draft": "warn", "confirmed": "ok", "dropped": "muted"}


def base_of(request: DeskRequest) -> str:
    """Who has a desk sees pages in it, everybody else in the public site."""
    return "desk.html" if request.actor.appointment else "public.html"


def status_of(allocation: Allocation) -> Status:
    """The allocation's state in words."""
    return Status(ALLOCATION.title_of(allocation.state), TONES[allocation.state])


def tell(request: DeskRequest, refused: Refused) -> None:
    """Every reason of a refusal, on the next page."""
    for problem in refused.problems:
        messages.error(request, said(problem.message))
