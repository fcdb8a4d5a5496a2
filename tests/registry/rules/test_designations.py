"""Words of designations by day, where an enclave may lie, and pairs that lose no enclave."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import designations, enclaves
from registry.rules.designations import ENCLAVE, FIRST
from registry.rules.enclaves import BEYOND, Enclave, End
from registry.rules.levels import Term, faults_of_terms
from registry.rules.vocabulary import DESIGNATIONS

DAY = date(2026, 3, 18)
TERMS = (
    *FIRST,
    Term("pilot", "试点", "Pilot", 90, "province", date(2022, 1, 1), date(2024, 12, 31)),
)


def test_an_installation_begins_with_the_words_of_the_field() -> None:
    assert {term.code: term.name for term in FIRST} == {k: str(v) for k, v in DESIGNATIONS.items() if k}
    assert faults_of_terms(FIRST) == []


@pytest.mark.parametrize(
    ("given_words", "day", "code", "fault"),
    [
        ("", DAY, "", None),
        ("enclave", DAY, "enclave", None),
        ("标杆（引领类）", DAY, "benchmark_leading", None),
        ("五星", DAY, "", "carrier.designation"),
        ("试点", date(2023, 5, 1), "pilot", None),
        ("试点", DAY, "pilot", "carrier.designation_day"),
        ("pilot", date(2021, 12, 31), "pilot", "carrier.designation_day"),
    ],
)
def test_a_designation_is_given_by_code_or_by_the_word_of_the_day(
    given_words: str, day: date, code: str, fault: str | None
) -> None:
    found, problem = designations.chosen(TERMS, given_words, day)
    assert (found, problem.code if problem else None) == (code, fault)


@pytest.mark.parametrize(
    ("home", "host", "place", "code"),
    [
        ("/99/9905/", "/99/9906/990602/", "", None),
        ("/99/9905/990502/", "/99/9905/990503/", "", None),  # from one county into its neighbour
        ("/99/9905/", "/99/9905/", "", "carrier.enclave_at_home"),
        ("/99/9905/", "/99/9905/990502/", "", "carrier.enclave_at_home"),
        ("/99/9905/", "/99/9905/990502/", "申江市", None),
        ("/99/9905/990502/", "/99/9905/", "申江市", None),
        ("/99/9905/", "/99/9906/", "申江市", "carrier.enclave_elsewhere"),
    ],
)
def test_an_enclave_lies_outside_the_region_that_keeps_it(
    home: str, host: str, place: str, code: str | None
) -> None:
    facts = {"designation": ENCLAVE, "host_place": place}
    found = [one.code for one in designations.enclave_faults(facts, home_path=home, host_path=host)]
    assert found == ([code] if code else [])


ends = st.sampled_from([End("990500", "东江市"), End("990600", "西江市"), End("990700", "北江市")])
hosts = st.one_of(ends, st.sampled_from([End("", "申江市"), End("", "北原市")]))
some = st.lists(st.tuples(ends, hosts), max_size=25).map(
    lambda given: [
        Enclave(f"SL-{n:04d}", f"飞地{n}", "incubator", home, host, home.name, host.name)
        for n, (home, host) in enumerate(given)
    ]
)


@given(some, st.sampled_from(("home", "host")))
def test_every_enclave_stands_in_one_pair(found: list[Enclave], way: str) -> None:
    pairs = enclaves.pairs(found, way=way)
    assert sorted(one.code for pair in pairs for one in pair.enclaves) == [one.code for one in found]
    assert len({(pair.home, pair.host) for pair in pairs}) == len(pairs)
    assert all((one.home, one.host) == (pair.home, pair.host) for pair in pairs for one in pair.enclaves)


@given(some)
def test_what_is_sent_is_held_somewhere(found: list[Enclave]) -> None:
    cities = enclaves.cities(found)
    assert sum(one.sent for one in cities) == sum(one.held for one in cities) == len(found)
    for one in cities:
        kept = enclaves.asked_for(found, home=one.end.code, host="") if not one.end.is_beyond else []
        assert one.sent == len(kept)
    beyond = enclaves.asked_for(found, home="", host=BEYOND)
    assert len(beyond) == sum(one.held for one in cities if one.end.is_beyond)


@given(some, st.sampled_from(("", "990500", "990600")), st.sampled_from(("", "990600", BEYOND)))
def test_both_ends_narrow(found: list[Enclave], home: str, host: str) -> None:
    both = enclaves.asked_for(found, home=home, host=host)
    one_by_one = enclaves.asked_for(enclaves.asked_for(found, home=home, host=""), home="", host=host)
    assert both == one_by_one
