"""Where things lie in the pictures of a carrier's page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from portal import columns, timeline
from portal.timeline import Event, Grade, Span, drawn

TODAY = date(2026, 11, 24)
LEVELS = [
    Span("city", "市级", date(2013, 8, 1), date(2019, 12, 20)),
    Span("national", "国家级", date(2019, 12, 20), None),
]


def test_bars_follow_one_another_inside_the_picture() -> None:
    picture = drawn(LEVELS, [], [], TODAY)
    city, national = picture.bars
    assert picture.left < city.x and city.x + city.width < national.x
    assert national.x + national.width < picture.width
    assert [words for words, _, _ in picture.years] == [str(year) for year in range(2013, 2027)]
    assert not picture.clipped


def test_the_narrow_picture_keeps_the_last_eight_years_and_says_so() -> None:
    picture = drawn(LEVELS, [Grade(2015, "A", "优秀", "ok"), Grade(2025, "B", "良好", "info")],
                    [Event(date(2014, 1, 1), "建站")], TODAY, narrow=True)  # fmt: skip
    assert next(words for words, _, _ in picture.years) == "2019" and picture.clipped
    assert [box.grade.year for box in picture.boxes] == [2025]
    assert picture.dots == () and picture.bars[0].x == 0


def test_a_level_that_ended_before_the_axis_is_left_out() -> None:
    levels = [Span("county", "县级", date(2010, 1, 1), date(2013, 1, 1)), *LEVELS]
    assert [bar.level for bar in drawn(levels, [], [], TODAY, narrow=True).bars] == ["city", "national"]


def test_words_that_do_not_fit_their_bar_are_left_to_its_title() -> None:
    short = Span("city", "市级", date(2026, 9, 1), date(2026, 10, 20))
    (bar,) = drawn([short], [], [], TODAY).bars
    assert bar.words == "" and bar.title == "市级 2026-09"


def test_events_of_the_same_days_stand_below_one_another() -> None:
    events = [
        Event(date(2021, 4, 1), "更名"),
        Event(date(2021, 4, 1), "迁址"),
        Event(date(2013, 9, 1), "建站"),
    ]
    first, second, third = sorted(drawn(LEVELS, [], events, TODAY).dots, key=lambda dot: (dot.y, dot.x))
    assert first.event.words == "建站" and first.y == second.y < third.y


def test_words_at_the_right_edge_stand_to_the_left_of_their_dot() -> None:
    (dot,) = drawn(LEVELS, [], [Event(date(2026, 9, 1), "整改通过")], TODAY).dots
    assert dot.leftward and dot.words_x < dot.x <= timeline.WIDE


def test_forty_years_keep_readable_year_marks() -> None:
    levels = [Span("city", "市级", date(1986, 1, 1), None)]
    picture = drawn(levels, [], [], TODAY)
    assert len(picture.years) == timeline.MOST_YEARS and picture.clipped


def test_columns_reach_their_share_of_the_height_and_skip_what_is_missing() -> None:
    rows = [("2024", [Decimal(50), None]), ("2025", [Decimal(100), Decimal(25)])]
    picture = columns.drawn(rows)
    high = {(bar.series, bar.x): bar.high for bar in picture.bars}
    assert len(high) == 3
    full, half, quarter = sorted(high.values(), reverse=True)
    assert abs(full - 2 * half) <= 1 and abs(half - 2 * quarter) <= 1
    assert columns.drawn([]).bars == ()
    assert columns.drawn([("2025", [Decimal(0), Decimal(0)])]).scale[0].words == "0"
