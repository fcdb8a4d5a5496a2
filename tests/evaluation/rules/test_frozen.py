"""What is frozen: exact texts, one digest whatever the order, rows that read as the return did."""

from __future__ import annotations

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.expressions import Kind
from evaluation.rules.frozen import (
    Frame,
    FrozenCarrier,
    digest_of,
    row_of,
    settled_kinds,
    split_name,
    typed,
)

FRAME = Frame("sha256:s", 2025, datetime.date(2026, 5, 1), {"a": "number"})
texts = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(max_size=5), max_size=3)
carriers = st.lists(
    st.builds(
        FrozenCarrier,
        carrier=st.text("ABC", min_size=1, max_size=4),
        frozen=st.fixed_dictionaries({"this": texts, "prev": texts, "prev2": texts}),
        left_out=st.sampled_from(["", "暂停"]),
    ),
    max_size=6,
    unique_by=lambda one: one.carrier,
)


@given(carriers, st.randoms())
def test_the_order_of_the_carriers_is_nothing(found: list[FrozenCarrier], rng: object) -> None:
    turned = list(found)
    rng.shuffle(turned)  # type: ignore[attr-defined]
    assert digest_of(FRAME, turned) == digest_of(FRAME, found)


@given(carriers, carriers)
def test_other_content_has_another_digest(one: list[FrozenCarrier], other: list[FrozenCarrier]) -> None:
    same = sorted(one, key=lambda c: c.carrier) == sorted(other, key=lambda c: c.carrier)
    assert (digest_of(FRAME, one) == digest_of(FRAME, other)) == same


def test_the_frame_is_part_of_the_digest() -> None:
    others = [
        Frame("sha256:t", 2025, FRAME.facts_as_of, FRAME.kinds),
        Frame("sha256:s", 2024, FRAME.facts_as_of, FRAME.kinds),
        Frame("sha256:s", 2025, datetime.date(2026, 5, 2), FRAME.kinds),
        Frame("sha256:s", 2025, FRAME.facts_as_of, {"a": "text"}),
    ]
    assert len({digest_of(frame, []) for frame in [FRAME, *others]}) == 5


def test_names_lead_to_their_year() -> None:
    assert split_name("area") == ("this", "area")
    assert split_name("prev.area") == ("prev", "area")
    assert split_name("prev2.grade") == ("prev2", "grade")


def test_texts_are_read_by_their_type_and_kept_as_written() -> None:
    frozen = {"this": {"n": "0.10", "b": "false", "t": "02", "d": "2025-12-31"}, "prev": {"n": "-3"}}
    kinds = {"n": "number", "b": "bool", "t": "text", "d": "date", "prev.n": "number"}
    row = row_of(frozen, kinds)
    assert row.value("n") == Decimal("0.10")
    assert row.written("n") == "0.10"
    assert row.value("b") is False
    assert row.value("t") == "02"
    assert row.value("d") == datetime.date(2025, 12, 31)
    assert row.value("prev.n") == Decimal(-3)
    assert row.value("prev2.n") is None


def test_a_text_that_is_not_of_its_type_is_missing() -> None:
    for kind, text in (("number", "1,000"), ("number", "1e5"), ("bool", "是"), ("date", "2025-02-30")):
        assert typed(text, kind) is None


def test_a_fact_of_no_known_type_takes_that_of_all_its_texts() -> None:
    rows = [{"this": {"x": "1", "y": "1", "z": "true"}}, {"this": {"x": "2.5", "y": "A"}}]
    kinds = dict.fromkeys(("x", "y", "z", "w"))
    assert settled_kinds({**kinds, "k": Kind.NUMBER}, rows) == {
        "x": "number", "y": "text", "z": "bool", "w": None, "k": "number",
    }  # fmt: skip
