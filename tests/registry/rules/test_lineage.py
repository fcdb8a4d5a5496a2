"""Lines of carriers: whatever merges and splits come, the sum of a figure stays the same to the digit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.lineage import (
    Link,
    LinkKind,
    ancestors,
    carried,
    descendants,
    family,
    faults_of_line,
    faults_of_shares,
    parts_of,
)

MERGER, SPLIT = LinkKind.MERGER, LinkKind.SPLIT
D = Decimal
FIRST = date(2020, 1, 1)


def merger(one: str, into: str, days: int = 0) -> Link:
    return Link(one, into, FIRST + timedelta(days), MERGER)


def split(one: str, days: int = 0, **shares: str) -> list[Link]:
    return [Link(one, to, FIRST + timedelta(days), SPLIT, D(share)) for to, share in shares.items()]


# a and b went into c; c was split into d and e; f into e.
LINE = [
    merger("a", "c", 1), merger("b", "c", 1), *split("c", 10, d="0.7", e="0.3"), merger("f", "e", 20),
]  # fmt: skip


def test_who_came_from_whom() -> None:
    assert ancestors("e", LINE) == ["c", "f", "a", "b"] and ancestors("a", LINE) == []
    assert descendants("a", LINE) == ["c", "d", "e"] and descendants("d", LINE) == []
    assert family("d", LINE) == set("abcdef") and family("x", LINE) == {"x"}


def test_the_line_on_a_day_knows_only_what_had_happened() -> None:
    assert ancestors("e", LINE, FIRST + timedelta(9)) == []
    assert ancestors("e", LINE, FIRST + timedelta(10)) == ["c", "a", "b"]
    assert descendants("a", LINE, FIRST + timedelta(1)) == ["c"]


def test_figures_go_with_the_line() -> None:
    figures = {key: D(value) for key, value in {"a": "10", "b": "5.01", "d": "1", "f": "2"}.items()}
    assert carried(figures, LINE) == {"d": D("11.51"), "e": D("6.50")}
    assert carried(figures, LINE, FIRST) == figures
    assert carried(figures, LINE, FIRST + timedelta(1)) == {"c": D("15.01"), "d": D(1), "f": D(2)}


def test_the_largest_share_takes_what_is_left_over() -> None:
    assert parts_of(D("0.05"), [D("0.3"), D("0.4"), D("0.3")]) == [D("0.01"), D("0.03"), D("0.01")]
    assert parts_of(D("100"), [D("0.5"), D("0.5")]) == [D(50), D(50)]
    assert parts_of(D("7"), [D("0.3"), D("0.7")], 0) == [D(2), D(5)]
    assert parts_of(D("0.001"), [D("0.5"), D("0.5")]) == [D("0.001"), D("0.000")]


amounts = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, places=None).filter(
    lambda value: value.is_finite() and value.as_tuple().exponent >= -12  # type: ignore[operator]
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[dict[int, Decimal], list[Link]]:
    """Carriers that merge and split at random for some years, into new ones and into one that is there."""
    figures = {key: draw(amounts) for key in range(draw(st.integers(1, 6)))}
    open_now, links, newest, day = sorted(figures), [], len(figures), FIRST
    for _ in range(draw(st.integers(0, 8))):
        day += timedelta(draw(st.integers(0, 400)))
        if draw(st.booleans()) and len(open_now) > 1:
            into = draw(st.sampled_from([*open_now, newest]))
            others = [key for key in open_now if key != into]
            going = draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))
            links += [Link(key, into, day, MERGER) for key in going]
            open_now = sorted({key for key in open_now if key not in going} | {into})
            newest = max(newest, into + 1)
        else:
            one = draw(st.sampled_from(open_now))
            number = draw(st.integers(2, 4))
            cuts = sorted(
                draw(st.lists(st.integers(1, 9999), min_size=number - 1, max_size=number - 1, unique=True))
            )
            shares = [D(high - low) / 10000 for low, high in zip([0, *cuts], [*cuts, 10000], strict=True)]
            links += [Link(one, newest + at, day, SPLIT, share) for at, share in enumerate(shares)]
            open_now = sorted({key for key in open_now if key != one} | set(range(newest, newest + number)))
            newest += number
    return figures, links


@given(lines(), st.integers(0, 4000), st.randoms())
def test_the_heads_have_together_what_the_originals_had(
    line: tuple[dict[int, Decimal], list[Link]], days: int, chance: object
) -> None:
    figures, links = line
    mixed = list(links)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    for day in (None, FIRST + timedelta(days)):
        heads = carried(figures, mixed, day)
        gone = {link.predecessor for link in links if day is None or link.day <= day}
        assert exactly(heads.values()) == exactly(figures.values())
        assert not gone & set(heads)
        assert heads == carried(figures, links, day)


def exactly(values: object) -> Decimal:
    """Their sum without rounding."""
    return sum((D(int(value.scaleb(20))) for value in values), D(0))  # type: ignore[attr-defined]


@given(lines())
def test_ancestors_and_descendants_say_the_same_and_there_is_no_ring(
    line: tuple[dict[int, Decimal], list[Link]],
) -> None:
    _figures, links = line
    keys = {link.predecessor for link in links} | {link.successor for link in links}
    for key in keys:
        assert key not in ancestors(key, links)
        for other in keys:
            assert (other in ancestors(key, links)) == (key in descendants(other, links))


@pytest.mark.parametrize(
    ("shares", "codes"),
    [
        (["0.6", "0.4"], []),
        (["0.3333", "0.3333", "0.3334"], []),
        (["0.6", "0.5"], ["lineage.shares"]),
        (["0.6", "0.3"], ["lineage.shares"]),
        (["1", "0"], ["lineage.share", "lineage.share"]),
        (["-0.5", "1.5"], ["lineage.share", "lineage.share"]),
        (["0.33333", "0.66667"], ["lineage.share", "lineage.share"]),
        (["1"], ["lineage.heirs"]),
        ([], ["lineage.heirs"]),
        (["0.1"] * 10, ["lineage.heirs"]),
    ],
)
def test_the_shares_of_a_split_add_up_to_one(shares: list[str], codes: list[str]) -> None:
    assert [p.code for p in faults_of_shares(SPLIT, [D(share) for share in shares])] == codes


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        (merger("d", "e", 30), []),
        (merger("d", "d", 30), ["lineage.self"]),
        (merger("d", "a", 30), ["lineage.ring"]),
        (merger("a", "d", 30), ["lineage.gone"]),
        (merger("d", "e", 9), ["lineage.day"]),
        (merger("x", "d", 0), []),
    ],
)
def test_a_line_has_no_ring_and_nobody_goes_twice(new: Link, codes: list[str]) -> None:
    assert [problem.code for problem in faults_of_line([new], LINE)] == codes
