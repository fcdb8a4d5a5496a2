"""An upload beside what is stored, as properties over generated tables."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reporting.rules.checking import TableRow
from reporting.rules.form import Table
from reporting.rules.form_reading import load_form
from reporting.rules.merge import applied, merge, with_keys

SOURCE = Path(__file__).parents[1].joinpath("form.yaml").read_text(encoding="utf-8")
ROSTER = load_form(SOURCE).table("roster")
FORMS = Path(__file__).parents[3] / "reporting" / "forms"
TEAMS = load_form(FORMS.joinpath("makerspace-annual.yaml").read_bytes()).table("teams")

VALUES = st.fixed_dictionaries(
    {"name": st.sampled_from(["甲", "乙", "丙", "丁"])},
    optional={"revenue": st.sampled_from(["1", "2.5"]), "field": st.sampled_from(["ict", "bio"])},
)


def table_of(keys: list[str], values: list[dict[str, str]], first: int = 1) -> list[TableRow]:
    return [
        TableRow(key, {**one, "credit_code": key}, number)
        for number, (key, one) in enumerate(zip(keys, values, strict=True), start=first)
    ]


@st.composite
def tables(draw: st.DrawFn) -> list[TableRow]:
    keys = draw(st.lists(st.sampled_from([f"K{n}" for n in range(12)]), unique=True, max_size=10))
    return table_of(keys, [draw(VALUES) for _ in keys])


@given(stored=tables(), file=tables(), bad=st.sets(st.integers(1, 10)))
def test_every_row_of_file_and_store_is_counted_once(
    stored: list[TableRow], file: list[TableRow], bad: set[int]
) -> None:
    merged = merge(ROSTER, stored, file, bad)
    counts = merged.counts
    assert counts["new"] + counts["changed"] + counts["same"] + counts["bad"] == len(file)
    kept = {row.key for row in file}
    assert set(merged.left) == {row.key for row in stored} - kept


@given(stored=tables(), file=tables(), bad=st.sets(st.integers(1, 10)), leaving=st.booleans())
def test_a_second_import_of_the_same_file_changes_nothing(
    stored: list[TableRow], file: list[TableRow], bad: set[int], leaving: bool
) -> None:
    once = applied(stored, merge(ROSTER, stored, file, bad), leaving)
    again = merge(ROSTER, once, file, bad)
    assert not again.new and not again.changed
    assert [(row.key, dict(row.values)) for row in applied(once, again, leaving)] == [
        (row.key, dict(row.values)) for row in once
    ]


@given(stored=tables(), file=tables(), bad=st.sets(st.integers(1, 10)))
def test_good_rows_stand_as_in_the_file_and_bad_ones_as_they_were(
    stored: list[TableRow], file: list[TableRow], bad: set[int]
) -> None:
    result = {row.key: row.values for row in applied(stored, merge(ROSTER, stored, file, bad), True)}
    before = {row.key: row.values for row in stored}
    for row in file:
        assert result.get(row.key) == (before.get(row.key) if row.number in bad else row.values)
    assert set(result) <= {row.key for row in file}


@given(stored=tables(), file=tables())
def test_keys_stay_unique_and_nothing_leaves_unasked(stored: list[TableRow], file: list[TableRow]) -> None:
    result = applied(stored, merge(ROSTER, stored, file, ()), leaving=False)
    keys = [row.key for row in result]
    assert len(keys) == len(set(keys)) and {row.key for row in stored} <= set(keys)


def team(key: str, name: str, people: str, number: int = 1, *, told: bool = True) -> TableRow:
    values = {"name": name, "people": people, **({"team_no": key} if told else {})}
    return TableRow(key, values, number)


def merged_teams(table: Table, stored: list[TableRow], file: list[TableRow]) -> dict[str, int]:
    return merge(table, stored, with_keys(table, file, stored), ()).counts


def test_teams_without_their_number_are_known_by_their_name() -> None:
    stored = [team("T1", "晨光队", "3"), team("T2", "远航队", "5", 2)]
    file = [team("", "远航队", "6", 2, told=False), team("", "新队", "2", 3, told=False)]
    rows = with_keys(TEAMS, file, stored)
    assert [row.key for row in rows] == ["T2", "+3"]
    assert merged_teams(TEAMS, stored, file) == {"new": 1, "changed": 1, "same": 0, "left": 1, "bad": 0}
    same = [team("", "晨光队", "3", 2, told=False), team("", "远航队", "5", 3, told=False)]
    assert merged_teams(TEAMS, stored, same)["same"] == 2


def test_a_row_typed_on_the_page_without_its_key_is_known_by_its_name() -> None:
    stored = [TableRow("~1", {"name": "无码"}, 1)]
    file = with_keys(ROSTER, [TableRow("", {"name": "无码"}, 2)], stored)
    assert file[0].key == "~1" and merge(ROSTER, stored, file, {2}).left == []
    mended = with_keys(ROSTER, [TableRow("K1", {"name": "无码", "credit_code": "K1"}, 2)], stored)
    merged = merge(ROSTER, stored, mended, ())
    assert [row.key for row in merged.new] == ["K1"] and merged.left == ["~1"]
