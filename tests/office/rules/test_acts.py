"""Acts have words, and each sensitive one is of one kind."""

from __future__ import annotations

from office.rules import acts


def test_every_sensitive_act_has_words_and_one_kind() -> None:
    assert set(acts.WORDS) >= acts.SENSITIVE
    assert sum(map(len, acts.ACTIONS.values())) == len(acts.SENSITIVE)
    assert set(acts.ACTIONS) == set(acts.TITLES) == set(acts.Kind)


def test_an_act_without_words_keeps_its_name() -> None:
    assert acts.words_of("run.nonsense") == "run.nonsense"
    assert acts.kind_of("return.submit") is None
    assert acts.kind_of("allocation.confirm") is acts.Kind.MONEY
