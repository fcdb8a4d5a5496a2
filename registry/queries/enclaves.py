"""The enclaves of the register with the cities at both their ends, today or on a day."""

from __future__ import annotations

from datetime import date

from accounts.actors import VISITOR
from accounts.models import Region
from accounts.models.regions import RegionLevel
from registry import queries
from registry.models import CarrierState
from registry.queries.asof import regions_on
from registry.rules.designations import ENCLAVE
from registry.rules.enclaves import Enclave, End
from registry.rules.listing import Asked


def enclaves(on: date | None = None) -> list[Enclave]:
    """What is public: enclaves that run. Two queries, whatever the size."""
    asked = Asked(designation=ENCLAVE, state=CarrierState.ACTIVE.value, on=on.isoformat() if on else "")
    rows = list(queries.directory(VISITOR, asked).order_by("code"))
    known = regions_on(on) if on else {one.pk: one for one in Region.objects.all()}
    by_code = {one.code: one for one in known.values()}
    answer = []
    for row in rows:
        home, host = row.home_region, row.region
        if home is None:
            continue
        at_home = _city(home, by_code)
        beyond = row.host_place
        at_host = End("", beyond) if beyond else _city(host, by_code)
        where = beyond or _full(host, at_host)
        answer.append(Enclave(row.code, row.name, row.kind, at_home, at_host, _full(home, at_home), where))
    return answer


def _city(region: Region, by_code: dict[str, Region]) -> End:
    """The city that a region is or lies in; the region itself where there is none."""
    for code in region.path.strip("/").split("/"):
        above = by_code.get(code)
        if above is not None and above.level == RegionLevel.CITY:
            return End(above.code, above.name)
    return End(region.code, region.name)


def _full(region: Region, city: End) -> str:
    return region.name if region.code == city.code else f"{city.name} {region.name}"
