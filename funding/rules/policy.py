"""A policy file read whole: its shape, what its parts say of one another, the fields it reads.

Decided where the contract leaves it open: `when_short` must be said; what is over a cap is cut from
the end of the cap's own list; a cap whose limit is missing limits nothing, like an award's; `grade
total rank level kind class region` are always fields, so `by` one without a column earns 0; a budget
may name a payer of no award.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.canonical import digest
from core.expressions import Kind, check_names_and_types, compile_expression
from core.problems import Problem, Refused
from core.text import T, Text
from core.yamlfile import Tree, read_yaml, shaped
from funding.rules.policy_shape import Policy

RESULT_FIELDS = ("grade", "total", "rank", "level", "kind", "class", "region")
"""What a result offers; missing where there is no such column."""

Kinds = Mapping[str, Kind | None]


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy without faults, the tree it was read from, and the tree's digest."""

    policy: Policy
    tree: Tree
    digest: str


def load_policy(data: bytes | str, *, kinds: Kinds | None = None, year: int | None = None) -> LoadedPolicy:
    """Reads a policy file. Raises `Refused` with every fault, each with its path.

    With `kinds` (the types of the columns there are) also names without a field and operands that do
    not fit are faults, and `year_end` is one where no `year` is given.
    """
    tree, faults = read_yaml(data)
    if tree is None:
        raise Refused(faults)
    return policy_of(tree, faults, kinds=kinds, year=year)


def policy_of(
    tree: Tree, faults: list[Problem] | None = None, *, kinds: Kinds | None = None, year: int | None = None
) -> LoadedPolicy:
    """The policy of a tree. Raises `Refused` with `faults` and every other one."""
    found = list(faults or [])
    policy: Policy | None = None
    try:
        policy = shaped(tree, Policy)
    except Refused as refused:
        found.extend(refused.problems)
    found.extend(_between(tree))
    if kinds is not None:
        found.extend(field_faults(tree, kinds, year=year))
    if policy is None or found:
        raise Refused(found)
    return LoadedPolicy(policy, tree, digest(tree))


def _mapping(tree: Tree | None) -> dict[str, Tree]:
    return tree if isinstance(tree, dict) else {}


def _items(tree: Tree | None, key: str) -> list[Tree]:
    found = _mapping(tree).get(key)
    return found if isinstance(found, list) else []


def _between(tree: Tree) -> Iterator[Problem]:
    """What one part says of another. Read from the tree, so it is found even where the shape is wrong."""
    codes: set[str] = set()
    for index, award in enumerate(_items(tree, "awards")):
        code = _mapping(award).get("code")
        if isinstance(code, str):
            if code.strip() in codes:
                yield _fault("code", T("奖项代码重复"), f"awards[{index}].code", code)
            codes.add(code.strip())
    for index, group in enumerate(_items(tree, "exclusive")):
        yield from _references(group, codes, f"exclusive[{index}]")
    for index, cap in enumerate(_items(tree, "caps")):
        yield from _references(_mapping(cap).get("awards"), codes, f"caps[{index}].awards")
    yield from _budget_faults(tree)


def _references(listed: Tree | None, codes: set[str], path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, code in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(code, str):
            continue
        name = code.strip()
        if name not in codes:
            yield _fault("award", T("没有这个奖项"), f"{path}[{index}]", name)
        elif name in seen:
            yield _fault("award", T("奖项列了两次"), f"{path}[{index}]", name)
        seen.add(name)


def _budget_faults(tree: Tree) -> Iterator[Problem]:
    if {"budget", "budgets"} <= set(_mapping(tree)):
        yield _fault("budget", T("budget 和 budgets 只能有一个"), "budgets")
    payers: set[str] = set()
    for index, budget in enumerate(_items(tree, "budgets")):
        payer = _mapping(budget).get("payer")
        if isinstance(payer, str):
            if payer.strip() in payers:
                yield _fault("payer", T("一个出资方只能有一个预算"), f"budgets[{index}].payer", payer)
            payers.add(payer.strip())


def _fault(code: str, message: Text, path: str, found: str = "") -> Problem:
    return Problem(f"policy.{code}", message, place=path, found=found)


def _slots(tree: Tree) -> Iterator[tuple[str, str, Kind]]:
    """Every expression of the file: its path, its text, what it must result in."""
    for index, award in enumerate(_items(tree, "awards")):
        path = f"awards[{index}]"
        keys = {"when": Kind.BOOL, "less": Kind.NUMBER, "at_most": Kind.NUMBER}
        yield from _texts(_mapping(award), keys, path)
        amount = _mapping(_mapping(award).get("amount"))
        if "by" not in amount:
            keys = {"count": Kind.NUMBER, "of": Kind.NUMBER, "by_value": Kind.NUMBER}
            yield from _texts(amount, keys, f"{path}.amount")
    for index, cap in enumerate(_items(tree, "caps")):
        yield from _texts(_mapping(cap), {"at_most": Kind.NUMBER}, f"caps[{index}]")


def _texts(mapping: dict[str, Tree], keys: dict[str, Kind], path: str) -> Iterator[tuple[str, str, Kind]]:
    for key, kind in keys.items():
        text = mapping.get(key)
        if isinstance(text, str):
            yield f"{path}.{key}", text, kind


def field_faults(tree: Tree, kinds: Kinds, *, year: int | None) -> Iterator[Problem]:
    """Names without a field and operands whose types do not fit. What does not compile is told elsewhere."""
    known: dict[str, Kind | None] = {**dict.fromkeys(RESULT_FIELDS), **kinds}
    for path, text, wants in _slots(tree):
        try:
            expression = compile_expression(text)
        except Refused:
            continue
        yield from check_names_and_types(expression, known, path=path, wants=wants)
        if expression.uses_year and year is None:
            yield _fault("year", T("用到 year_end，须说明年度（--year）"), path, text)
    for index, award in enumerate(_items(tree, "awards")):
        name = _mapping(_mapping(award).get("amount")).get("by")
        if isinstance(name, str) and name not in known:
            yield _fault("field", T("没有这个字段"), f"awards[{index}].amount.by", name)
