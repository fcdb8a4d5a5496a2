"""One carrier's score explained: the tree of the scheme with what each leaf earned, why, and from where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.expressions.words import name_in_words
from core.text import T, Text
from evaluation.rules.exact import ZERO, plain
from evaluation.rules.frozen import split_name
from evaluation.rules.scheme import Leaf, Node, Scheme
from evaluation.rules.standing import percent_of
from evaluation.rules.words import Titles, names_of_leaf, rule_in_words

Sources = Mapping[str, Mapping[str, Any]]
"""Where each value of the return came from: `ReturnVersion.sources`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A field that a leaf read, and where its value stands."""

    title: str
    place: Text


@dataclass(frozen=True, slots=True)
class Line:
    """A group or a leaf as the dossier lists it; `share` is points of full in percent."""

    code: str
    title: Text | str
    depth: int
    is_leaf: bool
    points: Decimal
    full: Decimal
    share: Decimal
    is_deduction: bool = False
    rule: Text | str = ""
    value: str | None = None
    unit: str = ""
    because: str = ""
    clause: str = ""
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class _Explaining:
    scheme: Scheme
    results: Mapping[str, Mapping[str, Any]]
    titles: Titles
    sources: Sources


def explained(
    scheme: Scheme, result: Sequence[Mapping[str, Any]], titles: Titles, sources: Sources
) -> list[Line]:
    """All groups and leaves in the file's order; `result` is the stored one, `sources` the return's."""
    by_code = {str(one["code"]): one for one in result}
    with_all = _Explaining(scheme, by_code, titles, sources)
    lines = list(_lines(with_all, scheme.indicators, 0, False))
    for heading, extra, deducted in (
        (T("加分"), scheme.bonus, False),
        (T("扣分"), scheme.deductions, True),
    ):
        if extra.items:
            points, full = _sums(with_all, extra.items)
            cap = full if extra.cap is None else extra.cap
            lines.append(_head("", heading, 0, min(points, cap), cap, deducted))
            lines += _lines(with_all, extra.items, 1, deducted)
    return lines


def _lines(with_all: _Explaining, nodes: Sequence[Node], depth: int, deducted: bool) -> Iterator[Line]:
    for node in nodes:
        if isinstance(node, Leaf):
            yield _leaf(with_all, node, depth, deducted)
            continue
        points, full = _sums(with_all, node.items)
        cap = full if node.cap is None else min(full, node.cap)
        yield _head(node.code, node.title, depth, min(points, cap), cap, deducted)
        yield from _lines(with_all, node.items, depth + 1, deducted)


def _head(code: str, title: Text | str, depth: int, points: Decimal, full: Decimal, deducted: bool) -> Line:
    return Line(code, title, depth, False, points, full, _share(points, full), deducted)


def _share(points: Decimal, full: Decimal) -> Decimal:
    return percent_of(int(points * 1000), int(full * 1000))


def _sums(with_all: _Explaining, nodes: Sequence[Node]) -> tuple[Decimal, Decimal]:
    """Points and full marks of all nodes, each group cut to its cap."""
    points, full = ZERO, ZERO
    for node in nodes:
        if isinstance(node, Leaf):
            points += Decimal(str(with_all.results.get(node.code, {}).get("points", "0")))
            full += node.full
        else:
            inner, most = _sums(with_all, node.items)
            points += inner if node.cap is None else min(inner, node.cap)
            full += most if node.cap is None else min(most, node.cap)
    return points, full


def _leaf(with_all: _Explaining, leaf: Leaf, depth: int, deducted: bool) -> Line:
    found = with_all.results.get(leaf.code, {})
    points = Decimal(str(found.get("points", "0")))
    origins = [_origin(with_all, name) for name in names_of_leaf(leaf)]
    return Line(
        code=leaf.code,
        title=leaf.title,
        depth=depth,
        is_leaf=True,
        points=points,
        full=leaf.full,
        share=_share(points, leaf.full),
        is_deduction=deducted,
        rule=rule_in_words(leaf, with_all.titles),
        value=found.get("value"),
        unit=leaf.unit,
        because=str(found.get("because", "")),
        clause=leaf.clause,
        origins=tuple(origins),
    )


def _origin(with_all: _Explaining, name: str) -> Origin:
    year, rest = split_name(name)
    title = name_in_words(name, with_all.titles)
    if year != "this":
        return Origin(title, T("往年已受理的报表"))
    if rest in with_all.scheme.facts:
        return Origin(title, T("年度事实登记"))
    source = with_all.sources.get(rest)
    if source is None:
        return Origin(title, T("由报表名单、算式或登记信息得出"))
    cell = str(source.get("cell") or "")
    if source.get("kind") == "file" and cell:
        return Origin(title, T("工作簿 {cell}", cell=cell))
    words = {"previous": T("沿用上年"), "registry": T("登记信息"), "file": T("工作簿")}
    return Origin(title, words.get(str(source.get("kind")), T("在线填写")))


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """A group or a leaf as the scheme's page lists it."""

    code: str
    title: Text | str
    depth: int
    is_leaf: bool
    full: str
    rule: Text | str = ""
    value: str = ""
    clause: str = ""


def scheme_lines(scheme: Scheme, titles: Titles) -> list[SchemeLine]:
    """The scheme's tree, top to bottom."""
    lines = list(_scheme_lines(scheme.indicators, 0, titles))
    for heading, extra in ((T("加分"), scheme.bonus), (T("扣分"), scheme.deductions)):
        if extra.items:
            cap = "" if extra.cap is None else plain(extra.cap)
            lines.append(SchemeLine("", heading, 0, False, cap))
            lines += _scheme_lines(extra.items, 1, titles)
    return lines


def _scheme_lines(nodes: Sequence[Node], depth: int, titles: Titles) -> Iterator[SchemeLine]:
    for node in nodes:
        if isinstance(node, Leaf):
            value = "" if node.value is None else node.value.source
            rule = rule_in_words(node, titles)
            yield SchemeLine(node.code, node.title, depth, True, plain(node.full), rule, value, node.clause)
        else:
            cap = "" if node.cap is None else plain(node.cap)
            yield SchemeLine(node.code, node.title, depth, False, cap, clause=node.clause)
            yield from _scheme_lines(node.items, depth + 1, titles)
