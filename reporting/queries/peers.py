"""The measures of the carriers of the same kind and size, beside a return."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from reporting.models import PeerMeasure, Return
from reporting.rules.comparing import Peers
from reporting.rules.comparing import peers_of as read
from reporting.rules.peers import group_of


def _measures(campaign: Any, kind: Any) -> QuerySet[PeerMeasure, Any]:
    return PeerMeasure.objects.filter(campaign=campaign, kind=kind).values_list("measures", flat=True)


def with_peers(returns: QuerySet[Return]) -> QuerySet[Return]:
    """With `peer_measures`, in the same query."""
    return returns.annotate(
        peer_measures=Subquery(_measures(OuterRef("campaign"), OuterRef("carrier__kind"))[:1])
    )


def peers_of(found: Return) -> Peers:
    """The measures for this carrier's kind and size; empty when its campaign has none."""
    carrier = found.carrier
    if hasattr(found, "peer_measures"):
        measures = found.peer_measures
    else:
        measures = _measures(found.campaign_id, carrier.kind).first()
    return read(group_of(measures, carrier.area_total)) if measures else {}
