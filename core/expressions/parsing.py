"""From words to a small tree: Python's own parser, and an allow-list of what it may find.

The tree is made without recursion, and sums and products of any length are one flat node, so that
2,000 characters can never exhaust the stack.
"""

from __future__ import annotations

import ast
import datetime
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeGuard

from core.expressions.lexing import GROUP, Fault, Lexed, Sort, Token, respelled
from core.expressions.signatures import SIGNATURES
from core.text import T, Text

MAX_NESTED = 50

_SUMS: dict[type, str] = {ast.Add: "+", ast.Sub: "-"}
_PRODUCTS: dict[type, str] = {ast.Mult: "*", ast.Div: "/"}
_COMPARISONS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_LIST_ALONE = T("列表只能写在 in 后面")
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One part of an expression.

    `form` is const, name, year_end, sign, not, chain, compare, and, or, if, list or call; `word` the
    name, function or sign; `words` the operators between the `parts`; `constant` a literal's value.
    """

    form: str
    parts: tuple[Node, ...] = ()
    word: str = ""
    words: tuple[str, ...] = ()
    constant: Decimal | str | bool | datetime.date | None = None
    at: int = 0


@dataclass(slots=True)
class _Parse:
    tokens: list[Token]
    columns: list[int]
    faults: list[Fault] = field(default_factory=list)

    def token_at(self, column: int) -> Token:
        """The word that begins at, or last before, a column of the respelled line."""
        return self.tokens[max(bisect_right(self.columns, column) - 1, 0)]

    def fault(self, node: ast.expr, message: Text) -> Node:
        """Keeps the fault; answers a harmless node to stand in the place."""
        token = self.token_at(node.col_offset)
        self.faults.append(Fault(message, token.at, token.text))
        return Node("name", word="")


def parse(lexed: Lexed) -> tuple[Node | None, list[Fault]]:
    """The tree of the words, or every reason why there is none. Faults of the words come first."""
    if not lexed.tokens:
        return None, lexed.faults or [Fault(T("表达式是空的"), 0)]
    if deep := _too_many_brackets(lexed.tokens):
        return None, [*lexed.faults, deep]
    line, columns = respelled(lexed.tokens)
    state = _Parse(lexed.tokens, columns)
    try:
        body = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        if lexed.faults:
            return None, lexed.faults
        token = state.token_at(max((error.offset or 1) - 1, 0))
        return None, [Fault(T("语法不对"), token.at, token.text)]
    except (RecursionError, MemoryError):
        return None, [*lexed.faults, _too_deep(0)]
    root = _tree(body, state)
    if isinstance(body, ast.List):
        state.fault(body, _LIST_ALONE)
    faults = [*lexed.faults, *state.faults]
    return (None if faults else root), faults


def _too_deep(at: int) -> Fault:
    return Fault(T("嵌套太深：最多 {limit} 层", limit=MAX_NESTED), at)


def _too_many_brackets(tokens: list[Token]) -> Fault | None:
    """Before the parser sees them: it takes long over very deep brackets."""
    open_now = 0
    for token in tokens:
        if token.sort is Sort.OPERATOR:
            open_now += token.text in ("(", "[")
            open_now -= token.text in (")", "]")
            if open_now > MAX_NESTED:
                return _too_deep(token.at)
    return None


def _tree(body: ast.expr, state: _Parse) -> Node:
    """Post-order with an own stack: every node is made when its parts are."""
    made: dict[int, Node] = {}
    stack: list[tuple[ast.expr, int, bool]] = [(body, 0, False)]
    while stack:
        node, depth, ready = stack.pop()
        if ready:
            made[id(node)] = _node(node, [made[id(part)] for part in _parts(node)], state)
            continue
        inner = depth + isinstance(node, ast.Call | ast.List | ast.UnaryOp | ast.IfExp)
        if inner > MAX_NESTED:
            state.faults.append(_too_deep(state.token_at(node.col_offset).at))
            made[id(node)] = Node("name", word="")
            continue
        stack.append((node, depth, True))
        stack.extend((part, inner, False) for part in reversed(_parts(node)))
    return made[id(body)]


def _parts(node: ast.expr) -> list[ast.expr]:
    """The operands of an allowed node, left to right; none for any other."""
    if isinstance(node, ast.BinOp):
        return _operands(node)
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.BoolOp):
        return list(node.values)
    if isinstance(node, ast.IfExp):
        return [node.test, node.body, node.orelse]
    if isinstance(node, ast.Call):
        return list(node.args)
    if isinstance(node, ast.List):
        return list(node.elts)
    return []


def _same_level(node: ast.expr, level: dict[type, str]) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and type(node.op) in level


def _level(node: ast.BinOp) -> dict[type, str]:
    return _SUMS if type(node.op) in _SUMS else _PRODUCTS


def _operands(node: ast.BinOp) -> list[ast.expr]:
    """`a + b - c` is one node of three parts."""
    level = _level(node)
    parts: list[ast.expr] = []
    left: ast.expr = node
    while _same_level(left, level):
        parts.append(left.right)
        left = left.left
    return [left, *reversed(parts)]


def _operators(node: ast.BinOp) -> tuple[str, ...]:
    level = _level(node)
    words: list[str] = []
    left: ast.expr = node
    while _same_level(left, level):
        words.append(level[type(left.op)])
        left = left.left
    return tuple(reversed(words))


def _node(node: ast.expr, parts: list[Node], state: _Parse) -> Node:
    if not isinstance(node, ast.Compare):
        for source, part in zip(_parts(node), parts, strict=True):
            if part.form == "list":
                state.fault(source, _LIST_ALONE)
    if isinstance(node, ast.Compare):
        return _comparison(node, parts, state)
    if isinstance(node, ast.Call):
        return _call(node, parts, state)
    if isinstance(node, ast.List):
        return _list(node, parts, state)
    if isinstance(node, ast.Name):
        return _name(node, state)
    return _operation(node, parts, state)


def _operation(node: ast.expr, parts: list[Node], state: _Parse) -> Node:
    at = state.token_at(node.col_offset).at
    if isinstance(node, ast.BinOp):
        return Node("chain", tuple(parts), words=_operators(node), at=at)
    if isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.Not):
            return Node("not", tuple(parts), at=at)
        return Node("sign", tuple(parts), word="-" if isinstance(node.op, ast.USub) else "+", at=at)
    if isinstance(node, ast.BoolOp):
        return Node("and" if isinstance(node.op, ast.And) else "or", tuple(parts), at=at)
    if isinstance(node, ast.IfExp):
        return Node("if", tuple(parts), at=at)
    return state.fault(node, T("不能这样写：这里只能用运算、比较和所列的函数"))


def _list(node: ast.List, parts: list[Node], state: _Parse) -> Node:
    if not parts:
        state.fault(node, T("列表是空的"))
    return Node("list", tuple(parts), at=state.token_at(node.col_offset).at)


def _name(node: ast.Name, state: _Parse) -> Node:
    token = state.tokens[int(node.id[1:])]
    if token.sort is Sort.NUMBER:
        return Node("const", constant=Decimal(token.text), at=token.at)
    if token.sort is Sort.STRING:
        return Node("const", constant=token.text, at=token.at)
    if token.text in _WORDS:
        return Node("const", constant=_WORDS[token.text], at=token.at)
    if token.text == "year_end":
        return Node("year_end", at=token.at)
    return Node("name", word=token.text, at=token.at)


def _comparison(node: ast.Compare, parts: list[Node], state: _Parse) -> Node:
    words = tuple(_COMPARISONS.get(type(op), "is") for op in node.ops)
    for index, part in enumerate(parts):
        wants_list = index > 0 and words[index - 1] in ("in", "not in")
        is_list = part.form == "list"
        if wants_list != is_list and not (part.form == "name" and not part.word):
            source = node.left if index == 0 else node.comparators[index - 1]
            state.fault(source, T("in 后面须是方括号列表") if wants_list else _LIST_ALONE)
        if is_list and index < len(words):
            state.fault(node.comparators[index - 1], T("列表后面不能再比较"))
    at = state.token_at(node.col_offset).at
    return Node("compare", tuple(parts), words=words, at=at)


def _call(node: ast.Call, parts: list[Node], state: _Parse) -> Node:
    if not isinstance(node.func, ast.Name):
        return state.fault(node, T("只能调用所列的函数"))
    if node.func.id == GROUP:
        if len(parts) != 1:
            return state.fault(node, T("圆括号里须是一个算式"))
        return parts[0]
    token = state.tokens[int(node.func.id[1:])]
    signature = SIGNATURES.get(token.text) if token.sort is Sort.NAME else None
    if signature is None:
        return state.fault(node, T("没有这个函数"))
    if not signature.takes(len(parts)):
        return state.fault(node, T("函数的参数个数不对，应为 {form}", form=signature.form))
    if token.text == "date":
        return _date(node, parts[0], state)
    return Node("call", tuple(parts), word=token.text, at=token.at)


def _date(node: ast.Call, part: Node, state: _Parse) -> Node:
    """`date('2025-12-31')` is a literal: only a written day will do."""
    text = part.constant if part.form == "const" else None
    day = read_date(text) if isinstance(text, str) else None
    if day is None:
        return state.fault(node, T("date 里须是加引号的日期，如 date('2025-12-31')"))
    return Node("const", constant=day, at=part.at)


def read_date(text: str) -> datetime.date | None:
    """A day written as 2025-12-31, else `None`."""
    if len(text) != 10 or not text.isascii() or text[4] != "-" or text[7] != "-":
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
