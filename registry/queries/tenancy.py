"""Finds what is irregular about tenants' stays: a query a kind, whatever the size of the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, Func, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Region
from registry.models import Stay
from registry.rules import tenancy
from registry.rules.tenancy import LIMITED_KINDS, Found
from registry.rules.vocabulary import (
    ENTRY_MONTHS,
    GRADUATED,
    LONG_FIELDS,
    LONG_STAY_MONTHS,
    STAY_MONTHS,
)


class PlusMonths(Func):
    """A date so many months later, the last day of a month that is shorter: `rules.tenancy.plus_months`."""

    output_field = DateField()

    def __init__(self, day: Any, months: int) -> None:
        super().__init__(day)
        self.months = int(months)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = f"(%(expressions)s + interval '{self.months} months')::date"
        return super().as_sql(compiler, connection, template=template, **more)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # A day that the month lacks runs over into the next one: the last day of the month is earlier.
        plain = f"date(%(expressions)s, '+{self.months} months')"
        last = f"date(%(expressions)s, 'start of month', '+{self.months + 1} months', '-1 day')"
        return super().as_sql(compiler, connection, template=f"min({plain}, {last})", **more)


def found(root: Region, today: date) -> Iterator[Found]:
    """Everything irregular in the carriers of a root region on this day. Five queries."""
    stays = _stays(root)
    limited = stays.current().filter(entered__lte=today, carrier__kind__in=LIMITED_KINDS)
    yield from double_claims(root, today)
    yield from _graduates(limited, root)
    yield from _over_stays(limited, today)
    yield from _over_ages(limited)
    yield from _before_founded(stays)


def _stays(root: Region) -> Any:
    return Stay.objects.filter(carrier__region__path__startswith=root.path, tenant__isnull=False).order_by()


def double_claims(root: Region, today: date) -> Iterator[Found]:
    """Pairs of lasting stays of one body; that they are in two carriers, a constraint holds."""
    here = _stays(root).current().filter(entered__lte=today)
    rows = here.filter(
        tenant__stays__ended=None,
        tenant__stays__entered__lte=today,
        tenant__stays__pk__gt=F("pk"),
        tenant__stays__carrier__region__path__startswith=root.path,
    ).values_list(
        "tenant_id", "pk", "entered", "carrier__operator_id",
        "tenant__stays__pk", "tenant__stays__entered", "tenant__stays__carrier__operator_id",
    )  # fmt: skip
    for tenant, a, since, operator, b, later, other in rows:
        yield tenancy.double_claim(tenant, (a, since), (b, later), same_operator=operator == other)


def _graduates(limited: QuerySet[Stay], root: Region) -> Iterator[Found]:
    """Lasting stays of who graduated before; of several graduations the last."""
    rows = limited.filter(
        tenant__stays__graduated_by__in=list(GRADUATED),
        tenant__stays__carrier__region__path__startswith=root.path,
    ).values_list("pk", "tenant_id", "entered", "tenant__stays__pk", "tenant__stays__ended")
    last: dict[int, tuple[Any, ...]] = {}
    for row in sorted(rows, key=lambda one: (one[4], one[3])):
        last[row[0]] = row
    for pk, tenant, entered, then, ended in last.values():
        yield tenancy.graduate_listed(tenant, (pk, entered), (then, ended))


def _over_stays(limited: QuerySet[Stay], today: date) -> Iterator[Found]:
    field = Coalesce(NullIf(F("tenant__field"), Value("")), F("carrier__field"))
    last_day = Case(
        When(technology__in=LONG_FIELDS, then=PlusMonths(F("entered"), LONG_STAY_MONTHS)),
        default=PlusMonths(F("entered"), STAY_MONTHS),
        output_field=DateField(),
    )
    rows = limited.annotate(technology=field).annotate(last_day=last_day).filter(last_day__lt=today)
    for tenant, pk, entered, technology in rows.values_list("tenant_id", "pk", "entered", "technology"):
        yield tenancy.over_stay(tenant, pk, entered=entered, months=tenancy.stay_months(technology))


def _over_ages(limited: QuerySet[Stay]) -> Iterator[Found]:
    rows = limited.filter(entered__gt=PlusMonths(F("tenant__founded"), ENTRY_MONTHS))
    dates: Iterable[Any] = rows.values_list("tenant_id", "pk", "tenant__founded", "entered")
    for tenant, pk, founded, entered in dates:
        yield tenancy.over_age(tenant, pk, founded=founded, entered=entered)


def _before_founded(stays: QuerySet[Stay]) -> Iterator[Found]:
    """Of stays that ended too: a wrong date in the register stays wrong."""
    rows = stays.filter(entered__lt=F("tenant__founded"))
    dates: Iterable[Any] = rows.values_list("tenant_id", "pk", "tenant__founded", "entered")
    for tenant, pk, founded, entered in dates:
        yield tenancy.entered_before_founded(tenant, pk, founded=founded, entered=entered)
