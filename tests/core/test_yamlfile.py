"""YAML from outside: nothing is guessed, every fault has its path."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import pytest
from pydantic import Field

from core.canonical import canonical, digest
from core.problems import Refused
from core.yamlfile import (
    ExpressionSlot,
    Flag,
    Plain,
    PlainDecimal,
    PlainInteger,
    Shape,
    load_yaml,
    path_of,
    shaped,
    tree_of_json,
)


def faults(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        load_yaml(text)
    return [(problem.code.removeprefix("yaml."), problem.place) for problem in refused.value.problems]


@pytest.mark.parametrize(
    "written",
    [
        "yes",
        "no",
        "on",
        "off",
        "1:30",
        "0100",
        "0x10",
        "1_000",
        ".5",
        "1e3",
        "2025-12-31",
        "true",
        "=",
        "0o7",
    ],
)
def test_a_scalar_stays_as_written(written: str) -> None:
    tree = load_yaml(f"a: {written}\n")
    assert tree == {"a": written}
    assert isinstance(tree["a"], Plain)  # type: ignore[index, call-overload]


def test_what_is_quoted_is_text() -> None:
    tree = load_yaml("- '1'\n- \"2\"\n- |\n  3\n")
    assert tree == ["1", "2", "3\n"]
    assert not any(isinstance(part, Plain) for part in tree)


def test_every_fault_with_its_path() -> None:
    text = "a: 1\na: 2\nb: {c: &x 1, d: *x, e: !!str 3}\nf: ~\ng:\nh: [1, null]\n"
    assert faults(text) == [
        ("duplicate", "a"),
        ("alias", "b.c"),
        ("alias", "b.d"),
        ("tag", "b.e"),
        ("null", "f"),
        ("null", "g"),
        ("null", "h[1]"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("a: [1", "syntax"),
        ("a: 1\n\tb: 2", "syntax"),
        ("? [a]\n: b\n", "key"),
        ("<<: {a: 1}\n", "key"),
        ("--- 1\n--- 2\n", "documents"),
        ("[" * 100, "depth"),
        (b"\xff\xfea: 1", "encoding"),
        ("a: 名".encode("gbk"), "encoding"),
        ('a: "\\0"', "character"),
        ("a: \x07", "syntax"),
        ("x" * 1_000_001, "size"),
        ("!!python/object/apply:os.system [x]", "tag"),
        ("1: a\n'1': b\n", "duplicate"),
    ],
)
def test_refused(text: str | bytes, code: str) -> None:
    assert code in [found for found, _ in faults(text)]


def test_a_byte_order_mark_is_allowed() -> None:
    assert load_yaml(b"\xef\xbb\xbfa: 1") == {"a": "1"}


class Step(Shape):
    type: Literal["step"]
    every: Annotated[PlainDecimal, Field(gt=0)]
    whole: Flag = True


class Target(Shape):
    type: Literal["target"]
    target: ExpressionSlot


class Leaf(Shape):
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]+$")]
    rule: Annotated[Step | Target, Field(discriminator="type")]
    when: ExpressionSlot | None = None


class Scheme(Shape):
    version: PlainInteger
    indicators: list[Leaf]


def test_a_shape_keeps_numbers_as_written() -> None:
    text = (
        "version: 2\nindicators:\n- {code: B1, rule: {type: step, every: 0.10, whole: false}, when: true}\n"
    )
    scheme = shaped(load_yaml(text), Scheme)
    rule = scheme.indicators[0].rule
    assert isinstance(rule, Step)
    assert (str(rule.every), rule.whole, scheme.version) == ("0.10", False, 2)
    assert scheme.indicators[0].when is not None
    assert scheme.indicators[0].when.source == "true"


def test_every_fault_of_a_shape_with_its_path() -> None:
    text = """
version: 1.5
extra: 1
indicators:
- {code: b1, rule: {type: step, every: 1e3, more: 1}}
- {code: B2, rule: {type: target, targets: 1}}
- {code: B3, rule: {type: target, target: 'foo(1) + 1_000'}}
- {code: B4, rule: {type: other}}
- {code: B5, rule: {type: step, every: 0}, when: [a]}
- {code: B6, rule: {type: step, every: '5', whole: yes}}
- 7
"""
    with pytest.raises(Refused) as refused:
        shaped(load_yaml(text), Scheme)
    assert [problem.place for problem in refused.value.problems] == [
        "version",
        "indicators[0].code",
        "indicators[0].rule.every",
        "indicators[0].rule.more",
        "indicators[1].rule.target",
        "indicators[1].rule.targets",
        "indicators[2].rule.target",
        "indicators[2].rule.target",
        "indicators[3].rule",
        "indicators[4].rule.every",
        "indicators[4].when",
        "indicators[5].rule.every",
        "indicators[5].rule.whole",
        "indicators[6]",
        "extra",
    ]
    assert all(not str(problem.message).isascii() for problem in refused.value.problems)


@pytest.mark.parametrize(
    "written", ["1_000", "0x10", "0100", "1:30", "1e3", ".5", "5.", "+1", "'1'", "1,000", "nan", "yes"]
)
def test_a_number_is_plain_digits(written: str) -> None:
    class One(Shape):
        number: PlainDecimal

    with pytest.raises(Refused):
        shaped(load_yaml(f"number: {written}"), One)


def test_numbers_that_are() -> None:
    class Many(Shape):
        numbers: list[PlainDecimal]

    assert shaped(load_yaml("numbers: [0, -1, 0.1, 100.00]"), Many).numbers == [
        Decimal(0),
        Decimal(-1),
        Decimal("0.1"),
        Decimal(100),
    ]


def test_the_path_of_a_place() -> None:
    assert path_of(("indicators", 3, "rule", "tiers", 0, 1)) == "indicators[3].rule.tiers[0][1]"


def test_a_tree_comes_back_from_its_canonical_json() -> None:
    tree = load_yaml("a: [1, 1.50, '1', true, 'true', yes, 是]\nb: {c: 0100}\n")
    assert canonical(tree).decode() == '{"a":[1,1.50,"1",true,"true","yes","是"],"b":{"c":"0100"}}'
    assert digest(tree_of_json(canonical(tree))) == digest(tree)


def test_the_digest_is_of_the_content_not_of_the_file() -> None:
    one = load_yaml("a: 1\nb: [x, 2]\n")
    other = load_yaml("# a note\nb:\n  - 'x'\n  - 2\na:   1\n")
    assert digest(one) == digest(other)
    assert digest(one) != digest(load_yaml("a: 1.0\nb: [x, 2]\n"))
