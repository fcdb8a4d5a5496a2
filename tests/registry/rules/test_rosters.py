"""What a year's list means: who came, who left, whose entry was mended."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.rosters import Known, RosterLine, Stayed, changed, left_on, lines_of, plan

END = date(2025, 12, 31)


def line(key: str = "A", entered: date = date(2024, 6, 1), **more: object) -> RosterLine:
    return RosterLine(key=key, name="企业", entered=entered, **more)  # type: ignore[arg-type]


def stayed(
    id: int = 1, key: str = "A", entered: date = date(2024, 6, 1), ended: date | None = None
) -> Stayed:
    return Stayed(id, key, entered, ended)


def test_a_row_is_read_from_its_exact_texts() -> None:
    rows = [
        {
            "name": "甲", "credit_code": "A", "founded": "2024-01-10", "entered": "2024-06-01",
            "field": "ict", "graduated": "2025-05-01", "high_tech_since": "2025-02-03", "revenue": "120.5",
        }
    ]  # fmt: skip
    assert lines_of(rows, table_key="credit_code", fields=["ict"]) == [
        RosterLine(
            key="A", name="甲", entered=date(2024, 6, 1), founded=date(2024, 1, 10), field="ict",
            graduated=date(2025, 5, 1), high_tech_since=date(2025, 2, 3),
        )
    ]  # fmt: skip


def test_rows_that_name_nobody_are_left_out_and_of_two_the_last_counts() -> None:
    rows = [
        {"name": "无号", "entered": "2024-06-01"},
        {"name": "无日期", "team_no": "T1"},
        {"name": "旧", "team_no": "T2", "entered": "2024-06-01"},
        {"name": "新", "team_no": "T2", "entered": "2024-07-01", "field": "none of these"},
    ]
    (only,) = lines_of(rows, table_key="team_no", fields=["ict"])
    assert (only.key, only.name, only.entered, only.field) == ("T2", "新", date(2024, 7, 1), "")


def test_a_date_that_is_none_was_not_checked() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        lines_of([{"team_no": "T", "entered": "2024-02-30x"}], table_key="team_no", fields=[])


def test_who_is_new_comes_in() -> None:
    assert plan([line()], [], year=2025).opened == [line()]


def test_who_is_listed_as_before_stays() -> None:
    todo = plan([line()], [stayed()], year=2025)
    assert (todo.opened, todo.ended, todo.moved, todo.same) == ([], [], [], 1)


def test_who_is_no_longer_listed_left_at_the_end_of_the_year() -> None:
    assert plan([], [stayed()], year=2025).ended == [(1, END)]


def test_who_entered_after_the_year_is_no_business_of_its_list() -> None:
    assert plan([], [stayed(entered=date(2026, 1, 1))], year=2025).ended == []


@pytest.mark.parametrize(
    ("graduated", "left"),
    [
        (None, None),
        (date(2025, 5, 1), date(2025, 5, 1)),
        (END, END),
        (date(2026, 1, 1), None),
        (date(2024, 1, 1), date(2024, 6, 1)),
    ],
)
def test_graduates_left_on_their_day_within_the_year(graduated: date | None, left: date | None) -> None:
    one = line(graduated=graduated)
    assert left_on(one, year=2025) == left
    assert plan([one], [stayed()], year=2025).ended == ([(1, left)] if left else [])


def test_an_entry_that_was_mended_moves() -> None:
    assert plan([line(entered=date(2024, 7, 1))], [stayed()], year=2025).moved == [(1, date(2024, 7, 1))]


def test_a_stay_that_ended_is_history_and_a_new_entry_is_a_new_stay() -> None:
    past = stayed(ended=date(2024, 12, 31))
    assert plan([line()], [past], year=2025).opened == []
    again = line(entered=date(2025, 3, 1))
    assert plan([again], [past], year=2025).opened == [again]


def test_an_empty_cell_changes_nothing() -> None:
    known = {"A": Known("企业", date(2024, 1, 1), "ict")}
    assert changed([line()], known) == {}
    assert changed([line(field="bio")], known) == {"A": Known("企业", date(2024, 1, 1), "bio")}
    assert changed([line(key="B")], known) == {}


keys = st.sampled_from("ABCDE")
dates = st.dates(min_value=date(2020, 1, 1), max_value=END)
lists = st.dictionaries(keys, st.tuples(dates, st.none() | dates), max_size=5)


@given(lists, lists)
def test_taking_a_list_over_again_changes_nothing(
    first: dict[str, tuple[date, date | None]], second: dict[str, tuple[date, date | None]]
) -> None:
    held: dict[int, Stayed] = {}
    for named in (first, second, second):
        lines = [line(key, entered, graduated=left) for key, (entered, left) in named.items()]
        todo = plan(lines, held.values(), year=2025)
        for pk, entered in todo.moved:
            held[pk] = Stayed(pk, held[pk].key, entered, held[pk].ended)
        for pk, ended in todo.ended:
            held[pk] = Stayed(pk, held[pk].key, held[pk].entered, ended)
        for one in todo.opened:
            held[len(held) + 1] = Stayed(len(held) + 1, one.key, one.entered, left_on(one, year=2025))
    assert (todo.opened, todo.moved, todo.ended) == ([], [], [])
    current = [one for one in held.values() if one.ended is None]
    assert len({one.key for one in current}) == len(current)
    assert all(one.ended is None or one.ended >= one.entered for one in held.values())
