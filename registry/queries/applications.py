"""Applications as a list shows them."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from accounts.actors import Actor
from core import identifiers
from registry.models import Application
from registry.rules.desk_lists import MINE, ApplicationsAsked


def applications(actor: Actor, asked: ApplicationsAsked) -> QuerySet[Application]:
    """Those asked for: one's own that are still written first, then the newest handed in."""
    rows: QuerySet[Application] = Application.objects.visible_to(actor).select_related("region", "office")
    if asked.q:
        code = identifiers.credit_code(asked.q)
        rows = rows.filter(Q(name__icontains=asked.q) | Q(number__iexact=asked.q) | Q(credit_code=code))
    if asked.region:
        rows = rows.filter(region__path__contains=f"/{asked.region}/")
    if asked.state == MINE:
        rows = rows.filter(pk__in=Application.objects.lying_with(actor).values("pk"))
    elif asked.state:
        rows = rows.filter(state=asked.state)
    return rows.order_by(F("submitted_at").desc(nulls_first=True), "pk")
