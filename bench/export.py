"""Prints what 77,000 tenants by 25 columns cost as a styled workbook, against the plainest way to write them.

Needs a PostgreSQL server; `python -m bench export` makes a database of its own on it. Both ways read the same
rows and columns in processes of their own, by turns.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

from bench.measure import ROOT, Measured, environment, timed
from bench.tenancy import FEW, database, fill, province

TIMES, RATIO, MEMORY = 5, 1.5, 300  # rounds, times the peer, MB


def measured(data: Path) -> Iterator[Measured]:
    """On a database of its own, dropped afterwards; without a server it says so and measures nothing."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        print("export: not measured; set DATABASE_URL to a PostgreSQL server", file=sys.stderr)
        return
    with database(given) as url:
        env = {**environment(data), "DATABASE_URL": url, "SECRET_KEY": "bench-only-" + "k" * 40}
        _done(env, "manage.py", "migrate", "-v", "0")
        _done(env, "-m", "bench.export", "fill")
        rounds = [[_done(env, "-m", "bench.export", way).split() for way in WAYS] for _ in range(TIMES)]
    ours, plain = ([float(one[place][0]) for one in rounds] for place in (0, 1))
    print(f"     as a job {statistics.median(ours):.2f} s, plainly {statistics.median(plain):.2f} s")
    ratio = statistics.median(one / other for one, other in zip(ours, plain, strict=True))
    what = f"export of {FEW:,} tenants x 25, times ORM rows to rustpy-xlsxwriter"
    yield Measured(what, ratio, RATIO, "x")
    yield Measured("the most memory of its process", max(float(one[0][1]) for one in rounds), MEMORY, "MB")


def _done(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    return done.stdout


def job() -> float:
    """The page's export with all 25 columns, run as the worker runs it. Seconds."""
    from accounts.actors import actor_of
    from accounts.models import Appointment
    from core import clock
    from office.models import JobState
    from office.services import jobs
    from registry.excel.lists import LISTS
    from registry.excel.tenants import COLUMNS
    from registry.queries.listed import Leaving
    from registry.rules.desk_lists import TenantsAsked
    from registry.services.exports import export

    actor = actor_of(Appointment.objects.select_related("user", "region").get(role="province_officer"))
    keys = tuple(column.key for column in COLUMNS)
    leaving = Leaving(LISTS["tenants"], TenantsAsked(), "", keys)
    begun = export(actor=actor, leaving=leaving, at=clock.now())
    seconds, _none = timed(lambda: jobs.run(job_id=str(begun.pk)))
    begun.refresh_from_db()
    if (begun.state, begun.outcome) != (JobState.DONE, {"count": FEW}):
        raise RuntimeError(f"the job ended as {begun.state}: {begun.failure} {begun.outcome}")
    return seconds


_FIELDS = (
    "tenant__name", "tenant__credit_code", "tenant__field", "tenant__founded", "tenant__high_tech_since",
    "carrier__name", "carrier__code", "carrier__kind", "carrier__carrier_class", "carrier__field",
    "carrier__level", "carrier__state", "carrier__listed_year", "carrier__region__code",
    "carrier__region__name", "carrier__region__parent__code", "carrier__region__parent__name",
    "carrier__operator__name", "carrier__operator__credit_code", "tenant_id", "entered", "ended",
    "graduated_by", "evidence_id", "carrier__designation",
)  # fmt: skip


def plain() -> float:
    """The same tenants with as many columns by `values_list`, written as they come. Seconds."""
    from rustpy_xlsxwriter import FastExcel

    from registry.models import Stay

    def records() -> Iterator[dict[str, Any]]:
        rows = Stay.objects.filter(tenant__isnull=False).order_by("tenant__name", "tenant_id")
        for row in rows.values_list(*_FIELDS).iterator(chunk_size=2_000):
            yield dict(zip(_FIELDS, row, strict=True))

    def write() -> None:
        with TemporaryDirectory() as folder:
            FastExcel(str(Path(folder) / "plain.xlsx")).sheet("Sheet1", records()).save()

    return timed(write)[0]


def filled() -> float:
    province()
    fill(random.Random(77), 1, FEW + 1)
    return 0


WAYS = {"job": job, "plain": plain}


def main(way: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    seconds = {**WAYS, "fill": filled}[way]()
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(sys.argv[1])
