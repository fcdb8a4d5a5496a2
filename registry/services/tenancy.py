"""Brings the findings about tenants' stays up to date: set-wise, each finding once, decisions kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.actors import PORTAL
from accounts.models import Region
from core import clock
from core.problems import Refused
from core.text import T
from office.services import jobs
from registry.models import TenancyFinding
from registry.queries import tenancy as search
from registry.rules.tenancy import Found

BATCH = 500
HANDLER = "registry.tasks.refresh_findings"
# One that works and one that waits: the one that waits begins after whatever asks for it now.
LANES = ("registry.findings:1", "registry.findings:2")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many findings hold, and of these how many are new or have come back; how many are gone."""

    holding: int
    new: int
    back: int
    gone: int


@transaction.atomic
def refresh(*, at: datetime, root: Region) -> Refreshed:
    """Finds everything irregular in a root region as of the day of `at`. Five queries find, a few write;
    done twice it changes nothing but `last_seen_at`."""
    found = {one.fingerprint: one for one in search.found(root, clock.day_of(at))}
    known = _known(root)
    new = [found[key] for key in sorted(found.keys() - known.keys())]
    # Another run may find the same at this moment: whoever is second leaves it.
    TenancyFinding.objects.bulk_create(
        (_row(one, at) for one in new), batch_size=BATCH, ignore_conflicts=True
    )
    back = [pk for key, (pk, is_gone) in known.items() if is_gone and key in found]
    gone = [pk for key, (pk, is_gone) in known.items() if not is_gone and key not in found]
    for some, when in ((back, None), (gone, at)):
        for start in range(0, len(some), BATCH):
            TenancyFinding.objects.filter(pk__in=some[start : start + BATCH]).update(gone_at=when)
    _inside(root).filter(gone_at=None, last_seen_at__lt=at).update(last_seen_at=at)
    return Refreshed(len(found), len(new), len(back), len(gone))


def _inside(root: Region) -> QuerySet[TenancyFinding]:
    """The findings of a root: both sides lie in it."""
    rows: QuerySet[TenancyFinding] = TenancyFinding.objects.filter(
        Q(stay_b=None) | Q(stay_b__carrier__region__path__startswith=root.path),
        stay_a__carrier__region__path__startswith=root.path,
    )
    return rows


def _known(root: Region) -> Mapping[str, tuple[int, bool]]:
    rows: Iterable[tuple[str, int, datetime | None]] = (
        _inside(root).order_by().values_list("fingerprint", "pk", "gone_at")
    )
    return {key: (pk, gone_at is not None) for key, pk, gone_at in rows}


def _row(one: Found, at: datetime) -> TenancyFinding:
    return TenancyFinding(
        kind=one.kind.value,
        tenant_id=one.tenant,
        stay_a_id=one.stay_a,
        stay_b_id=one.stay_b,
        rests_on=dict(one.rests_on),
        fingerprint=one.fingerprint,
        first_seen_at=at,
        last_seen_at=at,
    )


def ask_after_commit(*, at: datetime) -> None:
    """Stays changed: a job looks again once the change is there to be seen."""
    transaction.on_commit(lambda: ask(at=at))


def ask(*, at: datetime) -> bool:
    """Begins a job that looks at all roots. False when one waits already."""
    for lane in LANES:
        try:
            with transaction.atomic():
                title = str(T("核对在孵企业入驻情况"))
                jobs.begin(actor=PORTAL, handler=HANDLER, title=title, at=at, lane=lane)
        except Refused:
            continue
        return True
    return False
