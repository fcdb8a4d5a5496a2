"""The words of an expression, and the same words spelled so that Python's parser reads them.

Names and literals are handed to the parser as place-holders (`n3`, `k4`): so a field may be called
`class`, a number stays the text it was written as, and a bracket that only groups becomes a call of
`g`, which is how nesting is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from core.text import T, Text

KEYWORDS = frozenset({"and", "or", "not", "in", "if", "else"})
"""Words of the language. Every other word may be a field, Python's own keywords too."""

GROUP = "g"

_SPACE = " \t\r\n\f\v"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![A-Za-z0-9_.])")
_NOT_A_NUMBER = re.compile(r"\.?[0-9][A-Za-z0-9_.]*")
_STRING = re.compile(r"'[^'\\\r\n]*'|\"[^\"\\\r\n]*\"")
_OPERATOR = re.compile(r"==|!=|<=|>=|(?!\*\*|//|->|<>)[-+*/<>()\[\],]")
_REFUSED_OPERATORS = re.compile(r"\*\*|//|:=|->|<>|=")


class Sort(Enum):
    """What a word is."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    KEYWORD = "keyword"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Token:
    """One word, where it begins in the source (from 0), and its text; a string without its quotes."""

    sort: Sort
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What the expression may not hold, and where (from 0)."""

    message: Text
    at: int
    found: str = ""


@dataclass(slots=True)
class Lexed:
    """The words, and the faults found on the way."""

    tokens: list[Token] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def lex(source: str, prefixes: frozenset[str]) -> Lexed:
    """All words of `source`; goes on after a fault, so that all are found."""
    lexed = Lexed()
    at = 0
    while at < len(source):
        at = at + 1 if source[at] in _SPACE else _one(source, at, prefixes, lexed)
    _faults_between(lexed)
    return lexed


def _one(source: str, at: int, prefixes: frozenset[str], lexed: Lexed) -> int:
    """Reads the word at `at`; answers where the next one begins."""
    if match := _WORD.match(source, at):
        return _word(source, match, prefixes, lexed)
    if match := _NUMBER.match(source, at):
        lexed.tokens.append(Token(Sort.NUMBER, match.group(), at))
        return match.end()
    if match := _STRING.match(source, at):
        lexed.tokens.append(Token(Sort.STRING, match.group()[1:-1], at))
        return match.end()
    if match := _OPERATOR.match(source, at):
        lexed.tokens.append(Token(Sort.OPERATOR, match.group(), at))
        return match.end()
    return _strange(source, at, lexed)


def _word(source: str, match: re.Match[str], prefixes: frozenset[str], lexed: Lexed) -> int:
    text, at, end = match.group(), match.start(), match.end()
    if source[end : end + 1] in ("'", '"') and text not in KEYWORDS:
        lexed.faults.append(Fault(T("字符串前面不能有字母（如 f、b、r）"), at, text))
        return end
    dot = _skip_space(source, end)
    if source[dot : dot + 1] != ".":
        lexed.tokens.append(Token(Sort.KEYWORD if text in KEYWORDS else Sort.NAME, text, at))
        return end
    follower = _WORD.match(source, _skip_space(source, dot + 1))
    if follower is None:
        lexed.faults.append(Fault(T("圆点后面须是名称"), dot, source[at : dot + 1]))
        return dot + 1
    full = f"{text}.{follower.group()}"
    if text not in prefixes:
        lexed.faults.append(Fault(T("这里不能用带圆点的名称"), at, full))
    lexed.tokens.append(Token(Sort.NAME, full, at))
    return follower.end()


def _skip_space(source: str, at: int) -> int:
    while source[at : at + 1] and source[at] in _SPACE:
        at += 1
    return at


def _strange(source: str, at: int, lexed: Lexed) -> int:
    """Names what stands at `at` and is no word of the language; answers where to go on."""
    if match := _NOT_A_NUMBER.match(source, at):
        message = T("数值只能写成普通的十进制数字，如 1000 或 0.5")
        lexed.faults.append(Fault(message, at, match.group()))
        # An operand stands here: the parser shall not complain of a second fault.
        lexed.tokens.append(Token(Sort.NUMBER, "0", at))
        return match.end()
    character = source[at]
    if character == "#":
        lexed.faults.append(Fault(T("表达式中不能有注释"), at, "#"))
        line_end = source.find("\n", at)
        return len(source) if line_end < 0 else line_end
    if character in "'\"":
        lexed.faults.append(Fault(T("字符串没有收尾，或其中有换行、反斜线"), at, character))
        return len(source)
    if match := _REFUSED_OPERATORS.match(source, at):
        lexed.faults.append(Fault(T("不能用的运算符"), at, match.group()))
        lexed.tokens.append(Token(Sort.OPERATOR, "+", at))
        return match.end()
    if ord(character) > 127 and (character.isalnum() or character.isidentifier()):
        end = at
        while end < len(source) and (source[end].isalnum() or source[end] == "_"):
            end += 1
        lexed.faults.append(Fault(T("名称只能用英文字母、数字和下划线"), at, source[at:end]))
        lexed.tokens.append(Token(Sort.NUMBER, "0", at))
        return end
    lexed.faults.append(Fault(T("不能用的符号"), at, character))
    return at + 1


def _faults_between(lexed: Lexed) -> None:
    """What two neighbours give away that the parser would not: joined strings, a comma before a bracket."""
    for first, second in zip(lexed.tokens, lexed.tokens[1:], strict=False):
        if first.sort is Sort.STRING and second.sort is Sort.STRING:
            lexed.faults.append(Fault(T("两个字符串不能连写"), second.at, second.text))
        if _is(first, ",") and (_is(second, ")") or _is(second, "]")):
            lexed.faults.append(Fault(T("多余的逗号"), first.at, ","))


def _is(token: Token, text: str) -> bool:
    return token.sort is Sort.OPERATOR and token.text == text


def respelled(tokens: list[Token]) -> tuple[str, list[int]]:
    """The words as one line for Python's parser, and the column at which each word begins in it."""
    pieces: list[str] = []
    columns: list[int] = []
    column = 0
    before: Token | None = None
    for index, token in enumerate(tokens):
        piece = _spelling(index, token, before)
        pieces.append(piece)
        columns.append(column)
        column += len(piece) + 1
        before = token
    return " ".join(pieces), columns


def _spelling(index: int, token: Token, before: Token | None) -> str:
    if token.sort is Sort.NAME:
        return f"n{index}"
    if token.sort in (Sort.NUMBER, Sort.STRING):
        return f"k{index}"
    if _is(token, "(") and not _ends_operand(before):
        return f"{GROUP}("
    return token.text


def _ends_operand(token: Token | None) -> bool:
    if token is None or token.sort is Sort.KEYWORD:
        return False
    return token.sort is not Sort.OPERATOR or token.text in (")", "]")
