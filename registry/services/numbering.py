"""Gives carriers their running numbers, a city at a time and never one twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from django.db.models import Max
from django.db.models.functions import Length

from accounts.models import Region, RegionLevel
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from registry.models import Carrier
from registry.rules import codes


def codes_for(regions: Sequence[Region]) -> list[str]:
    """The next codes for carriers of these regions, in their order; the cities stay locked until the end of
    the transaction."""
    tree = {region.code: region for region in Region.objects.filter(code__in=_chain(regions))}
    cities = {region.pk: _city_of(region, tree) for region in regions}
    numbers = {city: _numbers(prefix, city) for prefix, city in sorted(set(cities.values()))}
    return [
        codes.carrier_code(prefix, city, next(numbers[city]))
        for prefix, city in (cities[region.pk] for region in regions)
    ]


def _chain(regions: Iterable[Region]) -> set[str]:
    return {code for region in regions for code in region.path.strip("/").split("/")}


def _city_of(region: Region, tree: dict[str, Region]) -> tuple[str, str]:
    """The prefix of the root and the code of the city (of the region itself where none is above it)."""
    chain = [tree[code] for code in region.path.strip("/").split("/") if code in tree]
    prefix = next((one.prefix for one in chain if one.prefix), "")
    if not prefix:
        raise Refused(Problem("region.prefix", T("区域“{name}”的上级没有编号前缀。", name=region.name)))
    city = next((one.code for one in chain if one.level == RegionLevel.CITY), region.code)
    return prefix, city


def _numbers(prefix: str, city: str) -> Iterator[int]:
    locked(Region.objects.all(), code=city)
    mine = Carrier.objects.filter(code__startswith=codes.stem(prefix, city))
    longest = mine.aggregate(most=Max(Length("code")))["most"]
    if longest is None:
        return count(1)
    last = mine.annotate(size=Length("code")).filter(size=longest).aggregate(last=Max("code"))["last"]
    return count(codes.number_of(last) + 1)
