"""What the worker does for the register: handlers of jobs, and what a clock starts."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from accounts.models import Region
from core import clock
from office.services import periods
from office.services.jobs import Run
from registry.excel.lists import wanted, write
from registry.services import exports, tenancy


def export_list(run: Run) -> None:
    """Writes a list of the register that its owner may see now, in the order of the page."""
    at = clock.now()
    exports.write_down(run, leaving=wanted(run.job.arguments, at), write=write, at=at)


def refresh_findings(run: Run) -> None:
    """Looks for what is irregular about tenants' stays, a root region at a time."""
    at = clock.now()
    with transaction.atomic():
        done = [tenancy.refresh(at=at, root=root) for root in Region.objects.filter(parent=None)]
        names = ("holding", "new", "back", "gone")
        run.finish(outcome={name: sum(getattr(one, name) for one in done) for name in names})


@shared_task
def look_at_stays() -> None:
    """Days pass and limits with them, so it is looked at each morning though nobody changed a stay."""
    at = clock.now()
    if periods.once(task="look_at_stays", period=str(clock.day_of(at)), at=at):
        tenancy.ask(at=at)
