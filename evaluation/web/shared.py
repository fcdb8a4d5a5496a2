"""What the pages of this room have in common."""

from __future__ import annotations

from django.contrib import messages

from core.http import said
from core.problems import Refused
from core.ui import Status
from evaluation.models import Run
from evaluation.rules.lifecycle import RUN
from office.web.requests import DeskRequest

TONES = {
    "draft": "muted",
    "frozen": "info",
    "scored": "info",
    "publicised": "warn",
    "published": "ok",
    "dropped": "muted",
}
GRADE_TONES = {"A": "ok", "B": "info", "C": "warn", "D": "bad"}


def base_of(request: DeskRequest) -> str:
    """Who has a desk sees pages in it, everybody else in the public site."""
    return "desk.html" if request.actor.appointment else "public.html"


def status_of(run: Run) -> Status:
    """The run's state in words."""
    return Status(RUN.title_of(run.state), TONES[run.state])


def tell(request: DeskRequest, refused: Refused) -> None:
    """Every reason of a refusal, on the next page."""
    for problem in refused.problems:
        messages.error(request, said(problem.message))
