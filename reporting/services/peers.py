"""Measures the peers of a campaign from what was filed the year before, set-wise."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from reporting.models import Campaign, PeerMeasure, ReturnFigure, ReturnVersion
from reporting.rules.peers import Filed, measure

BATCH = 500


def measure_peers(*, campaign: Campaign, at: datetime) -> None:
    """Anew for every kind that filed a form of the same code the year before, by their newest versions."""
    versions = (
        ReturnVersion.objects.filter(
            return_of__campaign__year=campaign.year - 1,
            return_of__campaign__form_code=campaign.form_code,
            submitted_at__isnull=False,
        )
        .order_by("number")
        .values_list(
            "return_of__carrier_id", "pk", "return_of__carrier__kind", "return_of__carrier__area_total"
        )
    )
    newest = {carrier: (pk, kind, area) for carrier, pk, kind, area in versions}
    figures = _figures([pk for pk, _, _ in newest.values()])
    by_kind: dict[str, list[Filed]] = defaultdict(list)
    for pk, kind, area in newest.values():
        by_kind[kind].append(Filed(area, figures.get(pk, {})))
    with transaction.atomic():
        PeerMeasure.objects.filter(campaign=campaign).delete()
        PeerMeasure.objects.bulk_create(
            PeerMeasure(
                campaign=campaign, kind=kind, carriers=len(filed), measures=measure(filed), made_at=at
            )
            for kind, filed in by_kind.items()
        )


def _figures(versions: list[int]) -> dict[int, dict[str, Decimal]]:
    """By version and code."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for start in range(0, len(versions), BATCH):
        part = ReturnFigure.objects.filter(version__in=versions[start : start + BATCH])
        for version, code, number in part.values_list("version_id", "code", "number"):
            found[version][code] = number
    return found
