"""What is irregular, told stay by stay: slow, plain, and written without the rules that are tested."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from registry.models import Stay

Irregularity = tuple[str, int, int, int | None]


def later(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, monthrange(day.year + years, day.month)[1]))


def irregularities(today: date, root_path: str) -> set[Irregularity]:
    """Kind, tenant, stay, other stay."""
    rows = Stay.objects.select_related("tenant", "carrier__region").exclude(tenant=None)
    stays = [one for one in rows if one.carrier.region.path.startswith(root_path)]
    answer: set[Irregularity] = set()
    for one in stays:
        answer |= of_one(one, today)
        graduations = [
            (other.ended, other.pk)
            for other in stays
            if other.tenant_id == one.tenant_id and other.graduated_by
        ]
        is_here = one.ended is None and one.entered <= today
        if is_here and graduations and one.carrier.kind not in ("accelerator", "industrial_park"):
            answer.add(("graduate_listed", one.tenant_id, one.pk, max(graduations)[1]))  # type: ignore[type-var]
        for other in stays:
            both = is_here and other.ended is None and other.entered <= today
            if both and one.tenant_id == other.tenant_id and one.pk < other.pk:
                answer.add(("double_claim", one.tenant_id, one.pk, other.pk))
    return answer


def of_one(one: Stay, today: date) -> set[Irregularity]:
    answer: set[Irregularity] = set()
    assert one.tenant is not None
    founded, who = one.tenant.founded, one.tenant.pk
    if founded and one.entered < founded:
        answer.add(("entered_before_founded", who, one.pk, None))
    is_free = one.carrier.kind in ("accelerator", "industrial_park")
    if one.ended is not None or is_free or one.entered > today:
        return answer
    if founded and one.entered > later(founded, 2):
        answer.add(("over_age", who, one.pk, None))
    years = 5 if (one.tenant.field or one.carrier.field) in ("bio", "agriculture") else 4
    if today > later(one.entered, years):
        answer.add(("over_stay", who, one.pk, None))
    return answer
