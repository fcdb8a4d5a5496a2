"""Figures of a year, added up by hand: the register, accepted returns, published results."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Model

from accounts.rules.roles import Role
from core.problems import Refused
from figures.models import Figure
from figures.queries import latest, series, several
from figures.services.computing import computed, publish_figures
from office.models import AuditEntry
from registry.models import Carrier
from reporting.models import Return
from tests.evaluation.world import AT, carrier, person
from tests.figures.conftest import YEAR, Province


def values(province: Province, code: str, year: int = YEAR) -> dict[tuple[str, str], str]:
    """By region and part."""
    regions = {region.pk: region.code for region in province.regions.values()}
    return {
        (regions[one.region_id], one.part): str(one.value)
        for one in computed(year=year, root=province.root)
        if one.definition.code == code
    }


def test_the_register_is_counted_by_kind_and_city(province: Province) -> None:
    assert values(province, "carriers") == {
        ("990000", ""): "4",
        ("990000", "incubator"): "3",
        ("990000", "makerspace"): "1",
        ("990100", ""): "3",
        ("990100", "incubator"): "2",
        ("990100", "makerspace"): "1",
        ("990200", ""): "1",
        ("990200", "incubator"): "1",
    }


def test_a_year_counts_what_was_listed_by_then(province: Province) -> None:
    assert values(province, "carriers", YEAR - 1)["990000", ""] == "3"
    assert values(province, "carriers", YEAR + 1)["990000", ""] == "5"
    assert values(province, "carriers", 2017) == {}


def test_parks_and_accelerators_are_not_counted(province: Province) -> None:
    for kind in ("accelerator", "university_park", "industrial_park"):
        carrier(f"X-{kind}", province.regions["990101"], kind=kind)
    assert values(province, "carriers")["990000", ""] == "4"


def test_returns_are_added_up_with_their_teams(province: Province) -> None:
    province.filed("a", tenants="10", tenant_people="120", new_tenants="3")
    province.filed("c", tenants="4", teams="6", tenant_people="20", team_people="15", teams_entered="2")
    province.filed("d", tenants="7", tenant_people="1")
    assert values(province, "tenants") == {
        ("990000", ""): "27",
        ("990000", "incubator"): "17",
        ("990000", "makerspace"): "10",
        ("990100", ""): "20",
        ("990100", "incubator"): "10",
        ("990100", "makerspace"): "10",
        ("990200", ""): "7",
        ("990200", "incubator"): "7",
    }
    assert values(province, "employed")["990000", ""] == "156"
    assert values(province, "new_tenants")["990000", ""] == "5"


def test_only_the_current_version_of_an_accepted_return_counts(province: Province) -> None:
    province.newer(province.filed("a", tenants="10"), tenants="999")
    waiting = province.filed("d", tenants="500")
    Return.objects.filter(pk=waiting.pk).update(state="at_province", accepted_at=None)
    assert values(province, "tenants")["990000", ""] == "10"
    bases = {one.base for one in computed(year=YEAR, root=province.root) if one.definition.code == "tenants"}
    assert bases == {f"已受理 {YEAR} 年度报表的 1 家载体"}


def test_a_year_without_accepted_returns_has_none_of_their_figures(province: Province) -> None:
    assert values(province, "tenants") == {}
    assert values(province, "employed") == {}


@pytest.mark.parametrize(
    ("grades", "share"),
    [
        ("ABC", "33.3"),
        ("AAB", "66.7"),
        ("BBB", "0.0"),
        ("AAAAA", "100.0"),
        ("A--", "100.0"),
    ],
)
def test_the_share_of_the_best_is_of_the_graded(province: Province, grades: str, share: str) -> None:
    province.graded(grades)
    assert values(province, "grade_a_share")["990000", ""] == share


def test_a_share_is_rounded_half_up(province: Province) -> None:
    # One of sixteen is 6.25 per cent.
    for number in range(11):
        province.carriers[f"more-{number}"] = carrier(f"FH-M{number}", province.regions["990201"])
    province.graded("A" + "B" * 15)
    found = values(province, "grade_a_share")
    assert found["990000", ""] == "6.3"
    assert found["990100", ""] == "33.3"
    assert found["990200", ""] == "0.0"


@pytest.mark.parametrize("state", ["scored", "publicised"])
def test_results_that_are_not_published_make_no_figure(province: Province, state: str) -> None:
    province.graded("AAB", state=state)
    assert values(province, "grade_a_share") == {}


def publish(province: Province, year: int = YEAR) -> list[Figure]:
    return publish_figures(actor=province.officer, year=year, at=AT)


def test_published_figures_say_year_day_base_and_source(province: Province) -> None:
    publish(province)
    row = Figure.objects.get(definition="carriers", region=province.root, part="")
    assert (row.value, row.year, row.as_of) == (Decimal(4), YEAR, date(YEAR, 12, 31))
    assert (row.published_at, row.computed_at) == (AT, AT)
    assert row.base
    assert row.source
    assert AuditEntry.objects.filter(action="figures.publish").count() == 1


def test_the_same_values_again_add_nothing(province: Province) -> None:
    assert len(publish(province)) == Figure.objects.count() == 8
    before = list(Figure.objects.order_by("pk").values())
    assert publish_figures(actor=province.officer, year=YEAR, at=AT + timedelta(days=1)) == []
    assert list(Figure.objects.order_by("pk").values()) == before


def test_another_value_of_a_published_figure_is_a_new_row_as_of_its_own_day(province: Province) -> None:
    publish(province)
    before = list(Figure.objects.order_by("pk").values())
    Carrier.objects.filter(pk=province.carriers["d"].pk).update(kind="makerspace")
    made = publish(province)
    assert list(Figure.objects.order_by("pk").values())[: len(before)] == before
    west = province.regions["990200"].pk
    assert {(row.region_id, row.part, int(row.value), row.as_of) for row in made} == {
        (province.root.pk, "incubator", 2, AT.date()),
        (province.root.pk, "makerspace", 2, AT.date()),
        (west, "incubator", 0, AT.date()),  # nothing is left of what was published
        (west, "makerspace", 1, date(YEAR, 12, 31)),
    }
    assert [int(row.value) for row in latest("carriers", province.officer) if row.part] == [2, 2]
    doubled = [(row.region.code, row.part, int(row.value)) for row in several(province.officer, YEAR)]
    assert doubled == [
        ("990000", "incubator", 2),
        ("990000", "incubator", 3),
        ("990000", "makerspace", 2),
        ("990000", "makerspace", 1),
        ("990200", "incubator", 0),
        ("990200", "incubator", 1),
    ]


def test_a_third_value_on_one_day_is_refused_and_nothing_is_kept(province: Province) -> None:
    publish(province)
    for kind in ("makerspace", "incubator"):
        Carrier.objects.filter(pk=province.carriers["d"].pk).update(kind=kind)
        if kind == "makerspace":
            publish(province)
    before = Figure.objects.count()
    province.filed("a", tenants="10")
    with pytest.raises(Refused) as refused:
        publish(province)
    assert {problem.code for problem in refused.value.problems} == {"figures.differs"}
    assert Figure.objects.count() == before
    tomorrow = publish_figures(actor=province.officer, year=YEAR, at=AT + timedelta(days=1))
    assert {row.definition for row in tomorrow} >= {"carriers", "tenants"}


def test_a_year_that_has_not_ended_is_not_published(province: Province) -> None:
    with pytest.raises(Refused) as refused:
        publish(province, AT.year)
    assert [problem.code for problem in refused.value.problems] == ["figures.year"]


def test_the_series_goes_from_the_oldest_year_to_the_newest(province: Province) -> None:
    for year in (YEAR - 1, YEAR):
        publish(province, year)
    assert [(one.year, int(one.value)) for one in series("carriers", province.officer)] == [
        (YEAR - 1, 3),
        (YEAR, 4),
    ]
    assert {one.year for one in latest("carriers", province.officer, year=YEAR - 1)} == {YEAR - 1}


def test_a_return_accepted_later_makes_new_rows_over_another_base(province: Province) -> None:
    province.filed("a", tenants="10")
    publish(province)
    province.filed("d", tenants="7")
    publish(province)
    rows = Figure.objects.filter(definition="tenants", region=province.root, part="").order_by("pk")
    assert [(int(row.value), "1 家" in row.base) for row in rows] == [(10, True), (17, False)]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PROVINCE_OFFICER}))
def test_only_a_province_officer_publishes(province: Province, role: Role) -> None:
    places: dict[Role, dict[str, Model | str]] = {
        Role.COUNTY_OFFICER: {"region": province.regions["990101"]},
        Role.CITY_OFFICER: {"region": province.regions["990100"]},
        Role.CARRIER_STAFF: {"carrier": "FH-1"},
    }
    actor = person("某人", role, **places.get(role, {"region": province.root}))  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        publish_figures(actor=actor, year=YEAR, at=AT)
    assert [problem.code for problem in refused.value.problems] == ["figures.role"]
    assert not Figure.objects.exists()


def test_the_number_of_queries_does_not_grow(province: Province, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    province.filed("a", tenants="10")
    province.graded("AAB")
    for number in range(30):
        carrier(f"FH-N{number}", province.regions["990201"])
    with django_assert_max_num_queries(6):
        computed(year=YEAR, root=province.root)
