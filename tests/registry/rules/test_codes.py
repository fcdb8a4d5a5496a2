"""The portal's permanent code of a carrier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import codes
from registry.rules.spelling import initials


def test_root_city_and_running_number_make_the_code() -> None:
    assert codes.carrier_code("SL", "990500", 1) == "SL-990500-0001"


def test_the_ten_thousandth_carrier_of_a_city_has_a_longer_number() -> None:
    code = codes.carrier_code("SL", "990500", 10_000)
    assert (code, codes.number_of(code), codes.is_carrier_code(code)) == ("SL-990500-10000", 10_000, True)


@given(st.integers(min_value=1, max_value=10**9))
def test_the_number_is_read_back_from_the_code(number: int) -> None:
    code = codes.carrier_code("SL", "990500", number)
    assert codes.is_carrier_code(code) and codes.number_of(code) == number


@pytest.mark.parametrize(
    "text", ["", "SL-990500-001", "sl-990500-0001", "SL-99050-0001", "SL-990500-0001 ", "SL-990500-０００１"]
)
def test_what_is_no_code(text: str) -> None:
    assert not codes.is_carrier_code(text)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("云州星澜孵化器", "yzxlfhq"),
        ("A座（3号）众创空间", "az3hzckj"),
        ("Harbour 港口", "harbour" + "gk"),
        ("", ""),
        ("，。", ""),
    ],
)
def test_initials_are_letters_and_digits_only(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.text(max_size=200))
def test_initials_of_any_text_fit_their_column(name: str) -> None:
    letters = initials(name)
    assert len(letters) <= 60 and letters == letters.lower()
    assert all(char.isascii() and char.isalnum() for char in letters)
