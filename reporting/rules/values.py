"""Values of a return: exact texts outside, typed values inside. Nothing is rounded, nothing guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core import amounts
from core.cells import read_text
from core.columns import Column, ColumnType
from core.columns import Value as CellValue
from core.expressions import Value
from core.problems import Problem, Refused
from core.text import T, Text


def exact(value: CellValue) -> str:
    """The one text by which a value is kept and compared: `1234.5`, `true`, `2023-05-06`, `ict`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return amounts.shown(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def typed(value: CellValue) -> Value:
    """As expressions read it."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def read(text: str, column: Column, *, place: str = "") -> CellValue | Problem | None:
    """A text as this column's value, None when it is empty, or what is wrong with it."""
    return read_text(text, column, place=place)


def kept(text: str, column: Column) -> str:
    """What is stored of a text that a person typed: exact when it is sound, as typed when it is not
    (nothing ever blocks saving), empty when it says nothing. Control characters are refused."""
    answer = read(text, column)
    if isinstance(answer, Problem):
        if answer.code == "cell.control":
            raise Refused(answer)
        return "" if answer.code == "cell.required" else text.strip()[:20000]
    return "" if answer is None else exact(answer)


def words(text: str, title: Text, *, field: str, most: int) -> str:
    """What a person wrote to others, trimmed. `Refused` when it is too long or has control characters."""
    column = Column(code=field, title=str(title), type=ColumnType.TEXT, max_length=most)
    answer = read(text.strip(), column)
    if isinstance(answer, Problem):
        raise Refused(answer)
    return text.strip()


def shown(text: str, column: Column) -> Text | str:
    """A stored text as people read it: a choice by its name, 是 or 否, numbers with thousands."""
    answer = read(text, column)
    if answer is None or isinstance(answer, Problem):
        return text
    if isinstance(answer, bool):
        return T("是") if answer else T("否")
    if isinstance(answer, Decimal | int):
        return f"{answer:,f}" if isinstance(answer, Decimal) else f"{answer:,}"
    return column.choices.get(exact(answer), exact(answer))


@dataclass(frozen=True, slots=True)
class Cells:
    """What an expression reads: typed values and the texts as written; `inner` names come first."""

    values: Mapping[str, Value]
    texts: Mapping[str, str]
    outer: Cells | None = None

    def value(self, name: str) -> Value:
        if name in self.values or self.outer is None:
            return self.values.get(name)
        return self.outer.value(name)

    def written(self, name: str) -> str | None:
        if name in self.values or self.outer is None:
            return self.texts.get(name) or None
        return self.outer.written(name)


def parsed(
    columns: Iterable[Column], texts: Mapping[str, str]
) -> tuple[dict[str, Value], list[tuple[Column, Problem]]]:
    """The typed values of all these columns (None where missing or wrong), and what is wrong."""
    values: dict[str, Value] = {}
    problems: list[tuple[Column, Problem]] = []
    for column in columns:
        answer = read(texts.get(column.code, ""), column)
        if isinstance(answer, Problem):
            problems.append((column, answer))
            values[column.code] = None
        else:
            values[column.code] = None if answer is None else typed(answer)
    return values, problems
