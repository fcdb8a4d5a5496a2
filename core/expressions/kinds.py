"""Whether names have a field and operands a type that fits: asked once, at load."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.expressions.closures import Operand, comparisons, operands, steps
from core.expressions.lexing import Fault
from core.expressions.parsing import Node
from core.expressions.values import Kind
from core.text import T

Found = Kind | None
"""The type of a part; `None` where nothing is known of it (a column without any value fits all)."""

Kinds = Mapping[str, Kind] | Mapping[str, Found]

_NUMERIC = (Kind.NUMBER, Kind.BOOL, None)
_ORDERED = ("<", "<=", ">", ">=")


def fits(found: Found, wanted: Kind) -> bool:
    """Number and bool stand for one another (true counts 1, a number is true when it is not 0)."""
    if found is None:
        return True
    if wanted in (Kind.NUMBER, Kind.BOOL):
        return found in _NUMERIC
    return found is wanted


def faults_of(root: Node, kinds: Kinds, wants: Kind | None) -> list[Fault]:
    """Every operand whose type does not fit, and the whole where it is not what is wanted."""
    faults: list[Fault] = []
    known: dict[Operand, Found] = {}
    for node, as_text in steps(root):
        known[node, as_text] = _kind(node, as_text, kinds, known, faults)
    result = known[root, False]
    if wants is not None and not fits(result, wants) and result is not None:
        message = T("结果是{found}，这里要的是{wanted}", found=result.label, wanted=_label(wants, root))
        faults.append(Fault(message, root.at))
    return faults


def _label(wants: Kind, root: Node) -> object:
    return wants.label if wants is not Kind.BOOL else T("条件")


def unknown_names(root: Node, kinds: Kinds) -> list[Fault]:
    """Names without a field, each once."""
    faults: dict[str, Fault] = {}
    for node, _ in steps(root):
        if node.form == "name" and node.word not in kinds and node.word not in faults:
            faults[node.word] = Fault(T("没有这个字段"), node.at, node.word)
    return list(faults.values())


def _kind(node: Node, as_text: bool, kinds: Kinds, known: dict[Operand, Found], faults: list[Fault]) -> Found:
    found = [known[operand] for operand in operands(node, as_text)]
    if as_text:
        return _text(node, found, faults)
    match node.form:
        case "const" | "year_end":
            return _constant(node)
        case "name":
            return kinds.get(node.word)
        case "chain" | "sign":
            return _all(node, found, Kind.NUMBER, faults)
        case "not" | "and" | "or":
            return _all(node, found, Kind.BOOL, faults)
        case "compare":
            _compare(node, known, faults)
            return Kind.BOOL
        case "if":
            _all(node, found[:1], Kind.BOOL, faults)
            return _common(node, found[1:], faults)
        case "call":
            return _call(node, found, faults)
        case _:
            return None


def _text(node: Node, found: list[Found], faults: list[Fault]) -> Found:
    """Read as written: a field of any type, a 'string', or a choice between such."""
    if node.form == "if":
        _all(node, found[:1], Kind.BOOL, faults)
    literal = node.form == "const" and isinstance(node.constant, str)
    choice = node.form == "if" or (node.form == "call" and node.word == "coalesce")
    if not (literal or choice or node.form == "name"):
        faults.append(Fault(T("字符串只能同字段或字符串比较"), node.at))
    return Kind.TEXT


def _constant(node: Node) -> Kind:
    if isinstance(node.constant, bool):
        return Kind.BOOL
    if isinstance(node.constant, Decimal):
        return Kind.NUMBER
    return Kind.TEXT if isinstance(node.constant, str) else Kind.DATE


def _all(node: Node, found: list[Found], wanted: Kind, faults: list[Fault]) -> Kind:
    """Every operand must fit; the result is of the wanted type in any case."""
    for part, kind in zip(node.parts, found, strict=False):
        if kind is not None and not fits(kind, wanted):
            faults.append(Fault(T("{kind}不能这样用", kind=kind.label), part.at, part.word))
    return wanted


def _common(node: Node, found: list[Found], faults: list[Fault]) -> Found:
    """The one type of alternatives; bool and number together are number."""
    there = {kind for kind in found if kind is not None}
    if there == {Kind.BOOL, Kind.NUMBER}:
        return Kind.NUMBER
    if len(there) > 1:
        faults.append(Fault(T("几种取值的类型不一致"), node.at, node.word))
        return None
    return there.pop() if there else None


def _compare(node: Node, known: dict[Operand, Found], faults: list[Fault]) -> None:
    for word, left, right in comparisons(node):
        one, other = known[left], known[right]
        if word in _ORDERED and Kind.TEXT in (one, other):
            faults.append(Fault(T("文本只能用 ==、!= 和 in 比较"), left[0].at, left[0].word))
        elif one is not None and other is not None and not (fits(one, other)):
            message = T("{one}不能同{other}比较", one=one.label, other=other.label)
            faults.append(Fault(message, left[0].at, left[0].word))


def _call(node: Node, found: list[Found], faults: list[Fault]) -> Found:
    match node.word:
        case "coalesce":
            return _common(node, found, faults)
        case "min" | "max":
            kind = _common(node, found, faults)
            if kind is Kind.TEXT:
                faults.append(Fault(T("{kind}不能这样用", kind=kind.label), node.at, node.word))
            return Kind.NUMBER if kind is Kind.BOOL else kind
        case "at_least":
            return _all(node, found, Kind.BOOL, faults)
        case "add_months":
            _all(node, found[:1], Kind.DATE, faults)
            if found[1] is not None and not fits(found[1], Kind.NUMBER):
                faults.append(Fault(T("月数须是数值"), node.parts[1].at, node.parts[1].word))
            return Kind.DATE
        case "year":
            _all(node, found, Kind.DATE, faults)
            return Kind.NUMBER
        case _:
            return _all(node, found, Kind.NUMBER, faults)
