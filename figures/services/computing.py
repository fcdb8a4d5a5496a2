"""Publishes a year's figures. What stands is never changed: a value that differs is a row of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import Role
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from figures.models import Figure
from figures.queries import newest
from figures.rules.definitions import BY_CODE, Source
from figures.services.values import Value, computed
from office.services import audit

__all__ = ["Compared", "Value", "compared", "computed", "publish_figures"]

Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """A value as computed now, and the newest published one of the same figure."""

    now: Value
    published: Figure | None

    @property
    def is_new(self) -> bool:
        return self.published is None

    @property
    def differs(self) -> bool:
        """Whether it would stand beside another published value, or the same over another base."""
        known = self.published
        return known is not None and (known.value, known.base) != (self.now.value, self.now.base)


def compared(*, year: int, root: Region) -> list[Compared]:
    """Every figure of a year as it is now, beside what is published. Where all that a published figure
    counted is gone, its value now is zero. Seven queries."""
    found = computed(year=year, root=root)
    below = Region.objects.within(root).values("pk")
    rows = Figure.objects.filter(year=year, region__in=below).exclude(published_at=None)
    known = {_key(row): row for row in newest(rows.order_by("-as_of", "-pk"))}
    keys = {(one.definition.code, one.region_id, one.part) for one in found}
    gone = [row for key, row in known.items() if key not in keys]
    found += _nothing_left(gone, found)
    return [Compared(one, known.get((one.definition.code, one.region_id, one.part))) for one in found]


def _key(row: Figure) -> Key:
    return row.definition, row.region_id, row.part


def _nothing_left(gone: Sequence[Figure], found: Sequence[Value]) -> list[Value]:
    """Zeros of counts whose definition is still computed; a share of nothing is no share."""
    like = {one.definition.code: one for one in found}
    return [
        replace(like[row.definition], region_id=row.region_id, part=row.part, value=Decimal(0))
        for row in gone
        if row.definition in like and BY_CODE[row.definition].source is not Source.RESULTS
    ]


def publish_figures(*, actor: Actor, year: int, at: datetime) -> list[Figure]:
    """Publishes a year's figures for the officer's region, as of the year's last day. The same value again
    adds nothing. A value that differs from a published one is a new row as of today, and both stand.
    All of the year or nothing; the new rows."""
    root = actor.region
    if actor.role != Role.PROVINCE_OFFICER or root is None:
        raise Refused(Problem("figures.role", T("只有省级管理可以发布统计数字。")))
    end = date(year, 12, 31)
    today = clock.day_of(at)
    if today <= end:
        raise Refused(Problem("figures.year", T("年度结束后才能发布当年的统计数字。"), field="year"))
    with transaction.atomic():
        locked(Region.objects.all(), pk=root.pk)  # two who publish at once come one after the other
        fresh = [
            _row(one.now, year, end if one.is_new else today, at)
            for one in compared(year=year, root=root)
            if one.is_new or one.differs
        ]
        _refuse_twins(fresh, year)
        made = Figure.objects.bulk_create(fresh, batch_size=500)
        detail = {"year": year, "figures": len(made)}
        audit.record(
            actor=actor, action="figures.publish", on="figures.figure", key=str(year), at=at, detail=detail
        )
    return made


def _refuse_twins(fresh: Sequence[Figure], year: int) -> None:
    """One definition, region, year and part has one value a day and base."""
    known = {(_key(row), row.as_of, row.base): row for row in Figure.objects.filter(year=year)}
    twins = [(row, known.get((_key(row), row.as_of, row.base))) for row in fresh]
    problems = [
        Problem(
            "figures.differs",
            T("“{title}”今天已按同一口径发布过另一个数，明天再发布。", title=BY_CODE[row.definition].title),
            field=row.definition,
            found=str(row.value),
            allowed=str(twin.value),
        )
        for row, twin in twins
        if twin is not None
    ]
    if problems:
        raise Refused(problems)


def _row(one: Value, year: int, as_of: date, at: datetime) -> Figure:
    return Figure(
        definition=one.definition.code,
        region_id=one.region_id,
        year=year,
        part=one.part,
        value=one.value,
        as_of=as_of,
        base=one.base,
        source=one.source,
        computed_at=at,
        published_at=at,
    )
