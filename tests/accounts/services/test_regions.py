"""The tree of regions comes out of a file, and again without change."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Region, RegionLevel
from accounts.services import regions
from core.problems import Refused

pytestmark = pytest.mark.django_db
HEAD = "code,name,name_en,level,parent,is_zone,prefix,tile_column,tile_row\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "regions.csv"


def test_the_demo_province_loads_and_loading_again_changes_nothing() -> None:
    first = regions.load()
    assert (first.new, first.changed) == (Region.objects.count(), 0)
    again = regions.load()
    assert (again.new, again.changed, again.same) == (0, 0, first.new)


def test_the_demo_province_is_whole() -> None:
    regions.load()
    root = Region.objects.get(parent=None)
    assert (root.code, root.name, root.prefix, root.path) == ("990000", "示例省", "SL", "/990000/")
    cities = Region.objects.filter(level=RegionLevel.CITY)
    assert cities.count() == 13
    assert len(set(cities.values_list("tile_column", "tile_row"))) == 13
    for city in cities:
        counties = city.children.all()
        assert 5 <= counties.filter(is_zone=False).count() <= 9
        assert 1 <= counties.filter(is_zone=True).count() <= 2
    names = list(Region.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))
    assert not Region.objects.filter(name_en="").exists()


def test_within_a_region_are_it_and_all_below_it() -> None:
    regions.load()
    city = Region.objects.get(code="990500")
    inside = set(Region.objects.all().within(city).values_list("code", flat=True))
    assert inside == {"990500", *city.children.values_list("code", flat=True)}


def test_children_may_stand_before_their_parents(file: Path) -> None:
    file.write_text(HEAD + "990101,甲区,,county,990100,0,,,\n990100,乙市,,city,,0,,0,0\n")
    regions.load(path=file)
    assert Region.objects.get(code="990101").path == "/990100/990101/"


def test_a_renamed_region_is_changed_and_one_not_named_stays(file: Path) -> None:
    file.write_text(HEAD + "990100,乙市,,city,,0,,0,0\n990200,丙市,,city,,0,,1,0\n")
    regions.load(path=file)
    file.write_text(HEAD + "990100,丁市,,city,,0,,0,0\n")
    assert regions.load(path=file) == regions.Loaded(new=0, changed=1, same=0)
    assert list(Region.objects.values_list("name", flat=True)) == ["丁市", "丙市"]


def test_every_fault_is_told_with_its_line_and_nothing_is_loaded(file: Path) -> None:
    file.write_text(
        HEAD + "990100,乙市,,city,,0,,0,0\n" + "990100,丙市,,town,888,0,,x,0\n" + "99,,,county,990100,0,,,\n"
    )
    with pytest.raises(Refused) as refusal:
        regions.load(path=file)
    assert [(problem.place, problem.code) for problem in refusal.value.problems] == [
        ("3", "regions.twice"),
        ("3", "regions.level"),
        ("3", "regions.parent"),
        ("3", "regions.tile"),
        ("4", "regions.code"),
        ("4", "regions.name"),
    ]
    assert not Region.objects.exists()


def test_a_file_without_its_columns_is_refused(file: Path) -> None:
    file.write_text("code,name\n990100,乙市\n")
    with pytest.raises(Refused, match="parent"):
        regions.load(path=file)


def test_the_command_says_what_it_did_and_what_is_wrong(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(HEAD + "990100,乙市,,city,,0,,0,0\n")
    call_command("load_regions", file)
    assert "new 1, changed 0, same 0" in capsys.readouterr().out
    file.write_text(HEAD + "990100,,,city,,0,,0,0\n")
    with pytest.raises(CommandError, match="2: 区域名称必须填写"):
        call_command("load_regions", file)
    with pytest.raises(CommandError):
        call_command("load_regions", file.with_name("none.csv"))


ENDING = (
    "code,name,name_en,level,parent,is_zone,prefix,tile_column,tile_row,valid_from,valid_to,replaced_by\n"
)


def test_a_region_that_ended_names_the_one_that_goes_on_for_it(file: Path) -> None:
    file.write_text(
        ENDING
        + "990100,乙市,,city,,0,,0,0,,,\n990101,旧县,,county,990100,0,,,,,2022-12-31,990102\n"
        + "990102,新区,,county,990100,0,,,,2023-01-01,,\n"
    )
    assert regions.load(path=file).new == 3
    assert Region.objects.get(code="990101").replaced_by == Region.objects.get(code="990102")
    assert regions.load(path=file) == regions.Loaded(new=0, changed=0, same=3)


def test_a_successor_is_a_known_region_and_needs_the_last_day(file: Path) -> None:
    file.write_text(
        ENDING + "990100,乙市,,city,,0,,0,0,,,\n990101,旧县,,county,990100,0,,,,,,990100\n"
        "990102,丙县,,county,990100,0,,,,,2022-12-31,990199\n990103,丁县,,county,990100,0,,,,,2022-12-31,990103\n"
    )
    with pytest.raises(Refused) as refusal:
        regions.load(path=file)
    assert [(problem.place, problem.code) for problem in refusal.value.problems] == [
        ("3", "regions.successor_date"),
        ("4", "regions.successor"),
        ("5", "regions.successor"),
    ]
