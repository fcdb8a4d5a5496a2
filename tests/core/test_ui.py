"""Parts take what they declare; filters say exactly what they are given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from hypothesis import given
from hypothesis import strategies as st

from core import formats
from core.bars import drawn
from core.pages import paged
from core.text import T
from core.tiles import bounds_of, laid_out
from core.ui import PARTS


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{% ui "status" word="x" colour="red" %}', "status knows no 'colour'"),
        ('{% ui "status" %}', "status needs 'word'"),
        ('{% ui "alert" tone="bad" %}', "alert needs 'title'"),
        ('{% ui "nothing" %}', "no part is named 'nothing'"),
        ('{% ui "card" %}', "card is used by uiblock"),
        ('{% uiblock "status" word="x" %}{% enduiblock %}', "status is used by ui"),
        ("{% ui status %}", "in quotes"),
        ('{% ui "status" "x" %}', "is not argument=value"),
        ('{% ui "status" word="a" word="b" %}', "given twice"),
    ],
)
def test_an_undeclared_or_missing_argument_is_an_error(source: str, words: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=words.replace("(", r"\(")):
        Template(source)


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_declared_part_has_its_template(name: str) -> None:
    get_template(f"ui/{name}.html")


def test_a_part_sees_nothing_of_the_page_around_it() -> None:
    page = Template('{% with icon="x" %}{% uiblock "card" %}{{ here }}{% enduiblock %}{% endwith %}')
    shown = page.render(Context({"title": "from the page", "here": "<b>"}))
    assert "from the page" not in shown
    assert "&lt;b&gt;" in shown


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (1234567, None, "1,234,567"),
        ("1234.50", None, "1,234.50"),
        (Decimal("-71"), 1, "−71.0"),
        ("0.125", 2, "0.13"),
        ("2.675", 2, "2.68"),
        ("-0.001", 2, "0.00"),
        ("0", None, "0"),
        (None, 2, "—"),
        ("", None, "—"),
        ("NaN", None, "NaN"),
        ("未填", 2, "未填"),
        ("1e30", None, "1,000,000,000,000,000,000,000,000,000,000"),
    ],
)
def test_numbers_are_grouped_and_rounded_half_up(value: object, places: int | None, shown: str) -> None:
    assert formats.number(value, places) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(300000, "300,000"), ("1234.5", "1,234.50"), ("-0.005", "−0.01"), (None, "—")]
)
def test_money_drops_empty_cents(value: object, shown: str) -> None:
    assert formats.money(value) == shown


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(days=13, hours=2, minutes=28), "还有 13 天 2 小时"),
        (-timedelta(hours=21, minutes=32), "已过 21 小时 32 分"),
        (timedelta(minutes=5), "还有 5 分"),
        (timedelta(0), "还有 0 分"),
    ],
)
def test_time_left_is_said_in_words(left: timedelta, shown: str) -> None:
    now = datetime(2026, 3, 18, 6, 32, tzinfo=UTC)
    assert str(formats.until(now + left, now)) == shown


def test_instants_are_shown_in_shanghai_with_another_year_named() -> None:
    late = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
    assert formats.moment(late, 2026) == "01-01 01:00"
    assert formats.moment(late, 2027) == "2026-01-01 01:00"
    assert formats.day(late) == "2026-01-01"


def test_a_fingerprint_is_shown_by_its_ends() -> None:
    assert formats.digest("8f3a5c01" + "0" * 50 + "9c21") == "8f3a5c01…9c21"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_what_is_shown_reads_back_as_the_same_number(value: Decimal) -> None:
    assert formats.exact(formats.number(value)) == value


@given(st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=30))
def test_the_bounds_of_a_map_rise(values: list[Decimal]) -> None:
    bounds = bounds_of(values)
    assert len(bounds) == 4
    assert bounds == sorted(set(bounds))


def test_a_tile_without_value_has_no_step() -> None:
    made = laid_out([{"name": "锦川", "column": 1, "row": 1, "value": None}], steps=[1, 2, 3, 4])
    assert (made.tiles[0].step, made.tiles[0].shown) == (0, "—")


def test_columns_stand_on_each_other() -> None:
    chart = drawn([("2024", [Decimal(1_024), Decimal(1_075)]), ("2025", [None, Decimal(5)])], 2)
    lower, upper = chart.bars[0], chart.bars[1]
    assert upper.y + upper.high == lower.y
    assert chart.totals[0].words == "2,099"
    assert all(mark.y > 0 for mark in chart.totals), "every total stands inside the picture"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "number"), [("1", 1), ("0", 1), ("-3", 1), ("x", 1), ("٣", 1), ("99999", 1)]
)
def test_a_page_nobody_has_is_the_nearest_one(asked: str, number: int, rf: object) -> None:
    from accounts.models import Region

    found = paged(Region.objects.all(), rf.get("/", {"page": asked}))  # type: ignore[attr-defined]
    assert found.number == number
    assert (found.has_next, found.has_previous) == (False, False)


def test_sentences_in_attributes_are_escaped() -> None:
    page = Template('{% ui "status" word=word %}')
    assert "<script>" not in page.render(Context({"word": T("<script>{x}", x="<b>")}))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2.1804511278195488", "≈2.1805"),
        ("2.1805", "2.1805"),
        ("0.00001", "≈0"),
        ("1234.50", "1,234.50"),
        ("-0.33333", "≈−0.3333"),
        (Decimal("79.99996"), "≈80"),
        (None, "—"),
        ("专业", "专业"),
    ],
)
def test_a_number_in_passing_says_that_it_is_rounded(value: object, shown: str) -> None:
    assert formats.brief(value) == shown
