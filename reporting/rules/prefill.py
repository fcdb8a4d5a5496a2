"""What a draft starts with: last year's value or the register's, marked as such until confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.problems import Problem
from reporting.rules.form import Form
from reporting.rules.values import exact, read

Source = dict[str, Any]


def prefilled(
    form: Form, last: Mapping[str, str], registry: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, Source]]:
    """Values and their sources; what does not fit the field any more is left out."""
    values: dict[str, str] = {}
    sources: dict[str, Source] = {}
    for one in form.fields:
        if not one.prefill:
            continue
        kind, _, name = one.prefill.partition(".")
        text = registry.get(name, "") if kind == "registry" else last.get(one.code, "")
        found = read(text, one.column) if text else None
        if found is not None and not isinstance(found, Problem):
            values[one.code] = exact(found)
            sources[one.code] = {"kind": kind, "confirmed": False}
    return values, sources


def unconfirmed(sources: Mapping[str, Source]) -> list[str]:
    """The fields that still stand as they were prefilled."""
    return [code for code, source in sources.items() if source.get("confirmed") is False]
