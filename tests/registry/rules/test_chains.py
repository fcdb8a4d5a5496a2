"""Which link a zone lacks, and that parts and totals say the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.rules import chains
from registry.rules.chains import BESIDE, COLUMNS, LINKS, Asked, Place
from registry.rules.listing import Group

CITIES = {"990500": ("990501", "990502"), "990600": ("990601", "990671")}
PLACES = [Place(code, code, city, code.endswith("71")) for city, codes in CITIES.items() for code in codes]
ROOT = Place("990000", "示例省", "990000")

group = st.builds(
    lambda kind, state, place, count: Group(
        kind=kind, level="none", carrier_class="comprehensive", field="", designation="", state=state,
        regions=("990000", place.city, place.code), count=count,
    ),
    st.sampled_from(COLUMNS), st.sampled_from(("active", "suspended", "closed")), st.sampled_from(PLACES),
    st.integers(1, 5),
)  # fmt: skip
groups = st.lists(group, max_size=30)


def test_a_zone_lacks_what_of_the_chain_it_has_none_of() -> None:
    assert chains.lacking({}) == LINKS
    assert chains.lacking({"makerspace": 1, "accelerator": 2, "university_park": 1}) == (
        "incubator",
        "industrial_park",
    )
    assert chains.lacking(dict.fromkeys(LINKS, 1)) == ()
    assert BESIDE not in chains.lacking(dict.fromkeys(LINKS, 1))


@given(groups)
def test_the_zones_of_a_city_and_the_cities_add_up(some: list[Group]) -> None:
    counts = chains.counted(some)
    rows = chains.rows(PLACES, counts, Asked())
    active = sum(one.count for one in some if one.state == "active")
    assert sum(sum(row.counts.values()) for row in rows) == active
    for city in CITIES:
        of_city = [row for row in rows if row.place.city == city]
        whole = chains.total(Place(city, city, city), of_city, counts)
        for kind in COLUMNS:
            assert whole.counts[kind] == sum(row.counts[kind] for row in of_city)
    root = chains.total(ROOT, rows, counts)
    assert sum(root.counts.values()) == active and root.zones == len(PLACES)
    assert root.whole == sum(not row.lacking for row in rows)


@given(groups, st.sampled_from(("", "990500", "990600", "9999")), st.sampled_from(("", "lacking", "zone")))
def test_orders_and_filters_lose_and_invent_no_zone(some: list[Group], region: str, only: str) -> None:
    counts = chains.counted(some)
    by_code = chains.rows(PLACES, counts, Asked(region=region, only=only))
    by_gap = chains.rows(PLACES, counts, Asked(region=region, only=only, order="lacking"))
    assert {row.place.code for row in by_code} == {row.place.code for row in by_gap}
    assert [len(row.lacking) for row in by_gap] == sorted((len(row.lacking) for row in by_gap), reverse=True)
    expected = {
        one.code
        for one in PLACES
        if region in ("", one.city)
        and (only != "zone" or one.is_zone)
        and (only != "lacking" or chains.lacking(counts.get(one.code, {})))
    }
    assert {row.place.code for row in by_code} == expected


def test_what_cannot_be_meant_narrows_nothing_and_is_told() -> None:
    asked, problems = chains.read({"only": "x", "order": "phone", "region": "河湾"})
    assert asked == Asked() and {one.field for one in problems} == {"only", "order", "region"}
    assert chains.read({"only": "zone", "region": "990500"}) == (Asked(region="990500", only="zone"), [])
