"""Works figures out of the register, the returns and the results, set-wise for every region and part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F, Q, Sum

from accounts.models import Region
from evaluation.models import RunEntry
from figures.rules.definitions import DEFINITIONS, Definition, Source
from registry.models import Carrier
from registry.rules.vocabulary import COUNTED_KINDS
from reporting.models import Return, ReturnFigure
from reporting.rules.lifecycle import State

# Which totals of a return make a figure, whatever its form.
TOTALS: dict[str, tuple[str, ...]] = {
    "tenants": ("tenants", "teams"),
    "new_tenants": ("new_tenants", "teams_entered"),
    "employed": ("tenant_people", "team_people"),
}
BEST = "A"
_KINDS = sorted(kind.value for kind in COUNTED_KINDS)


@dataclass(frozen=True, slots=True)
class Value:
    """One value before it is a row: of a definition, for a region, whole (`part` empty) or of a kind."""

    definition: Definition
    region_id: int
    part: str
    value: Decimal
    base: str
    source: str


Cells = dict[tuple[int, str], Decimal]  # region and kind
Triples = Iterable[tuple[int, str, Decimal]]


def computed(*, year: int, root: Region) -> list[Value]:
    """Every figure of a year for the root region and each city below it, whole and by kind. Six queries."""
    above = _cities(root)
    carriers = _summed(_carriers(year, root), above)
    returns = _returns(year, root)
    filed = _filed(year, root)
    answer: list[Value] = []
    for definition in DEFINITIONS:
        if definition.source is Source.REGISTER:
            base, source = "全省列统的科技企业孵化器和众创空间", f"载体登记，{year} 年末"
            answer += _values(definition, carriers, base, source)
        elif definition.source is Source.RETURNS and filed:
            cells = _summed(returns[definition.code], above)
            base = f"已受理 {year} 年度报表的 {filed} 家载体"
            answer += _values(definition, cells, base, f"{year} 年度报表")
        elif definition.source is Source.RESULTS:
            answer += _shares(definition, year, root, above)
    return answer


def _cities(root: Region) -> dict[int, tuple[int, ...]]:
    """For every region below the root: the root and the city that it counts for."""
    below = Region.objects.within(root).values_list("pk", "path", "code")
    city = {code: pk for pk, path, code in below if path.count("/") == root.path.count("/") + 1}
    depth = root.path.strip("/").count("/") + 1
    answer: dict[int, tuple[int, ...]] = {}
    for pk, path, _code in below:
        codes = path.strip("/").split("/")
        own = city.get(codes[depth]) if len(codes) > depth else None
        answer[pk] = (root.pk, own) if own else (root.pk,)
    return answer


def _carriers(year: int, root: Region) -> Iterator[tuple[int, str, Decimal]]:
    rows = (
        Carrier.objects.filter(kind__in=_KINDS, listed_year__lte=year, region__path__startswith=root.path)
        .order_by()
        .values_list("region_id", "kind")
        .annotate(n=Count("pk"))
    )
    for region, kind, count in rows:
        yield region, kind, Decimal(count)


def _accepted(year: int, root: Region) -> Q:
    prefix = "version__return_of__"
    return Q(
        **{
            f"{prefix}campaign__year": year,
            f"{prefix}state": State.ACCEPTED.value,
            f"{prefix}current_id": F("version_id"),
            f"{prefix}carrier__kind__in": _KINDS,
            f"{prefix}carrier__region__path__startswith": root.path,
        }
    )


def _returns(year: int, root: Region) -> Mapping[str, list[tuple[int, str, Decimal]]]:
    wanted = {total: code for code, totals in TOTALS.items() for total in totals}
    rows = (
        ReturnFigure.objects.filter(_accepted(year, root), code__in=list(wanted))
        .order_by()
        .values_list("code", "version__return_of__carrier__region_id", "version__return_of__carrier__kind")
        .annotate(total=Sum("number"))
    )
    answer: dict[str, list[tuple[int, str, Decimal]]] = defaultdict(list)
    for total, region, kind, value in rows:
        answer[wanted[total]].append((region, kind, value))
    return answer


def _filed(year: int, root: Region) -> int:
    rows = Return.objects.filter(
        campaign__year=year,
        state=State.ACCEPTED.value,
        current__isnull=False,
        carrier__kind__in=_KINDS,
        carrier__region__path__startswith=root.path,
    )
    return rows.aggregate(n=Count("carrier_id", distinct=True))["n"] or 0


def _summed(rows: Triples, above: Mapping[int, tuple[int, ...]]) -> Cells:
    cells: Cells = defaultdict(Decimal)
    for region, kind, value in rows:
        for over in above[region]:
            cells[over, kind] += value
            cells[over, ""] += value
    return cells


def _rounded(value: Decimal, definition: Definition) -> Decimal:
    """To the places of the definition, half up, whatever the database adds to a sum."""
    return value.quantize(Decimal(1).scaleb(-definition.places), ROUND_HALF_UP)


def _values(definition: Definition, cells: Cells, base: str, source: str) -> list[Value]:
    return [
        Value(definition, region, kind, _rounded(value, definition), base, source)
        for (region, kind), value in sorted(cells.items())
        if not kind or definition.parts
    ]


def _shares(
    definition: Definition, year: int, root: Region, above: Mapping[int, tuple[int, ...]]
) -> list[Value]:
    """The share of the best grade among graded carriers of published runs, in per cent."""
    graded = (
        RunEntry.objects.filter(run__year=year, run__state="published", run__region=root)
        .exclude(grade="")
        .order_by()
        .values_list("carrier__region_id", "carrier__kind")
        .annotate(n=Count("pk"), best=Count("pk", filter=Q(grade=BEST)))
    )
    rows = list(graded)
    whole = _summed(((region, kind, Decimal(n)) for region, kind, n, _ in rows), above)
    best = _summed(((region, kind, Decimal(b)) for region, kind, _, b in rows), above)
    return [
        Value(
            definition,
            region,
            "",
            _rounded(best[region, kind] * 100 / count, definition),
            f"参评并定级的 {count} 家载体",
            f"{year} 年度绩效评价公布结果",
        )
        for (region, kind), count in sorted(whole.items())
        if not kind and count
    ]
