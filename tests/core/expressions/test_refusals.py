"""What the language does not have is refused at load, every fault at once and with its path."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.expressions import (
    Expression,
    Kind,
    MappingRow,
    check_names_and_types,
    compile_expression,
)
from core.problems import Refused

REFUSED = [
    "",
    "  \n ",
    "1_000",
    "0x10",
    "0b1",
    "1e5",
    "1E5",
    "1j",
    "0100",
    "00",
    ".5",
    "5.",
    "1.2.3",
    "１",
    "f'x'",
    "f'{a}'",
    "b'x'",
    "r'x'",
    "u'x'",
    "'a' 'b'",
    "'a'\n'b'",
    "'''a'''",
    "'a\\n'",
    "'abc",
    "'a\nb'",
    "名称 + 1",
    "a + é",
    "a\u3000+ 1",
    "x # note",
    "a is b",
    "a is not b",
    "a ** 2",
    "a * * 2",
    "a // 2",
    "a % 2",
    "a @ b",
    "a & b",
    "a | b",
    "a ^ b",
    "~a",
    "a << 1",
    "a <> b",
    "a = 1",
    "a === 1",
    "(a := 1)",
    "a[0]",
    "a[0:1]",
    "'abc'[0]",
    "a.b",
    "a.real",
    "prev.a.b",
    "prev3.a",
    "prev.",
    "points.B1",
    "a()",
    "a(1)",
    "prev.a(1)",
    "abs(a)(1)",
    "(a)(1)",
    "open('x')",
    "int(a)",
    "len(a)",
    "abs()",
    "abs(a, b)",
    "round(a)",
    "round(a, 1, 2)",
    "floor(a, 1)",
    "ratio(a)",
    "growth(a)",
    "coalesce()",
    "sum()",
    "min()",
    "at_least(1)",
    "add_months(a)",
    "year()",
    "date(a)",
    "date('2023-02-29')",
    "date('2023-2-9')",
    "date('20230209')",
    "date(20230209)",
    "min(a, key=b)",
    "min(*a)",
    "min(**a)",
    "min(a for a in b)",
    "lambda: 1",
    "lambda x: x",
    "[a, b]",
    "[]",
    "a in []",
    "a in [[1]]",
    "a in b",
    "a in (1, 2)",
    "a in 'abc'",
    "[1] in a",
    "[1] == [1]",
    "a == [1]",
    "a in [1] in [2]",
    "a in [1][0]",
    "a in [*b]",
    "sum([1, 2])",
    "[x for x in y]",
    "{1, 2}",
    "{}",
    "{'a': 1}",
    "(a, b)",
    "a, b",
    "()",
    "(a,)",
    "min(a,)",
    "a in [1,]",
    "a if b",
    "if a else b",
    "a and",
    "not",
    "in",
    "a b",
    "1 2",
    "1and 2",
    "((a)",
    "a)",
    "a;b",
    "a: 1",
    "a\\b",
    "a!b",
    "!a",
    "a && b",
    "`a`",
    "$a",
    "a?b",
    "await a",
    "yield a",
    "import os",
    "print 1",
    "a -> b",
    "...",
    "1 == 'a'",
    "a + 1 == 'a'",
    "'a' < 'b'",
    "a < 'b'",
    "1 + 'a'",
    "-'a'",
    "not 'a'",
    "abs('a')",
    "'a' and b",
    "1 if 'a' else 2",
    "date('2025-01-01') + 1",
    "year_end > 5",
    "year(5)",
    "add_months(1, 1)",
    "add_months(year_end, 'a')",
    "at_least('a', b)",
    "coalesce(1, 'a')",
    "min(1, year_end)",
    "max('a', 'b')",
]


@pytest.mark.parametrize("source", REFUSED)
def test_refused(source: str) -> None:
    with pytest.raises(Refused) as refused:
        compile_expression(source, path="indicators[3].value")
    assert refused.value.problems
    assert {problem.place for problem in refused.value.problems} == {"indicators[3].value"}


def test_every_fault_is_told() -> None:
    with pytest.raises(Refused) as refused:
        compile_expression("1_000 + foo(1) + a[0] + 名 # x")
    found = [problem.found for problem in refused.value.problems]
    assert found == ["1_000", "名", "#", "foo", "a"]


@pytest.mark.parametrize(
    "word", ["class", "is", "lambda", "for", "None", "True", "min", "date", "sum", "g", "n1"]
)
def test_any_column_name_is_a_name(word: str) -> None:
    assert compile_expression(f"{word} + prev.{word}").names == {word, f"prev.{word}"}


@pytest.mark.parametrize("word", ["in", "not", "if", "true", "year_end"])
def test_after_the_prefix_any_word_is_a_name(word: str) -> None:
    assert compile_expression(f"prev.{word} == 1").names == {f"prev.{word}"}


def test_the_caller_says_which_prefixes_there_are() -> None:
    prefixes = frozenset({"points"})
    assert compile_expression("points.B1 < 6", prefixes=prefixes).names == {"points.B1"}
    with pytest.raises(Refused):
        compile_expression("prev.B1 < 6", prefixes=prefixes)


NESTINGS = [("(", ")"), ("abs(", ")"), ("-", ""), ("not ", ""), ("1 if a else ", "")]


@pytest.mark.parametrize(("before", "after"), NESTINGS)
def test_fifty_nested_and_no_more(before: str, after: str) -> None:
    def nested(count: int) -> str:
        return before * count + "a" + after * count

    assert compile_expression(nested(50)).names == {"a"}
    with pytest.raises(Refused):
        compile_expression(nested(51))


def test_two_thousand_characters_and_no_more() -> None:
    assert compile_expression("a" + " " * 1999)
    with pytest.raises(Refused):
        compile_expression("a" + " " * 2000)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 1999,
        "-" * 1999,
        "not " * 499,
        "[" * 1999,
        "a(" * 999,
        "a[" * 999,
        "(" * 49 + "1 +",
        "f(" * 50 + "a b" + ")" * 50,
    ],
)
def test_hostile_nesting_is_refused_at_once(source: str) -> None:
    start = time.perf_counter()
    with pytest.raises(Refused):
        compile_expression(source)
    assert time.perf_counter() - start < 2


PIECES = st.sampled_from(
    [
        "a",
        "b",
        "1",
        "2.5",
        "'x'",
        "true",
        "(",
        ")",
        "[",
        "]",
        ",",
        "+",
        "-",
        "*",
        "/",
        "<",
        "==",
        "!=",
        " in ",
        " not ",
        " and ",
        " or ",
        " if ",
        " else ",
        "min(",
        "coalesce(",
        "prev.",
        ".",
        "date(",
        "'2025-01-01'",
        "year_end",
        "\n",
        "#",
        "=",
        "_",
        "é",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_refused_or_runs(source: str) -> None:
    try:
        expression = compile_expression(source)
    except Refused:
        return
    for row in (MappingRow({}), MappingRow({"a": True, "b": "x"})):
        expression.evaluate(row, year=2025)


KINDS: dict[str, Kind | None] = {
    "n": Kind.NUMBER,
    "t": Kind.TEXT,
    "u": Kind.TEXT,
    "f": Kind.BOOL,
    "d": Kind.DATE,
    "e": None,
    "prev.n": Kind.NUMBER,
}


def checked(source: str, wants: Kind | None = None) -> list[str]:
    problems = check_names_and_types(compile_expression(source), KINDS, path="p", wants=wants)
    assert all(problem.place == "p" for problem in problems)
    return [problem.code.removeprefix("expression.") for problem in problems]


@pytest.mark.parametrize(
    "source",
    [
        "n + f",
        "n + prev.n + e",
        "t == u",
        "t == 'x' and n == '02' and f == '是' and d == '2025-01-01'",
        "d < year_end",
        "min(d, year_end)",
        "f == 1",
        "n in [1, f]",
        "t in ['a', u]",
        "e + 1 > 2 and e == 'x' and e < year_end",
        "coalesce(f, n) + 1",
        "(n if f else d) == 'x'",
        "not n",
        "at_least(n, f, n)",
    ],
)
def test_types_that_fit(source: str) -> None:
    assert checked(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "t + 1",
        "t < u",
        "t == n",
        "t == f",
        "d == n",
        "d + 1",
        "d - d",
        "-d",
        "not t",
        "t and n",
        "n if t else 1",
        "n if d else 1",
        "n if f else t",
        "coalesce(n, t)",
        "sum(n, d)",
        "max(t, u)",
        "min(n, d)",
        "abs(t)",
        "round(n, t)",
        "year(n)",
        "add_months(n, 1)",
        "add_months(d, t)",
        "at_least(t, n)",
        "at_least(1, d)",
        "t in [1]",
        "n in [u]",
        "('a' if t else 'b') == u",
    ],
)
def test_types_that_do_not_fit(source: str) -> None:
    assert set(checked(source)) == {"type"}


@pytest.mark.parametrize(
    ("source", "wants", "expected"),
    [
        ("n", Kind.NUMBER, []),
        ("f", Kind.NUMBER, []),
        ("n", Kind.BOOL, []),
        ("e", Kind.DATE, []),
        ("t", Kind.TEXT, []),
        ("t", Kind.NUMBER, ["type"]),
        ("t", Kind.BOOL, ["type"]),
        ("d", Kind.NUMBER, ["type"]),
        ("n", Kind.TEXT, ["type"]),
        ("n", Kind.DATE, ["type"]),
    ],
)
def test_the_result_is_what_is_wanted(source: str, wants: Kind, expected: list[str]) -> None:
    assert checked(source, wants) == expected


def test_a_name_without_a_field_is_told_once() -> None:
    assert checked("nosuch + nosuch * prev.t > other") == ["name", "name", "name"]


def test_equal_source_is_an_equal_expression() -> None:
    first: Expression = compile_expression("a + 1")
    assert first == compile_expression("a + 1")
    assert first != compile_expression("a+1")
