"""Rows with computed names over them, and the group that a row belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.expressions import Row, Value, plain


@dataclass(frozen=True, slots=True)
class Overlay:
    """A row with a few computed names laid over it (`full`, `v`, `total`, `points.CODE`)."""

    below: Row
    names: Mapping[str, Value]
    texts: Mapping[str, str | None]

    def value(self, name: str) -> Value:
        """The computed value where there is one, else the row's."""
        return self.names[name] if name in self.names else self.below.value(name)

    def written(self, name: str) -> str | None:
        """The computed value's text where there is one, else the row's."""
        if name not in self.names:
            return self.below.written(name)
        return self.texts[name] if name in self.texts else plain(self.names[name])


def group_key(row: Row, fields: Iterable[str]) -> tuple[str, ...]:
    """Which group a row belongs to: the texts of the fields; an empty cell is a group of its own."""
    return tuple(row.written(field) or "" for field in fields)
