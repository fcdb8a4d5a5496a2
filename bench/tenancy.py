"""Prints how long irregular stays take to find among 77,000 tenants, and suggestions among 770,000.

Needs a PostgreSQL server; `python -m bench tenancy` makes a database of its own on it.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

from bench.measure import ROOT, Measured, environment, timed

if TYPE_CHECKING:
    from accounts.actors import Actor

CARRIERS, CITIES, COUNTIES = 2145, 13, 7
FEW, MANY = 77_000, 770_000
PLANTED = 200  # of each kind
TODAY = date(2026, 3, 18)
SIGNS = "云澜锦苍鹭东明安南青西松北星河海山川林石泉溪岚峰辰曦朗越恒诺芯智创数信达远航博凯瑞祥盛泰丰禾木森柏"
TRADES = ("科技", "软件", "生物医药", "新材料", "智能装备", "数据服务", "微电子", "新能源", "环保工程")


def measured(data: Path) -> Iterator[Measured]:
    """On a database of its own, dropped afterwards; without a server it says so and measures nothing."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        print("tenancy: not measured; set DATABASE_URL to a PostgreSQL server", file=sys.stderr)
        return
    with database(given) as url:
        env = {**environment(data), "DATABASE_URL": url, "SECRET_KEY": "bench-only-" + "k" * 40}
        for arguments in (["manage.py", "migrate", "-v", "0"], ["-m", "bench.tenancy"]):
            done = subprocess.run(
                [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True
            )
            if done.returncode:
                raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    for line in done.stdout.splitlines():
        if not line.startswith("= "):
            print(line)
            continue
        what, figure, bound, unit = line[2:].split("|")
        yield Measured(what, float(figure), float(bound), unit)


@contextmanager
def database(given: str) -> Iterator[str]:
    name = f"portal_bench_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def province() -> dict[str, Actor]:
    """A province of cities and counties with carriers, and an officer at each level and a carrier's staff."""
    from accounts.actors import actor_of
    from accounts.models import Appointment, Region, User
    from core import clock
    from registry.models import Carrier, Operator

    def region(code: str, level: str, parent: Any) -> Any:
        path = f"{parent.path if parent else '/'}{code}/"
        return Region.objects.create(code=code, name=f"区域{code}", level=level, parent=parent, path=path)

    root = region("990000", "province", None)
    cities = [region(f"99{number:02d}00", "city", root) for number in range(1, CITIES + 1)]
    counties = [
        region(f"{city.code[:4]}{number:02d}", "county", city)
        for city in cities
        for number in range(1, COUNTIES + 1)
    ]
    operators = Operator.objects.bulk_create(
        Operator(credit_code=f"B{number:017d}", name=f"运营{number}") for number in range(1900)
    )
    Carrier.objects.bulk_create(
        Carrier(
            code=f"FH-{number:05}", name=f"示例孵化器{number}", kind="incubator",
            carrier_class="comprehensive",
            operator=operators[number % len(operators)], region=counties[number % len(counties)],
            listed_year=2018, updated_at=clock.now(),
        )
        for number in range(CARRIERS)
    )  # fmt: skip

    def actor(role: str, **scope: Any) -> Actor:
        user = User.objects.create(username=role, name=role)
        return actor_of(
            Appointment.objects.create(user=user, role=role, valid_from=date(2020, 1, 1), **scope)
        )

    return {
        "province": actor("province_officer", region=root),
        "city": actor("city_officer", region=cities[0]),
        "county": actor("county_officer", region=counties[0]),
        "staff": actor("carrier_staff", carrier_code="FH-00000"),
    }


def name_of(rng: random.Random, city: int) -> str:
    """Names begin with their city's, as companies' names do."""
    body = "".join(rng.choices(SIGNS, k=rng.choice((2, 2, 3, 4))))
    return f"{SIGNS[city]}州{body}{rng.choice(TRADES)}有限公司"


def fill(rng: random.Random, first: int, last: int) -> None:
    """Tenants `first` to `last`, each with one stay in order, by COPY, with the statistics that autovacuum
    keeps."""
    from django.db import connection

    from core import clock
    from registry.models import Carrier

    carriers = list(Carrier.objects.order_by("pk").values_list("pk", flat=True))
    now = clock.now()
    with connection.cursor() as cursor:
        with cursor.copy("COPY registry_tenant (id, credit_code, name, founded, field) FROM STDIN") as copy:
            for pk in range(first, last):
                founded = TODAY - timedelta(130 + pk % 300 + pk % 690)
                name = name_of(rng, (pk % (CITIES * COUNTIES)) // COUNTIES)
                copy.write_row((pk, f"9199{pk:014d}", name, founded, "ict"))
        columns = "id, carrier_id, tenant_id, entered, graduated_by, updated_at"
        with cursor.copy(f"COPY registry_stay ({columns}) FROM STDIN") as copy:
            for pk in range(first, last):
                entered = TODAY - timedelta(100 + pk % 300)
                copy.write_row((pk, carriers[pk % CARRIERS], pk, entered, "", now))
        for table in ("registry_tenant", "registry_stay"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")
        cursor.execute("VACUUM ANALYZE")


def plant() -> set[tuple[str, int]]:
    """`PLANTED` cases of each kind, each a tenant of its own; (kind, tenant)."""
    from core import clock
    from registry.models import Carrier, Stay, Tenant

    carriers = list(Carrier.objects.order_by("pk").values_list("pk", flat=True))
    kinds = ("double_claim", "graduate_listed", "over_stay", "over_age", "entered_before_founded")
    wanted: set[tuple[str, int]] = set()
    more: list[Stay] = []
    for place, kind in enumerate(kinds):
        for pk in range(1000 + place * PLANTED, 1000 + (place + 1) * PLANTED):
            wanted.add((kind, pk))
            other = Stay(tenant_id=pk, carrier_id=carriers[(pk + 7) % CARRIERS], updated_at=clock.now())
            other.entered = TODAY - timedelta(300)
            if kind == "double_claim":
                more.append(other)
            elif kind == "graduate_listed":
                other.ended, other.graduated_by = TODAY - timedelta(200), "listed"
                more.append(other)
            elif kind == "over_stay":
                Tenant.objects.filter(pk=pk).update(founded=TODAY - timedelta(1600))
                Stay.objects.filter(pk=pk).update(entered=TODAY - timedelta(1500))
            elif kind == "over_age":
                Tenant.objects.filter(pk=pk).update(founded=TODAY - timedelta(2000))
            else:
                Tenant.objects.filter(pk=pk).update(founded=TODAY - timedelta(1))
    Stay.objects.bulk_create(more)
    return wanted


def find(wanted: set[tuple[str, int]]) -> None:
    """The search for double claims alone, and everything found and written down."""
    from datetime import datetime

    from accounts.models import Region
    from core.clock import SHANGHAI
    from registry.models import TenancyFinding
    from registry.queries import tenancy as search
    from registry.services.tenancy import refresh

    at, root = datetime(2026, 3, 18, 9, tzinfo=SHANGHAI), Region.objects.get(parent=None)
    alone, found = timed(lambda: list(search.double_claims(root, TODAY)))
    whole, _done = timed(lambda: refresh(at=at, root=root))
    again, _done = timed(lambda: refresh(at=at + timedelta(1), root=root))
    if len(found) != PLANTED:
        raise RuntimeError(f"{len(found)} double claims found, {PLANTED} planted")
    told = set(TenancyFinding.objects.current().values_list("kind", "tenant_id"))
    if told != wanted:
        raise RuntimeError(f"missed: {sorted(wanted - told)[:9]}, false: {sorted(told - wanted)[:9]}")
    print(f"= double claims among {FEW:,} tenants, all of them and no other|{alone:.3f}|2|s")
    print(f"= all five kinds among {FEW:,} tenants, found and written down|{whole:.3f}|5|s")
    print(f"= the same again with nothing new|{again:.3f}|5|s")


def asked(city: int) -> dict[str, str]:
    """What people type: common and rare words, short and long, of their own city and of another, codes."""
    from registry.models import Tenant

    rare = Tenant.objects.get(pk=123_456).name
    return {
        "two signs, in a tenth of the names": "科技",
        "two signs in the middle, rare": rare[2:4],
        "a whole name": rare,
        "its middle": rare[2:7],
        "the begin of names of the own city": f"{SIGNS[city]}州",
        "the begin of names of another city": f"{SIGNS[7]}州",
        "in no name": "鑫淼",
        "in every name": "有限公司",
        "signs that stand together nowhere": "司限公有",
        "the begin of a credit code": "91990000000012",
    }


def suggest(actors: dict[str, Actor]) -> None:
    """Each question of each actor, nine times; the slowest median counts."""
    from registry.queries.tenants import suggestions

    slowest, whose = 0.0, ""
    for who, actor in actors.items():
        for what, words in asked(0).items():
            times = []
            for _ in range(9):
                start = time.perf_counter()
                suggestions(actor, words)
                times.append((time.perf_counter() - start) * 1000)
            middle = statistics.median(times)
            print(f"     {who:<9} {what:<38} {words[:9]:<12} {middle:7.1f} ms")
            if middle > slowest:
                slowest, whose = middle, f"{who}, {what}"
    print(f"     slowest: {whose}")
    print(f"= suggestions among {MANY:,} tenants, the slowest question|{slowest:.2f}|50|ms")


def explain() -> None:
    """The plan of a rare word in the middle of names."""
    from registry.models import Tenant
    from registry.queries.tenants import named

    rows = named(Tenant.objects.all(), Tenant.objects.get(pk=123_456).name[2:4]).order_by()[:500]
    print(rows.values("pk").explain(analyze=True))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    rng, actors = random.Random(77), province()
    fill(rng, 1, FEW + 1)
    find(plant())
    fill(rng, FEW + 1001, MANY + 1001)
    suggest(actors)
    explain()


if __name__ == "__main__":
    main()
