"""Marks that cannot be marks are refused, all at once, each with its line."""

from __future__ import annotations

import pytest

from core.problems import Refused
from evaluation.rules.offline import Source
from tests.evaluation.small import leaves, run, scheme_of

EXPERT = scheme_of("rule: {type: expert, combine: mean, out_of: 10}")
DATA = "carrier,kind\nA,a\nB,b\n"


def marks(*lines: str) -> Source:
    return Source("marks.csv", "\n".join(["carrier,expert,indicator,mark", *lines]).encode())


def places(*lines: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        run(EXPERT, DATA, marks=marks(*lines))
    return [(problem.code, problem.place) for problem in refused.value.problems]


def test_a_mark_outside_twice_unknown_or_not_for_experts_is_an_error() -> None:
    assert places(
        "A,e1,L,10",
        "A,e2,L,10.01",
        "A,e3,L,-1",
        "A,e1,L,",
        "Z,e1,L,5",
        "A,e1,Q,5",
        "B,e1,L,0",
    ) == [
        ("marks.range", "marks.csv 第 3 行"),
        ("marks.range", "marks.csv 第 4 行"),
        ("marks.twice", "marks.csv 第 5 行"),
        ("marks.carrier", "marks.csv 第 6 行"),
        ("marks.indicator", "marks.csv 第 7 行"),
    ]


def test_a_cell_that_is_no_mark_is_an_error() -> None:
    assert places("A,,L,5", "A,e1,L,1e1", ",e1,L,x") == [
        ("marks.empty", "marks.csv 第 2 行 expert 列"),
        ("marks.number", "marks.csv 第 3 行 mark 列"),
        ("marks.empty", "marks.csv 第 4 行 carrier 列"),
        ("marks.number", "marks.csv 第 4 行 mark 列"),
    ]


def test_marks_of_a_carrier_that_is_left_out_are_no_error() -> None:
    scheme = EXPERT.replace("title: 小", "title: 小, applies_to: kind == 'a'")
    found = leaves(scheme, DATA, marks=marks("A,e1,L,7", "B,e1,L,9"))
    assert {name: leaf["points"] for name, leaf in found.items()} == {"A": "7.00"}


def test_faults_of_all_files_are_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        run(EXPERT.replace("combine: mean", "combine: x"), "carrier\nA\nA\n", marks=marks("A,e,L,x"))
    assert [problem.code for problem in refused.value.problems] == [
        "csv.carrier",
        "shape.literal_error",
        "marks.number",
    ]
