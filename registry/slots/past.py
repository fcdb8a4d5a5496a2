"""What was taken over from before this portal, for the carrier's page."""

from __future__ import annotations

from accounts.actors import Actor
from core.slots import Panel
from core.text import T
from registry.models import Carrier, PastRecord

MOST = 200


def panel_of_past(carrier: Carrier, actor: Actor) -> list[Panel]:
    """Grades, awards and totals of past years with their documents; for those who work with the carrier. One
    query."""
    rows = list(PastRecord.objects.visible_to(actor).filter(carrier=carrier)[:MOST])
    if not rows:
        return []
    return [Panel(T("接收的历史资料"), "registry/_past_panel.html", {"rows": rows}, order=80)]
