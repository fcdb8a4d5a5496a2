"""The levels and designations in words: one door for every room, by the day of which something is told."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language

from core.text import Text
from registry.models.levels import designation_terms, level_terms
from registry.rules.levels import Term, told_on


def word_of(term: Term) -> Text:
    """A level's word in the language of this request: both stand in the vocabulary, not in the catalogue."""
    return Text(term.name if (get_language() or "zh").startswith("zh") else term.name_en)


def level_words(day: date) -> dict[str, Text]:
    """Every level's word of a day by its code, the lowest first. Ask once a page, never a row."""
    return {code: word_of(term) for code, term in told_on(level_terms(), day).items()}


def designation_words(day: date) -> dict[str, Text]:
    """Every designation's word of a day by its code. Ask once a page, never a row."""
    return {code: word_of(term) for code, term in told_on(designation_terms(), day).items()}


def level_ranks() -> dict[str, int]:
    """By code how high a level stands."""
    return {term.code: term.rank for term in level_terms()}
