"""`python -m bench`: prints each measurement with its bound; fails when one is over."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import export, first_load, roster, tenancy
from bench.measure import Measured, run, timed


def demo(data: Path) -> Iterator[Measured]:
    """The full province on a fresh database, then the public pages on it."""

    run(data, "manage.py", "migrate", "-v", "0")
    seconds, _ = timed(lambda: run(data, "manage.py", "demo"))
    yield Measured("load the full demo, 2,145 carriers", seconds, 60, "s")
    for line in run(data, "-m", "bench.pages").splitlines():
        address, count = line.split()
        yield Measured(f"{address} on the full demo", float(count), 15, "queries")


def judging(data: Path) -> Iterator[Measured]:
    """A run frozen, scored and graded in the database."""
    run(data, "manage.py", "migrate", "-v", "0")
    seconds = float(run(data, "-m", "bench.judging").split()[-1])
    yield Measured("freeze, score and grade 2,145 carriers x 60 indicators", seconds, 5, "s")


def rosters(data: Path) -> Iterator[Measured]:
    """A province's roster in the limited child against a reader without limits."""
    yield roster.measured(data)


def first(_data: Path) -> Iterator[Measured]:
    """The public home as a browser loads it for the first time, from the portal as it is served."""
    yield from first_load.measured()


def stays(data: Path) -> Iterator[Measured]:
    """Irregular stays and suggestions of tenants, on a PostgreSQL server (`DATABASE_URL`)."""
    yield from tenancy.measured(data)


def exports(data: Path) -> Iterator[Measured]:
    """A long list as a workbook, on a PostgreSQL server (`DATABASE_URL`)."""
    yield from export.measured(data)


PARTS: dict[str, Callable[[Path], Iterator[Measured]]] = {
    "demo": demo,
    "judging": judging,
    "roster": rosters,
    "first": first,
    "tenancy": stays,
    "export": exports,
}


def main(wanted: list[str]) -> int:
    """Measures what is named, all without a name. 1 when a bound is broken."""
    strange = sorted(set(wanted) - set(PARTS))
    if strange:
        print(f"no such part: {', '.join(strange)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    over = False
    for part in wanted or PARTS:
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as data:
            for one in PARTS[part](Path(data)):
                print(one, flush=True)
                over |= not one.is_within
    return int(over)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
