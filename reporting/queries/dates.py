"""The dates of returns in SQL, as `Return.dates.held` is in Python; and answers that are no figures."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce, Greatest

from reporting.models import Return
from reporting.rules.lifecycle import OPEN_STATES

START = Greatest(
    Coalesce("last_start_at", "campaign__last_start_at"),
    Coalesce("extended_until", "last_start_at", "campaign__last_start_at"),
)
DUE = Greatest(
    Coalesce("due_at", "campaign__due_at"),
    Coalesce("extended_until", "due_at", "campaign__due_at"),
)
CORRECT_BY = Greatest(
    Coalesce("correct_by", "campaign__correct_by"),
    Coalesce("extended_until", "correct_by", "campaign__correct_by"),
    Coalesce("grace_until", "correct_by", "campaign__correct_by"),
)


def answered(returns: QuerySet[Return]) -> dict[str, int]:
    """Of these, how many were answered without figures and lie with an office or are accepted, by answer."""
    at_hand = returns.exclude(state__in=[state.value for state in OPEN_STATES]).exclude(current__answer="")
    return dict(at_hand.order_by().values_list("current__answer").annotate(number=Count("pk")))
